//! Letters: written in the transaction of what they tell, carried by a postman, at most once for
//! each event and recipient.
//!
//! Read `model` for the states of a letter and the rules of trying again, `store` for writing one
//! and for the queue, `postman` for who carries them, `wire` for the conversation with the SMTP
//! server, `bounce` for what comes back, `http` for the staff's list and the page that stops
//! notices.
//!
//! **At most once.** A letter is marked as being sent before the server is given its text. When
//! the answer to the text does not come (the line breaks, the process dies), nobody knows whether
//! the server has it: the letter becomes *uncertain* and people decide, with the Message-ID by
//! which the server's log knows it. Whatever fails before the text was given is tried again.

pub mod bounce;
mod compose;
mod http;
pub mod model;
mod postman;
mod settings;
pub mod store;
mod wire;

pub use http::routes;
pub use model::{Kind, Letter, Recipient};
pub use postman::{Postman, Round};
pub use settings::{BadSettings, Login, Server, Settings, Tls};
pub use store::{Fate, send};
