//! What the search page and the API show of a result.

use base::{Message, Site};
use search::{Facet, Feed, Found, Item};
use serde::Serialize;
use web::{Cx, Said};

use crate::{
    model::{Asked, MAX_QUERY, Names},
    store::Place,
};

/// A piece of text, marked when it is what was looked for.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) marked: bool,
}

/// Text with its marks, as the index gives it.
pub(crate) fn pieces(pieces: &[search::Piece]) -> Vec<Piece> {
    pieces.iter().map(|it| Piece { text: it.text.clone(), marked: it.is_marked }).collect()
}

/// What a reader has to know of an answer: numbers that no document has, a text without words.
pub(crate) fn notes(cx: &Cx, found: &Found) -> Vec<String> {
    let missing = found.missing.iter().map(|it| Message::new("search.missing").with("number", it));
    let wordless = found.is_wordless.then(|| Message::new("search.wordless"));
    missing.chain(wordless).map(|message| cx.say(&message)).collect()
}

/// The part of an item that shows best why it was found.
pub(crate) struct Excerpt {
    pub(crate) pieces: Vec<Piece>,
    /// The file it is from.
    pub(crate) file: Option<String>,
    /// The page of that file.
    pub(crate) page: Option<u32>,
    /// Where the item's page shows that; empty for its beginning.
    pub(crate) anchor: String,
}

/// How long an excerpt is, in bytes: about two lines.
const EXCERPT: usize = 260;

impl Excerpt {
    /// The best of the summary, the body and the pages of the files.
    pub(crate) fn of(marker: &search::Marker, item: &Item) -> Self {
        let own = [item.summary.as_str(), item.body.as_str()];
        let texts = own.into_iter().chain(item.parts.iter().map(|part| part.text.as_str()));
        let best = marker.best(texts, EXCERPT);
        let Some((at, excerpt)) = best else {
            return Self { pieces: Vec::new(), file: None, page: None, anchor: String::new() };
        };
        let part = at.checked_sub(own.len()).and_then(|at| item.parts.get(at));
        let mut shown = pieces(&excerpt.pieces);
        let dots = |text: &str| Piece { text: text.to_owned(), marked: false };
        if excerpt.has_before {
            shown.insert(0, dots("… "));
        }
        if excerpt.has_after {
            shown.push(dots(" …"));
        }
        Self {
            pieces: shown,
            file: part.map(|part| part.label.clone()),
            page: part.and_then(|part| part.page),
            anchor: part.map(|part| part.anchor.clone()).unwrap_or_default(),
        }
    }
}

/// The page of a file, as the page of the item shows it.
#[derive(Debug, Serialize)]
pub(crate) struct PlaceView {
    /// What stands before and after the name of the file.
    pub(crate) before: String,
    pub(crate) file: Said,
    pub(crate) after: String,
    pub(crate) url: String,
}

impl PlaceView {
    /// `File X, page 3`: the name of a file has a language of its own.
    pub(crate) fn new(cx: &Cx, excerpt: &Excerpt, url: &str) -> Option<Self> {
        /// Stands for the name in the words around it.
        const NAME: &str = "\u{1}";
        let file = excerpt.file.as_ref()?;
        let around = match excerpt.page {
            Some(page) => Message::new("search.place").with("page", page),
            None => Message::new("search.place_file"),
        };
        let around = cx.say(&around.with("file", NAME));
        let (before, after) = around.split_once(NAME)?;
        Some(Self {
            before: before.to_owned(),
            file: cx.written(file),
            after: after.to_owned(),
            url: format!("{url}#{}", excerpt.anchor),
        })
    }
}

/// One result.
#[derive(Debug, Serialize)]
pub(crate) struct ResultView {
    pub(crate) url: String,
    pub(crate) external: bool,
    pub(crate) kind: String,
    pub(crate) kind_label: String,
    pub(crate) title: Vec<Piece>,
    pub(crate) snippet: Vec<Piece>,
    /// The file and page where it was found.
    pub(crate) place: Option<PlaceView>,
    pub(crate) site_name: Option<Said>,
    pub(crate) number: Option<String>,
    pub(crate) issuer: Option<Said>,
    pub(crate) date: Option<String>,
    pub(crate) date_iso: String,
    pub(crate) status: Option<StatusView>,
    pub(crate) rank: usize,
    pub(crate) locale: &'static str,
}

/// The effect of a document today.
#[derive(Debug, Serialize)]
pub(crate) struct StatusView {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) tone: &'static str,
}

/// A facet beside the results.
#[derive(Debug, Serialize)]
pub(crate) struct FacetView {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) options: Vec<OptionView>,
    pub(crate) more: Vec<OptionView>,
}

/// A value of a facet.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct OptionView {
    pub(crate) value: String,
    pub(crate) label: Said,
    pub(crate) count: String,
    pub(crate) url: String,
    pub(crate) active: bool,
}

/// The words that values of facets are shown with.
pub(crate) struct Labels<'a> {
    pub(crate) cx: &'a Cx,
    pub(crate) feed: &'a Feed,
    pub(crate) places: &'a std::collections::HashMap<base::SiteId, Place>,
}

impl Labels<'_> {
    /// What readers call `value` of `facet`; what the address calls it.
    pub(crate) fn of(&self, facet: Facet, value: &str) -> Option<(String, Said)> {
        let label = match facet {
            Facet::Site => {
                let place = self.places.get(&base::SiteId::parse(value)?)?;
                return Some((place.host.clone(), self.cx.said(&place.name)));
            }
            Facet::Locale => {
                Said::plain(self.cx.say(&Message::new(format!("search.locale.{value}"))))
            }
            _ => self.said(facet, value),
        };
        Some((value.to_owned(), label))
    }

    /// Words of ours come from the language of the page, labels that are data from the term base.
    fn said(&self, facet: Facet, value: &str) -> Said {
        let ours = match facet {
            Facet::Kind => Some(format!("search.kind.{value}")),
            Facet::Effect => Some(format!("effect_status.{value}")),
            _ => None,
        };
        if let Some(key) = ours.filter(|_| self.cx.is_english()) {
            let whole = format!("message.{key}");
            if self.cx.words().get(&whole) != whole {
                return Said::plain(self.cx.say(&Message::new(key)));
            }
        }
        let label = self.feed.label(facet, value);
        self.cx.said(label.as_deref().unwrap_or(value))
    }

    /// The badge of a document's effect.
    pub(crate) fn status(&self, effect: &str) -> StatusView {
        StatusView {
            key: effect.to_owned(),
            label: self.filter(Facet::Effect, effect).text,
            tone: tone(effect),
        }
    }

    /// The label of a value as the address calls it.
    pub(crate) fn filter(&self, facet: Facet, value: &str) -> Said {
        if facet == Facet::Site {
            let place = self.places.values().find(|place| place.host == value);
            let name = place.map_or(value, |place| place.name.as_str());
            return self.cx.said(name);
        }
        self.of(facet, value).map_or_else(|| Said::plain(value), |(_, label)| label)
    }
}

/// How many values of a facet are shown before one asks for more.
const SHOWN: usize = 6;

/// The most values of a facet that are listed at all.
const LISTED: usize = 60;

/// The facets that tell results apart, in the order of the page.
pub(crate) fn facets(
    labels: &Labels<'_>,
    found: &Found,
    asked: &Asked,
    names: &Names,
) -> Vec<FacetView> {
    let order = [
        Facet::Kind,
        Facet::Type,
        Facet::Effect,
        Facet::Issuer,
        Facet::Field,
        Facet::Year,
        Facet::Site,
        Facet::Locale,
    ];
    let views = order.into_iter().filter_map(|facet| {
        let counts = found.facets.get(&facet)?;
        let chosen = asked.filters.get(&facet);
        let is_active = |value: &String| chosen.is_some_and(|values| values.contains(value));
        let mut options: Vec<OptionView> = counts
            .iter()
            .filter_map(|count| {
                let (value, label) = labels.of(facet, &count.value)?;
                Some(OptionView {
                    url: format!("?{}", asked.toggled(facet, &value).address(names)),
                    active: is_active(&value),
                    count: grouped(labels.cx, count.hits),
                    value,
                    label,
                })
            })
            .collect();
        // One value that everything has tells nothing apart.
        if options.len() < 2 && chosen.is_none() {
            return None;
        }
        if facet == Facet::Year {
            options.sort_by(|a, b| b.value.cmp(&a.value));
        }
        options.sort_by_key(|option| !option.active);
        options.truncate(LISTED);
        let more = options.split_off(options.len().min(SHOWN));
        let label = labels.cx.say(&Message::new(format!("search.facet.{}", facet.as_str())));
        Some(FacetView { name: names.facet(facet), label, options, more })
    });
    views.collect()
}

/// A count as the page writes it: `12.345`, `12,345`.
pub(crate) fn grouped(cx: &Cx, count: u64) -> String {
    cx.number(i64::try_from(count).unwrap_or(i64::MAX))
}

/// How long a query may be, as the page writes it.
pub(crate) fn longest(cx: &Cx) -> String {
    cx.number(i64::try_from(MAX_QUERY).unwrap_or(i64::MAX))
}

/// The address of an item: on its own site when that is another.
pub(crate) fn address(cx: &Cx, site: &Site, item: &Item, place: &Place) -> String {
    match item.site == site.id {
        true => item.url.clone(),
        false => format!("{}{}", cx.app().settings.url(&place.host), item.url),
    }
}

/// The tone of an effect's badge.
fn tone(effect: &str) -> &'static str {
    match effect {
        "con-hieu-luc" => "ok",
        "chua-ban-hanh" | "chua-hieu-luc" | "cho-ap-dung" => "wait",
        "het-mot-phan" | "tam-ngung-mot-phan" => "part",
        "khong-xac-dinh" => "none",
        _ => "off",
    }
}
