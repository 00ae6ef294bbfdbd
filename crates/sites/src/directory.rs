//! The directory of all component and linked sites (ND224-11.1, TT22-L1): grouped, and
//! filterable without JavaScript.

use base::{Message, SiteState, SiteType};
use content::sections::store as tree;
use serde::{Deserialize, Serialize};
use web::{About, Crumb, Cx, Head, Query, Response, Result, Routes, Said, get};

use crate::{
    home::portal_of,
    store::{self, Record},
};

pub(crate) const PATH: &str = "/lien-ket";

pub(crate) fn routes(routes: &mut Routes) {
    routes.route(PATH, get().to(show));
}

/// Sites of one sort.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) label: String,
    pub(crate) sites: Vec<SiteLink>,
}

/// A site as a link.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SiteLink {
    name: Said,
    url: String,
    linked: bool,
    note: String,
    type_label: String,
}

/// The groups, in the order they are shown.
const GROUPS: [&str; 4] = ["department", "commune", "ward", "other"];

fn group_of(kind: SiteType) -> &'static str {
    match kind {
        SiteType::Department | SiteType::Agency | SiteType::ServiceUnit => "department",
        SiteType::Commune | SiteType::SpecialZone => "commune",
        SiteType::Ward => "ward",
        _ => "other",
    }
}

/// Whether the public is told of a site: one in preparation is nobody's business yet.
fn is_listed(record: &Record) -> bool {
    record.state != SiteState::Draft
}

/// What a site is called in the language of the page.
fn name(cx: &Cx, record: &Record) -> Said {
    match cx.is_english() && !record.name_en.is_empty() {
        true => Said::plain(cx.names().write(&record.name_en)),
        false => cx.said(&record.name),
    }
}

fn link(cx: &Cx, record: &Record) -> SiteLink {
    let note = match record.state {
        SiteState::Suspended | SiteState::Archived => {
            cx.say(&Message::new(format!("site_state.{}", record.state.as_str())))
        }
        _ => String::new(),
    };
    let home = record.host.as_deref().map(|host| cx.app().settings.url(host));
    SiteLink {
        name: name(cx, record),
        url: match record.state {
            SiteState::Linked => record.external_url.clone().unwrap_or_default(),
            _ => home.map(|home| cx.home_in_language(&home)).unwrap_or_default(),
        },
        linked: record.state == SiteState::Linked,
        note,
        type_label: cx.say(&Message::new(format!("site_type.{}", record.kind.as_str()))),
    }
}

/// `records` under the names of their groups.
pub(crate) fn groups(cx: &Cx, records: &[Record]) -> Vec<Group> {
    let group = |key: &str| {
        let sites = records.iter().filter(|it| is_listed(it) && group_of(it.kind) == key);
        Group {
            label: cx.say(&Message::new(format!("group.{key}"))),
            sites: sites.map(|it| link(cx, it)).collect(),
        }
    };
    GROUPS.into_iter().map(group).filter(|group| !group.sites.is_empty()).collect()
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct Filter {
    q: String,
    group: String,
}

#[derive(Serialize)]
struct DirectoryView {
    head: Head,
    trail: Vec<Crumb>,
    form: Filter,
    groups: Vec<Choice>,
    results: Vec<Group>,
    total: usize,
    shown: usize,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    count: usize,
    current: bool,
}

async fn show(cx: Cx, query: Query<Filter>) -> Result<Response> {
    let form = query.into_inner();
    let (records, section) = cx
        .read(|conn, site| {
            let section = tree::at(conn, site.id, PATH.trim_start_matches('/'))?;
            Ok((store::components(conn, portal_of(site))?, section))
        })
        .await?;
    let title = match section {
        Some(section) => cx.site.section_label(&section.path, &section.label),
        None => cx.say(&Message::new("block.directory")),
    };
    let listed: Vec<&Record> = records.iter().filter(|it| is_listed(it)).collect();
    let choice = |value: &'static str| Choice {
        value,
        label: cx.say(&Message::new(format!("group.{value}"))),
        count: listed.iter().filter(|it| group_of(it.kind) == value).count(),
        current: form.group == value,
    };
    let known = GROUPS.contains(&form.group.as_str());
    let wanted: String = base::text::unaccented(&form.q).chars().take(100).collect();
    let matches = |record: &&Record| {
        let in_group = !known || group_of(record.kind) == form.group;
        let names = [record.name.as_str(), &name(&cx, record).text];
        in_group && names.iter().any(|it| base::text::unaccented(it).contains(wanted.trim()))
    };
    let found: Vec<Record> = listed.iter().copied().filter(matches).cloned().collect();
    let home = Crumb::home(&cx);
    let here = Crumb::new(title.clone(), PATH);
    let view = DirectoryView {
        head: Head::new(&cx, &About { title, ..About::default() }),
        trail: vec![home, here],
        groups: GROUPS.into_iter().map(choice).filter(|choice| choice.count > 0).collect(),
        results: groups(&cx, &found),
        total: listed.len(),
        shown: found.len(),
        form,
    };
    cx.page("sites/directory.html", &view)
}
