//! What is to be done on a site, and how far it is.

use accounts::{Can, See};
use base::{Message, UserId};
use english::state::State;
use serde::{Deserialize, Serialize};
use web::{Cx, Data, Pager, Query, Response, Result};

use super::{Choice, HERE, path, state_label, writings};
use crate::{
    Office,
    store::{
        coverage::{Covered, Standing},
        names,
        work::{self, Row, Work},
    },
};

const PER_PAGE: i64 = 30;

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    loc: String,
    q: String,
    #[serde(skip_serializing)]
    trang: String,
}

/// The parts of the list, by their spelling in the address.
const PARTS: [&str; 8] =
    ["", "toi-thieu", "cu", "thieu", "dang-dich", "cho-duyet", "cua-toi", "chua-dich"];

#[derive(Serialize)]
struct ListView {
    coverage: Option<CoverageView>,
    items: Vec<ItemView>,
    total: i64,
    pager: Option<Pager>,
    parts: Vec<Choice>,
    filter: Asked,
    is_filtered: bool,
    others: bool,
    is_portal: bool,
    can_write: bool,
    can_manage: bool,
    names: Vec<Choice>,
}

#[derive(Serialize)]
struct CoverageView {
    percent: usize,
    current: usize,
    total: usize,
    stale: usize,
    oldest: Option<OldestView>,
    items: Vec<CoveredView>,
}

#[derive(Serialize)]
struct OldestView {
    title: String,
    url: String,
    since: String,
}

#[derive(Serialize)]
struct CoveredView {
    label: String,
    standing: Standing,
    standing_label: String,
    url: Option<String>,
}

#[derive(Serialize)]
struct ItemView {
    url: String,
    title: String,
    item: Option<String>,
    state: &'static str,
    state_label: String,
    notes: Vec<String>,
    owner: String,
}

pub(super) async fn index(
    who: Can<See>,
    office: Data<Office>,
    query: Query<Asked>,
) -> Result<Response> {
    let mut asked = query.into_inner();
    if !PARTS.contains(&asked.loc.as_str()) {
        asked.loc.clear();
    }
    let page = web::page_number(&asked.trang);
    let words: String = base::text::line(&asked.q).chars().take(200).collect();
    let slice = ((page - 1) * PER_PAGE, PER_PAGE);
    let others = asked.loc == "chua-dich";
    let held = office.clone();
    let read = who.cx.read(move |conn, site| {
        let work = work::of(conn, (&held.kinds, &held.minimum), site.id)?;
        let chosen = names::chosen(conn, site.id)?;
        let rest = match others {
            true => Some(work::untranslated(conn, site.id, &words, slice)?),
            false => None,
        };
        Ok((work, chosen, rest))
    });
    let (mut work, chosen, rest) = read.await?;
    let (rows, total) = match rest {
        Some(found) => found,
        None => part(std::mem::take(&mut work.rows), &asked, who.user.id, slice),
    };
    let view = ListView {
        coverage: coverage(&who.cx, &work),
        items: rows.into_iter().map(|row| item(&who.cx, row, &work)).collect(),
        total,
        pager: Pager::new(page, total, PER_PAGE, |page| link(&asked, page)),
        parts: parts(&who.cx, &asked.loc),
        is_filtered: !asked.loc.is_empty() || !asked.q.is_empty(),
        filter: asked,
        others,
        is_portal: who.cx.site.portal_id.is_none(),
        can_write: who.rights.write,
        can_manage: who.rights.manage,
        names: writings(&who.cx, chosen),
    };
    who.page("mirror/index.html", &view)
}

fn link(asked: &Asked, page: i64) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("loc", &asked.loc)
        .append_pair("q", &asked.q)
        .append_pair("trang", &page.to_string())
        .finish();
    format!("{HERE}?{query}")
}

fn parts(cx: &Cx, current: &str) -> Vec<Choice> {
    let choice = |part: &&str| Choice {
        value: (*part).to_owned(),
        label: cx.say(&Message::new(match *part {
            "" => "mirror.part.all".to_owned(),
            part => format!("mirror.part.{}", part.replace('-', "_")),
        })),
        current: *part == current,
    };
    PARTS.iter().map(choice).collect()
}

/// The rows of a part whose headline has all the words, and how many there are.
fn part(rows: Vec<Row>, asked: &Asked, me: UserId, (skip, limit): (i64, i64)) -> (Vec<Row>, i64) {
    let wanted = base::text::unaccented(&asked.q);
    let wanted: Vec<&str> = wanted.split_whitespace().collect();
    let is_in = |row: &Row| match asked.loc.as_str() {
        "toi-thieu" => row.item.is_some(),
        "cu" => row.state == State::Stale,
        "thieu" => row.state == State::Missing,
        "dang-dich" => row.has_draft,
        "cho-duyet" => row.waits,
        "cua-toi" => row.owner == Some(me),
        _ => true,
    };
    let is_named = |row: &Row| {
        let title = base::text::unaccented(&row.title);
        wanted.iter().all(|word| title.contains(word))
    };
    let found: Vec<Row> = rows.into_iter().filter(|row| is_in(row) && is_named(row)).collect();
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(skip).unwrap_or_default();
    let limit = usize::try_from(limit).unwrap_or_default();
    (found.into_iter().skip(skip).take(limit).collect(), total)
}

fn coverage(cx: &Cx, work: &Work) -> Option<CoverageView> {
    let it = work.coverage.as_ref()?;
    let covered = |item: &Covered| CoveredView {
        label: item.label.clone(),
        standing: item.standing,
        standing_label: cx
            .say(&Message::new(format!("mirror.standing.{}", item.standing.as_str()))),
        // A section of many pages leads to the list of what can be translated.
        url: match item.pages.as_slice() {
            [page] => Some(path(*page)),
            [] => None,
            _ => Some(format!("{HERE}?loc=toi-thieu")),
        },
    };
    Some(CoverageView {
        percent: it.percent(),
        current: it.current(),
        total: it.total(),
        stale: it.stale,
        oldest: it.oldest.as_ref().map(|oldest| OldestView {
            title: oldest.title.clone(),
            url: path(oldest.content),
            since: base::time::day(oldest.since),
        }),
        items: it.items.iter().map(covered).collect(),
    })
}

fn item(cx: &Cx, row: Row, work: &Work) -> ItemView {
    let mut notes = Vec::new();
    let mut note = |is_so: bool, message: Message| {
        if is_so {
            notes.push(cx.say(&message));
        }
    };
    let changes = Message::new("mirror.line.changes").with("number", row.changes);
    note(row.changes > 0, changes);
    if let Some(since) = row.behind_since {
        note(true, Message::new("mirror.line.since").with("day", base::time::day(since)));
    }
    note(row.waits, "mirror.line.waits".into());
    note(row.has_draft && !row.waits, "mirror.line.draft".into());
    note(row.machine, "mirror.line.machine".into());
    note(!row.is_public, "mirror.line.hidden".into());
    let owner = row.owner.and_then(|owner| work.names.get(&owner).cloned());
    ItemView {
        url: path(row.content),
        title: row.title,
        item: row.item,
        state: row.state.as_str(),
        state_label: state_label(cx, row.state),
        notes,
        owner: owner.unwrap_or_default(),
    }
}
