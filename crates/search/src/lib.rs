//! Vietnamese full-text search over everything public, in one index for all sites.
//!
//! Read in this order: [`fold`] says when two words are one; `vocabulary` knows abbreviations and
//! former units; [`item`] is what goes in and [`query`] what comes out; `schema` and
//! `terms` make terms of text. `plan` reads a question, `cite` the documents it names; `search`
//! matches and counts on a `snapshot` and its `sheet`s, with the lists of `docs`, the sets of
//! `matches` and the counts of `tally`; `rank` puts the best first in a `list`; `forgive` gives second chances;
//! `suggest` completes; [`mark`] shows what was found. [`Engine`] keeps it all on disk; [`feed`]
//! keeps it in step with the database, from what each feature's [`Source`] says is public.
//!
//! A document matches when it has all syllables of a question, accents aside. This is cheap, so
//! everything that matches is counted exactly, and only the most promising few hundred are
//! weighed. No text is kept in the index: the caller brings the texts of the ten hits on a page
//! and thereby checks that they are still public.

mod cite;
mod docs;
mod engine;
mod error;
pub mod feed;
pub mod fold;
mod forgive;
pub mod item;
mod list;
pub mod mark;
mod matches;
mod plan;
pub mod query;
mod rank;
mod schema;
mod search;
mod sheet;
mod snapshot;
mod source;
mod suggest;
mod tally;
mod terms;
mod vocabulary;

pub use engine::{Engine, Rebuild, Rebuilt};
pub use error::{Error, Result};
pub use feed::Feed;
pub use item::{Change, Facet, Item, Part, Position};
pub use mark::{Excerpt, Marker, Piece};
pub use query::{
    Count, Cursor, DEEPEST, Found, Hit, Leniency, MOST, Order, Query, Scope, Start, Suggestion,
};
pub use source::{Source, Subject, Successions};
pub use vocabulary::{Successors, Vocabulary};
