//! Listening.

use std::time::Duration;

use actix_web::{App, HttpServer, dev::Server, rt};
use anyhow::{Context, Result};
use chrono::TimeDelta;

use crate::{Config, Portal, health, portal};

/// Serves until told to stop; requests that have begun are finished.
pub(crate) fn run(config: &Config) -> Result<()> {
    let db = portal::open(config)?;
    let portal = Portal::assemble(config, db, portal::system_clock())?;
    plant(&portal)?;
    rt::System::new().block_on(listen(config, portal))
}

/// Takes over the calendars that came with this version; what is open is counted anew.
fn plant(portal: &Portal) -> Result<()> {
    let (catalog, now) = (portal.clocks.clone(), portal.app.now());
    let mut conn = portal.app.db.connection()?;
    let planted = conn.atomically(|conn| clocks::store::calendar::plant(conn, &catalog, now))?;
    if planted > 0 {
        tracing::info!(years = planted, "calendars of new years taken over");
    }
    Ok(())
}

async fn listen(config: &Config, portal: Portal) -> Result<()> {
    let server = server(config, portal.clone())?;
    if !config.listen.metrics.is_empty() {
        rt::spawn(measure(config.listen.metrics.clone(), portal.clone())?);
    }
    let watched = portal.app.clone();
    rt::spawn(async move { watched.watch().await });
    let app = portal.app.clone();
    rt::spawn(portal.finder.feed.clone().watch(move || app.now()));
    let app = portal.app.clone();
    rt::spawn(portal.postman.clone().watch(move || app.now()));
    rt::spawn(count(portal.clone()));
    rt::spawn(tell(portal.clone()));
    rt::spawn(read(portal.clone()));
    rt::spawn(letters(portal.clone()));
    rt::spawn(cases(portal.clone()));
    rt::spawn(remind(portal.clone()));
    rt::spawn(look(portal.clone()));
    rt::spawn(sweep(portal));
    tracing::info!(address = config.listen.address, "serving");
    server.await.context("the server stopped")?;
    tracing::info!("stopped; every request that had begun was answered");
    Ok(())
}

fn server(config: &Config, portal: Portal) -> Result<Server> {
    let server = HttpServer::new(move || {
        let mounted = portal.clone();
        App::new().configure(move |service| mounted.mount(service))
    });
    let server = match config.listen.workers {
        0 => server,
        workers => server.workers(workers),
    };
    let address = &config.listen.address;
    let server = server.shutdown_timeout(config.listen.shutdown_seconds).bind(address);
    Ok(server.with_context(|| format!("cannot listen on {address} (listen.address)"))?.run())
}

fn measure(address: String, portal: Portal) -> Result<impl Future<Output = std::io::Result<()>>> {
    let app = portal.app;
    let server =
        HttpServer::new(move || App::new().app_data(app.clone()).configure(health::metrics_routes));
    let server = server
        .workers(1)
        .disable_signals()
        .bind(&address)
        .with_context(|| format!("cannot listen on {address} (listen.metrics)"))?;
    Ok(server.run())
}

/// Looks through the files of documents as they come, one after the other.
async fn read(portal: Portal) {
    loop {
        match portal.reader.look(&portal.app.db, portal.app.now()).await {
            Ok(true) => continue,
            Ok(false) => (),
            Err(err) => tracing::warn!("cannot read a file: {err:?}"),
        }
        rt::time::sleep(Duration::from_secs(2)).await;
    }
}

/// Reads the letters in pictures, beside the files that only have to be looked through.
async fn letters(portal: Portal) {
    loop {
        match portal.reader.letters(&portal.app.db, portal.app.now()).await {
            Ok(true) => continue,
            Ok(false) => (),
            Err(err) => tracing::warn!("cannot read the letters of a file: {err:?}"),
        }
        rt::time::sleep(Duration::from_secs(2)).await;
    }
}

/// Looks through the attachments of cases as they come, one after the other.
async fn look(portal: Portal) {
    loop {
        match portal.scanner.next(&portal.app.db, portal.app.now()).await {
            Ok(true) => continue,
            Ok(false) => (),
            Err(err) => tracing::warn!("cannot look through an attachment: {err:?}"),
        }
        rt::time::sleep(Duration::from_secs(2)).await;
    }
}

/// Every minute, writes to those who gave their opinion on a draft what has come of it.
async fn tell(portal: Portal) {
    loop {
        let now = portal.app.now();
        match consultations::news::round(&portal.app, &portal.consultations, now).await {
            Ok(0) => (),
            Ok(letters) => tracing::info!(letters, "participants told of consultations"),
            Err(err) => tracing::warn!("cannot tell participants of consultations: {err:?}"),
        }
        rt::time::sleep(Duration::from_secs(60)).await;
    }
}

/// Once an hour, writes to those who look after English pages that have become old.
async fn remind(portal: Portal) {
    loop {
        let now = portal.app.now();
        match english_mirror::jobs::round(&portal.app, &portal.mirror, now).await {
            Ok(0) => (),
            Ok(letters) => tracing::info!(letters, "reminded of English pages that are old"),
            Err(err) => tracing::warn!("cannot remind of English pages: {err:?}"),
        }
        rt::time::sleep(Duration::from_secs(3600)).await;
    }
}

/// Every ten seconds, writes down what was searched for.
async fn count(portal: Portal) {
    loop {
        rt::time::sleep(Duration::from_secs(10)).await;
        let today = base::time::local(portal.app.now()).date();
        if let Err(err) = portal.finder.write_down(&portal.app.db, today).await {
            tracing::warn!("cannot write down what was searched for: {err:?}");
        }
    }
}

/// Every five minutes, closes and forgets cases and writes reminders.
async fn cases(portal: Portal) {
    loop {
        let (app, office) = (portal.app.clone(), portal.feedback.clone());
        let round = feedback::jobs::round(&app, &office, &portal.storage);
        if let Err(err) = round.await {
            tracing::warn!("cannot look after cases: {err:?}");
        }
        rt::time::sleep(Duration::from_secs(300)).await;
    }
}

/// Once an hour, deletes sessions and links that ran out a month ago, and bytes no file has.
async fn sweep(portal: Portal) {
    loop {
        let before = portal.app.now() - TimeDelta::days(30);
        let swept = portal.app.db.write(move |conn| accounts::store::sweep(conn, before)).await;
        if let Err(err) = swept {
            tracing::warn!("cannot sweep sessions: {err:?}");
        }
        if let Err(err) = media::files::clear(&portal.app.db, &portal.storage).await {
            tracing::warn!("cannot remove bytes that no file has: {err:?}");
        }
        rt::time::sleep(Duration::from_secs(3600)).await;
    }
}
