//! Files and pictures: taken in, kept by digest, shown on their site when something public uses
//! them.
//!
//! Read `model` for what is taken and what it may be called, `incoming` for how a large file
//! arrives, `storage` for where bytes lie, `store` for the tables, `uses` for who may have what,
//! `http::download` for how a file leaves again. `picture` makes photographs small, `bare` frees
//! pictures of what cameras write into them.

mod bare;
mod conditional;
mod found;
mod http;
pub mod incoming;
pub mod model;
pub mod picture;
mod sniff;
pub mod storage;
mod store;
pub mod upload;

pub use http::{Picker, picked, picker, routes, send_sealed};
pub use model::Limits;
pub use pictures::{Row, picture_id, public_url};
pub use storage::Storage;
pub use store::{FileId, ItemId, PictureId, files, pictures, sealed, uses};
pub use uses::{Items, Owner, Visibility};
