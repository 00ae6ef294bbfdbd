//! Where bytes lie: below the data directory, or in an S3-compatible store. A place is named
//! after the digest of what lies there, so nothing that is kept ever changes.

use std::{error::Error as StdError, fmt, fs, io, ops::Range, path, sync::Arc};

use actix_web::web::Bytes;
use anyhow::Context;
use base::{Error, Message, Result};
use futures_util::{Stream, StreamExt, TryStreamExt};
use object_store::{
    GetOptions, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload, aws::AmazonS3Builder,
    local::LocalFileSystem, path::Path,
};
use tempfile::NamedTempFile;

/// What is read and sent at a time, in bytes. S3 takes no smaller parts than five megabytes.
const PART: usize = 8 << 20;

/// The kind of store, as the settings say.
#[derive(Clone, Debug)]
pub enum Place {
    /// The data directory of this machine.
    Local,
    /// A store that speaks S3.
    S3(Bucket),
}

/// A bucket and how to reach it.
#[derive(Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// The address of the store; empty for Amazon's own.
    pub endpoint: String,
    /// Where it stands.
    pub region: String,
    /// What every key begins with; empty for nothing.
    pub prefix: String,
    /// Who asks; empty for the role of the machine.
    pub access_key: String,
    /// What proves it.
    pub secret_key: String,
}

/// Without the secret.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:?}", self.name, self.endpoint)
    }
}

/// The name of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// Where a file lies.
    pub(crate) fn file(digest: &str) -> Result<Self> {
        Ok(Self(format!("files/{}/{digest}", two(digest)?)))
    }

    /// Where a picture lies, or its small copy.
    pub(crate) fn picture(digest: &str, small: bool) -> Result<Self> {
        let size = if small { "-small" } else { "" };
        Ok(Self(format!("pictures/{}/{digest}{size}.webp", two(digest)?)))
    }
}

/// Folders stay small when the first two digits have one each.
fn two(digest: &str) -> Result<&str> {
    Ok(digest.get(..2).context("a digest is hexadecimal")?)
}

/// A store for bytes, cheap to clone.
#[derive(Clone, Debug)]
pub struct Storage {
    store: Arc<dyn ObjectStore>,
    prefix: String,
    incoming: path::PathBuf,
}

impl Storage {
    /// Opens `place`. What is being uploaded waits below `data` wherever it is kept afterwards.
    pub fn open(place: &Place, data: &path::Path) -> anyhow::Result<Self> {
        let incoming = data.join("incoming");
        fs::create_dir_all(&incoming)
            .with_context(|| format!("cannot create {}", incoming.display()))?;
        let (store, prefix): (Arc<dyn ObjectStore>, _) = match place {
            Place::Local => {
                let local = LocalFileSystem::new_with_prefix(data)?.with_fsync(true);
                (Arc::new(local), String::new())
            }
            Place::S3(bucket) => (Arc::new(s3(bucket)?), bucket.prefix.clone()),
        };
        Ok(Self { store, prefix, incoming })
    }

    /// A nameless file for an upload: it is gone when nobody holds it, even after a crash.
    pub(crate) fn spool(&self) -> io::Result<fs::File> {
        tempfile::tempfile_in(&self.incoming)
    }

    /// Keeps `bytes` at `key`. What is there already is the same, and is left alone.
    pub(crate) async fn keep(&self, key: &Key, bytes: Vec<u8>) -> Result<()> {
        if self.has(key).await? {
            return Ok(());
        }
        let put = self.store.put(&self.path(key), PutPayload::from(bytes)).await;
        put.map(drop).map_err(trouble)
    }

    /// Keeps what is in `file` at `key`, a part at a time.
    pub(crate) async fn keep_file(&self, key: &Key, mut file: fs::File) -> Result<()> {
        if self.has(key).await? {
            return Ok(());
        }
        io::Seek::rewind(&mut file).map_err(full_or)?;
        let mut upload = self.store.put_multipart(&self.path(key)).await.map_err(trouble)?;
        match send(file, upload.as_mut()).await {
            Ok(()) => Ok(()),
            Err(err) => {
                if let Err(left) = upload.abort().await {
                    tracing::warn!("half an object may be left at {key:?}: {left}");
                }
                Err(err)
            }
        }
    }

    /// Whether something lies at `key`.
    pub(crate) async fn has(&self, key: &Key) -> Result<bool> {
        match self.store.head(&self.path(key)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(err) => Err(trouble(err)),
        }
    }

    /// Everything at `key`.
    pub(crate) async fn bytes(&self, key: &Key) -> Result<Bytes> {
        let found = self.store.get(&self.path(key)).await.map_err(trouble)?;
        found.bytes().await.map_err(trouble)
    }

    /// A copy of the file with this digest, for a program that reads files only; it is deleted
    /// with what this gives.
    pub async fn copy(&self, digest: &str) -> Result<NamedTempFile> {
        let copy = NamedTempFile::new().context("cannot copy a file to read it")?;
        self.write_to(digest, copy.path()).await?;
        Ok(copy)
    }

    async fn write_to(&self, digest: &str, path: &path::Path) -> Result<()> {
        let found = self.store.get(&self.path(&Key::file(digest)?)).await.map_err(trouble)?;
        let (mut bytes, mut copy) = (found.into_stream(), fs::File::create(path).map_err(full_or)?);
        while let Some(part) = bytes.next().await {
            let part = part.map_err(trouble)?;
            copy = web::off_thread(move || io::Write::write_all(&mut copy, &part).map(|()| copy))
                .await?
                .map_err(full_or)?;
        }
        Ok(())
    }

    /// The bytes of `range` at `key`, as they come.
    pub(crate) async fn stream(
        &self,
        key: &Key,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = io::Result<Bytes>> + use<>> {
        let options = GetOptions { range: Some(range.into()), ..GetOptions::default() };
        let found = self.store.get_opts(&self.path(key), options).await.map_err(trouble)?;
        Ok(found.into_stream().map_err(io::Error::other))
    }

    /// Removes what lies at `key`.
    pub(crate) async fn remove(&self, key: &Key) -> Result<()> {
        match self.store.delete(&self.path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(err) => Err(trouble(err)),
        }
    }

    fn path(&self, key: &Key) -> Path {
        Path::from(format!("{}/{}", self.prefix, key.0))
    }
}

fn s3(bucket: &Bucket) -> anyhow::Result<impl ObjectStore + use<>> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.region)
        // Not every store that speaks S3 knows how to delete many at once.
        .with_disable_bulk_delete(true)
        .with_allow_http(bucket.endpoint.starts_with("http://"));
    if !bucket.endpoint.is_empty() {
        builder = builder.with_endpoint(&bucket.endpoint);
    }
    if !bucket.access_key.is_empty() {
        builder = builder
            .with_access_key_id(&bucket.access_key)
            .with_secret_access_key(&bucket.secret_key);
    }
    builder.build().with_context(|| format!("cannot use the store {bucket:?}"))
}

async fn send(mut file: fs::File, upload: &mut dyn MultipartUpload) -> Result<()> {
    loop {
        let read = move || read_part(&mut file).map(|part| (file, part));
        let (rest, part) = web::off_thread(read).await?.map_err(full_or)?;
        file = rest;
        if part.is_empty() {
            break;
        }
        upload.put_part(PutPayload::from(part)).await.map_err(trouble)?;
    }
    upload.complete().await.map(drop).map_err(trouble)
}

fn read_part(file: &mut fs::File) -> io::Result<Vec<u8>> {
    let mut part = Vec::with_capacity(PART);
    io::Read::read_to_end(&mut io::Read::take(file, u64::try_from(PART).unwrap_or(0)), &mut part)?;
    Ok(part)
}

/// What a failure of the store means to the person who waits.
fn trouble(err: object_store::Error) -> Error {
    match err {
        err if is_full(&err) => no_room(err),
        err @ object_store::Error::NotFound { .. } => {
            Error::Internal(anyhow::Error::from(err).context("stored bytes are lost"))
        }
        err => Error::Busy(anyhow::Error::from(err).context("the store does not answer")),
    }
}

/// What a failure to write an upload down means.
pub(crate) fn full_or(err: io::Error) -> Error {
    match is_full(&err) {
        true => no_room(err),
        false => Error::Internal(anyhow::Error::from(err).context("cannot write an upload")),
    }
}

fn no_room(err: impl StdError + Send + Sync + 'static) -> Error {
    Error::busy(err, Message::new("upload.no_room"))
}

/// Whether the disk, the quota or the limit of the process is used up.
fn is_full(err: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(err);
    while let Some(err) = cause {
        if let Some(err) = err.downcast_ref::<io::Error>() {
            use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
            return matches!(err.kind(), StorageFull | QuotaExceeded | FileTooLarge);
        }
        cause = err.source();
    }
    false
}
