//! The page behind a link to files that an office gives: what there is and until when. Looking takes nothing; a button
//! does (TCTT-30).

use base::{Error, Message, hex};
use media::Storage;
use serde::Serialize;
use web::{About, Crumb, Cx, Data, Fields, Head, Path, Posted, Request, Response, Result, Said};

use crate::{
    AnswerId,
    guard::Key,
    office::Office,
    store::supplies::{self, SupplyId},
    trail::trail,
};

/// Where the files of an answer are: nobody finds the address who was not given it, and nothing of it is stored.
pub(crate) fn link(key: &Key, answer: AnswerId) -> String {
    format!("/hoi-dap/tai/{answer}-{}", seal(key, answer))
}

fn seal(key: &Key, answer: AnswerId) -> String {
    let digest = key.digest("supply", answer.bytes());
    hex(digest.split_at(16).0)
}

/// The answer that an address names, if we made it.
fn read(key: &Key, secret: &str) -> base::Result<AnswerId> {
    let (id, told) = secret.rsplit_once('-').ok_or(Error::NotFound)?;
    let answer = AnswerId::parse(id).ok_or(Error::NotFound)?;
    // Compared by digest, so that time tells nothing of the right seal.
    let same = |text: &str| key.digest("same", text.as_bytes());
    if same(&seal(key, answer)) == same(told) { Ok(answer) } else { Err(Error::NotFound) }
}

#[derive(Serialize)]
struct SupplyView {
    head: Head,
    trail: Vec<Crumb>,
    number: String,
    unit: String,
    files: Vec<FileView>,
    until: String,
    over: bool,
}

#[derive(Serialize)]
struct FileView {
    name: Said,
    size: String,
    path: String,
}

pub(super) async fn show(cx: Cx, office: Data<Office>, secret: Path<String>) -> Result<Response> {
    let answer = read(&office.guard.key, &secret)?;
    let found = cx.read(move |conn, site| supplies::behind(conn, site.id, answer)).await?;
    let (case, all) = found.ok_or(Error::NotFound)?;
    let until = all.iter().filter_map(|(it, _)| it.expires_at).max();
    let over = until.is_none_or(|it| it <= cx.now);
    let title = cx.say(&Message::new("case_page.supply"));
    let about = About { title: title.clone(), path: "/hoi-dap/tra-cuu".into(), ..About::default() };
    let view = SupplyView {
        head: Head::new(&cx, &about).hidden(),
        trail: trail(&cx, &[(title, "/hoi-dap/tra-cuu")]),
        number: case.number_text(),
        unit: cx.site.unit_name.clone(),
        files: match over {
            true => Vec::new(),
            false => all
                .iter()
                .map(|(it, file)| FileView {
                    name: cx.written(&file.name),
                    size: media::model::size_text(file.size),
                    path: format!("{}/{}", link(&office.guard.key, answer), it.id),
                })
                .collect(),
        },
        until: until.map(|at| cx.minute(at)).unwrap_or_default(),
        over,
    };
    let mut page = cx.form_page("feedback/supply.html", &view)?;
    if over {
        *page.status_mut() = actix_web::http::StatusCode::GONE;
    }
    Ok(page)
}

/// Gives a file out, and counts that it was taken.
pub(super) async fn take(
    cx: Cx,
    req: Request,
    (office, storage): (Data<Office>, Data<Storage>),
    path: Path<(String, String)>,
    _: Posted<Fields>,
) -> Result<Response> {
    let (secret, id) = path.into_inner();
    let answer = read(&office.guard.key, &secret)?;
    let id = SupplyId::parse(&id).ok_or(Error::NotFound)?;
    let now = cx.now;
    let taken = cx.write(move |conn, site| supplies::take(conn, (site.id, now), (answer, id)));
    let file = taken.await?;
    media::send_sealed(&req, &storage, &file).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_ours_and_of_one_answer() {
        let (key, answer) = (Key::from_bytes([3; 32]), AnswerId::new());
        let secret = link(&key, answer).trim_start_matches("/hoi-dap/tai/").to_owned();
        assert_eq!(read(&key, &secret).unwrap(), answer);
        let (_, seal) = secret.rsplit_once('-').unwrap();
        for bad in [
            format!("{}-{seal}", AnswerId::new()),
            format!("{answer}-{}", "0".repeat(32)),
            answer.to_string(),
            String::new(),
            "ế-ế".to_owned(),
        ] {
            assert!(read(&key, &bad).is_err(), "{bad}");
        }
        assert!(read(&Key::from_bytes([4; 32]), &secret).is_err());
    }
}
