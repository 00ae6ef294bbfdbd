//! Lists as files.

mod csv;
mod xlsx;

/// Whether a spreadsheet would take a cell of a CSV file for a formula and calculate it.
pub(crate) fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests;
