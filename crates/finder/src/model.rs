//! What a reader asks of the search: the parameters of the page and of the API, read strictly.

use std::collections::BTreeMap;

use search::{DEEPEST, Facet, Order};
use serde::Serialize;

/// The longest query that is looked for, in characters: a whole title, or a sentence out of a
/// document. The rest of a longer one is left.
pub const MAX_QUERY: usize = 1_000;

/// The languages of what is found.
const LOCALES: [&str; 2] = ["vi", "en"];

/// The most values one filter takes.
const MAX_VALUES: usize = 20;

/// The longest value of a filter, in characters.
const MAX_VALUE: usize = 120;

/// The last page of results: who wants the ten-thousandth filters instead.
pub const MAX_PAGE: usize = DEEPEST / PER_PAGE;

base::text_enum!(
    /// Where is searched.
    Scope {
        /// This site alone.
        Site = "site",
        /// This site and the portal it belongs to.
        Portal = "portal",
        /// Every site of the province.
        Province = "province",
    }
);

/// The names of the parameters: Vietnamese in addresses people see, English in the API.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    query: &'static str,
    scope: &'static str,
    order: &'static str,
    page: &'static str,
    cursor: &'static str,
    size: &'static str,
    facets: [(Facet, &'static str); 8],
    scopes: [(Scope, &'static str); 3],
    orders: [(Order, &'static str); 2],
}

/// The search page's.
pub const PAGE: Names = Names {
    query: "q",
    scope: "pham-vi",
    order: "sap-xep",
    page: "trang",
    cursor: "",
    size: "",
    facets: [
        (Facet::Kind, "noi-dung"),
        (Facet::Type, "loai"),
        (Facet::Issuer, "co-quan"),
        (Facet::Field, "linh-vuc"),
        (Facet::Year, "nam"),
        (Facet::Effect, "hieu-luc"),
        (Facet::Site, "don-vi"),
        (Facet::Locale, "ngon-ngu"),
    ],
    scopes: [(Scope::Site, "trang"), (Scope::Portal, "cong"), (Scope::Province, "tinh")],
    orders: [(Order::Relevance, "phu-hop"), (Order::Newest, "moi-nhat")],
};

/// The JSON API's.
pub const API: Names = Names {
    query: "q",
    scope: "scope",
    order: "order",
    page: "",
    cursor: "cursor",
    size: "size",
    facets: [
        (Facet::Kind, "kind"),
        (Facet::Type, "type"),
        (Facet::Issuer, "issuer"),
        (Facet::Field, "field"),
        (Facet::Year, "year"),
        (Facet::Effect, "effect"),
        (Facet::Site, "site"),
        (Facet::Locale, "locale"),
    ],
    scopes: [(Scope::Site, "site"), (Scope::Portal, "portal"), (Scope::Province, "province")],
    orders: [(Order::Relevance, "relevance"), (Order::Newest, "newest")],
};

/// A search as it was asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Asked {
    /// What is looked for, cleaned of what nobody sees.
    pub query: String,
    /// Where.
    pub scope: Scope,
    /// What comes first.
    pub order: Order,
    /// The page, from 1.
    pub page: usize,
    /// Where the API goes on.
    pub cursor: Option<String>,
    /// How many results at once.
    pub size: usize,
    /// What the results must be: any of the values of each facet.
    pub filters: BTreeMap<Facet, Vec<String>>,
}

/// A parameter that was not understood.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Ignored {
    /// Its name, as sent.
    pub parameter: String,
    /// Its value, as sent; cut when it is long.
    pub value: String,
    /// Why: a key of `message.toml` below `search.why`.
    pub reason: &'static str,
    /// What it takes, where that is a closed list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<String>,
}

impl Ignored {
    /// A parameter whose value means nothing.
    pub(crate) fn value(parameter: &str, value: &str) -> Self {
        let value = base::text::line(value).chars().take(60).collect();
        Self { parameter: parameter.to_owned(), value, reason: "value", accepted: Vec::new() }
    }
}

/// How many results a page holds.
pub const PER_PAGE: usize = 10;

/// The most results the API gives at once.
const MAX_SIZE: usize = 50;

impl Asked {
    /// Reads the query string `raw`. What is not understood is listed and otherwise left.
    pub fn read(raw: &str, names: &Names) -> (Self, Vec<Ignored>) {
        let mut asked = Self {
            query: String::new(),
            scope: Scope::Site,
            order: Order::Relevance,
            page: 1,
            cursor: None,
            size: PER_PAGE,
            filters: BTreeMap::new(),
        };
        let mut ignored = Vec::new();
        let mut taken = Vec::new();
        for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
            // An empty field of a form asks for nothing.
            if value.trim().is_empty() && (name == names.query || asked.knows(&name, names)) {
                continue;
            }
            let is_again = taken.contains(&name) && !names.is_facet(&name);
            let took = if is_again { Err("twice") } else { asked.take(&name, &value, names) };
            taken.push(name.clone());
            if let Err(reason) = took {
                let cut = |text: &str| base::text::line(text).chars().take(60).collect();
                let accepted = if reason == "value" { names.accepted(&name) } else { Vec::new() };
                let (parameter, value) = (cut(&name), cut(&value));
                ignored.push(Ignored { parameter, value, reason, accepted });
            }
        }
        (asked, ignored)
    }

    fn knows(&self, name: &str, names: &Names) -> bool {
        let plain = [names.scope, names.order, names.page, names.cursor, names.size];
        plain.contains(&name) || names.is_facet(name)
    }

    fn take(&mut self, name: &str, value: &str, names: &Names) -> Result<(), &'static str> {
        if name.is_empty() {
            return Err("unknown");
        }
        if name == names.query {
            return self.take_query(value);
        }
        if name == names.scope {
            self.scope = named(&names.scopes, value).ok_or("value")?;
        } else if name == names.order {
            self.order = named(&names.orders, value).ok_or("value")?;
        } else if name == names.page {
            self.page = number(value, MAX_PAGE).ok_or("page")?;
        } else if name == names.size {
            self.size = number(value, MAX_SIZE).ok_or("size")?;
        } else if name == names.cursor {
            self.cursor = Some(value.to_owned());
        } else {
            let facet = names.facets.iter().find(|(_, known)| *known == name);
            return self.take_filter(facet.ok_or("unknown")?.0, value);
        }
        Ok(())
    }

    fn take_query(&mut self, value: &str) -> Result<(), &'static str> {
        let line = sought(value);
        self.query = beginning(&line, MAX_QUERY).to_owned();
        if self.query.is_empty() {
            // Something was typed, though nothing that is seen: not the question for everything.
            self.query.push(char::REPLACEMENT_CHARACTER);
        }
        if self.query.len() < line.len() { Err("long") } else { Ok(()) }
    }

    fn take_filter(&mut self, facet: Facet, value: &str) -> Result<(), &'static str> {
        let value = base::text::line(value);
        let good = match facet {
            Facet::Year => value.len() == 4 && value.parse::<u16>().is_ok(),
            Facet::Locale => LOCALES.contains(&value.as_str()),
            _ => value.chars().count() <= MAX_VALUE,
        };
        let values = self.filters.entry(facet).or_default();
        if !good || values.len() >= MAX_VALUES {
            if values.is_empty() {
                self.filters.remove(&facet);
            }
            return Err("value");
        }
        if !values.contains(&value) {
            values.push(value);
        }
        Ok(())
    }

    /// Whether nothing is asked yet.
    pub fn is_empty(&self) -> bool {
        self.query.is_empty() && self.filters.is_empty()
    }

    /// The query string that asks the same again; defaults are left out.
    pub fn address(&self, names: &Names) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.pairs(names) {
            pairs.append_pair(name, &value);
        }
        pairs.finish()
    }

    /// The parameters of [`Asked::address`], one by one, the query first.
    pub fn pairs(&self, names: &Names) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if !self.query.is_empty() {
            pairs.push((names.query, self.query.clone()));
        }
        if self.scope != Scope::Site {
            pairs.push((names.scope, called(&names.scopes, self.scope).to_owned()));
        }
        for (facet, name) in &names.facets {
            let values = self.filters.get(facet).into_iter().flatten();
            pairs.extend(values.map(|value| (*name, value.clone())));
        }
        if self.order != Order::Relevance {
            pairs.push((names.order, called(&names.orders, self.order).to_owned()));
        }
        if self.page > 1 && !names.page.is_empty() {
            pairs.push((names.page, self.page.to_string()));
        }
        pairs
    }

    /// Forgets a value that means nothing.
    pub(crate) fn drop_value(&mut self, facet: Facet, value: &str) {
        if let Some(values) = self.filters.get_mut(&facet) {
            values.retain(|it| it != value);
        }
        self.filters.retain(|_, values| !values.is_empty());
    }

    /// The same search with `value` of `facet` added, or taken away when it is there.
    pub fn toggled(&self, facet: Facet, value: &str) -> Self {
        let mut other = Self { page: 1, cursor: None, ..self.clone() };
        let values = other.filters.entry(facet).or_default();
        match values.iter().position(|it| it == value) {
            Some(at) => {
                values.remove(at);
            }
            None => values.push(value.to_owned()),
        }
        other.filters.retain(|_, values| !values.is_empty());
        other
    }
}

impl Names {
    /// How a facet's parameter is called.
    pub fn facet(&self, facet: Facet) -> &'static str {
        called(&self.facets, facet)
    }

    /// What the parameter `name` takes, where that is the same everywhere.
    fn accepted(&self, name: &str) -> Vec<String> {
        let all = |values: &[&str]| values.iter().map(|it| (*it).to_owned()).collect();
        let is = |facet: Facet| self.facet(facet) == name;
        match name {
            _ if name == self.scope => all(&self.scopes.map(|(_, it)| it)),
            _ if name == self.order => all(&self.orders.map(|(_, it)| it)),
            _ if is(Facet::Locale) => all(&LOCALES),
            _ => Vec::new(),
        }
    }

    /// Whether a parameter is a facet's, and may be given several times.
    fn is_facet(&self, name: &str) -> bool {
        self.facets.iter().any(|(_, known)| *known == name)
    }

    /// How the parameter of the scope is called.
    pub fn scope_name(&self) -> &'static str {
        self.scope
    }

    /// How the parameter of the order is called.
    pub fn order_name(&self) -> &'static str {
        self.order
    }

    /// The spellings of the scopes, nearest first.
    pub fn scopes(&self) -> &[(Scope, &'static str)] {
        &self.scopes
    }

    /// How an order is spelled.
    pub fn order(&self, order: Order) -> &'static str {
        called(&self.orders, order)
    }

    /// The spellings of the orders.
    pub fn orders(&self) -> &[(Order, &'static str)] {
        &self.orders
    }
}

fn named<T: Copy>(list: &[(T, &str)], value: &str) -> Option<T> {
    list.iter().find(|(_, name)| *name == value).map(|(it, _)| *it)
}

fn called<T: PartialEq>(list: &[(T, &'static str)], wanted: T) -> &'static str {
    list.iter().find(|(it, _)| *it == wanted).map_or("", |(_, name)| *name)
}

fn number(text: &str, most: usize) -> Option<usize> {
    text.parse().ok().filter(|number| (1..=most).contains(number))
}

/// What was typed or pasted, as it is looked for. Controls and marks of direction stand between
/// words; other marks that nobody sees stand inside them. Full-width letters are plain ones.
pub(crate) fn sought(typed: &str) -> String {
    let plain = typed.chars().map(|c| match c {
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c if c.is_control() => ' ',
        c => c,
    });
    base::text::line(&plain.collect::<String>())
}

/// A query in a sentence about it: the beginning of a long one, which stands whole in its box.
pub(crate) fn in_short(query: &str) -> String {
    match beginning(query, 100) {
        short if short.len() < query.len() => format!("{short}…"),
        whole => whole.to_owned(),
    }
}

/// At most `max` characters of `text`, cut between words where there is a place to cut.
fn beginning(text: &str, max: usize) -> &str {
    let Some((end, next)) = text.char_indices().nth(max) else { return text };
    let head = text.get(..end).unwrap_or_default();
    match head.rsplit_once(' ').filter(|_| next != ' ') {
        Some((whole, _)) => whole,
        None => head,
    }
}

/// A query as it is counted: in small letters, short. `None` for what may be about a person:
/// numbers long enough for a telephone, an identity card or an account, and e-mail addresses.
pub fn countable(query: &str) -> Option<String> {
    let mut run = 0;
    for c in query.chars() {
        match c {
            '0'..='9' => run += 1,
            ' ' | '.' | '-' => (),
            _ => run = 0,
        }
        if run >= 9 || c == '@' {
            return None;
        }
    }
    let line = base::text::line(query).to_lowercase();
    let short: String = line.chars().take(100).collect();
    (!short.is_empty()).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_was_asked() {
        let raw = "q=gi%E1%BA%A5y+khai+sinh&pham-vi=tinh&nam=2026&nam=2025&trang=3";
        let (asked, ignored) = Asked::read(raw, &PAGE);
        assert_eq!(
            (asked.query.as_str(), asked.scope, asked.page),
            ("giấy khai sinh", Scope::Province, 3)
        );
        assert_eq!(asked.filters[&Facet::Year], ["2026", "2025"]);
        assert_eq!(asked.address(&PAGE), raw);
        assert!(ignored.is_empty());
    }

    #[test]
    fn what_is_not_understood_is_named() {
        #[track_caller]
        fn check(raw: &str, parameter: &str, reason: &str) {
            let (asked, ignored) = Asked::read(raw, &PAGE);
            let (first, names) = (ignored.first().unwrap(), ignored.len());
            assert_eq!((first.parameter.as_str(), first.reason, names), (parameter, reason, 1));
            assert!(asked.filters.is_empty(), "{raw}");
        }
        check("q=a&mau=do", "mau", "unknown");
        check("q=a&q=b", "q", "twice");
        check("trang=2&trang=3", "trang", "twice");
        check("nam=hai", "nam", "value");
        check("pham-vi=huyen", "pham-vi", "value");
        check("trang=0", "trang", "page");
        check("trang=1001", "trang", "page");
        check("ngon-ngu=fr", "ngon-ngu", "value");
        check(&format!("q={}", "a".repeat(1001)), "q", "long");
        check(&format!("co-quan={}", "a".repeat(400)), "co-quan", "value");
    }

    #[test]
    fn a_long_query_is_taken_whole_and_a_longer_one_is_cut_between_words() {
        let words = "nghị quyết số ".repeat(100);
        let (asked, ignored) = Asked::read(&format!("q={}", "nghị quyết ".repeat(50)), &PAGE);
        assert_eq!((asked.query.chars().count(), ignored.len()), (549, 0));
        let (asked, ignored) = Asked::read(&format!("q={words}"), &PAGE);
        assert_eq!(ignored.first().map(|it| it.reason), Some("long"));
        assert!(asked.query.ends_with(" nghị"), "{}", asked.query);
        assert_eq!(asked.query.chars().count(), 998);
        let (asked, _) = Asked::read(&format!("q={}", "a".repeat(2000)), &PAGE);
        assert_eq!(asked.query.len(), 1000);
    }

    #[test]
    fn marks_that_nobody_sees_keep_words_apart_and_syllables_together() {
        #[track_caller]
        fn check(typed: &str, expected: &str) {
            let encoded: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
            assert_eq!(Asked::read(&format!("q={encoded}"), &PAGE).0.query, expected, "{typed:?}");
        }
        check("khai\u{0}sinh", "khai sinh");
        check("khai\u{202E}sinh\u{200F}con\u{2066}em\u{1}nhỏ", "khai sinh con em nhỏ");
        check("kh\u{AD}ai si\u{200B}nh c\u{200D}on", "khai sinh con");
        check("ＱĐ　５１９／ＱＤ－ＵＢＮＤ", "QĐ 519/QD-UBND");
    }

    #[test]
    fn empty_fields_of_the_form_ask_for_nothing() {
        let (asked, ignored) = Asked::read("q=&nam=&loai=&pham-vi=", &PAGE);
        assert!(asked.is_empty() && ignored.is_empty());
    }

    #[test]
    fn what_nobody_sees_is_not_the_question_for_everything() {
        let (asked, ignored) = Asked::read("q=%00", &PAGE);
        assert_eq!((asked.query.as_str(), ignored.len()), ("\u{FFFD}", 0));
        assert!(!asked.is_empty());
    }

    #[test]
    fn a_click_on_a_facet_and_another_is_where_one_began() {
        let (asked, _) = Asked::read("q=a&loai=quyet-dinh&trang=2", &PAGE);
        let more = asked.toggled(Facet::Type, "ke-hoach");
        assert_eq!(more.address(&PAGE), "q=a&loai=quyet-dinh&loai=ke-hoach");
        let back = more.toggled(Facet::Type, "ke-hoach").toggled(Facet::Type, "quyet-dinh");
        assert_eq!(back.address(&PAGE), "q=a");
    }

    #[test]
    fn what_may_be_about_a_person_is_not_counted() {
        assert_eq!(countable("Giấy KHAI  sinh").as_deref(), Some("giấy khai sinh"));
        assert_eq!(countable("224/2026/NĐ-CP").as_deref(), Some("224/2026/nđ-cp"));
        for personal in ["0912 345 678", "hồ sơ 001099012345", "a@b.vn", "0912.345.678"] {
            assert_eq!(countable(personal), None, "{personal}");
        }
        assert_eq!(countable("  "), None);
    }
}
