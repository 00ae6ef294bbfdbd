//! The documents of the file, and the questions made of them.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use base::{SiteId, text::unaccented};
use chrono::{NaiveDate, NaiveTime};
use flate2::read::GzDecoder;
use search::Item;
use serde::Deserialize;
use uuid::Uuid;

use crate::Result;

/// One line of the file.
#[derive(Debug, Deserialize)]
pub(crate) struct Document {
    pub(crate) number: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    issuer: String,
    pub(crate) title: String,
    issued: Option<NaiveDate>,
    field: Option<String>,
    articles: Vec<Article>,
}

#[derive(Debug, Deserialize)]
struct Article {
    no: String,
    heading: String,
    text: String,
}

/// The documents in `file`.
pub(crate) fn read(file: &Path) -> Result<Vec<Document>> {
    let is_zipped = file.extension().is_some_and(|extension| extension == "gz");
    let plain: Box<dyn Read> = match is_zipped {
        true => Box::new(GzDecoder::new(File::open(file)?)),
        false => Box::new(File::open(file)?),
    };
    let lines = BufReader::new(plain).lines();
    lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}

impl Document {
    /// The whole text.
    pub(crate) fn body(&self) -> String {
        let article = |it: &Article| format!("{}. {}\n{}", it.no, it.heading, it.text);
        self.articles.iter().map(article).collect::<Vec<_>>().join("\n")
    }

    /// The document as it is indexed.
    pub(crate) fn item(&self, subject: Uuid, site: SiteId) -> Item {
        let issued = self.issued.unwrap_or_default().and_time(NaiveTime::MIN).and_utc();
        let mut item = Item::new(subject, site, "document", &self.title, issued);
        item.forename = self.kind.clone();
        item.keywords = self.issuer.clone();
        item.body = self.body();
        item.number = Some(self.number.clone());
        item.doc_type = Some(self.kind.clone());
        item.issuer = Some(self.issuer.clone());
        item.fields = self.field.iter().cloned().collect();
        item
    }

    /// The number in five spellings.
    pub(crate) fn spellings(&self) -> [(&'static str, String); 5] {
        let plain = unaccented(&self.number);
        let spaced = plain.replace(['/', '-'], " ");
        [
            ("number 1: as it is, first place", self.number.clone()),
            ("number 2: hyphens, capitals, no accents", plain.replace('/', "-").to_uppercase()),
            ("number 3: small letters, no accents", plain),
            ("number 4: số, and spaces for marks", format!("số {spaced}")),
            ("number 5: after its type", format!("{} số {}", self.kind, self.number)),
        ]
    }

    /// Eight words in a row from one of the articles.
    pub(crate) fn quotation(&self, dice: &mut Dice) -> Option<String> {
        let long = |it: &&Article| it.text.split_whitespace().count() >= 8;
        let articles: Vec<&Article> = self.articles.iter().filter(long).collect();
        let article = articles.get(dice.roll(articles.len()))?;
        let words: Vec<&str> = article.text.split_whitespace().collect();
        let start = dice.roll(words.len() - 7);
        Some(words.iter().skip(start).take(8).copied().collect::<Vec<_>>().join(" "))
    }
}

/// Chance that comes out the same every time.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`; 0 when there are none.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        usize::try_from(bits >> 1).unwrap_or(0).checked_rem(sides).unwrap_or(0)
    }
}
