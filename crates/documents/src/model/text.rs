//! The text of a document, cut into articles so that each has an address of its own.

use serde::{Deserialize, Serialize};

use crate::loose;

/// An article: `Điều 5`, its heading and its text. The part before the first has no number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Article {
    /// `Điều 5`; empty for what stands before the first or outside all.
    #[serde(deserialize_with = "loose::text")]
    pub no: String,
    /// What it is about.
    #[serde(deserialize_with = "loose::text")]
    pub heading: String,
    /// Its text, lines and all.
    #[serde(deserialize_with = "loose::text")]
    pub text: String,
}

impl Article {
    /// Where a link finds it: `dieu-5`. None for what has no number.
    pub fn anchor(&self) -> Option<String> {
        let anchor = base::text::slug(&self.no, 40);
        (!anchor.is_empty()).then_some(anchor)
    }
}

/// Cuts a text where a line begins with `Điều` and a number.
pub fn articles(text: &str) -> Vec<Article> {
    let mut articles: Vec<Article> = Vec::new();
    for line in base::text::block(text).lines() {
        match heading(line) {
            Some((no, heading)) => {
                articles.push(Article { no, heading, text: String::new() });
            }
            None => {
                if articles.is_empty() {
                    articles.push(Article::default());
                }
                if let Some(last) = articles.last_mut() {
                    last.text.push_str(line);
                    last.text.push('\n');
                }
            }
        }
    }
    for article in &mut articles {
        article.text = article.text.trim().to_owned();
    }
    articles.retain(|article| !article.no.is_empty() || !article.text.is_empty());
    articles
}

/// `Điều 5. Phạm vi` as its number and its heading.
fn heading(line: &str) -> Option<(String, String)> {
    let line = line.trim().trim_matches('*');
    let rest = line.strip_prefix("Điều ")?;
    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let (number, rest) = rest.split_at_checked(end)?;
    let (mark, heading) = match rest.chars().next() {
        Some(mark) => (mark, rest.get(mark.len_utf8()..).unwrap_or_default()),
        None => ('.', ""),
    };
    // "Điều 5 của Luật này" is a sentence, not a heading.
    let is_number = number.starts_with(|c: char| c.is_ascii_digit()) && number.len() <= 5;
    (is_number && matches!(mark, '.' | ':'))
        .then(|| (format!("Điều {number}"), heading.trim().to_owned()))
}

/// The articles as one text, as [`articles`] reads it.
pub fn plain(articles: &[Article]) -> String {
    let part = |article: &Article| match (article.no.is_empty(), article.heading.is_empty()) {
        (true, _) => article.text.clone(),
        (_, true) => format!("{}.\n{}", article.no, article.text),
        _ => format!("{}. {}\n{}", article.no, article.heading, article.text),
    };
    articles.iter().map(part).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_articles() {
        let text = "QUYẾT ĐỊNH:\nĐiều 1. Phạm vi\n1. Một\nĐiều 5 của Luật này.\n**Điều 2:** Hai\nĐiều 3a.\nBa";
        let cut = articles(text);
        let numbers: Vec<&str> = cut.iter().map(|it| it.no.as_str()).collect();
        assert_eq!(numbers, ["", "Điều 1", "Điều 2", "Điều 3a"]);
        assert_eq!(cut[1].heading, "Phạm vi");
        assert_eq!(cut[1].text, "1. Một\nĐiều 5 của Luật này.");
        assert_eq!(cut[3].anchor().as_deref(), Some("dieu-3a"));
        assert_eq!(cut[0].anchor(), None);
        assert_eq!(articles(&plain(&cut)), cut);
        assert_eq!(articles(" \n"), []);
    }
}
