//! Reading files in a process of its own: with the program as it is started in earnest, which
//! only the crate of the program can do.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod limits;
mod office;
mod paper;
mod pdf;
mod registers;
