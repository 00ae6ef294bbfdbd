//! Pictures: taken in, made small and free of metadata, kept by digest, shown on their site.
//!
//! Read `picture` for what becomes of an upload, `store` for the tables and files, `upload`
//! for reading a form that carries files.

mod http;
pub mod picture;
pub mod store;
pub mod upload;

pub use http::routes;
pub use store::{Folder, PictureId, Row, picture_id, public_url};
