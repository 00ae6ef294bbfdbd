//! Importing sites through the browser: try first, then carry out.

use std::collections::BTreeMap;

use accounts::{Can, Province, Staff};
use base::{Error, FieldErrors, Message};
use serde::Serialize;
use web::{Data, Request, Response, Result, Routes, get, post};

use crate::{
    Rules,
    admin::on_portal,
    import::{self, Choice, Fate, Order, Report},
};

const PATH: &str = "/quan-tri/cac-trang/nhap";

pub(crate) fn routes(routes: &mut Routes) {
    routes.route(PATH, get().to(new)).route(PATH, post().to(create));
}

/// The largest file, in bytes: all units of the country are a tenth of it.
const MAX_FILE: usize = 8 << 20;

/// A file to start from.
const EXAMPLE: &str = "type,name,name_en,unit_code,host,responsible,address,phone,email\n\
    xã,Xã Tân An,Tan An Commune,,,,,,\n\
    phường,Phường Văn Miếu,Van Mieu Ward,,,,,,\n\
    sở,Sở Y tế,Department of Health,,soyte,,,,\n";

#[derive(Serialize)]
struct ImportView {
    report: Option<ReportView>,
    errors: BTreeMap<String, String>,
    example: &'static str,
}

#[derive(Serialize)]
struct ReportView {
    created: usize,
    unchanged: usize,
    refused: usize,
    decisions: usize,
    rows: Vec<LineView>,
    dry_run: bool,
    token: Option<String>,
}

#[derive(Serialize)]
struct LineView {
    line: usize,
    name: String,
    host: String,
    result: Fate,
    result_label: String,
    message: String,
}

fn draw(who: &Staff, report: Option<ReportView>, errors: &FieldErrors) -> Result<Response> {
    let view = ImportView { report, errors: who.cx.say_all(errors), example: EXAMPLE };
    match errors.is_empty() {
        true => who.page("sites/import.html", &view),
        false => who.again("sites/import.html", &view),
    }
}

async fn new(who: Can<Province>) -> Result<Response> {
    on_portal(&who)?;
    draw(&who, None, &FieldErrors::new())
}

async fn create(
    who: Can<Province>,
    req: Request,
    rules: Data<Rules>,
    body: actix_web::web::Payload,
) -> Result<Response> {
    on_portal(&who)?;
    let upload = media::upload::read(&who.cx, &req, &mut body.into_inner(), MAX_FILE).await;
    let upload = match upload.map_err(|failure| failure.0) {
        Ok(upload) => upload,
        Err(Error::Invalid(errors)) => return draw(&who, None, &errors),
        Err(err) => return Err(err.into()),
    };
    if let Some(problem) = upload.problem {
        return draw(&who, None, &FieldErrors::from([("file".into(), problem)]));
    }
    // After a trial, the form carries the file's text, so that nothing is chosen twice.
    let carried = upload.text("token").to_owned();
    let bytes = match upload.files.first() {
        Some(file) => file.bytes.clone(),
        None => carried.into_bytes(),
    };
    if bytes.is_empty() {
        let errors = FieldErrors::from([("file".into(), Message::new("upload.none"))]);
        return draw(&who, None, &errors);
    }
    let dry_run = upload.text("dry_run") == "on";
    let code = who.cx.read(|conn, site| {
        Ok(crate::store::portals(conn)?.into_iter().find(|it| it.id == site.id))
    });
    let provinces = code.await?.and_then(|portal| portal.unit_code).into_iter().collect();
    let choice = Choice { provinces, ..Choice::default() };
    let rows = match import::read(&bytes, &choice) {
        Ok(rows) => rows,
        Err(Error::Invalid(errors)) => return draw(&who, None, &errors),
        Err(err) => return Err(err.into()),
    };
    let order = Order {
        portal: Some(who.cx.site.id),
        user: Some(who.user.id),
        now: who.cx.now,
        below: true,
        dry_run,
    };
    let all = rules.clone();
    // Not one transaction: each site has its own.
    let run = who.cx.read(move |conn, _| import::run(conn, &all, order, &rows)).await?;
    who.cx.app().forget(who.cx.site.id);
    let token = dry_run.then(|| String::from_utf8_lossy(&bytes).into_owned());
    draw(&who, Some(report_view(&who, &run, token)), &FieldErrors::new())
}

fn report_view(who: &Staff, report: &Report, token: Option<String>) -> ReportView {
    let line = |line: &import::Line| LineView {
        line: line.line,
        name: line.name.clone(),
        host: line.host.clone(),
        result: line.fate,
        result_label: who.cx.say(&Message::new(fate_key(line.fate, token.is_some()))),
        message: line.why.as_ref().map(|why| who.cx.say(why)).unwrap_or_default(),
    };
    ReportView {
        created: report.count(Fate::Created),
        unchanged: report.count(Fate::Unchanged),
        refused: report.count(Fate::Refused),
        decisions: report.count(Fate::Decision),
        rows: report.lines.iter().map(line).collect(),
        dry_run: token.is_some(),
        token,
    }
}

/// The words for a row's fate.
fn fate_key(fate: Fate, dry_run: bool) -> &'static str {
    match fate {
        Fate::Created if dry_run => "fate.would_create",
        Fate::Created => "fate.created",
        Fate::Unchanged => "fate.unchanged",
        Fate::Decision => "fate.decision",
        Fate::Refused => "fate.refused",
    }
}
