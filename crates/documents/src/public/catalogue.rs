//! "Danh mục thông tin phải được công khai" (TCTT-19.1.g): made of the sections the law demands, of
//! what is written in them and of the documents of the registers.

use base::{Message, Site};
use chrono::{NaiveDate, NaiveDateTime};
use content::{
    public::{store as entries, trail},
    sections::{Section, SectionKind, store as tree},
};
use db::Conn;
use serde::Serialize;
use sheets::{Cell, Heading, Table};
use web::{About, Crumb, Cx, Data, Head, Response, Result};

use super::links::Labels;
use crate::{
    Vocabulary,
    provisions::Provision,
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
    let all = tree::named(conn, site)?;
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
                site.locale,
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
        words: Vec::new(),
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
    files: [&'static str; 2],
    made: String,
}

#[derive(Serialize)]
struct DemandView {
    label: String,
    rules: Vec<String>,
    path: String,
    total: usize,
    latest: Option<String>,
    not_applicable: Option<String>,
    is_missing: bool,
}

pub(super) async fn index(cx: Cx, words: Data<Vocabulary>) -> Result<Response> {
    let facts = read(&cx, words.clone()).await?;
    let rows = facts.demands.iter().map(|it| demand(&cx, &words, it)).collect::<Vec<_>>();
    let title = cx.say(&Message::new("catalogue.title"));
    let about = About {
        description: cx.say(&Message::new("catalogue.about").with("site", &cx.site.name)),
        title: title.clone(),
        ..About::default()
    };
    let last = Crumb::new(title, cx.path.clone());
    let view = CatalogueView {
        head: Head::new(&cx, &about),
        trail: trail(&cx, &facts.tree, "tiep-can-thong-tin", Some(last)),
        missing: rows.iter().filter(|it| it.is_missing).count(),
        files: ["/danh-muc-thong-tin-cong-khai.xlsx", "/danh-muc-thong-tin-cong-khai.csv"],
        made: cx.minute(cx.now),
        rows,
    };
    cx.page("documents/catalogue.html", &view)
}

async fn read(cx: &Cx, words: Data<Vocabulary>) -> base::Result<Facts> {
    let today = base::time::local(cx.now).date();
    cx.read(move |conn, site| facts(conn, site, &words, today)).await
}

/// The name of a section, in the language of the page.
fn section_label(cx: &Cx, section: &Section) -> String {
    cx.site.section_label(&section.path, &section.label)
}

/// The places in the law that demand a section, as they are cited; none where no law does.
fn rules(cx: &Cx, words: &Vocabulary, section: &Section) -> Vec<String> {
    let cite = |it: Provision<'_>| {
        let key = match it.place.len() {
            0 => "law",
            1 => "article",
            2 => "clause",
            _ => "point",
        };
        let part = |at: usize| it.place.get(at).copied().unwrap_or_default();
        let (article, clause) = (part(0), part(1));
        let point = if cx.is_english() { part(2).to_owned() } else { part(2).replace("dd", "đ") };
        let message = Message::new(format!("provision.{key}")).with("law", cx.label(it.law));
        cx.say(&message.with("article", article).with("clause", clause).with("point", point))
    };
    words.provisions.of(&section.rules).into_iter().map(cite).collect()
}

fn demand(cx: &Cx, words: &Vocabulary, it: &Demand) -> DemandView {
    DemandView {
        label: section_label(cx, &it.section),
        rules: rules(cx, words, &it.section),
        path: it.section.address(),
        total: it.total(),
        latest: it.latest().map(|at| cx.day(at)),
        is_missing: it.total() == 0 && it.section.reason.is_none(),
        not_applicable: it.section.reason.clone(),
    }
}

/// The columns of the table, as `catalogue.…` words them, and how many letters wide each is:
/// those that NĐ 13/2018 names, and the law that demands it.
const COLUMNS: [(&str, u16); 9] = [
    ("kind", 34),
    ("rules", 50),
    ("name", 60),
    ("number", 22),
    ("created", 14),
    ("form", 26),
    ("published", 14),
    ("duration", 18),
    ("address", 50),
];

/// What the table is called when it is downloaded.
const FILE: &str = "danh-muc-thong-tin-cong-khai";

pub(super) async fn csv(cx: Cx, words: Data<Vocabulary>) -> Result<Response> {
    let table = table(&cx, words).await?;
    Ok(web::download("text/csv; charset=utf-8", &format!("{FILE}.csv")).body(table.csv()?))
}

pub(super) async fn xlsx(cx: Cx, words: Data<Vocabulary>) -> Result<Response> {
    let table = table(&cx, words).await?;
    let bytes = web::off_thread(move || table.xlsx()).await??;
    Ok(web::download(XLSX, &format!("{FILE}.xlsx")).body(bytes))
}

/// The media type of a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The whole list, a line for everything there is of each demand.
async fn table(cx: &Cx, words: Data<Vocabulary>) -> base::Result<Table> {
    let facts = read(cx, words.clone()).await?;
    let places = Places::new();
    let labels = Labels { cx, words: &words, places: &places, issuers: &facts.names };
    let say = |key: &str| cx.say(&Message::new(format!("catalogue.{key}")));
    let heading = |(name, width): (&str, u16)| Heading::new(say(name), width);
    let lines = facts.demands.iter().flat_map(|it| rows(&labels, it));
    Ok(Table {
        name: say("title"),
        title: vec![say("title"), cx.site.name.clone(), cx.minute(cx.now)],
        headings: COLUMNS.map(heading).into(),
        rows: lines.map(cells).collect(),
        made: cx.now,
    })
}

/// A line as cells; its last is an address.
fn cells(line: [String; 9]) -> Vec<Cell> {
    let last = line.len() - 1;
    let cell = |(at, text): (usize, String)| match at == last {
        true => Cell::Link { url: text.clone(), text },
        false => text.into(),
    };
    line.into_iter().enumerate().map(cell).collect()
}

/// A line for everything there is of a demand, or one that says it is missing.
fn rows(labels: &Labels<'_>, it: &Demand) -> Vec<[String; 9]> {
    let say = |key: &str| labels.cx.say(&Message::new(format!("catalogue.{key}")));
    let (kind, form, lasting) =
        (section_label(labels.cx, &it.section), say("form_portal"), say("lasting"));
    let law = rules(labels.cx, labels.words, &it.section).join("; ");
    let written = it.entries.iter().map(|live| {
        let day = live.published_at.map(|at| labels.cx.day(at)).unwrap_or_default();
        [
            kind.clone(),
            law.clone(),
            live.title.clone(),
            String::new(),
            day.clone(),
            form.clone(),
            day,
            lasting.clone(),
            labels.cx.address(&live.path),
        ]
    });
    let issued = it.documents.iter().map(|document| {
        [
            kind.clone(),
            law.clone(),
            document.summary.clone(),
            labels.number(document),
            document.issued.map(|day| labels.cx.date(day)).unwrap_or_default(),
            form.clone(),
            document.published_at.map(|at| labels.cx.day(at)).unwrap_or_default(),
            lasting.clone(),
            labels.full_url(document),
        ]
    });
    let mut rows: Vec<[String; 9]> = written.chain(issued).collect();
    if rows.is_empty() {
        let state = match &it.section.reason {
            Some(reason) => format!("{}: {reason}", say("not_applicable")),
            None => say("missing"),
        };
        let address = labels.cx.address(&it.section.address());
        let blank = String::new;
        let row = [kind, law, state, blank(), blank(), blank(), blank(), blank(), address];
        rows.push(row);
    }
    rows
}
