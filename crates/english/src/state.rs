//! How far a translation is behind its source: computed from the editions of both, never stored.
//!
//! Versions are compared, never clock times. What counts is what the public could read, and only
//! changes of words: an edition that is minor, was never public, or says what the one before it
//! said (its tags, its address or its section changed) makes nothing stale.

use crate::blocks::Digest;

/// How an edition stands to the public. One spelling for all workflows: drafts, submitted and
/// discarded editions were never public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has read it.
    Unpublished,
    /// The public read it; a later one took its place.
    Past,
    /// The public reads it.
    Public,
    /// The public read it, and it was taken down.
    Withdrawn,
}

impl Standing {
    /// Whether the public reads it or has read it.
    pub fn was_public(self) -> bool {
        self != Self::Unpublished
    }
}

/// An edition of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Its number within the entry; later editions have greater ones.
    pub number: i32,
    /// Whether it was marked as a small correction.
    pub is_minor: bool,
    /// How it stands to the public.
    pub standing: Standing,
    /// What it says: see [`crate::blocks::Content::digest`].
    pub content: Digest,
}

/// An edition of the translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Translation {
    /// Its number within the translation.
    pub number: i32,
    /// The number of the edition of the source it says in English.
    pub of: i32,
    /// How it stands to the public.
    pub standing: Standing,
}

/// Where a translation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// There is none.
    Missing,
    /// It is being written; the public has none.
    Draft,
    /// The public reads what the source says, small corrections aside.
    Current,
    /// The public reads what the source said before a later major edition.
    Stale,
}

impl State {
    /// Its spelling in addresses, exports and keys of `message.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Draft => "draft",
            Self::Current => "current",
            Self::Stale => "stale",
        }
    }
}

/// Everything the screens tell of a translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Where it stands.
    pub state: State,
    /// Whether the public reads the English page: source and translation are both public. A
    /// translation does not outlive a source that was withdrawn.
    pub is_shown: bool,
    /// The edition of the source that the public translation says, or the newest draft of one.
    pub reflects: Option<i32>,
    /// The edition of the source that the public reads.
    pub source: Option<i32>,
    /// How many major editions became public since `reflects`, the stale state's "changes since".
    pub changes: usize,
    /// The first of them: since when it is behind.
    pub behind_since: Option<i32>,
    /// A newer edition of the translation than the public one is being written.
    pub has_draft: bool,
}

/// Computes where a translation stands. Both lists may be in any order.
pub fn report(source: &[Edition], translations: &[Translation]) -> Report {
    let shown = translations.iter().filter(|it| it.standing == Standing::Public);
    let shown = shown.max_by_key(|it| it.number);
    let newer = |it: &&Translation| {
        it.standing == Standing::Unpublished && shown.is_none_or(|shown| it.number > shown.number)
    };
    let draft = translations.iter().filter(newer).max_by_key(|it| it.number);
    let public = source.iter().filter(|it| it.standing == Standing::Public);
    let public = public.max_by_key(|it| it.number);
    let changes = shown.or(draft).map(|it| changes(source, it.of)).unwrap_or_default();
    let state = match (shown, draft) {
        (None, None) => State::Missing,
        (None, Some(_)) => State::Draft,
        // English ahead of what the public may know in Vietnamese is not shown as current.
        (Some(shown), _) if is_ahead(source, shown.of) => State::Draft,
        (Some(_), _) if changes.is_empty() => State::Current,
        (Some(_), _) => State::Stale,
    };
    Report {
        state,
        is_shown: public.is_some() && matches!(state, State::Current | State::Stale),
        reflects: shown.or(draft).map(|it| it.of),
        source: public.map(|it| it.number),
        changes: changes.len(),
        behind_since: changes.first().copied(),
        has_draft: draft.is_some(),
    }
}

/// Whether a translation says an edition that nobody was shown yet, nor any later one.
fn is_ahead(source: &[Edition], of: i32) -> bool {
    let of_it = source.iter().find(|it| it.number == of);
    of_it.is_some_and(|it| !it.standing.was_public())
        && !source.iter().any(|it| it.number > of && it.standing.was_public())
}

/// The numbers of the major editions that changed words in public after edition `of`, in order;
/// none when the public reads just the words that were translated, because a change was undone.
fn changes(source: &[Edition], of: i32) -> Vec<i32> {
    let mut later: Vec<&Edition> =
        source.iter().filter(|it| it.number > of && it.standing.was_public()).collect();
    later.sort_by_key(|it| it.number);
    let translated = source.iter().find(|it| it.number == of).map(|it| it.content);
    if later.last().is_some_and(|last| Some(last.content) == translated) {
        return Vec::new();
    }
    let mut before = translated;
    let mut changes = Vec::new();
    for edition in later {
        if !edition.is_minor && Some(edition.content) != before {
            changes.push(edition.number);
        }
        before = Some(edition.content);
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::{Standing::*, *};

    /// An edition that says the word of the letter.
    fn edition(number: i32, standing: Standing, word: u8) -> Edition {
        Edition { number, is_minor: false, standing, content: Digest([word; 16]) }
    }

    fn minor(number: i32, standing: Standing, word: u8) -> Edition {
        Edition { is_minor: true, ..edition(number, standing, word) }
    }

    fn english(of: i32, standing: Standing) -> Translation {
        Translation { number: 1, of, standing }
    }

    #[track_caller]
    fn check(
        what: &str,
        source: &[Edition],
        english: &[Translation],
        state: State,
        changes: usize,
    ) {
        let report = report(source, english);
        assert_eq!((report.state, report.changes), (state, changes), "{what}: {report:?}");
        let mut backwards = source.to_vec();
        backwards.reverse();
        assert_eq!(super::report(&backwards, english), report, "{what}: order matters");
    }

    #[test]
    fn only_a_later_public_major_edition_makes_a_translation_stale() {
        let first = edition(1, Past, b'a');
        let current = [english(1, Public)];
        let case = |what, later: &[Edition], state, changes| {
            check(what, &[&[first], later].concat(), &current, state, changes);
        };
        case("a major edition", &[edition(2, Public, b'b')], State::Stale, 1);
        case("a minor edition", &[minor(2, Public, b'b')], State::Current, 0);
        case("tags or section changed, no word", &[edition(2, Public, b'a')], State::Current, 0);
        case("two majors", &[edition(2, Past, b'b'), edition(3, Public, b'c')], State::Stale, 2);
        case(
            "minor, then tags",
            &[minor(2, Past, b'b'), edition(3, Public, b'b')],
            State::Current,
            0,
        );
        case(
            "major, then minor",
            &[edition(2, Past, b'b'), minor(3, Public, b'c')],
            State::Stale,
            1,
        );
        case(
            "a change undone",
            &[edition(2, Past, b'b'), edition(3, Public, b'a')],
            State::Current,
            0,
        );
        case("major, withdrawn", &[edition(2, Withdrawn, b'b')], State::Stale, 1);
    }

    #[test]
    fn what_nobody_reads_makes_nothing_stale() {
        let first = edition(1, Public, b'a');
        for draft in [edition(2, Unpublished, b'b'), minor(2, Unpublished, b'b')] {
            let more = edition(3, Unpublished, b'c');
            check("drafts", &[first, draft, more], &[english(1, Public)], State::Current, 0);
        }
    }

    #[test]
    fn a_translation_is_missing_a_draft_or_shown() {
        let source = [edition(1, Public, b'a')];
        check("none", &source, &[], State::Missing, 0);
        check("being written", &source, &[english(1, Unpublished)], State::Draft, 0);
        check("published", &source, &[english(1, Public)], State::Current, 0);
        check("taken down", &source, &[english(1, Withdrawn)], State::Missing, 0);
        check("no source at all", &[], &[], State::Missing, 0);

        let source = [edition(1, Past, b'a'), edition(2, Public, b'b')];
        check("a draft of the old text", &source, &[english(1, Unpublished)], State::Draft, 1);
        let later = Translation { number: 2, of: 2, standing: Unpublished };
        check(
            "the new one is being written",
            &source,
            &[english(1, Public), later],
            State::Stale,
            1,
        );
        assert!(report(&source, &[english(1, Public), later]).has_draft);
        let later = Translation { standing: Public, ..later };
        let old = Translation { standing: Past, ..english(1, Public) };
        check("published later", &source, &[old, later], State::Current, 0);
        // The translation was published after edition 2 of the source, but says edition 1.
        check("published late", &source, &[english(1, Public)], State::Stale, 1);
    }

    #[test]
    fn english_is_shown_only_beside_a_public_source() {
        let shown = |source: &[Edition], of| report(source, &[english(of, Public)]).is_shown;

        assert!(shown(&[edition(1, Public, b'a')], 1));
        assert!(shown(&[edition(1, Past, b'a'), edition(2, Public, b'b')], 1));
        assert!(!shown(&[edition(1, Withdrawn, b'a')], 1));
        assert!(!shown(&[edition(1, Unpublished, b'a')], 1));
        assert!(!shown(&[edition(1, Public, b'a'), edition(2, Unpublished, b'b')], 2));
        let ahead = [edition(1, Public, b'a'), edition(2, Unpublished, b'b')];
        check("ahead of the source", &ahead, &[english(2, Public)], State::Draft, 0);
        // It was a draft when it was translated, and has been replaced before anyone read it.
        let passed = [edition(1, Unpublished, b'a'), edition(2, Public, b'b')];
        check("of a draft that changed", &passed, &[english(1, Public)], State::Stale, 1);
    }

    #[test]
    fn an_edition_that_is_not_known_any_more_counts_every_later_change() {
        let source = [edition(4, Past, b'a'), edition(5, Public, b'b')];
        check("purged", &source, &[english(3, Public)], State::Stale, 2);
        let report = report(&source, &[english(3, Public)]);
        assert_eq!(
            (report.reflects, report.source, report.behind_since),
            (Some(3), Some(5), Some(4))
        );
    }
}
