//! Tables that a query names twice.

use db::schema::{editions, entries, sites};

diesel::alias!(
    editions as later: Later,
    entries as translated: Translated,
    entries as vietnamese: Vietnamese,
    sites as of_scope: OfScope
);
