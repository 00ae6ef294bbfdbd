//! The list of documents, with what each lacks.

use accounts::{Can, See};
use base::Message;
use serde::{Deserialize, Serialize};
use web::{Cx, Data, Pager, Query, Response, Result};

use crate::{
    DocumentId, Vocabulary,
    model::State,
    store::{
        Document, Home,
        desk::{self, Lack, Sought},
        issuers::{self, Names},
    },
};

const PER_PAGE: i64 = 30;

/// The filter as the address carries it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct FilterForm {
    q: String,
    state: String,
    thieu: String,
    #[serde(skip_serializing)]
    trang: String,
}

#[derive(Serialize)]
struct ListView {
    items: Vec<Item>,
    form: FilterForm,
    states: Vec<Choice>,
    lacks: Vec<Choice>,
    total: i64,
    pager: Option<Pager>,
    can_write: bool,
    filtered: bool,
}

/// An option of a filter or a choice.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) current: bool,
}

#[derive(Serialize)]
struct Item {
    id: DocumentId,
    url: String,
    title: String,
    summary: String,
    issuer: String,
    issued: String,
    updated: String,
    state: State,
    state_label: String,
    pending: bool,
    remark: String,
    public_url: Option<String>,
}

pub(super) async fn index(
    who: Can<See>,
    words: Data<Vocabulary>,
    query: Query<FilterForm>,
) -> Result<Response> {
    let form = query.into_inner();
    let page = web::page_number(&form.trang);
    let sought_words = base::text::unaccented(&base::text::line(&form.q));
    let sought = Sought {
        words: sought_words.replace(['%', '_', '\\'], "").chars().take(200).collect(),
        state: State::parse(&form.state),
        lack: Lack::parse(&form.thieu),
    };
    let today = base::time::local(who.cx.now).date();
    let (documents, total, names) = who
        .cx
        .read(move |conn, site| {
            let slice = ((page - 1) * PER_PAGE, PER_PAGE);
            let documents = desk::list(conn, site.id, (&sought, today), slice)?;
            let total = desk::count(conn, site.id, &sought, today)?;
            let ids = documents.iter().map(|it| it.issuer_id).collect();
            Ok((documents, total, issuers::named(conn, Home::from(site).portal, ids)?))
        })
        .await?;
    let cx = &who.cx;
    let view = ListView {
        items: documents.iter().map(|it| item(cx, &words, &names, it)).collect(),
        states: choices(cx, State::ALL.iter().map(|it| it.as_str()), "document_state", &form.state),
        lacks: choices(cx, Lack::ALL.iter().map(|it| it.as_str()), "document_lack", &form.thieu),
        total,
        pager: Pager::new(page, total, PER_PAGE, |page| link(&form, page)),
        can_write: who.rights.write,
        filtered: [&form.q, &form.state, &form.thieu].iter().any(|it| !it.is_empty()),
        form,
    };
    who.page("documents/index.html", &view)
}

fn link(form: &FilterForm, page: i64) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("q", &form.q)
        .append_pair("state", &form.state)
        .append_pair("thieu", &form.thieu)
        .append_pair("trang", &page.to_string())
        .finish();
    format!("/quan-tri/van-ban?{query}")
}

fn item(cx: &Cx, words: &Vocabulary, names: &Names, document: &Document) -> Item {
    let kind = words.type_label(&document.type_key);
    let number = if document.pending { "" } else { document.number.as_str() };
    Item {
        id: document.id,
        url: path(document.id),
        title: format!("{kind} {number}").trim().to_owned(),
        summary: document.summary.clone(),
        issuer: names.get(&document.issuer_id).map(|it| it.name.clone()).unwrap_or_default(),
        issued: document.issued.map(base::time::date).unwrap_or_default(),
        updated: base::time::minute(document.updated_at),
        state: document.state,
        state_label: state_label(cx, document.state),
        pending: document.pending,
        remark: match document.state {
            State::Returned => document.remark.clone(),
            _ => String::new(),
        },
        public_url: document.is_public().then(|| document.path()),
    }
}

/// Where the staff find a document.
pub(super) fn path(id: DocumentId) -> String {
    format!("/quan-tri/van-ban/{id}")
}

pub(super) fn state_label(cx: &Cx, state: State) -> String {
    cx.say(&Message::new(format!("document_state.{}", state.as_str())))
}

fn choices(
    cx: &Cx,
    values: impl Iterator<Item = &'static str>,
    words: &str,
    current: &str,
) -> Vec<Choice> {
    let all = cx.say(&Message::new("filter.all"));
    let all = Choice { value: String::new(), label: all, current: current.is_empty() };
    let choice = |value: &str| Choice {
        label: cx.say(&Message::new(format!("{words}.{value}"))),
        current: value == current,
        value: value.to_owned(),
    };
    std::iter::once(all).chain(values.map(choice)).collect()
}
