//! The first screen of the staff: what to do next.

use accounts::{Can, See, Staff, model::Rights};
use base::{Message, Site};
use db::Conn;
use serde::Serialize;
use web::{Data, Response, Result, Routes, get};

use crate::{
    entries::store::{self, Filter, Line},
    kinds::Kinds,
    model::State,
    sections::{Section, SectionKind, store as tree},
};

/// Work that waits in another feature, told on the first screen.
#[derive(Clone, Debug, Serialize)]
pub struct Pile {
    /// What waits.
    pub label: String,
    /// How much of it.
    pub count: i64,
    /// Where it is.
    pub path: &'static str,
}

/// A feature that has work for the staff.
pub trait Piles: Send + Sync {
    /// What waits on `site` for who has `rights`; nothing is left out.
    fn piles(&self, conn: &mut Conn, site: &Site, rights: Rights) -> base::Result<Vec<Pile>>;
}

/// Every such feature.
pub type AllPiles = Vec<Box<dyn Piles>>;

pub(crate) fn routes(routes: &mut Routes) {
    routes.route("/quan-tri", get().to(show));
}

/// How many things each list of the desk shows.
const SHOWN: i64 = 8;

#[derive(Serialize)]
struct DeskView {
    greeting_name: String,
    site_ready: bool,
    todo: Todo,
    numbers: Numbers,
    recent: Vec<crate::log::EventView>,
}

#[derive(Serialize)]
struct Todo {
    waiting: Vec<crate::entries::Item>,
    mine: Vec<crate::entries::Item>,
    returned: Vec<crate::entries::Item>,
    piles: Vec<Pile>,
    missing_identity: Vec<String>,
    empty_sections: Vec<EmptySection>,
}

#[derive(Serialize)]
struct EmptySection {
    label: String,
    path: String,
    hint: String,
    write_url: Option<String>,
}

#[derive(Serialize)]
struct Numbers {
    published: i64,
    drafts: i64,
    submitted: i64,
    sections_filled: usize,
    sections_total: usize,
}

/// Everything the desk shows, read in one go.
struct Facts {
    waiting: Vec<Line>,
    mine: Vec<Line>,
    returned: Vec<Line>,
    numbers: [i64; 3],
    tree: Vec<Section>,
    filled: std::collections::HashSet<base::SectionId>,
    open: std::collections::BTreeMap<base::SectionId, (base::EntryId, State)>,
    names: std::collections::BTreeMap<base::UserId, String>,
    labels: std::collections::BTreeMap<base::SectionId, String>,
    recent: Vec<db::events::Line>,
    piles: Vec<Pile>,
}

async fn show(who: Can<See>, kinds: Data<Kinds>, all: Data<AllPiles>) -> Result<Response> {
    let me = who.user.id;
    let rights = who.rights;
    let facts = who
        .cx
        .read(move |conn, site| {
            let of = |state, author| Filter { state: Some(state), author, ..Filter::default() };
            let mut list = |filter: &Filter| store::list(conn, site.id, filter, (0, SHOWN));
            let waiting = match rights.approve || rights.audit {
                true => list(&of(State::Submitted, None))?,
                false => Vec::new(),
            };
            let returned = list(&Filter { returned: true, ..of(State::Draft, Some(me)) })?;
            let mut mine = list(&of(State::Draft, Some(me)))?;
            mine.retain(|line| line.remark.is_empty());
            let mut count = |state| store::count(conn, site.id, &of(state, None));
            let numbers =
                [count(State::Published)?, count(State::Draft)?, count(State::Submitted)?];
            let mut piles = Vec::new();
            for feature in all.iter() {
                piles.extend(feature.piles(conn, site, rights)?);
            }
            piles.retain(|pile| pile.count > 0);
            let people = [&waiting, &mine, &returned].into_iter().flatten();
            let people = people.filter_map(|line| line.author_id).collect();
            Ok(Facts {
                names: store::names(conn, people)?,
                labels: store::section_labels(conn, site.id)?,
                tree: tree::tree(conn, site.id)?,
                filled: tree::filled(conn, site.id)?,
                open: store::open_in_sections(conn, site.id)?,
                recent: db::events::latest(conn, site.id, "", (0, SHOWN))?,
                waiting,
                mine,
                returned,
                numbers,
                piles,
            })
        })
        .await?;
    who.page("content/dashboard.html", &view(&who, &kinds, facts))
}

fn view(who: &Staff, kinds: &Kinds, facts: Facts) -> DeskView {
    let cx = &who.cx;
    let labels = crate::entries::Labels {
        cx,
        kinds,
        sections: &facts.labels,
        names: &facts.names,
        addresses: &std::collections::BTreeMap::new(),
    };
    let items = |lines: Vec<Line>| lines.into_iter().map(|line| labels.item(line)).collect();
    let missing = cx.site.identity.missing();
    let missing: Vec<String> =
        missing.into_iter().map(|fact| cx.say(&Message::new(format!("identity.{fact}")))).collect();
    let demanded: Vec<&Section> = facts.tree.iter().filter(|it| is_demanded(it)).collect();
    let is_filled = |section: &Section| is_filled(section, &facts);
    let filled = demanded.iter().filter(|section| is_filled(section)).count();
    // What waits for an approver is no longer the writer's to do.
    let waits = |section: &Section| {
        facts.open.get(&section.id).is_some_and(|(_, state)| *state == State::Submitted)
    };
    let empty = demanded.iter().filter(|section| !is_filled(section) && !waits(section));
    let [published, drafts, submitted] = facts.numbers;
    DeskView {
        greeting_name: who.user.name.clone(),
        site_ready: missing.is_empty() && cx.site.state == base::SiteState::Active,
        numbers: Numbers {
            published,
            drafts,
            submitted,
            sections_filled: filled,
            sections_total: demanded.len(),
        },
        todo: Todo {
            empty_sections: empty
                .take(10)
                .map(|section| empty_section(who, section, facts.open.get(&section.id)))
                .collect(),
            missing_identity: missing,
            waiting: items(facts.waiting),
            mine: items(facts.mine),
            returned: items(facts.returned),
            piles: facts.piles,
        },
        recent: facts.recent.into_iter().map(|line| crate::log::event_view(cx, line)).collect(),
    }
}

/// Whether the law demands the section and something can be written into it today.
pub(crate) fn is_demanded(section: &Section) -> bool {
    section.mandatory
        && section.reason.is_none()
        && !section.entries.is_empty()
        && !matches!(section.kind, SectionKind::Group | SectionKind::Link)
}

/// Whether the public finds something in the section or below it.
fn is_filled(section: &Section, facts: &Facts) -> bool {
    let below = facts.tree.iter().filter(|it| section.holds(&it.path));
    below.into_iter().any(|it| facts.filled.contains(&it.id))
}

fn empty_section(
    who: &Staff,
    section: &Section,
    open: Option<&(base::EntryId, State)>,
) -> EmptySection {
    let kind = section.entries.first().filter(|_| who.rights.write);
    // A draft that is there already is gone on with: two of it would be one too many.
    let write_url = kind.map(|kind| match open {
        Some((entry, _)) => format!("/quan-tri/tin-bai/{entry}"),
        None => format!("/quan-tri/tin-bai/moi/{kind}?chuyen-muc={}", section.id),
    });
    EmptySection {
        label: section.label.clone(),
        path: section.address(),
        hint: section.hint.clone(),
        write_url,
    }
}
