//! The screens of the staff: what is to be done, the translators' screen, files of translation
//! offices, words, and the province. All in Vietnamese; the texts themselves in both languages.

mod acts;
mod files;
mod list;
mod page;
mod province;
mod sections;
mod terms;
mod translate;

use base::{Error, Message};
use content::entries::store::ContentId;
use english::write::Names;
use serde::Serialize;
use web::{Cx, Routes, get, post};

/// Where the list is.
const HERE: &str = "/quan-tri/tieng-anh";

/// Every address of the screens; those with fixed names come before those of pages.
pub(crate) fn routes(routes: &mut Routes) {
    routes
        .route("/quan-tri/tieng-anh", get().to(list::index))
        .route("/quan-tri/tieng-anh/chuyen-muc", get().to(sections::index))
        .route("/quan-tri/tieng-anh/chuyen-muc/{id}", post().to(sections::update))
        .route("/quan-tri/tieng-anh/ten-rieng", post().to(sections::choose))
        .route("/quan-tri/tieng-anh/thuat-ngu", get().to(terms::index))
        .route("/quan-tri/tieng-anh/thuat-ngu", post().to(terms::create))
        .route("/quan-tri/tieng-anh/thuat-ngu/{id}", get().to(terms::show))
        .route("/quan-tri/tieng-anh/thuat-ngu/{id}", post().to(terms::update))
        .route("/quan-tri/tieng-anh/thuat-ngu/{id}/xoa", post().to(terms::destroy))
        .route("/quan-tri/tieng-anh/toan-tinh", get().to(province::index))
        .route("/quan-tri/tieng-anh/toan-tinh.csv", get().to(province::csv))
        .route("/quan-tri/tieng-anh/toan-tinh.xlsx", get().to(province::xlsx))
        .route("/quan-tri/tieng-anh/trao-doi", get().to(files::index))
        .route("/quan-tri/tieng-anh/trao-doi", post().to(files::create))
        .route("/quan-tri/tieng-anh/trao-doi.zip", get().to(files::all))
        .route("/quan-tri/tieng-anh/{id}", get().to(translate::show))
        .route("/quan-tri/tieng-anh/{id}", post().to(translate::update))
        .route("/quan-tri/tieng-anh/{id}/ban-dich.xlf", get().to(files::one))
        .route("/quan-tri/tieng-anh/{id}/may", post().to(acts::machine))
        .route("/quan-tri/tieng-anh/{id}/phu-trach", post().to(acts::owner))
        .route("/quan-tri/tieng-anh/{id}/{action}", post().to(acts::act));
}

/// A choice of a filter or a list.
#[derive(Clone, Debug, Serialize)]
struct Choice {
    value: String,
    label: String,
    current: bool,
}

fn key(text: &str) -> Result<ContentId, Error> {
    ContentId::parse(text).ok_or(Error::NotFound)
}

/// Where the translators find a page.
fn path(content: ContentId) -> String {
    format!("{HERE}/{content}")
}

/// What the screens call the state of an English page.
fn state_label(cx: &Cx, state: english::state::State) -> String {
    cx.say(&Message::new(format!("mirror.state.{}", state.as_str())))
}

/// The ways of writing names, for a choice; the first follows the province.
fn writings(cx: &Cx, chosen: Option<Names>) -> Vec<Choice> {
    let ways = [None, Some(Names::Accented), Some(Names::Plain)];
    let choice = |way: Option<Names>| {
        let value = way.map_or("", Names::as_str);
        let key = match way {
            None if cx.site.portal_id.is_none() => "default",
            None => "province",
            Some(names) => names.as_str(),
        };
        Choice {
            value: value.to_owned(),
            label: cx.say(&Message::new(format!("mirror.names.{key}"))),
            current: way == chosen,
        }
    };
    ways.into_iter().map(choice).collect()
}
