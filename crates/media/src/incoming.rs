//! Large files on their way in: written down and hashed as they come, never held in memory, and
//! gone without a trace when they do not arrive.

use std::{
    fs, io,
    io::{Read, Seek, Write},
    path::Path,
};

use actix_multipart::{Field, Multipart};
use actix_web::{FromRequest, web::Bytes};
use base::{Error, FieldErrors, Message, Site};
use db::Conn;
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio::runtime::Handle;
use web::{Cx, Fields, Request, Result};

use crate::{
    bare, files,
    model::{self, FileType, Limits},
    sniff::sniff,
    storage::{Key, Storage, full_or},
    upload::broken,
};

/// A file that has arrived. Its bytes wait in a nameless file until they are kept.
#[derive(Debug)]
pub struct Incoming {
    /// Its name, cleaned.
    pub name: String,
    /// What it is, by its content.
    pub kind: &'static FileType,
    /// In bytes.
    pub size: i64,
    /// SHA-256, hexadecimal.
    pub digest: String,
    bytes: fs::File,
}

/// A form with files.
#[derive(Debug, Default)]
pub struct Form {
    /// The other fields.
    pub fields: Fields,
    /// The files that can be kept.
    pub files: Vec<Incoming>,
    /// Why each of the others cannot.
    pub refused: Vec<Message>,
}

impl Form {
    /// The text of a field, or nothing.
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// What was refused as an error of the field `files`, in the sentence at `key`.
    pub fn blame(&self, cx: &Cx, key: &'static str) -> FieldErrors {
        let said: Vec<String> = self.refused.iter().map(|message| cx.say(message)).collect();
        match said.is_empty() {
            true => FieldErrors::new(),
            false => [("files".into(), Message::new(key).with("reasons", said.join(" ")))].into(),
        }
    }
}

impl Form {
    /// Takes out of pictures what cameras and programs wrote into them: where, when and with what they were taken. One
    /// that is damaged is refused. What is an official document must not go through this: its bytes are its own.
    pub async fn without_notes(mut self, storage: &Storage) -> base::Result<Self> {
        for file in std::mem::take(&mut self.files) {
            let (name, spool) = (file.name.clone(), storage.clone());
            match web::off_thread(move || file.without_notes(&spool)).await?? {
                Some(file) => self.files.push(file),
                None => self.refused.push(Message::new("upload.picture_broken").with("name", name)),
            }
        }
        Ok(self)
    }
}

impl Incoming {
    /// A copy for a program that reads files only; it is deleted with what this gives.
    pub fn copied(&self) -> base::Result<NamedTempFile> {
        let mut bytes = self.bytes.try_clone().map_err(full_or)?;
        bytes.rewind().map_err(full_or)?;
        let mut copy = NamedTempFile::new().map_err(full_or)?;
        io::copy(&mut bytes, &mut copy).map_err(full_or)?;
        Ok(copy)
    }

    /// The same under another name.
    #[must_use]
    pub fn called(self, name: String) -> Self {
        Self { name, ..self }
    }

    /// The same without what was written into it; nothing where it is damaged or too large to look through.
    fn without_notes(mut self, storage: &Storage) -> base::Result<Option<Self>> {
        if !bare::knows(self.kind) {
            return Ok(Some(self));
        }
        if self.size > bare::MAX {
            return Ok(None);
        }
        let mut whole = Vec::new();
        self.bytes.rewind().map_err(full_or)?;
        self.bytes.read_to_end(&mut whole).map_err(full_or)?;
        let Some(bare) = bare::bare(self.kind, whole.into()) else { return Ok(None) };
        let mut bytes = storage.spool().map_err(full_or)?;
        let (digest, size) = copy(&mut &bare[..], &mut bytes).map_err(full_or)?;
        Ok(Some(Self { digest, size: i64::try_from(size).unwrap_or(i64::MAX), bytes, ..self }))
    }
}

/// The largest text field, in bytes.
const MAX_TEXT: usize = 1 << 20;

/// Reads the form of `req` and checks that it came from our own page. A file that cannot be
/// taken costs only itself; the others arrive.
pub async fn receive(
    cx: &Cx,
    req: &Request,
    payload: &mut actix_web::dev::Payload,
    (storage, limits): (&Storage, &Limits),
) -> Result<Form> {
    web::check_origin(req)?;
    let parts = Multipart::from_request(req, payload).await;
    let mut parts = parts.map_err(|err| broken(&err))?;
    let mut reader = Reader { storage, limits, form: Form::default(), seen: 0, failed: None };
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|err| broken(&err))?;
        match part.content_disposition().and_then(|it| it.get_filename()).map(str::to_owned) {
            Some(name) => reader.file(&mut part, &name).await?,
            None => reader.text(&mut part).await?,
        }
    }
    if let Some(err) = reader.failed {
        return Err(err.into());
    }
    match reader.form.fields.remove(web::TOKEN).as_ref() == Some(&cx.csrf) {
        true => Ok(reader.form),
        false => Err(Error::conflict("form.stale").into()),
    }
}

/// Keeps the bytes of `arrived` and then does `write`, which gives them rows
/// ([`files::create`]), in one transaction. When anything fails, nothing stays.
pub async fn keep<T, F>(
    cx: &Cx,
    storage: &Storage,
    arrived: Vec<Incoming>,
    write: F,
) -> base::Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn, &Site, &[Incoming]) -> base::Result<T> + Send + 'static,
{
    let digests: Vec<String> = arrived.iter().map(|file| file.digest.clone()).collect();
    let done = match put(storage, &arrived.iter().collect::<Vec<_>>()).await {
        Ok(()) => cx.write(move |conn, site| write(conn, site, &arrived)).await,
        Err(err) => Err(err),
    };
    if done.is_err() {
        let storage = storage.clone();
        let forgotten = cx.write(move |conn, _| {
            digests.iter().try_for_each(|digest| files::forget(conn, &storage, digest))
        });
        if let Err(err) = forgotten.await {
            tracing::warn!("bytes that no file has may be left: {err:?}");
        }
    }
    done
}

/// Takes a file that lies on this machine, for imports. What is wrong with the file itself is the
/// message inside.
pub fn take(
    storage: &Storage,
    limits: &Limits,
    path: &Path,
) -> base::Result<std::result::Result<Incoming, Message>> {
    let typed = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let name = model::clean_name(&typed);
    let mut source = fs::File::open(path).map_err(full_or)?;
    let size = source.metadata().map_err(full_or)?.len();
    if size > limits.size {
        let max = limits.size >> 20;
        return Ok(Err(Message::new("upload.too_large").with("name", name).with("max", max)));
    }
    if size == 0 {
        return Ok(Err(Message::new("upload.empty").with("name", name)));
    }
    // A copy, because what is kept must be what was hashed whoever writes into the original.
    let mut bytes = storage.spool().map_err(full_or)?;
    let (digest, size) = copy(&mut source, &mut bytes).map_err(full_or)?;
    let found = sniff(&mut bytes).map_err(full_or)?;
    Ok(limits.admit(&name, &found).map(|kind| Incoming {
        name: model::with_extension(name, kind),
        kind,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        digest,
        bytes,
    }))
}

/// The SHA-256 of a file that lies on this machine, hexadecimal.
pub fn digest(path: &Path) -> base::Result<String> {
    let mut file = fs::File::open(path).map_err(full_or)?;
    Ok(copy(&mut file, &mut io::sink()).map_err(full_or)?.0)
}

/// Keeps the bytes of `files`, before the transaction that gives them rows ([`files::create`]),
/// for who has no request: an import. Runs within a tokio runtime.
pub fn keep_now(storage: &Storage, files: &[&Incoming]) -> base::Result<()> {
    Handle::current().block_on(put(storage, files))
}

/// Removes the bytes with these digests where no file came to have them.
pub fn forget_now(conn: &mut Conn, storage: &Storage, digests: &[String]) {
    for digest in digests {
        let left = conn.atomically(|conn| files::forget(conn, storage, digest));
        if let Err(err) = left {
            tracing::warn!("bytes that no file has may be left: {err:?}");
        }
    }
}

/// Copies everything, and gives the digest and the number of bytes.
fn copy(source: &mut impl Read, target: &mut impl Write) -> io::Result<(String, u64)> {
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; GATHER]);
    loop {
        let read = source.read(&mut buffer)?;
        let part = buffer.get(..read).unwrap_or_default();
        if part.is_empty() {
            return Ok((base::hex(&hash.finalize()), size));
        }
        hash.update(part);
        target.write_all(part)?;
        size += u64::try_from(read).unwrap_or(u64::MAX);
    }
}

async fn put(storage: &Storage, files: &[&Incoming]) -> base::Result<()> {
    for file in files {
        let bytes = file.bytes.try_clone().map_err(full_or)?;
        storage.keep_file(&Key::file(&file.digest)?, bytes).await?;
    }
    Ok(())
}

struct Reader<'a> {
    storage: &'a Storage,
    limits: &'a Limits,
    form: Form,
    /// Files so far, good and bad.
    seen: usize,
    /// Why nothing can be written down any more. What is still to come is read all the same: a
    /// browser that is not listened to does not listen either.
    failed: Option<Error>,
}

impl Reader<'_> {
    async fn text(&mut self, part: &mut Field) -> Result<()> {
        let mut bytes = Vec::new();
        while let Some(chunk) = part.next().await {
            bytes.extend_from_slice(&chunk.map_err(|err| broken(&err))?);
            if bytes.len() > MAX_TEXT || self.form.fields.len() > 500 {
                return Err(Error::field("form", "form.malformed").into());
            }
        }
        let name = part.name().unwrap_or_default().to_owned();
        self.form.fields.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        Ok(())
    }

    async fn file(&mut self, part: &mut Field, typed: &str) -> Result<()> {
        let name = model::clean_name(typed);
        let over = self.seen >= self.limits.count;
        let mut spool = match self.failed.is_some() || over {
            true => None,
            false => self.try_spool(),
        };
        let mut size = 0_u64;
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|err| broken(&err))?;
            size += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            if size > self.limits.size {
                // What was written so far makes room at once.
                spool = None;
            }
            if size > self.limits.size.saturating_mul(2) {
                let limit = Message::new("upload.large").with("max", self.limits.size >> 20);
                return Err(Error::field("files", limit).into());
            }
            if let Some(open) = spool.take() {
                spool = self.written(open.take(chunk).await);
            }
        }
        if typed.is_empty() && size == 0 {
            // A file field that nothing was chosen for.
            return Ok(());
        }
        self.seen += 1;
        self.conclude(name, size, spool).await
    }

    /// Looks at a file that has come to its end.
    async fn conclude(&mut self, name: String, size: u64, spool: Option<Spool>) -> Result<()> {
        let refusal = if self.seen > self.limits.count {
            Message::new("upload.too_many").with("name", &name).with("max", self.limits.count)
        } else if size > self.limits.size {
            let max = self.limits.size >> 20;
            Message::new("upload.too_large").with("name", &name).with("max", max)
        } else if size == 0 {
            Message::new("upload.empty").with("name", &name)
        } else {
            let Some(spool) = spool else { return Ok(()) };
            let Some((digest, mut bytes)) = self.written(spool.finish().await) else {
                return Ok(());
            };
            let look = move || sniff(&mut bytes).map(|found| (found, bytes));
            let (found, bytes) = web::off_thread(look).await?.map_err(full_or)?;
            match self.limits.admit(&name, &found) {
                Ok(kind) => {
                    let name = model::with_extension(name, kind);
                    let size = i64::try_from(size).unwrap_or(i64::MAX);
                    self.form.files.push(Incoming { name, kind, size, digest, bytes });
                    return Ok(());
                }
                Err(refusal) => refusal,
            }
        };
        self.form.refused.push(refusal);
        Ok(())
    }

    fn try_spool(&mut self) -> Option<Spool> {
        let spool = self.storage.spool().map(Spool::new);
        self.written(spool.map_err(full_or))
    }

    /// Remembers the first failure to write.
    fn written<T>(&mut self, done: base::Result<T>) -> Option<T> {
        match done {
            Ok(it) => Some(it),
            Err(err) => {
                self.failed.get_or_insert(err);
                self.form.files.clear();
                None
            }
        }
    }
}

/// What is gathered before the disk is troubled, in bytes.
const GATHER: usize = 1 << 20;

/// A file being written and hashed.
struct Spool {
    file: fs::File,
    hash: Sha256,
    gathered: Vec<u8>,
}

impl Spool {
    fn new(file: fs::File) -> Self {
        Self { file, hash: Sha256::new(), gathered: Vec::with_capacity(GATHER) }
    }

    async fn take(mut self, chunk: Bytes) -> base::Result<Self> {
        self.gathered.extend_from_slice(&chunk);
        if self.gathered.len() < GATHER { Ok(self) } else { self.flush().await }
    }

    async fn flush(mut self) -> base::Result<Self> {
        let write = move || -> io::Result<Self> {
            self.hash.update(&self.gathered);
            self.file.write_all(&self.gathered)?;
            self.gathered.clear();
            Ok(self)
        };
        web::off_thread(write).await?.map_err(full_or)
    }

    async fn finish(self) -> base::Result<(String, fs::File)> {
        let done = self.flush().await?;
        Ok((base::hex(&done.hash.finalize()), done.file))
    }
}
