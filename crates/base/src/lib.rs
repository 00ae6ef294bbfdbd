//! The words every crate speaks: ids, sites, messages, errors, text, time. No I/O and no HTTP.

mod error;
mod hex;
mod id;
mod message;
pub mod number;
mod site;
pub mod text;
mod text_enum;
pub mod time;

pub use error::{Error, FieldErrors, OnUnique, Result};
pub use hex::hex;
pub use id::{EditionId, EntryId, SectionId, UserId};
pub use message::Message;
pub use number::Number;
pub use site::{
    Identity, Licence, Locale, MenuItem, PortalRef, SectionName, SectionNames, Site, SiteId,
    SiteState, SiteType,
};

#[doc(hidden)]
pub use {diesel, serde, uuid};
