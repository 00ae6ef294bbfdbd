//! The composition root: the only crate that knows every feature.
//!
//! `config` reads the settings, `portal` puts the parts together, `serve` listens, `cli` is
//! everything else that the program `conglang` can do.

pub mod cli;
pub mod config;
mod courier;
pub mod demo;
mod doctor;
pub mod files;
pub mod health;
mod logging;
pub mod portal;
mod serve;

pub use config::Config;
pub use portal::Portal;
