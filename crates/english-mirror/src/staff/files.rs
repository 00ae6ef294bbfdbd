//! Files for translation offices and back: one page, or everything that is to be done on a site.

use accounts::{Can, See, Staff, Write};
use actix_web::web::Payload;
use base::{Error, FieldErrors, Message};
use content::entries::store::Outcome;
use english::{
    state::State,
    xliff::{self, MAX_BYTES, Refusal},
};
use serde::Serialize;
use std::collections::BTreeMap;
use web::{Data, Path, Request, Response, Result};

use super::{HERE, key, path};
use crate::{
    Office, exchange,
    store::{self, work, write},
};

const XLIFF: &str = "application/xliff+xml; charset=utf-8";

/// Pages of one archive at most.
const MOST: usize = 500;

/// The file of one page.
pub(super) async fn one(who: Can<See>, office: Data<Office>, id: Path<String>) -> Result<Response> {
    let content = key(&id)?;
    let read = who.cx.read(move |conn, site| {
        let page = store::page(conn, site.id, content)?;
        let kind = office.kinds.get(&page.source.kind).ok_or(Error::NotFound)?;
        let package = exchange::package(site.id, kind, &page)?;
        Ok((exchange::file_name(&page), package))
    });
    let (name, package) = read.await?;
    Ok(web::download(XLIFF, &name).body(xliff::write(&package)))
}

/// The files of every page that is missing or stale, as one archive.
pub(super) async fn all(who: Can<See>, office: Data<Office>) -> Result<Response> {
    let read = who.cx.read(move |conn, site| {
        let work = work::of(conn, (&office.kinds, &office.minimum), site.id)?;
        let is_due =
            |row: &work::Row| row.is_public && matches!(row.state, State::Missing | State::Stale);
        let mut files = Vec::new();
        for row in work.rows.into_iter().filter(is_due).take(MOST) {
            let page = store::page(conn, site.id, row.content)?;
            let kind = office.kinds.get(&page.source.kind).ok_or(Error::NotFound)?;
            files.push((exchange::file_name(&page), exchange::package(site.id, kind, &page)?));
        }
        Ok(files)
    });
    let files = read.await?;
    if files.is_empty() {
        return Ok(who.cx.see_other_with(HERE, "mirror.exchange.nothing_due"));
    }
    let zipped = web::off_thread(move || {
        let text = |(name, package): (String, xliff::Package)| (name, xliff::write(&package));
        exchange::archive(files.into_iter().map(text).collect())
    });
    let name = format!("ban-dich-{}.zip", base::text::slug(&who.cx.site.host, 60));
    Ok(web::download("application/zip", &name).body(zipped.await??))
}

#[derive(Serialize)]
struct FilesView {
    offers: Vec<OfferView>,
    /// What is carried from the trial to the taking, so that nothing is chosen twice.
    carried: Vec<Carried>,
    is_trial: bool,
    can_take: bool,
    errors: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Carried {
    name: String,
    text: String,
}

#[derive(Serialize)]
struct OfferView {
    file: String,
    title: String,
    url: Option<String>,
    refused: Option<String>,
    used: usize,
    pieces: Vec<PieceView>,
    remarks: Vec<String>,
    saved: bool,
}

#[derive(Serialize)]
struct PieceView {
    source: String,
    target: String,
}

fn draw(who: &Staff, view: &FilesView) -> Result<Response> {
    match view.errors.is_empty() {
        true => who.page("mirror/files.html", view),
        false => who.again("mirror/files.html", view),
    }
}

fn empty(who: &Staff, errors: &FieldErrors) -> FilesView {
    FilesView {
        offers: Vec::new(),
        carried: Vec::new(),
        is_trial: false,
        can_take: false,
        errors: who.cx.say_all(errors),
    }
}

pub(super) async fn index(who: Can<Write>) -> Result<Response> {
    draw(&who, &empty(&who, &FieldErrors::new()))
}

/// Tries files, then takes them: the second time they come as text with the form.
pub(super) async fn create(
    who: Can<Write>,
    office: Data<Office>,
    req: Request,
    body: Payload,
) -> Result<Response> {
    let upload = media::upload::read(&who.cx, &req, &mut body.into_inner(), MAX_BYTES).await;
    let upload = match upload.map_err(|failure| failure.0) {
        Ok(upload) => upload,
        Err(Error::Invalid(errors)) => return draw(&who, &empty(&who, &errors)),
        Err(err) => return Err(err.into()),
    };
    let problem = upload.problem.clone();
    let takes = upload.text("take") == "on";
    let texts: Vec<(String, Vec<u8>)> = match takes {
        true => carried(&upload.fields),
        false => upload.files.into_iter().map(|file| (file.name, file.bytes)).collect(),
    };
    let problem = problem.or(texts.is_empty().then(|| Message::new("upload.none")));
    if let Some(problem) = problem {
        let errors = FieldErrors::from([("files".into(), problem)]);
        return draw(&who, &empty(&who, &errors));
    }
    let view = match takes {
        true => take(&who, &office, texts).await?,
        false => try_it(&who, &office, texts).await?,
    };
    draw(&who, &view)
}

/// The files a form carries: `name-1`, `text-1` and so on.
fn carried(fields: &web::Fields) -> Vec<(String, Vec<u8>)> {
    let file = |number: usize| {
        let text = fields.get(&format!("text-{number}"))?;
        let name = fields.get(&format!("name-{number}")).cloned().unwrap_or_default();
        Some((name, text.clone().into_bytes()))
    };
    (1..=20).map_while(file).collect()
}

async fn try_it(
    who: &Staff,
    office: &Data<Office>,
    texts: Vec<(String, Vec<u8>)>,
) -> Result<FilesView> {
    let (held, files) = (office.clone(), texts.clone());
    let read = who.cx.read(move |conn, site| {
        let mut found = Vec::new();
        for (name, bytes) in &files {
            found.push((name.clone(), exchange::offer(conn, site.id, &held.kinds, bytes)?));
        }
        Ok(found)
    });
    let offers: Vec<OfferView> =
        read.await?.into_iter().map(|(name, offer)| view(who, name, offer, false)).collect();
    let is_good = |(offer, _): &(&OfferView, &(String, Vec<u8>))| offer.used > 0;
    let good = offers.iter().zip(&texts).filter(is_good);
    let carried: Vec<Carried> = good
        .map(|(_, (name, bytes))| Carried {
            name: name.clone(),
            text: String::from_utf8_lossy(bytes).into_owned(),
        })
        .collect();
    let can_take = !carried.is_empty();
    Ok(FilesView { offers, carried, is_trial: true, can_take, errors: BTreeMap::new() })
}

/// Saves what can be used of each file; one that cannot be saved does not hold up the others.
async fn take(
    who: &Staff,
    office: &Data<Office>,
    texts: Vec<(String, Vec<u8>)>,
) -> Result<FilesView> {
    let (actor, held, staff) = (who.actor(), office.clone(), who.clone());
    let note = who.cx.say(&Message::new("mirror.exchange.note"));
    let taken = who.cx.write(move |conn, site| {
        let mut taken = Vec::new();
        for (name, bytes) in texts {
            let offer = exchange::offer(conn, site.id, &held.kinds, &bytes)?;
            let saved = match &offer {
                Ok(offer) if super::translate::may_edit(&staff, &offer.page).is_ok() => {
                    let site = (site, held.kinds.as_ref());
                    let note = format!("{note} {name}");
                    let note: String = note.chars().take(write::MAX_NOTE).collect();
                    match exchange::take(conn, actor, site, offer, note) {
                        Ok(Some(Outcome::Done(_))) => true,
                        Ok(Some(Outcome::Stale) | None) | Err(Error::Invalid(_)) => false,
                        Err(err) => return Err(err),
                    }
                }
                _ => false,
            };
            taken.push((name, offer, saved));
        }
        Ok(taken)
    });
    let offers = taken.await?.into_iter().map(|(name, offer, saved)| view(who, name, offer, saved));
    Ok(FilesView {
        offers: offers.collect(),
        carried: Vec::new(),
        is_trial: false,
        can_take: false,
        errors: BTreeMap::new(),
    })
}

fn view(
    who: &Staff,
    file: String,
    offer: std::result::Result<exchange::Offer, Refusal>,
    saved: bool,
) -> OfferView {
    match offer {
        Err(refusal) => OfferView {
            file,
            title: String::new(),
            url: None,
            refused: Some(who.cx.say(&refusal.message())),
            used: 0,
            pieces: Vec::new(),
            remarks: Vec::new(),
            saved: false,
        },
        Ok(offer) => {
            let remarks = exchange::remarks(&offer.received);
            let piece = |unit: &xliff::Unit| PieceView {
                source: unit.source.clone(),
                target: unit.target.clone(),
            };
            OfferView {
                file,
                title: offer.page.now.title.clone(),
                url: Some(path(offer.page.source.content_id)),
                refused: None,
                used: offer.received.used.len(),
                pieces: offer.received.used.iter().map(piece).collect(),
                remarks: remarks.iter().map(|it| who.cx.say(it)).collect(),
                saved,
            }
        }
    }
}
