//! People: who they are, what they may do on which site, how they prove it.
//!
//! Read `model` for roles and the password rule, `store` for the tables, `staff` for how a
//! handler names the right it needs in its signature, `http` for the screens.

pub mod model;
pub mod store;

mod courier;
mod http;
mod members;
mod password;
mod staff;
mod switch;
mod tickets;

pub use courier::{Courier, Link};
pub use http::routes;
pub use password::hash as hash_password;
pub use staff::{
    Approve, Can, Edit, Handle, Manage, Permission, Province, ReadAll, See, Staff, Write,
};
pub use switch::cross;

/// How sign-in behaves.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Minutes without a request after which a session ends (SEC-lock).
    pub idle_minutes: i64,
    /// Wrong passwords in a row that lock an account (SEC-lock).
    pub max_failures: i32,
    /// Hours an account stays locked (SEC-lock).
    pub lock_hours: i64,
    /// Hours an invitation can be taken.
    pub invite_hours: i64,
    /// Hours a reset link works.
    pub reset_hours: i64,
}
