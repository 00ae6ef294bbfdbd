//! What the staff do on their screens, step by step as they do it.

use crate::{Answer, Portal, Village, Visitor};

/// The id of the section at `path`, as the form offers it.
pub async fn section(visitor: &Visitor<'_>, kind: &str, label: &str) -> String {
    let page = visitor.get(&format!("/quan-tri/tin-bai/moi/{kind}")).await.status(200);
    let before = page.text.split(&format!(">{label}<")).next().unwrap();
    before.rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

/// Writes a news item and gives the path of its screen.
pub async fn write(visitor: &Visitor<'_>, title: &str, body: &str) -> String {
    let section = section(visitor, "news", "Tin tức – Hoạt động").await;
    let form = [("title", title), ("summary", "Tóm tắt."), ("body", body), ("section", &section)];
    visitor
        .post("/quan-tri/tin-bai/moi/news", &form)
        .await
        .status(303)
        .leads_to("/quan-tri/tin-bai/")
}

/// The seal of the latest edition.
pub async fn lock(visitor: &Visitor<'_>, path: &str) -> String {
    visitor.get(path).await.status(200).between("name=\"lock\" value=\"", "\"")
}

/// Takes a step of the workflow with the latest edition.
pub async fn act(visitor: &Visitor<'_>, path: &str, action: &str, remark: &str) -> Answer {
    let lock = lock(visitor, path).await;
    visitor.post(&format!("{path}/{action}"), &[("lock", &lock), ("remark", remark)]).await
}

/// Writes, submits and publishes on the first commune.
pub async fn publish(portal: &Portal, title: &str, body: &str) -> String {
    publish_on(portal.ben(), title, body).await
}

/// Writes, submits and publishes; gives the path of the screen.
pub async fn publish_on(village: Village<'_>, title: &str, body: &str) -> String {
    let path = write(&village.hoa(), title, body).await;
    act(&village.hoa(), &path, "submit", "").await.status(303);
    act(&village.duyen(), &path, "publish", "").await.status(303);
    path
}
