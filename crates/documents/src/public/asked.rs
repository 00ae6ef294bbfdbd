//! What the address of a register asks for. Values nobody knows are left out, and the page says so.

use std::collections::BTreeMap;

use base::{Message, Number, Result, Site};
use chrono::NaiveDate;
use db::Conn;

use crate::{
    Vocabulary,
    model::effect::Status,
    store::{
        Home,
        issuers::{self, Issuer, Owner},
        list::{Filter, Order, Scope},
    },
    vocabulary::{Shelf, folded},
};

/// The query of a register, by name; of names that stand twice the last counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Query(BTreeMap<String, String>);

/// The names that narrow a list, in the order addresses have them.
pub(super) const NAMES: [&str; 10] = [
    "so", "tu-khoa", "loai", "co-quan", "linh-vuc", "nam", "hieu-luc", "ngay", "pham-vi", "sap-xep",
];

/// The longest words that are searched for, in characters: a whole title.
const MAX_WORDS: usize = 1_000;

impl Query {
    /// Reads what stands after the question mark.
    pub(super) fn read(text: &str) -> Self {
        let pairs = form_urlencoded::parse(text.as_bytes()).into_owned();
        let line = |text: String| base::text::line(&text).chars().take(MAX_WORDS).collect();
        Self(pairs.map(|(name, value)| (name, line(value))).collect())
    }

    /// The value of `name`, empty when it is not asked.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The same query with `name` set to `value`.
    pub(super) fn with(&self, name: &str, value: &str) -> Self {
        let mut pairs = self.0.clone();
        pairs.insert(name.to_owned(), value.to_owned());
        Self(pairs)
    }

    /// The same query without `names`.
    pub(super) fn without(&self, names: &[&str]) -> Self {
        let mut pairs = self.0.clone();
        pairs.retain(|name, _| !names.contains(&name.as_str()));
        Self(pairs)
    }

    /// The names that narrow a list with their values, as an address has them; empty for none.
    pub(super) fn address(&self, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in NAMES.iter().filter(|name| !self.get(name).is_empty()) {
            query.append_pair(name, self.get(name));
        }
        for (name, value) in more {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

/// What a query asks for, read.
pub(super) struct Asked {
    /// What the list is narrowed to.
    pub(super) filter: Filter,
    /// Its order.
    pub(super) order: Order,
    /// The names of what was left out, because nobody knows its value.
    pub(super) ignored: Vec<&'static str>,
    /// The same in words.
    pub(super) notes: Vec<Message>,
}

/// The orders and what addresses call them.
pub(super) const ORDERS: [(&str, Order); 4] = [
    ("", Order::Newest),
    ("cu-nhat", Order::Oldest),
    ("hieu-luc", Order::Effective),
    ("trich-yeu", Order::Words),
];

/// Reads a query for a register of `site`; `shelf` is the section it stands in.
pub(super) fn read(
    conn: &mut Conn,
    site: &Site,
    words: &Vocabulary,
    (query, shelf): (&Query, Option<&Shelf>),
    today: NaiveDate,
) -> Result<Asked> {
    let mut notes = Vec::new();
    let mut ignored = Vec::new();
    let mut known = |name: &'static str, is_known: bool| {
        let value = query.get(name);
        if !value.is_empty() && !is_known {
            ignored.push(name);
            notes.push(Message::new("register.ignored").with("name", name).with("value", value));
        }
    };
    let day = base::time::parse_date(query.get("ngay"));
    known("ngay", day.is_some());
    let kind = words.kind(query.get("loai")).map(|kind| kind.key.clone());
    known("loai", kind.is_some());
    let issuer = issuer(conn, site, query.get("co-quan"))?;
    known("co-quan", issuer.is_some());
    let field = Some(query.get("linh-vuc")).filter(|key| base::text::is_slug(key));
    known("linh-vuc", field.is_some());
    let year: Option<i32> =
        query.get("nam").parse().ok().filter(|year| (1900..2200).contains(year));
    known("nam", year.is_some());
    let status = Status::parse(query.get("hieu-luc"));
    known("hieu-luc", status.is_some());
    let order = ORDERS.iter().find(|(name, _)| *name == query.get("sap-xep")).map(|(_, it)| *it);
    known("sap-xep", order.is_some());
    let wide = query.get("pham-vi") == "toan-tinh" && site.portal_id.is_none();
    known("pham-vi", wide);
    let sought = query.get("tu-khoa");
    let mut spellings = words.abbreviations.spellings(&sought.replace(['%', '_', '\\'], ""));
    spellings.retain(|it| !it.is_empty());
    Ok(Asked {
        filter: Filter {
            scope: if wide { Scope::Province(site.id) } else { Scope::Site(site.id) },
            day: day.unwrap_or(today),
            register: shelf.and_then(|it| it.register),
            kind,
            issuer: issuer.map(|it| it.id),
            field: field.map(str::to_owned),
            year,
            status,
            number: Number::parse(sought).filter(Number::has_symbol).map(|it| it.key()),
            words: spellings,
            former: shelf.is_some_and(|it| it.former),
            gazette: shelf.is_some_and(|it| it.gazette),
        },
        order: order.unwrap_or_default(),
        ignored,
        notes,
    })
}

/// The issuer that addresses call `key`.
fn issuer(conn: &mut Conn, site: &Site, key: &str) -> Result<Option<Issuer>> {
    if key.is_empty() {
        return Ok(None);
    }
    let owner = Owner::of(site.into());
    match issuers::by_name(conn, owner, key)? {
        Some(id) => Ok(Some(issuers::by_id(conn, owner, id)?)),
        // On the portal, a component's own organisations can be asked for as well.
        None => issuers::of_components(conn, Home::from(site).portal, &folded(key)),
    }
}
