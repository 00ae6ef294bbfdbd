//! The engine with a real index: what is found, in which order, how it is counted, and what
//! survives.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests, and so are their helpers"
)]

mod disk;
mod kill;
mod kit;
mod lists;
mod many;
mod order;
mod words;
