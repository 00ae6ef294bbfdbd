//! The rules of cases. Pure: nothing here reads a clock, a table or a request.

pub mod answer;
pub mod code;
pub mod hints;
pub mod proof;
pub mod scan;
pub mod sheet;
pub mod state;
