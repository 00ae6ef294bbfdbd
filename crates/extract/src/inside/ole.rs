//! OLE containers: office files from before 2007, and newer ones behind a password.

use std::{
    fs::File,
    io::{self, Read, Seek},
};

use crate::Failure;

const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// How much of a file is searched for the sign of a password.
const MAX_SEARCHED: u64 = 64 << 20;

pub(crate) fn is_ole(mut file: &File) -> bool {
    let mut start = [0; MAGIC.len()];
    let read = file.rewind().and_then(|()| file.read_exact(&mut start));
    read.is_ok() && start == MAGIC
}

/// Why such a file is not read.
pub(crate) fn verdict(file: File) -> Failure {
    if !is_ole(&file) {
        return Failure::broken("it is no office file");
    }
    match is_encrypted(&file) {
        Ok(true) => Failure::Encrypted,
        Ok(false) => Failure::OldFormat,
        Err(err) => Failure::unavailable(err),
    }
}

/// The names of the streams are UTF-16; a package with a password has one of this name.
fn is_encrypted(mut file: &File) -> io::Result<bool> {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut bytes = Vec::new();
    file.rewind()?;
    file.take(MAX_SEARCHED).read_to_end(&mut bytes)?;
    Ok(bytes.windows(name.len()).any(|window| window == name))
}
