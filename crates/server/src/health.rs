//! What machines ask: alive, ready, how much. These answer on any host.

use actix_web::{
    HttpResponse,
    http::header::ContentType,
    web::{Data, ServiceConfig, get},
};
use web::App;

/// `/healthz` and `/readyz`.
pub fn routes(routes: &mut ServiceConfig) {
    routes.route("/healthz", get().to(alive)).route("/readyz", get().to(ready));
}

/// `/metrics`, for its own listener.
pub fn metrics_routes(routes: &mut ServiceConfig) {
    routes.route("/metrics", get().to(metrics));
}

fn text(mut answer: actix_web::HttpResponseBuilder, text: impl Into<String>) -> HttpResponse {
    answer.content_type(ContentType::plaintext()).body(text.into())
}

async fn alive() -> HttpResponse {
    text(HttpResponse::Ok(), "alive\n")
}

/// Ready means that the database answers.
async fn ready(app: Data<App>) -> HttpResponse {
    match app.db.read(sites::store::portals).await {
        Ok(_) => text(HttpResponse::Ok(), "ready\n"),
        Err(err) => {
            tracing::warn!("not ready: {err:?}");
            text(HttpResponse::ServiceUnavailable(), "the database does not answer\n")
        }
    }
}

async fn metrics(app: Data<App>) -> HttpResponse {
    let (busy, open) = app.db.connections();
    let pool = format!(
        "# HELP conglang_db_connections Connections to the database.\n\
         # TYPE conglang_db_connections gauge\n\
         conglang_db_connections{{state=\"busy\"}} {busy}\n\
         conglang_db_connections{{state=\"open\"}} {open}\n"
    );
    let mut answer = HttpResponse::Ok();
    answer.content_type("text/plain; version=0.0.4; charset=utf-8");
    answer.body(format!("{}{pool}{}", app.metrics.text(), mails(&app).await))
}

/// How many letters are in each state; nothing while the database does not answer.
async fn mails(app: &App) -> String {
    let Ok(totals) = app.db.read(mail::store::desk::totals).await else { return String::new() };
    let lines = totals
        .iter()
        .map(|(state, count)| format!("conglang_mails{{state=\"{}\"}} {count}\n", state.as_str()));
    let head = "# HELP conglang_mails Letters, by state.\n# TYPE conglang_mails gauge\n";
    format!("{head}{}", lines.collect::<String>())
}
