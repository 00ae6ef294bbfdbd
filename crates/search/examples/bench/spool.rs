//! The texts of the documents in a file, so that making them up is no part of what is measured.

use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    path::Path,
};

use crate::{
    Result,
    world::{Text, World},
};

/// Writes the texts of so many documents down, a line for each part.
pub(crate) fn write(world: &World, file: &Path, documents: u64) -> Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    for number in 0..documents {
        let Text { title, body, number } = world.text(number);
        writeln!(out, "{title}\n{body}\n{number}")?;
    }
    Ok(out.into_inner()?.sync_all()?)
}

/// Reads them one after the other.
pub(crate) struct Texts(BufReader<File>);

impl Texts {
    pub(crate) fn open(file: &Path) -> Result<Self> {
        Ok(Self(BufReader::with_capacity(1 << 20, File::open(file)?)))
    }

    pub(crate) fn next(&mut self) -> Result<Text> {
        Ok(Text { title: self.line()?, body: self.line()?, number: self.line()? })
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}
