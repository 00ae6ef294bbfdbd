//! The table of acceptance and explanation as a file. What readers wrote stays text: a spreadsheet
//! calculates nothing of it.

use base::Message;
use sheets::{Cell, Heading, Table};
use web::{Cx, Response, Result};

use crate::{
    docx::Paper,
    model::OpinionState,
    store::{Pair, opinions::Opinion, table::Row},
};

/// The columns: the word of each, and its share of the width in hundredths.
const COLUMNS: [(&str, u16); 6] = [
    ("number", 5),
    ("part", 12),
    ("opinion", 33),
    ("who", 13),
    ("verdict", 10),
    ("explanation", 27),
];

/// A table and the consultation it belongs to.
pub(crate) struct Export<'a> {
    pub(crate) cx: &'a Cx,
    pub(crate) pair: &'a Pair,
    pub(crate) rows: &'a [(Row, Vec<Opinion>)],
}

impl Export<'_> {
    /// As a workbook.
    pub(crate) fn xlsx(&self) -> Result<Response> {
        let cell = |(column, text): (usize, String)| match (column, text.parse()) {
            (0, Ok(number)) => Cell::Number(number),
            _ => Cell::from(text),
        };
        let table = Table {
            name: self.say("consultation_table.sheet"),
            title: self.title(),
            headings: self
                .columns()
                .into_iter()
                .map(|(name, share)| Heading::new(name, share + share / 2))
                .collect(),
            rows: self
                .lines()
                .into_iter()
                .map(|row| row.into_iter().enumerate().map(cell).collect())
                .collect(),
            made: self.cx.now,
        };
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        Ok(web::download(kind, "tiep-thu-giai-trinh.xlsx").body(table.xlsx()?))
    }

    /// As a document.
    pub(crate) fn docx(&self) -> Result<Response> {
        let columns = self.columns();
        let paper = Paper {
            title: self.title(),
            columns: columns.into_iter().map(|(name, share)| (name, share.into())).collect(),
            rows: self.lines(),
        };
        let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        Ok(web::download(kind, "tiep-thu-giai-trinh.docx").body(paper.docx()?))
    }

    fn say(&self, key: &'static str) -> String {
        self.cx.say(&Message::new(key))
    }

    fn columns(&self) -> Vec<(String, u16)> {
        let name = |key: &str| self.cx.say(&Message::new(format!("consultation_table.{key}")));
        COLUMNS.iter().map(|(key, share)| (name(key), *share)).collect()
    }

    fn title(&self) -> Vec<String> {
        let (it, draft) = self.pair;
        let days = Message::new("consultation_table.days")
            .with("opens", self.cx.date(it.opens))
            .with("closes", self.cx.date(it.closes));
        vec![self.say("consultation_table.title"), draft.summary.clone(), self.cx.say(&days)]
    }

    /// One line to each opinion; what is said to several alike stands beside each of them.
    fn lines(&self) -> Vec<Vec<String>> {
        let shown = |it: &&Opinion| it.state == OpinionState::Shown;
        let all = self
            .rows
            .iter()
            .flat_map(|(row, own)| own.iter().filter(shown).map(move |opinion| (row, opinion)));
        all.zip(1_usize..)
            .map(|((row, opinion), number)| {
                let verdict = Message::new(format!("verdict.{}", row.verdict.as_str()));
                vec![
                    number.to_string(),
                    part(self.cx, opinion),
                    words(self.cx, opinion),
                    who(self.cx, opinion),
                    self.cx.say(&verdict),
                    row.explanation.clone(),
                ]
            })
            .collect()
    }
}

/// What an opinion is about.
pub(crate) fn part(cx: &Cx, opinion: &Opinion) -> String {
    match opinion.label.is_empty() {
        true => cx.say(&Message::new("opinion.whole")),
        false => opinion.label.clone(),
    }
}

/// The words of an opinion with the passage before them.
fn words(cx: &Cx, opinion: &Opinion) -> String {
    match opinion.passage.is_empty() {
        true => opinion.shown.clone(),
        false => {
            let about = Message::new("opinion.about").with("passage", &opinion.passage);
            format!("{}\n{}", cx.say(&about), opinion.shown)
        }
    }
}

/// Who an opinion is from, as far as that is public.
pub(crate) fn who(cx: &Cx, opinion: &Opinion) -> String {
    match (opinion.show_name, opinion.organisation.is_empty()) {
        (false, _) => cx.say(&Message::new("opinion.unnamed")),
        (true, true) => opinion.name.clone(),
        (true, false) => format!("{}, {}", opinion.name, opinion.organisation),
    }
}
