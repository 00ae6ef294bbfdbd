//! The folder of the index: numbered folders, of which `CURRENT` names the one in use. Whenever
//! the process is killed, `CURRENT` names a whole index; what else lies about is litter.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use crate::{Error, Result};

pub(super) struct Home {
    folder: PathBuf,
    /// Keeps other processes out as long as it is open.
    _lock: File,
    last: u64,
}

impl Home {
    pub(super) fn enter(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let lock = File::create(folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(Error::InUse(folder.to_owned())),
            Err(fs::TryLockError::Error(err)) => return Err(err.into()),
        }
        let mut last = 0;
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name();
            last = name.to_str().and_then(|name| name.parse().ok()).unwrap_or(0).max(last);
        }
        Ok(Self { folder: folder.to_owned(), _lock: lock, last })
    }

    /// The index in use, if there is one.
    pub(super) fn current(&self) -> Option<PathBuf> {
        let name = fs::read_to_string(self.folder.join("CURRENT")).ok()?;
        let number: u64 = name.trim().parse().ok()?;
        Some(self.folder.join(number.to_string())).filter(|index| index.is_dir())
    }

    /// A new, empty folder.
    pub(super) fn make_room(&mut self) -> Result<PathBuf> {
        self.last += 1;
        let index = self.folder.join(self.last.to_string());
        fs::create_dir(&index)?;
        Ok(index)
    }

    /// Makes `index` the one in use, in one step that survives a power failure.
    pub(super) fn choose(&self, index: &Path) -> Result<()> {
        let next = self.folder.join("CURRENT.next");
        let mut file = File::create(&next)?;
        file.write_all(index.file_name().unwrap_or_default().as_encoded_bytes())?;
        file.sync_all()?;
        fs::rename(&next, self.folder.join("CURRENT"))?;
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    /// Removes what a killed process left: every index but the one in use.
    pub(super) fn clear(&self) {
        self.remove(|_, _| true);
    }

    /// Removes the indexes before the one in use; those after it are in the making.
    pub(super) fn tidy(&self) {
        self.remove(|index, current| number(index) < number(current));
    }

    /// What cannot be removed now is tried again next time; files that a search still reads stay
    /// readable until it ends.
    fn remove(&self, is_litter: impl Fn(&Path, &Path) -> bool) {
        let Some(current) = self.current() else { return };
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let indexes = entries.map(|entry| entry.path()).filter(|path| path.is_dir());
        for index in indexes.filter(|it| *it != current && is_litter(it, &current)) {
            if let Err(err) = fs::remove_dir_all(&index) {
                tracing::warn!(%err, index = %index.display(), "an old search index stays");
            }
        }
    }
}

fn number(index: &Path) -> u64 {
    index.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok()).unwrap_or(0)
}
