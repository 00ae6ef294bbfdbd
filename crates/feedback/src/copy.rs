//! Everything that is held about who sent a case, as one reads it elsewhere (PDP-5.3).

use std::{fs::File, io, path::Path};

use base::{Message, Result};
use db::Conn;
use media::{Storage, files};
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    guard::Key,
    store::{self, Case, messages, readings, supplies},
};

/// What is held of one case, besides the bytes of its files.
pub(crate) fn held(conn: &mut Conn, key: &Key, case: &Case) -> Result<Value> {
    let (id, site) = (case.id, case.site_id);
    let (person, sealed) = store::person(conn, site, id)?;
    let sealed = store::unseal(key, id, &sealed)?;
    let kinds = [messages::Kind::Citizen, messages::Kind::Letter];
    let said = messages::of_case(conn, site, id, &kinds)?;
    let files = store::files(conn, site, id)?;
    let consents = store::receive::consents(conn, site, id)?;
    let readings = readings::of_case(conn, site, id)?;
    let given = supplies::of_case(conn, site, id)?;
    Ok(json!({
        "number": case.number_text(),
        "received": base::time::rfc3339(case.received_at),
        "type": case.type_key,
        "state": case.state,
        "subject": case.subject,
        "message": case.message,
        "details": case.details(),
        "person": {
            "name": person.name,
            "address": person.address,
            "phone": person.phone,
            "email": person.email,
            "sealed": sealed,
        },
        "letters": said.iter().map(|it| json!({
            "from": it.kind, "at": base::time::rfc3339(it.at), "text": it.body,
        })).collect::<Vec<_>>(),
        "files": files.iter().map(|it| json!({
            "name": it.name, "size": it.size, "sha256": it.digest,
        })).collect::<Vec<_>>(),
        "given": given.iter().filter(|(it, _)| it.expires_at.is_some()).map(|(it, file)| json!({
            "name": file.name, "size": file.size, "sha256": file.digest, "taken": it.times,
        })).collect::<Vec<_>>(),
        "consents": consents.iter().map(|it| json!({
            "purpose": it.purpose, "given": it.given, "at": base::time::rfc3339(it.at), "text": it.text,
        })).collect::<Vec<_>>(),
        "read_by_others": readings.iter().map(|(who, reason, at)| json!({
            "who": who, "reason": reason, "at": base::time::rfc3339(*at),
        })).collect::<Vec<_>>(),
    }))
}

/// The most that files of a copy may have in all, in bytes.
const MOST: i64 = 400 << 20;

/// What goes into a copy: what is held of each case, and its files by the names they get.
#[derive(Debug, Default)]
pub(crate) struct Copy {
    /// Of each case.
    pub(crate) cases: Vec<Value>,
    /// Names within the archive, and what is behind them.
    pub(crate) files: Vec<(String, files::File)>,
}

impl Copy {
    /// Adds a case and its files.
    pub(crate) fn add(
        &mut self,
        conn: &mut Conn,
        key: &Key,
        (unit, case): (&str, &Case),
    ) -> Result<()> {
        let mut held = held(conn, key, case)?;
        if let Some(all) = held.as_object_mut() {
            all.insert("holder".to_owned(), unit.into());
        }
        self.cases.push(held);
        for (at, file) in (1..).zip(store::files(conn, case.site_id, case.id)?) {
            let part = media::model::address_name(&file.name);
            // Numbers are of one site; two sites may have the same.
            let name = format!("tep/{}-{}/{at}-{part}", case.number_text(), case.id);
            self.files.push((name, file));
        }
        let size: i64 = self.files.iter().map(|(_, file)| file.size).sum();
        match size > MOST {
            true => {
                Err(base::Error::conflict(Message::new("case.copy_large").with("max", MOST >> 20)))
            }
            false => Ok(()),
        }
    }
}

/// Writes a copy as a ZIP archive: `du-lieu.json` and the files.
pub(crate) async fn archive(storage: &Storage, copy: Copy) -> Result<NamedTempFile> {
    let mut files = Vec::new();
    for (name, file) in &copy.files {
        files.push((name.clone(), storage.copy(&file.digest).await?));
    }
    let text = serde_json::to_string_pretty(&copy.cases).map_err(anyhow::Error::from)?;
    let written = web::off_thread(move || -> anyhow::Result<NamedTempFile> {
        let whole = NamedTempFile::with_suffix(".zip")?;
        write(whole.path(), &text, &files)?;
        Ok(whole)
    });
    Ok(written.await??)
}

fn write(path: &Path, text: &str, files: &[(String, NamedTempFile)]) -> anyhow::Result<()> {
    let mut archive = ZipWriter::new(File::create(path)?);
    let options = SimpleFileOptions::default();
    archive.start_file("du-lieu.json", options)?;
    io::copy(&mut text.as_bytes(), &mut archive)?;
    for (name, bytes) in files {
        archive.start_file(name.as_str(), options)?;
        io::copy(&mut File::open(bytes.path())?, &mut archive)?;
    }
    archive.finish()?;
    Ok(())
}
