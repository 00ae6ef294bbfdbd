//! What of a file can be used.

use std::collections::HashMap;

use super::{Package, Refusal, Unit, sendable};

/// What came back, sorted by what can be done with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// The edition the file was made from.
    pub edition: i32,
    /// Whether the source has a later edition by now.
    pub is_older: bool,
    /// Translated pieces whose Vietnamese is the same in the present edition.
    pub used: Vec<Unit>,
    /// Translated pieces whose Vietnamese has changed or gone since; nothing of them is taken.
    pub outdated: Vec<Unit>,
    /// Pieces whose Vietnamese is not what was sent: somebody edited the source in the file.
    pub altered: Vec<Unit>,
    /// How many pieces have no English yet.
    pub untranslated: usize,
}

/// Sorts what a file brings.
///
/// `then` is the edition the file says it was made from, `now` the one
/// that is being translated, both as they would be exported; they are the same package unless the
/// file is older.
pub fn accept(file: Package, then: &Package, now: &Package) -> Result<Received, Refusal> {
    if file.site != now.site {
        return Err(Refusal::OtherSite);
    }
    if file.entry != now.entry {
        return Err(Refusal::OtherEntry);
    }
    if file.edition > now.edition || file.edition != then.edition {
        return Err(Refusal::UnknownEdition(file.edition));
    }
    let (sent, present) = (by_id(then), by_id(now));
    let mut received = Received {
        edition: file.edition,
        is_older: file.edition < now.edition,
        ..Received::default()
    };
    for unit in file.units {
        let Some(source) = sent.get(unit.id.as_str()) else {
            return Err(Refusal::UnknownUnit(unit.id));
        };
        let is_present = present.get(unit.id.as_str()).is_some_and(|it| same(it, source));
        if !same(&unit.source, source) {
            received.altered.push(unit);
        } else if unit.target.trim().is_empty() {
            received.untranslated += 1;
        } else if is_present {
            received.used.push(unit);
        } else {
            received.outdated.push(unit);
        }
    }
    Ok(received)
}

fn by_id(package: &Package) -> HashMap<&str, &str> {
    package.units.iter().map(|unit| (unit.id.as_str(), unit.source.as_str())).collect()
}

/// Tools may change spaces; words they may not.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (sendable(one), sendable(other));
    one.split_whitespace().eq(other.split_whitespace())
}
