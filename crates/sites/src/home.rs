//! The home page of a site: the blocks it chose, in its order.

use base::{Message, Result as BaseResult, Site, SiteId};
use content::{
    Kinds,
    public::{
        Card, PersonView, card, person,
        store::{self, Live, Part, Sizes},
    },
    sections::{Section, store as tree},
};
use english::minimum::Source;
use serde::Serialize;
use web::{About, Cx, Data, Head, Response, Result, Routes, get};

use crate::{
    directory::{self, Group},
    store::{self as sites, Record},
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.route("/", get().to(show));
}

/// A block as the site's settings name it: `latest:tin-tuc`, `directory`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// Which look.
    pub(crate) kind: String,
    /// Which section; empty for blocks that need none.
    pub(crate) path: String,
}

impl Block {
    pub(crate) fn parse(text: &str) -> Self {
        let (kind, path) = text.split_once(':').unwrap_or((text, ""));
        Self { kind: kind.to_owned(), path: path.to_owned() }
    }
}

#[derive(Serialize)]
struct HomeView {
    head: Head,
    lead: Option<Card>,
    featured: Vec<Card>,
    blocks: Vec<BlockView>,
    empty: bool,
}

#[derive(Serialize)]
struct BlockView {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    /// The language of the title, where that is not the page's.
    lang: Option<&'static str>,
    path: Option<String>,
    cards: Vec<Card>,
    people: Vec<PersonView>,
    links: Vec<LinkView>,
    groups: Vec<Group>,
    total: usize,
}

#[derive(Serialize)]
struct LinkView {
    label: String,
    url: String,
    lang: Option<&'static str>,
}

/// What the database has for a block.
struct Found {
    block: Block,
    section: Option<Section>,
    lives: Vec<Live>,
    components: Vec<Record>,
    links: Vec<Section>,
}

struct Facts {
    sections: Vec<Section>,
    featured: Vec<Live>,
    found: Vec<Found>,
    sizes: Sizes,
}

/// How many entries stand first.
const FEATURED: i64 = 5;

async fn show(cx: Cx, kinds: Data<Kinds>) -> Result<Response> {
    let all = kinds.clone();
    let facts = cx.read(move |conn, site| facts(conn, site, &all)).await?;
    cx.page("content/home.html", &view(&cx, &kinds, facts)?)
}

fn facts(conn: &mut db::Conn, site: &Site, kinds: &Kinds) -> BaseResult<Facts> {
    let blocks: Vec<Block> = site.home.iter().map(|text| Block::parse(text)).collect();
    let sections = tree::named(conn, site)?;
    let mut featured = Vec::new();
    if blocks.iter().any(|block| block.kind == "featured") {
        featured = store::latest(conn, site.id, site.locale, &Part::Featured, (0, FEATURED))?;
    }
    let above: Vec<base::EntryId> = featured.iter().map(|live| live.id).collect();
    let mut found = Vec::new();
    for block in blocks.into_iter().filter(|block| block.kind != "featured") {
        found.push(find(conn, site, kinds, (&sections, &above), block)?);
    }
    let shown = featured.iter().chain(found.iter().flat_map(|it| &it.lives)).cloned();
    let sizes = content::public::picture_sizes(conn, site.id, kinds, &shown.collect::<Vec<_>>())?;
    Ok(Facts { sections, featured, found, sizes })
}

fn find(
    conn: &mut db::Conn,
    site: &Site,
    kinds: &Kinds,
    (sections, above): (&[Section], &[base::EntryId]),
    block: Block,
) -> BaseResult<Found> {
    let section = sections.iter().find(|it| it.path == block.path && it.visible).cloned();
    let mut found =
        Found { block, section, lives: Vec::new(), components: Vec::new(), links: Vec::new() };
    match found.block.kind.as_str() {
        "directory" => found.components = sites::components(conn, portal_of(site))?,
        "links" => {
            let is_link = |it: &&Section| !it.url.is_empty() || it.module == "directory";
            found.links = sections.iter().filter(is_link).cloned().collect();
        }
        "leaders" => {
            found.lives = content::public::officials(conn, site.id, kinds)?;
            found.lives.retain(|live| live.section_path == found.block.path);
            found.lives.truncate(8);
        }
        kind => {
            let limit = if kind == "latest" { 6 } else { 5 };
            let part = Part::Below(found.block.path.clone());
            // What stands first on the page is not told twice.
            let spare = i64::try_from(above.len()).unwrap_or_default();
            found.lives = store::latest(conn, site.id, site.locale, &part, (0, limit + spare))?;
            found.lives.retain(|live| !above.contains(&live.id));
            found.lives.truncate(usize::try_from(limit).unwrap_or_default());
        }
    }
    Ok(found)
}

/// The portal whose components a site's directory shows.
pub(crate) fn portal_of(site: &Site) -> SiteId {
    site.portal_id.unwrap_or(site.id)
}

fn view(cx: &Cx, kinds: &Kinds, facts: Facts) -> Result<HomeView> {
    let Facts { sections, featured, found, sizes } = facts;
    let mut featured = cards(cx, kinds, &featured, &sizes)?;
    let lead = (!featured.is_empty()).then(|| featured.remove(0).large());
    let mut blocks = Vec::new();
    blocks.extend(cx.is_english().then(|| abroad(cx, &sections)));
    for found in found {
        let block = block_view(cx, kinds, found, &sizes)?;
        let is_empty = block.cards.is_empty()
            && block.people.is_empty()
            && block.links.is_empty()
            && block.groups.is_empty();
        if !is_empty {
            blocks.push(block);
        }
    }
    let description = cx.say(&Message::new("home_about").with("site", &cx.site.name));
    let about = About { description, ..About::default() };
    let written = |block: &BlockView| !block.cards.is_empty() || !block.people.is_empty();
    Ok(HomeView {
        head: Head::new(cx, &about),
        // An English home page leads to what is made from records, which is always there.
        empty: !cx.is_english() && lead.is_none() && !blocks.iter().any(written),
        lead,
        featured,
        blocks,
    })
}

/// What a reader from abroad looks for first: the minimum of the law, as far as the site has it.
fn abroad(cx: &Cx, sections: &[Section]) -> BlockView {
    let shown = |it: &&Section| it.visible && it.reason.is_none();
    let at = |path: &str| sections.iter().filter(shown).find(|it| it.path == path);
    let made = |module: &str| sections.iter().filter(shown).find(|it| it.module == module);
    let mut links = Vec::new();
    for item in cx.app().english.minimum.of(cx.site.kind) {
        let found = match item.generated {
            None => at(&item.section),
            Some(Source::Contacts) => made("contacts"),
            Some(Source::People) => made("leaders"),
            Some(Source::Forms) => {
                let label = cx.say(&Message::new("block.ask"));
                links.push(LinkView { label, lang: None, url: "/hoi-dap/gui".to_owned() });
                None
            }
            Some(Source::Sections) => None,
        };
        links.extend(found.map(|it| LinkView {
            label: it.label.clone(),
            lang: it.lang,
            url: it.address(),
        }));
    }
    BlockView {
        kind: "links".to_owned(),
        title: cx.say(&Message::new("block.abroad")),
        lang: None,
        path: None,
        cards: Vec::new(),
        people: Vec::new(),
        links,
        groups: Vec::new(),
        total: 0,
    }
}

fn cards(cx: &Cx, kinds: &Kinds, lives: &[Live], sizes: &Sizes) -> Result<Vec<Card>> {
    Ok(lives.iter().map(|live| card(cx, kinds, live, sizes)).collect::<BaseResult<_>>()?)
}

fn block_view(cx: &Cx, kinds: &Kinds, found: Found, sizes: &Sizes) -> Result<BlockView> {
    let is_people = found.block.kind == "leaders";
    let mut view = BlockView {
        title: match &found.section {
            Some(section) => section.label.clone(),
            None => cx.say(&Message::new(format!("block.{}", found.block.kind))),
        },
        lang: found.section.as_ref().and_then(|it| it.lang),
        path: found.section.as_ref().map(Section::address),
        cards: Vec::new(),
        people: Vec::new(),
        links: Vec::new(),
        groups: Vec::new(),
        total: 0,
        kind: found.block.kind.clone(),
    };
    match view.kind.as_str() {
        "directory" => {
            view.groups = directory::groups(cx, &found.components);
            view.total = view.groups.iter().map(|group| group.sites.len()).sum();
            view.path = Some(directory::PATH.to_owned());
        }
        "links" => {
            let link = |it: &Section| LinkView {
                label: it.label.clone(),
                url: it.address(),
                lang: it.lang,
            };
            view.links = found.links.iter().map(link).collect();
        }
        _ if is_people => {
            let people = found.lives.iter().map(|live| person(cx, kinds, live, sizes));
            view.people = people.collect::<BaseResult<_>>()?;
        }
        _ => view.cards = cards(cx, kinds, &found.lives, sizes)?,
    }
    Ok(view)
}
