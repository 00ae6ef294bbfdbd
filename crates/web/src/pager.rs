//! Pages of a list.

use serde::Serialize;

/// Where one stands in a list that is cut into pages.
#[derive(Clone, Debug, Serialize)]
pub struct Pager {
    page: i64,
    pages: i64,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The address of the page after.
    pub next: Option<String>,
}

impl Pager {
    /// The pager of page `page` of `total` things, `per_page` to a page; `None` where one page
    /// holds all. `link` gives the address of a page.
    pub fn new(page: i64, total: i64, per_page: i64, link: impl Fn(i64) -> String) -> Option<Self> {
        let pages = (total + per_page - 1) / per_page;
        (pages > 1).then(|| Self {
            page,
            pages,
            previous: (page > 1).then(|| link(page - 1)),
            next: (page < pages).then(|| link(page + 1)),
        })
    }
}

/// The page a query asks for. What is no page number is the first page.
pub fn page_number(text: &str) -> i64 {
    text.parse().unwrap_or(1).clamp(1, 100_000)
}
