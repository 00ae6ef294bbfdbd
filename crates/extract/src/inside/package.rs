//! A zip file with XML inside, as office programs write it: opened with a limit on what comes out.

use std::{
    fs::File,
    io::{self, BufReader, Read},
};

use quick_xml::Reader;
use zip::{ZipArchive, read::ZipFile, result::ZipError};

use super::ole;
use crate::Failure;

/// Real documents have some dozens of parts.
const MAX_PARTS: usize = 10_000;

/// What all parts that are read may unpack to. The longest law with tables stays below 60 MB.
const MAX_UNPACKED: u64 = 256 << 20;

pub(crate) struct Package {
    zip: ZipArchive<File>,
    left: u64,
}

pub(crate) type Xml<'a> = Reader<BufReader<Capped<'a>>>;

impl Package {
    pub(crate) fn open(file: File) -> Result<Self, Failure> {
        let twin = file.try_clone().map_err(Failure::unavailable)?;
        let zip = match ZipArchive::new(file) {
            Ok(zip) => zip,
            Err(_) if ole::is_ole(&twin) => return Err(ole::verdict(twin)),
            Err(err) => return Err(Failure::broken(err)),
        };
        match zip.len() > MAX_PARTS {
            true => Err(Failure::TooLarge),
            false => Ok(Self { zip, left: MAX_UNPACKED }),
        }
    }

    pub(crate) fn has(&self, part: &str) -> bool {
        self.zip.index_for_name(part).is_some()
    }

    /// A part to be read as XML.
    pub(crate) fn xml(&mut self, part: &str) -> Result<Xml<'_>, Failure> {
        let file = self.zip.by_name(part).map_err(|err| match err {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Failure::Encrypted,
            ZipError::FileNotFound => Failure::Broken(format!("it has no {part}")),
            err => Failure::broken(err),
        })?;
        Ok(Reader::from_reader(BufReader::new(Capped { file, left: &mut self.left })))
    }
}

/// Fails, rather than ends, where too much comes out.
pub(crate) struct Capped<'a> {
    file: ZipFile<'a, File>,
    left: &'a mut u64,
}

impl Read for Capped<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        let left = u64::try_from(read).ok().and_then(|read| self.left.checked_sub(read));
        *self.left = left.ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}
