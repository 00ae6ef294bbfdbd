//! The test kit: a whole portal for each test, on SQLite or on `TEST_DATABASE_URL`, with a
//! fixed cast so that tests never invent people.
//!
//! The province has its portal at `tinh.test` and two communes: `ben.tinh.test` and
//! `lang.tinh.test`. On the portal work *Tỉnh* (provincial administrator), *Kiểm* (auditor) and
//! *Mai* (data protection officer); on each commune *Hoa* (author), *Bình* (editor), *Duyên*
//! (approver), *Quân* (site administrator) and *Thu* (case handler).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod answer;
mod database;
pub mod desk;
mod portal;
mod smtp;
mod visitor;

pub use answer::Answer;
pub use database::Database;
pub use portal::{NOW, Portal, Village, config};
pub use smtp::Smtp;
pub use visitor::Visitor;

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
