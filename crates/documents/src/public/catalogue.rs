//! "Danh mục thông tin phải được công khai" (TCTT-19.1.g): made of the sections the law demands, of
//! what is written in them and of the documents of the registers.

use base::{Message, Site};
use chrono::{NaiveDate, NaiveDateTime};
use content::{
    public::{Crumb, store as entries, trail},
    sections::{Section, SectionKind, store as tree},
};
use db::Conn;
use serde::Serialize;
use web::{About, Cx, Data, Head, Response, Result};

use super::{
    export::{attachment, harmless},
    links::Labels,
};
use crate::{
    Vocabulary,
    store::{
        Document, Home, Places,
        issuers::{self, Names},
        list::{self, Filter, Order, Scope},
    },
};

/// How many things of a section are listed in the table; more are told by their number.
const MOST: i64 = 10_000;

/// A kind of information the law demands, and what there is of it.
struct Demand {
    section: Section,
    entries: Vec<entries::Live>,
    documents: Vec<Document>,
}

impl Demand {
    fn total(&self) -> usize {
        self.entries.len() + self.documents.len()
    }

    fn latest(&self) -> Option<NaiveDateTime> {
        let written = self.entries.iter().filter_map(|it| it.decided_at.or(it.published_at));
        written.chain(self.documents.iter().map(|it| it.updated_at)).max()
    }
}

struct Facts {
    demands: Vec<Demand>,
    names: Names,
    tree: Vec<Section>,
}

fn facts(
    conn: &mut Conn,
    site: &Site,
    words: &Vocabulary,
    today: NaiveDate,
) -> base::Result<Facts> {
    let all = tree::tree(conn, site.id)?;
    let demanded = all.iter().filter(|it| {
        let is_place = !matches!(it.kind, SectionKind::Group | SectionKind::Link);
        it.visible && !it.rules.is_empty() && is_place && it.module.is_empty()
    });
    let mut demands = Vec::new();
    for section in demanded {
        demands.push(Demand {
            entries: entries::latest(
                conn,
                site.id,
                &entries::Part::Below(section.path.clone()),
                (0, MOST),
            )?,
            documents: documents(conn, site, words, (&section.path, today))?,
            section: section.clone(),
        });
    }
    let ids = demands.iter().flat_map(|it| it.documents.iter().map(|it| it.issuer_id)).collect();
    let names = issuers::named(conn, Home::from(site).portal, ids)?;
    Ok(Facts { demands, names, tree: all })
}

fn documents(
    conn: &mut Conn,
    site: &Site,
    words: &Vocabulary,
    (path, today): (&str, NaiveDate),
) -> base::Result<Vec<Document>> {
    let Some(shelf) = words.shelf(path) else { return Ok(Vec::new()) };
    let filter = Filter {
        scope: Scope::Site(site.id),
        day: today,
        register: shelf.register,
        kind: None,
        issuer: None,
        field: None,
        year: None,
        status: None,
        words: String::new(),
        number: None,
        former: shelf.former,
        gazette: shelf.gazette,
    };
    let lens = list::lens(conn, filter)?;
    list::page(conn, &lens, Order::Newest, (0, MOST))
}

#[derive(Serialize)]
struct CatalogueView {
    head: Head,
    trail: Vec<Crumb>,
    rows: Vec<DemandView>,
    missing: usize,
    csv: &'static str,
    made: String,
}

#[derive(Serialize)]
struct DemandView {
    label: String,
    rules: String,
    path: String,
    total: usize,
    latest: Option<String>,
    not_applicable: Option<String>,
    is_missing: bool,
}

pub(super) async fn index(cx: Cx, words: Data<Vocabulary>) -> Result<Response> {
    let facts = read(&cx, words).await?;
    let rows: Vec<DemandView> = facts.demands.iter().map(demand).collect();
    let title = cx.say(&Message::new("catalogue.title"));
    let about = About {
        description: cx.say(&Message::new("catalogue.about").with("site", &cx.site.name)),
        title: title.clone(),
        ..About::default()
    };
    let last = Crumb { label: title, path: cx.path.clone() };
    let view = CatalogueView {
        head: Head::new(&cx, &about),
        trail: trail(&cx, &facts.tree, "tiep-can-thong-tin", Some(last)),
        missing: rows.iter().filter(|it| it.is_missing).count(),
        csv: "/danh-muc-thong-tin-cong-khai.csv",
        made: base::time::minute(cx.now),
        rows,
    };
    cx.page("documents/catalogue.html", &view)
}

async fn read(cx: &Cx, words: Data<Vocabulary>) -> base::Result<Facts> {
    let today = base::time::local(cx.now).date();
    cx.read(move |conn, site| facts(conn, site, &words, today)).await
}

fn demand(it: &Demand) -> DemandView {
    DemandView {
        label: it.section.label.clone(),
        rules: it.section.rules.replace(' ', ", "),
        path: it.section.address(),
        total: it.total(),
        latest: it.latest().map(base::time::day),
        is_missing: it.total() == 0 && it.section.reason.is_none(),
        not_applicable: it.section.reason.clone(),
    }
}

/// The columns of the table, as `catalogue.column_…` words them: those that NĐ 13/2018 names.
const COLUMNS: [&str; 8] =
    ["kind", "name", "number", "created", "form", "published", "duration", "address"];

pub(super) async fn csv(cx: Cx, words: Data<Vocabulary>) -> Result<Response> {
    let facts = read(&cx, words.clone()).await?;
    let places = Places::new();
    let labels = Labels { cx: &cx, words: &words, places: &places, issuers: &facts.names };
    let mut table = csv::Writer::from_writer(Vec::new());
    let heads = COLUMNS.iter().map(|name| cx.say(&Message::new(format!("catalogue.{name}"))));
    table.write_record(heads).map_err(anyhow::Error::from)?;
    for row in facts.demands.iter().flat_map(|it| rows(&labels, it)) {
        table.write_record(row.map(harmless)).map_err(anyhow::Error::from)?;
    }
    attachment(table, "danh-muc-thong-tin-cong-khai.csv")
}

/// A line for everything there is of a demand, or one that says it is missing.
fn rows(labels: &Labels<'_>, it: &Demand) -> Vec<[String; 8]> {
    let say = |key: &str| labels.cx.say(&Message::new(format!("catalogue.{key}")));
    let (kind, form, lasting) = (it.section.label.clone(), say("form_portal"), say("lasting"));
    let url = &labels.cx.site.url;
    let written = it.entries.iter().map(|live| {
        let day = live.published_at.map(base::time::day).unwrap_or_default();
        [
            kind.clone(),
            live.title.clone(),
            String::new(),
            day.clone(),
            form.clone(),
            day,
            lasting.clone(),
            format!("{url}{}", live.path),
        ]
    });
    let issued = it.documents.iter().map(|document| {
        [
            kind.clone(),
            document.summary.clone(),
            labels.number(document),
            document.issued.map(base::time::date).unwrap_or_default(),
            form.clone(),
            document.published_at.map(base::time::day).unwrap_or_default(),
            lasting.clone(),
            labels.full_url(document),
        ]
    });
    let mut rows: Vec<[String; 8]> = written.chain(issued).collect();
    if rows.is_empty() {
        let state = match &it.section.reason {
            Some(reason) => format!("{}: {reason}", say("not_applicable")),
            None => say("missing"),
        };
        let address = format!("{url}{}", it.section.address());
        let blank = String::new;
        let row = [kind, state, blank(), blank(), blank(), blank(), blank(), address];
        rows.push(row);
    }
    rows
}
