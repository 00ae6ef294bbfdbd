//! Words, templates, static files and safe HTML: everything between a view and what is seen.
//!
//! `words` reads `config/locales`, `themes` compiles `themes/`, `assets` holds the static
//! files, `markdown` turns what people write into [`Html`], the only thing templates print as is.

mod assets;
mod markdown;
mod plain;
mod themes;
mod unsafe_input;
mod words;

pub use assets::Asset;
pub use markdown::{Html, Rendered, markdown};
pub use plain::plain;
pub use themes::{ADMIN, DEFAULT, Palette, Themes};
pub use words::Words;
