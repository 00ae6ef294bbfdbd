//! What citizens meet: forms, the page behind a code, answers that others read.

mod answers;
mod code;
mod feeds;
mod form;
mod send;
mod status;
mod supplement;
pub(crate) mod supply;

use web::{Routes, get, post};

/// Every public address of cases.
pub fn routes(routes: &mut Routes) {
    routes
        .route("/hoi-dap", get().to(answers::index))
        .route("/hoi-dap.rss", get().to(feeds::rss))
        .route("/hoi-dap.atom", get().to(feeds::atom))
        .route("/hoi-dap.json", get().to(feeds::json))
        .route("/hoi-dap/thong-ke.json", get().to(feeds::figures))
        .route("/hoi-dap/tuong-tu.json", get().to(answers::similar))
        .route("/hoi-dap/gui", get().to(form::choose))
        .route("/hoi-dap/gui/{slug}", get().to(form::show))
        .route("/hoi-dap/gui/{slug}", post().to(send::create))
        .route("/hoi-dap/tra-cuu", get().to(code::ask))
        .route("/hoi-dap/tra-cuu", post().to(code::find))
        .route("/hoi-dap/ma/{code}", get().to(status::show))
        .route("/hoi-dap/ma/{code}/thu", post().to(status::letters))
        .route("/hoi-dap/ma/{code}/danh-gia", post().to(status::rate))
        .route("/hoi-dap/ma/{code}/mo-lai", post().to(status::reopen))
        .route("/hoi-dap/ma/{code}/bo-sung", post().to(supplement::send))
        .route("/hoi-dap/tai/{secret}", get().to(supply::show))
        .route("/hoi-dap/tai/{secret}/{supply}", post().to(supply::take))
        .route("/hoi-dap/{slug}/tep/{file}", get().to(answers::file))
        .route("/hoi-dap/{slug}", get().to(answers::show))
        .route("/hoi-dap/{slug}/huu-ich", post().to(answers::help))
        .route("/tuong-tac/hoi-dap", get().to(answers::moved))
        .route("/tuong-tac/phan-anh-kien-nghi", get().to(form::moved));
}
