//! The public addresses of documents.

use base::Error;
use content::{
    Kinds,
    public::{Asked as ContentQuery, Tellers},
};
use web::{Cx, Data, Path, Request as HttpRequest, Response, Result, Routes, get, header};

use super::{
    asked::Query,
    callouts::Callouts,
    catalogue, export, feeds,
    page::{self, PageFacts},
    register::{self, Facts, PER_PAGE, ROOT, Request},
};
use crate::{
    Vocabulary,
    store::{self, Found},
};

/// Every public address of documents.
pub fn routes(routes: &mut Routes) {
    routes
        .route("/van-ban", get().to(index))
        .route("/van-ban.rss", get().to(feeds::rss))
        .route("/van-ban.atom", get().to(feeds::atom))
        .route("/van-ban.json", get().to(export::json))
        .route("/van-ban.csv", get().to(export::csv))
        .route("/van-ban/{slug}", get().to(show))
        .route("/danh-muc-thong-tin-cong-khai", get().to(catalogue::index))
        .route("/danh-muc-thong-tin-cong-khai.csv", get().to(catalogue::csv))
        .route("/danh-muc-thong-tin-cong-khai.xlsx", get().to(catalogue::xlsx));
}

/// What is asked of the register by `req`.
pub(super) fn request(cx: &Cx, req: &HttpRequest, per_page: i64) -> Request {
    let query = Query::read(req.query_string());
    Request {
        page: web::page_number(query.get("trang")),
        today: base::time::local(cx.now).date(),
        per_page,
        query,
    }
}

async fn index(
    cx: Cx,
    req: HttpRequest,
    words: Data<Vocabulary>,
    kinds: Data<Kinds>,
) -> Result<Response> {
    let request = request(&cx, &req, PER_PAGE);
    let asked = Request { query: request.query.with("so", ""), ..request };
    let (request, all) = (asked.clone(), (words.clone(), kinds.clone()));
    let facts =
        cx.read(move |conn, site| register::facts(conn, site, (&all.0, &all.1), &request)).await?;
    register::draw(&cx, (&words, &kinds), &asked, facts)
}

/// What lies below `/van-ban`.
enum Place {
    Document(Box<PageFacts>),
    Register(Box<Facts>),
    Moved(String),
    Gone,
    /// A section without a register, an entry, or nothing.
    Other,
}

/// An address in capitals, as numbers are written, leads to the document where it is one.
async fn spelled(cx: &Cx, slug: &str, req: &HttpRequest) -> Result<Response> {
    let small = slug.to_lowercase();
    if !base::text::is_slug(&small) {
        return Err(Error::NotFound.into());
    }
    let place = cx.read(move |conn, site| store::at(conn, site.id, &small)).await?;
    let path = match place {
        Some(Found::Live(document)) => document.path(),
        Some(Found::Moved(path)) => path,
        Some(Found::Gone) => return Err(Error::Gone.into()),
        None => return Err(Error::NotFound.into()),
    };
    let to = match req.query_string() {
        "" => path,
        query => format!("{path}?{query}"),
    };
    Ok(Response::MovedPermanently().insert_header((header::LOCATION, to)).finish())
}

async fn show(
    cx: Cx,
    req: HttpRequest,
    slug: Path<String>,
    words: Data<Vocabulary>,
    tellers: Tellers,
    callouts: Data<dyn Callouts>,
) -> Result<Response> {
    if !base::text::is_slug(&slug) {
        return spelled(&cx, &slug, &req).await;
    }
    let asked = request(&cx, &req, PER_PAGE);
    let asked = Request { query: asked.query.with("so", &slug), ..asked };
    let kinds = tellers.0.clone();
    let (request, all, slug) = (asked.clone(), (words.clone(), kinds.clone()), slug.into_inner());
    let place = cx
        .read(move |conn, site| {
            Ok(match store::at(conn, site.id, &slug)? {
                Some(Found::Live(document)) => {
                    let callout = callouts.of(conn, site, document.id, request.today)?;
                    let facts = page::facts(conn, site, (*document, callout), &request)?;
                    Place::Document(Box::new(facts))
                }
                Some(Found::Moved(to)) => Place::Moved(to),
                Some(Found::Gone) => Place::Gone,
                None => {
                    let is_list = request.query.get("muc") != "tin-bai";
                    let shelf = all.0.shelf(&format!("{ROOT}/{slug}")).filter(|_| is_list);
                    let section = match shelf {
                        Some(shelf) => content::sections::store::at(conn, site.id, &shelf.path)?,
                        None => None,
                    };
                    match section.filter(|it| it.visible) {
                        Some(_) => Place::Register(Box::new(register::facts(
                            conn,
                            site,
                            (&all.0, &all.1),
                            &request,
                        )?)),
                        None => Place::Other,
                    }
                }
            })
        })
        .await?;
    match place {
        Place::Document(facts) => page::draw(&cx, &words, &asked, *facts),
        Place::Register(facts) => register::draw(&cx, (&words, &kinds), &asked, *facts),
        Place::Moved(to) => {
            Ok(Response::MovedPermanently().insert_header((header::LOCATION, to)).finish())
        }
        Place::Gone => Err(Error::Gone.into()),
        Place::Other => {
            let query = web::Query::<ContentQuery>::from_query(req.query_string());
            let query = query.unwrap_or_else(|_| web::Query(ContentQuery::default()));
            content::public::show(cx, req, tellers, query).await
        }
    }
}
