//! Answers that are saved and not shown.

use actix_web::{HttpResponse, HttpResponseBuilder, http::header};

/// The beginning of an answer that browsers save as `name`, which is plain ASCII.
pub fn download(kind: &'static str, name: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    let disposition = format!("attachment; filename=\"{name}\"");
    answer.content_type(kind).insert_header((header::CONTENT_DISPOSITION, disposition));
    answer
}
