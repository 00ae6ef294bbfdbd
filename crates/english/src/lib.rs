//! The English side of a site: what can be said of it without a database, a clock or a request.
//!
//! Read `terms` for official names and titles (data: `config/english/terms.toml`), `write` for how
//! dates, numbers, names and addresses are written in English, `paths` for the addresses of pages in both
//! languages, `minimum` for what every site owes its foreign readers, `blocks` for texts cut into pieces
//! and what changed between two editions, `state` for whether a translation is missing, a draft,
//! current or stale, `checks` for what a translation must have in common with its source, and
//! `xliff` for the exchange with translation offices (ND42-7.2).

pub mod blocks;
pub mod checks;
pub mod minimum;
pub mod paths;
pub mod state;
pub mod terms;
pub mod write;
pub mod xliff;
