//! The engine with a real index: what is found, in which order, how it is counted, and what
//! survives.

#![expect(clippy::expect_used, reason = "the kit of these tests fails loudly")]

mod disk;
mod kill;
mod kit;
mod lists;
mod order;
mod words;
