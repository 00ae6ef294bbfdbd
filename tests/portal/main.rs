//! Every end-to-end test, in one binary: it links once.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod attacks;
mod bad_input;
mod cases;
mod clerks;
mod clocks;
mod consultations;
mod content;
mod database;
mod documents;
mod english;
mod foreigners;
mod imports;
mod mail;
mod media;
mod mirror;
mod search;
mod sign_in;
mod sites;
mod supplies;
mod tidy;
mod walls;
mod words;
