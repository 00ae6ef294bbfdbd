//! The same content in the other language, as queries name it.

use db::schema::{addresses, entries};

diesel::alias!(entries as others: Others, addresses as other_addresses: OtherAddresses);

/// The entries of the same content in the other language that are published, out of `others` or
/// a join that begins with it; for a query that has `entries` in it.
macro_rules! counterpart {
    ($from:expr) => {{
        use $crate::counterpart::others;
        $from
            .filter(others.field(entries::site_id).eq(entries::site_id))
            .filter(others.field(entries::content_id).eq(entries::content_id))
            .filter(others.field(entries::locale).ne(entries::locale))
            .filter(others.field(entries::live_id).is_not_null())
    }};
}

/// The entries the public may read: Vietnamese, and English beside a public source. English does
/// not outlive what it is a translation of.
macro_rules! is_readable {
    () => {
        entries::locale
            .eq(base::Locale::Vi)
            .or(diesel::dsl::exists($crate::counterpart::counterpart!($crate::counterpart::others)))
    };
}

pub(crate) use {counterpart, is_readable};
