//! Words for people, named by key: the text itself lives in `config/locales`.

use std::{borrow::Cow, fmt};

/// A sentence for a person: a key of `config/locales/*/message.toml` and what goes into its gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    key: Cow<'static, str>,
    args: Vec<(&'static str, String)>,
    /// Gaps that words of ours go into, which are another sentence's to choose.
    named: Vec<(&'static str, Message)>,
}

impl Message {
    /// The sentence at `key`, such as `title.missing`.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), args: Vec::new(), named: Vec::new() }
    }

    /// Fills the gap `{name}` of the sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Fills the gap `{name}` with words that stand in the locale themselves.
    #[must_use]
    pub fn naming(mut self, name: &'static str, words: Self) -> Self {
        self.named.push((name, words));
        self
    }

    /// The gaps that [`Message::naming`] filled.
    pub fn named(&self) -> &[(&'static str, Self)] {
        &self.named
    }

    /// Where the sentence stands in the locale file.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Puts the arguments into `sentence`, the text found under the key.
    pub fn fill(&self, sentence: &str) -> String {
        let fill = |text: String, (name, value): &(&str, String)| {
            text.replace(&format!("{{{name}}}"), value)
        };
        self.args.iter().fold(sentence.to_owned(), fill)
    }
}

impl From<&'static str> for Message {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

/// For logs: the key and the arguments, never meant for a screen.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        self.args.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))?;
        self.named.iter().try_for_each(|(name, words)| write!(f, " {name}=({words})"))
    }
}
