//! The form that filters a register: choices with their counts, scope, order.

use base::Message;
use serde::Serialize;
use web::{Cx, Said};

use super::{
    asked::{Asked, NAMES, ORDERS, Query},
    register::{Facts, Request},
};
use crate::{Vocabulary, model::effect::Status, store::list::Scope, vocabulary::folded};

#[derive(Serialize)]
pub(super) struct FormView {
    action: String,
    words: String,
    day: String,
    facets: Vec<FacetView>,
    open: bool,
}

#[derive(Serialize)]
pub(super) struct FacetView {
    name: &'static str,
    options: Vec<OptionView>,
}

#[derive(Serialize)]
pub(super) struct OptionView {
    value: String,
    label: Said,
    count: Option<i64>,
    current: bool,
}

/// A choice: its value, what it is called, what it would leave.
type Counted = (String, Said, i64);

/// The form with its choices, each with what it would leave.
pub(super) fn form(
    cx: &Cx,
    words: &Vocabulary,
    request: &Request,
    (facts, action): (&Facts, String),
) -> FormView {
    let (query, counts) = (&request.query, &facts.counts);
    let status = |it: Status| cx.say(&Message::new(format!("effect_status.{}", it.as_str())));
    let name = |id| facts.names.get(&id).map(|it| it.name.as_str()).unwrap_or_default();
    let issuer = |id| cx.said(name(id));
    let mut issuers: Vec<Counted> =
        counts.issuers.iter().map(|(id, count)| (folded(name(*id)), issuer(*id), *count)).collect();
    issuers.sort_by_cached_key(|(_, name, _)| base::text::sort_key(&name.text));
    let kinds = words.types.iter().filter_map(|kind| {
        let count = counts.kinds.iter().find(|(key, _)| *key == kind.key)?.1;
        Some((kind.key.clone(), cx.said(&kind.label), count))
    });
    let mut fields: Vec<Counted> = counts
        .fields
        .iter()
        .map(|(key, count)| (key.clone(), cx.said(&words.field_label(key)), *count))
        .collect();
    fields.sort_by_cached_key(|(_, label, _)| base::text::sort_key(&label.text));
    let years = counts.years.iter().filter(|(year, _)| *year > 0);
    let years =
        years.map(|(year, count)| (year.to_string(), Said::plain(year.to_string()), *count));
    let statuses = counts.statuses.iter();
    let statuses =
        statuses.map(|(it, count)| (it.as_str().to_owned(), Said::plain(status(*it)), *count));
    let mut facets = vec![
        facet(cx, query, "loai", kinds.collect()),
        facet(cx, query, "co-quan", issuers),
        facet(cx, query, "linh-vuc", fields),
        facet(cx, query, "nam", years.collect()),
        facet(cx, query, "hieu-luc", statuses.collect()),
    ];
    facets.extend(switches(cx, query, &facts.asked));
    FormView {
        action,
        words: query.get("tu-khoa").to_owned(),
        day: match facts.asked.filter.day == request.today {
            true => String::new(),
            false => facts.asked.filter.day.to_string(),
        },
        open: NAMES
            .iter()
            .any(|name| !matches!(*name, "so" | "tu-khoa") && !query.get(name).is_empty()),
        facets,
    }
}

/// The choices of a facet; what is chosen stays in it even where nothing is left.
fn facet(cx: &Cx, query: &Query, name: &'static str, counted: Vec<Counted>) -> FacetView {
    let chosen = query.get(name);
    let any = OptionView {
        value: String::new(),
        label: Said::plain(cx.say(&Message::new("filter.all"))),
        count: None,
        current: chosen.is_empty(),
    };
    let lost = !chosen.is_empty() && counted.iter().all(|(value, ..)| value != chosen);
    let lost = lost.then(|| OptionView {
        value: chosen.to_owned(),
        label: Said::plain(chosen),
        count: Some(0),
        current: true,
    });
    let options = counted.into_iter().map(|(value, label, count)| OptionView {
        current: value == chosen,
        value,
        label,
        count: Some(count),
    });
    FacetView { name, options: std::iter::once(any).chain(lost).chain(options).collect() }
}

/// Scope, on the portal, and order.
fn switches(cx: &Cx, query: &Query, asked: &Asked) -> Vec<FacetView> {
    let choice = |name: &'static str, values: &[&str], current: &str| FacetView {
        name,
        options: values
            .iter()
            .map(|value| OptionView {
                value: (*value).to_owned(),
                label: Said::plain(cx.say(&Message::new(format!(
                    "register.{}",
                    if value.is_empty() { name } else { value }
                )))),
                count: None,
                current: *value == current,
            })
            .collect(),
    };
    let mut switches = Vec::new();
    if cx.site.portal_id.is_none() {
        let wide = matches!(asked.filter.scope, Scope::Province(_));
        let current = if wide { "toan-tinh" } else { "" };
        switches.push(choice("pham-vi", &["", "toan-tinh"], current));
    }
    let orders: Vec<&str> = ORDERS.iter().map(|(name, _)| *name).collect();
    switches.push(choice("sap-xep", &orders, query.get("sap-xep")));
    switches
}
