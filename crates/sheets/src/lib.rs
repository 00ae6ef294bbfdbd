//! Tables as offices keep them: registers read from CSV and XLSX, lists written as both.
//!
//! [`Columns`] says which columns a register may have and by which names, [`read`] finds them in
//! a file, [`Table`] is written with [`Table::xlsx`] and [`Table::csv`]. The crate knows no
//! particular register: names of columns are data.

mod columns;
mod date;
mod decode;
mod read;
mod register;
mod table;
mod write;

pub use columns::{Column, Columns};
pub use read::{Reading, read};
pub use register::{Register, Row};
pub use table::{Cell, Heading, Table};
