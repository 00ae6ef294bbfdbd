//! The English side: translated beside the source, told apart from what is old, exchanged as files.

use std::collections::BTreeMap;

use base::EntryId;
use chrono::TimeDelta;
use content::entries::store::{self as entries, ContentId};
use diesel::prelude::*;
use english::state::{Report, State};
use english_mirror::{
    jobs,
    store::{
        self,
        coverage::{self, Standing},
        standing::{Scope, mirrors},
    },
};
use kit::{
    Answer, Portal, Village, Visitor,
    desk::{act, lock, publish_on, section, write},
};

const BODY: &str = "Sáng nay xã Bến **khai mạc** lễ hội.\n\nMời bà con đến dự trước 8 giờ.";

/// The fields of a translators' screen, as a browser would send them back.
struct Form(BTreeMap<String, String>);

impl Form {
    async fn of(visitor: &Visitor<'_>, path: &str) -> Self {
        Self::on(&visitor.get(path).await.status(200))
    }

    fn on(page: &Answer) -> Self {
        let mut fields = BTreeMap::new();
        for name in ["seal", "of", "address", "note"] {
            let before = page.text.split(&format!("name=\"{name}\"")).nth(1).unwrap();
            let value = before.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
            fields.insert(name.to_owned(), plain(value));
        }
        for piece in page.text.split("name=\"piece-").skip(1) {
            let (id, rest) = piece.split_once('"').unwrap();
            let text = rest.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
            let text = plain(text.strip_prefix('\n').unwrap_or(text));
            fields.insert(format!("piece-{id}"), text);
        }
        Self(fields)
    }

    /// The piece at `place` among those of the body, from 0, in the order of the page.
    fn put(mut self, name: &str, text: &str) -> Self {
        self.0.insert(name.to_owned(), text.to_owned());
        self
    }

    async fn send(&self, visitor: &Visitor<'_>, path: &str) -> Answer {
        let fields: Vec<(&str, &str)> =
            self.0.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        visitor.post(path, &fields).await
    }
}

/// Text as a browser understands it.
fn plain(html: &str) -> String {
    let html = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    html.replace("&#x27;", "'").replace("&#39;", "'").replace("&#x2F;", "/").replace("&amp;", "&")
}

/// The names of the blocks of the body, in the order of the page.
fn blocks(page: &Answer) -> Vec<String> {
    let names = page.text.split("name=\"piece-block-").skip(1);
    names.map(|it| format!("piece-block-{}", it.split('"').next().unwrap())).collect()
}

/// Where the translators find the entry whose screen is `path`.
fn screen(portal: &Portal, path: &str) -> String {
    format!("/quan-tri/tieng-anh/{}", content(portal, path))
}

fn entry(path: &str) -> EntryId {
    EntryId::parse(path.rsplit('/').next().unwrap()).unwrap()
}

fn content(portal: &Portal, path: &str) -> ContentId {
    use db::schema::entries;
    let id = entry(path);
    portal
        .write(|conn, _, _| Ok(entries::table.find(id).select(entries::content_id).first(conn)?))
}

/// Where the English of the entry at `path` stands.
fn report(portal: &Portal, village: Village<'_>, path: &str) -> Option<Report> {
    let (site, content) = (village.id(), content(portal, path));
    let kinds = portal.parts.kinds.clone();
    let all = portal.write(|conn, _, _| mirrors(conn, &kinds, Scope::Site(site)));
    all.into_iter().find(|it| it.content == content).map(|it| it.report)
}

#[track_caller]
fn stands(portal: &Portal, path: &str, what: &str, state: State, changes: usize) {
    let report = report(portal, portal.ben(), path).unwrap();
    assert_eq!((report.state, report.changes), (state, changes), "{what}: {report:?}");
}

/// Translates what the screen shows and has it published.
pub(crate) async fn translate(portal: &Portal, path: &str, title: &str, body: &[&str]) -> String {
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let at = screen(portal, path);
    let page = hoa.get(&at).await.status(200);
    let mut form = Form::on(&page).put("piece-title", title).put("piece-summary", "In short.");
    for (name, text) in blocks(&page).iter().zip(body) {
        form = form.put(name, text);
    }
    form.put("then", "submit").send(&hoa, &at).await.status(303);
    let lock = duyen.get(&at).await.status(200).between("name=\"seal\" value=\"", "\"");
    duyen.post(&format!("{at}/publish"), &[("lock", &lock)]).await.status(303);
    at
}

/// A published page in both languages: the screen of the entry, that of the translators, and the
/// English address.
async fn both(portal: &Portal) -> (String, String, String) {
    let path = publish_on(portal.ben(), "Khai mạc lễ hội", BODY).await;
    let english = ["This morning Bến Commune **opened** its festival.", "Come before 8 a.m."];
    let at = translate(portal, &path, "Festival opened", &english).await;
    let address = english_address(portal, &path).unwrap();
    (path, at, address)
}

fn english_address(portal: &Portal, path: &str) -> Option<String> {
    let site = portal.ben().id();
    let id = entry(path);
    portal.write(|conn, _, _| {
        let pair = entries::pair_of(conn, site, id)?;
        entries::address(conn, site, pair.translation.unwrap().id)
    })
}

/// Saves a new edition of the Vietnamese at `path`; `changes` are fields of its form.
async fn edit(visitor: &Visitor<'_>, path: &str, changes: &[(&str, &str)]) {
    let news = section(visitor, "news", "Tin tức – Hoạt động").await;
    let page = visitor.get(path).await.status(200);
    let body = page.between("<textarea id=\"body\"", "</textarea>");
    let body = plain(body.split_once(">\n").unwrap().1);
    let lock = page.between("name=\"lock\" value=\"", "\"");
    let title = plain(&page.between("name=\"title\" type=\"text\" value=\"", "\""));
    let mut fields = BTreeMap::from([
        ("title", title.as_str()),
        ("summary", "Tóm tắt."),
        ("body", body.as_str()),
        ("section", news.as_str()),
        ("lock", lock.as_str()),
    ]);
    fields.extend(changes.iter().copied());
    let fields: Vec<(&str, &str)> = fields.into_iter().collect();
    visitor.post(path, &fields).await.status(303);
}

/// The same, read by the public.
async fn republish(portal: &Portal, path: &str, changes: &[(&str, &str)]) {
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    edit(&hoa, path, changes).await;
    act(&hoa, path, "submit", "").await.status(303);
    act(&duyen, path, "publish", "").await.status(303);
}

#[actix_web::test]
async fn a_page_goes_from_a_major_edit_to_a_current_mirror() {
    let portal = Portal::start().await;
    let (path, at, address) = both(&portal).await;
    let (hoa, citizen) = (portal.ben().hoa(), portal.ben().citizen());
    citizen.get(&address).await.status(200).sees("Festival opened").sees("<strong>opened</strong>");
    hoa.get(&at).await.status(200).sees("Cập nhật");

    let changed = BODY.replace("8 giờ", "9 giờ");
    republish(&portal, &path, &[("body", &changed)]).await;
    let page = hoa.get(&at).await.status(200).sees("Đã cũ").sees("pair-changed");
    assert_eq!(page.text.matches("pair-changed").count(), 1, "only one block changed");
    let page = page.sees("chữ đã bỏ: </span>8").sees("chữ mới thêm: </span>9");
    let page = page.sees("This morning Bến Commune").sees("bản dịch chưa đối chiếu");
    let last = blocks(&page).pop().unwrap();
    citizen.get(&address).await.status(200).sees("Come before 8 a.m.");
    translate(
        &portal,
        &path,
        "Festival opened",
        &["This morning Bến Commune **opened** its festival.", "Come before 9 a.m."],
    )
    .await;
    let page = hoa.get(&at).await.status(200).sees("Cập nhật").misses("pair-changed");
    assert_eq!(blocks(&page).pop().unwrap(), last);
    citizen.get(&address).await.status(200).sees("Come before 9 a.m.");
}

#[actix_web::test]
async fn only_a_later_public_major_edition_makes_english_stale() {
    let portal = Portal::start().await;
    let (path, ..) = both(&portal).await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    stands(&portal, &path, "as published", State::Current, 0);

    republish(&portal, &path, &[("title", "Khai mạc lễ hội xuân"), ("minor", "on")]).await;
    stands(&portal, &path, "a minor edition", State::Current, 0);
    republish(&portal, &path, &[("featured", "on")]).await;
    stands(&portal, &path, "put first on the home page", State::Current, 0);
    let notices = section(&hoa, "news", "Tin tức – Hoạt động").await;
    republish(&portal, &path, &[("section", &notices), ("address", "le-hoi")]).await;
    stands(&portal, &path, "another address", State::Current, 0);
    edit(&hoa, &path, &[("body", "Nội dung khác hẳn.")]).await;
    stands(&portal, &path, "a saved draft", State::Current, 0);
    act(&hoa, &path, "submit", "").await.status(303);
    stands(&portal, &path, "a submitted draft", State::Current, 0);
    act(&duyen, &path, "publish", "").await.status(303);
    stands(&portal, &path, "a major edition", State::Stale, 1);
    republish(&portal, &path, &[("body", "Nội dung khác hẳn nữa."), ("minor", "on")]).await;
    stands(&portal, &path, "a minor one after it", State::Stale, 1);
    republish(&portal, &path, &[("body", "Lại khác.")]).await;
    stands(&portal, &path, "two major editions", State::Stale, 2);
    republish(&portal, &path, &[("body", BODY), ("title", "Khai mạc lễ hội")]).await;
    stands(&portal, &path, "all of it undone", State::Current, 0);
}

#[actix_web::test]
async fn english_is_not_shown_without_its_source_and_goes_where_the_source_goes() {
    let portal = Portal::start().await;
    let (path, at, address) = both(&portal).await;
    let (hoa, duyen, citizen) = (portal.ben().hoa(), portal.ben().duyen(), portal.ben().citizen());
    portal.catch_up();

    act(&duyen, &path, "withdraw", "Đăng nhầm số liệu.").await.status(303);
    citizen.get(&address).await.status(410);
    let page = duyen.get(&at).await.status(200).sees("người đọc không thấy bản tiếng Anh");
    let seal = page.between("name=\"seal\" value=\"", "\"");
    let withdrawn = [("lock", seal.as_str()), ("remark", "Không cần nữa.")];
    duyen.post(&format!("{at}/withdraw"), &withdrawn).await.status(303);
    let seal = duyen.get(&at).await.between("name=\"seal\" value=\"", "\"");
    duyen
        .post(&format!("{at}/restore"), &[("lock", &seal)])
        .await
        .status(409)
        .sees("chưa đăng hoặc đã gỡ");
    act(&duyen, &path, "restore", "").await.status(303);
    citizen.get(&address).await.status(410);
    let seal = duyen.get(&at).await.between("name=\"seal\" value=\"", "\"");
    duyen.post(&format!("{at}/restore"), &[("lock", &seal)]).await.status(303);
    citizen.get(&address).await.status(200);

    let other = other_section(&hoa).await;
    republish(&portal, &path, &[("section", &other)]).await;
    let moved = english_address(&portal, &path).unwrap();
    assert_ne!(moved, address, "it went with its source");
    citizen.get(&moved).await.status(200).sees("Festival opened");
    assert!(citizen.get(&address).await.status(301).leads_to("").ends_with(&moved));
    stands(&portal, &path, "moved", State::Current, 0);
}

/// Another section that takes news.
async fn other_section(visitor: &Visitor<'_>) -> String {
    let news = section(visitor, "news", "Tin tức – Hoạt động").await;
    let page = visitor.get("/quan-tri/tin-bai/moi/news").await.status(200);
    let select = page.between("<select id=\"section\"", "</select>");
    let mut values = select.split("value=\"").skip(1).map(|it| it.split('"').next().unwrap());
    values.find(|it| !it.is_empty() && *it != news).unwrap().to_owned()
}

#[actix_web::test]
async fn of_two_translators_the_second_is_told_and_loses_nothing() {
    let portal = Portal::start().await;
    let path = publish_on(portal.ben(), "Khai mạc lễ hội", BODY).await;
    let (hoa, binh) = (portal.ben().hoa(), portal.ben().binh());
    let at = screen(&portal, &path);
    let (first, second) = (Form::of(&hoa, &at).await, Form::of(&binh, &at).await);

    first.put("piece-title", "Festival opened").send(&hoa, &at).await.status(303);
    let second = second.put("piece-title", "Opening of the festival");
    let page = second.send(&binh, &at).await.status(422).sees("Người khác đã lưu");
    let page = page.sees("Opening of the festival").sees("Festival opened").sees("Bà hoa");
    Form::on(&page).send(&binh, &at).await.status(303);
    binh.get(&at).await.status(200).sees("Opening of the festival");

    let seal = hoa.get(&at).await.between("name=\"seal\" value=\"", "\"");
    let again = Form::of(&binh, &at).await.put("piece-title", "Third");
    again.send(&binh, &at).await.status(303);
    hoa.post(&format!("{at}/submit"), &[("lock", &seal)]).await.status(409);
}

#[actix_web::test]
async fn an_english_address_that_is_taken_is_refused_or_numbered() {
    let portal = Portal::start().await;
    let (_, _, address) = both(&portal).await;
    let other = publish_on(portal.ben(), "Bế mạc lễ hội", BODY).await;
    let (hoa, at) = (portal.ben().hoa(), screen(&portal, &other));
    let form = Form::of(&hoa, &at).await.put("piece-title", "Festival opened");

    let typed = form.put("address", "festival-opened");
    let page = typed.send(&hoa, &at).await.status(422);
    let form = Form::on(&page.sees("Festival opened")).put("address", "");
    form.send(&hoa, &at).await.status(303);
    hoa.get(&at).await.status(200).sees("value=\"festival-opened-2\"");
    assert!(address.ends_with("/festival-opened"), "{address}");
    let form = Form::of(&hoa, &at).await.put("address", "Lễ hội/..");
    form.send(&hoa, &at).await.status(422);
}

#[actix_web::test]
async fn what_a_translation_lost_is_pointed_out() {
    let portal = Portal::start().await;
    let path = publish_on(
        portal.ben(),
        "Họp ngày 12/9/2026",
        "Ủy ban nhân dân xã Bến họp lúc 8 giờ với 25 hộ.",
    )
    .await;
    let (hoa, at) = (portal.ben().hoa(), screen(&portal, &path));
    let page = hoa.get(&at).await.status(200).sees("People&#39;s Committee of Bến Commune");
    let block = blocks(&page).pop().unwrap();

    let form = Form::on(&page).put(&block, "The committee họp with 52 households.");
    form.send(&hoa, &at).await.status(303);
    let page = hoa.get(&at).await.status(200);
    page.sees("có số “25” nhưng")
        .sees("Bản dịch có số “52”")
        .sees("vẫn là tiếng Việt")
        .sees("tên tiếng Anh chính thức là");
}

#[actix_web::test]
async fn english_waits_for_its_source_and_for_a_headline() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let path = write(&hoa, "Khai mạc lễ hội", BODY).await;
    let at = screen(&portal, &path);
    let empty = Form::of(&hoa, &at).await.put("then", "submit");
    empty.send(&hoa, &at).await.status(422).sees("Chưa dịch tiêu đề");
    let form = Form::of(&hoa, &at).await.put("piece-title", "Opened").put("then", "submit");
    form.send(&hoa, &at).await.status(303);

    let seal = duyen.get(&at).await.between("name=\"seal\" value=\"", "\"");
    let answer = duyen.post(&format!("{at}/publish"), &[("lock", &seal)]).await;
    answer.status(409).sees("chưa đăng được bản tiếng Anh");
    act(&hoa, &path, "submit", "").await.status(303);
    act(&duyen, &path, "publish", "").await.status(303);
    duyen.post(&format!("{at}/publish"), &[("lock", &seal)]).await.status(303);
    stands(&portal, &path, "published after its source", State::Current, 0);

    let draft = write(&hoa, "Bài bỏ đi", BODY).await;
    let gone = screen(&portal, &draft);
    Form::of(&hoa, &gone).await.put("piece-title", "Gone").send(&hoa, &gone).await.status(303);
    act(&hoa, &draft, "discard", "").await.status(303);
    hoa.get(&gone).await.status(404);
}

#[actix_web::test]
async fn the_entry_screens_leave_translations_to_their_own_and_sites_to_themselves() {
    let portal = Portal::start().await;
    let (path, at, _) = both(&portal).await;
    let site = portal.ben().id();
    let id = entry(&path);
    let english =
        portal.write(|conn, _, _| Ok(entries::pair_of(conn, site, id)?.translation.unwrap().id));
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());

    let own = format!("/quan-tri/tin-bai/{english}");
    assert_eq!(hoa.get(&own).await.status(303).leads_to("/quan-tri/tieng-anh/"), at);
    duyen
        .post(&format!("{own}/withdraw"), &[("lock", "1.3"), ("remark", "Không cần.")])
        .await
        .status(404);
    hoa.get("/quan-tri/tin-bai").await.status(200).sees("Khai mạc").misses("Festival opened");
    portal.lang().hoa().get(&at).await.status(404);
    portal.lang().hoa().post(&at, &[("seal", ""), ("of", "1")]).await.status(404);
    portal.ben().citizen().get(&at).await.status(401);
    portal.ben().kiem().get(&at).await.status(200).sees("disabled");
    portal.ben().citizen().get("/tin-tuc").await.status(200).misses("Festival opened");
    portal.ben().citizen().get("/rss.xml").await.status(200).misses("Festival opened");
}

#[actix_web::test]
async fn the_desk_tells_what_waits_and_the_list_puts_the_minimum_first() {
    let portal = Portal::start().await;
    let (path, ..) = both(&portal).await;
    republish(&portal, &path, &[("body", "Nội dung khác hẳn.")]).await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    duyen.get("/quan-tri").await.status(200).sees("Trang tiếng Anh đã cũ so với bản tiếng Việt");

    let page =
        hoa.get("/quan-tri/tieng-anh").await.status(200).sees("Khai mạc lễ hội").sees("Đã cũ");
    page.sees("1 lần sửa nội dung")
        .sees("Bà hoa")
        .sees("Tự lập từ dữ liệu")
        .sees("Chưa có bản tiếng Việt");
    hoa.get("/quan-tri/tieng-anh?loc=cu").await.status(200).sees("Khai mạc lễ hội");
    hoa.get("/quan-tri/tieng-anh?loc=thieu").await.status(200).misses("row-title");
    hoa.get("/quan-tri/tieng-anh?q=khong+co").await.status(200).sees("Không có trang nào như vậy");
    publish_on(portal.ben(), "Chợ phiên tháng chín", "Chợ họp.").await;
    let rest = hoa.get("/quan-tri/tieng-anh?loc=chua-dich&q=cho").await.status(200);
    let row = format!("row-title\" href=\"{}\"", screen(&portal, &path));
    rest.sees("Chợ phiên tháng chín").misses(&row);
    let at = screen(&portal, &path);
    let quan = portal.user_id("quan.ben").to_string();
    portal.ben().binh().post(&format!("{at}/phu-trach"), &[("owner", &quan)]).await.status(303);
    hoa.get("/quan-tri/tieng-anh?loc=cu").await.status(200).sees("Bà quan");
    let stranger = portal.user_id("hoa.lang").to_string();
    let refused =
        portal.ben().binh().post(&format!("{at}/phu-trach"), &[("owner", &stranger)]).await;
    assert_eq!(refused.code(), 422);
}

#[actix_web::test]
async fn a_telephone_number_that_changed_is_never_an_old_one_in_english() {
    let portal = Portal::start().await;
    let (hoa, duyen) = (portal.ben().hoa(), portal.ben().duyen());
    let leaders = section(&hoa, "official", "Giới thiệu › Lãnh đạo").await;
    let person = |phone: &'static str| {
        vec![
            ("title", "Nguyễn Văn An"),
            ("field_position", "Chủ tịch UBND xã"),
            ("field_duties", "Phụ trách chung."),
            ("field_phone", phone),
        ]
    };
    let mut form = person("0299 3 111 111");
    form.push(("section", &leaders));
    let path = hoa
        .post("/quan-tri/tin-bai/moi/official", &form)
        .await
        .status(303)
        .leads_to("/quan-tri/tin-bai/");
    act(&hoa, &path, "submit", "").await.status(303);
    act(&duyen, &path, "publish", "").await.status(303);
    let at = screen(&portal, &path);
    let page = hoa.get(&at).await.status(200).misses("piece-field-phone");
    let form = Form::on(&page).put("piece-title", "Nguyễn Văn An");
    let form =
        form.put("piece-field-position", "Chairperson").put("piece-field-duties", "Overall.");
    form.put("then", "submit").send(&hoa, &at).await.status(303);
    let seal = duyen.get(&at).await.between("name=\"seal\" value=\"", "\"");
    duyen.post(&format!("{at}/publish"), &[("lock", &seal)]).await.status(303);

    let mut form = person("0299 3 222 222");
    let seen = lock(&hoa, &path).await;
    form.extend([("section", leaders.as_str()), ("lock", seen.as_str())]);
    hoa.post(&path, &form).await.status(303);
    act(&hoa, &path, "submit", "").await.status(303);
    act(&duyen, &path, "publish", "").await.status(303);
    let (site, id, kinds) = (portal.ben().id(), entry(&path), portal.parts.kinds.clone());
    let told = portal.write(|conn, _, _| {
        let english = entries::pair_of(conn, site, id)?.translation.unwrap().id;
        store::page_report(conn, site, &kinds, english)
    });
    assert_eq!(told.report.state, State::Current);
    assert_eq!(told.fields["phone"], "0299 3 222 222");
    assert_eq!(told.fields["position"], "Chairperson");
}

#[actix_web::test]
async fn a_reminder_is_written_once_for_each_page_and_change() {
    let portal = Portal::start().await;
    let (path, at, _) = both(&portal).await;
    let round =
        async || jobs::round(&portal.parts.app, &portal.parts.mirror, portal.now()).await.unwrap();
    assert_eq!(round().await, 0, "nothing is old");

    republish(&portal, &path, &[("body", "Nội dung khác hẳn.")]).await;
    assert_eq!((round().await, round().await), (1, 0));
    republish(&portal, &path, &[("body", "Nội dung khác hẳn."), ("featured", "on")]).await;
    assert_eq!(round().await, 0, "no word changed");
    republish(&portal, &path, &[("body", "Lại khác nữa.")]).await;
    assert_eq!((round().await, round().await), (1, 0));
    let letters: Vec<(String, String)> = portal.write(|conn, _, _| {
        use db::schema::mails;
        Ok(mails::table.order(mails::id).select((mails::recipient, mails::body)).load(conn)?)
    });
    assert!(letters.iter().all(|(to, _)| to == "hoa.ben@tinh.gov.vn"), "{letters:?}");
    assert!(letters[1].1.contains("2 lần sửa") && letters[1].1.contains(&at), "{letters:?}");
    translate(&portal, &path, "Festival", &["Different."]).await;
    portal.wait(TimeDelta::days(1));
    assert_eq!(round().await, 0);
}

#[actix_web::test]
async fn what_a_machine_wrote_is_marked_until_a_person_saved_it() {
    let portal = Portal::start().await;
    let path = publish_on(portal.ben(), "Ủy ban nhân dân xã Bến", BODY).await;
    let at = screen(&portal, &path);
    let off = portal.ben().hoa().post(&format!("{at}/may"), &[("seal", "")]).await;
    assert_eq!(off.code(), 404, "nobody asked for a machine");

    let portal = Portal::start_with(|config| config.english.machine = "glossary".into()).await;
    let path = publish_on(portal.ben(), "Ủy ban nhân dân xã Bến", BODY).await;
    let (hoa, duyen, at) = (portal.ben().hoa(), portal.ben().duyen(), screen(&portal, &path));
    hoa.post(&format!("{at}/may"), &[("seal", "")]).await.status(303);
    let page = hoa.get(&at).await.status(200).sees("Committee of Bến Commune");
    let page = page.sees("Máy dịch, chưa ai đọc lại").sees("[vi: ");
    let form = Form::on(&page).put("piece-title", "The committee").put("then", "submit");
    form.send(&hoa, &at).await.status(303);
    let seal = duyen.get(&at).await.between("name=\"seal\" value=\"", "\"");
    duyen.post(&format!("{at}/publish"), &[("lock", &seal)]).await.status(303);
    assert!(told(&portal, &path).machine, "readers are told");
    let mut form = Form::of(&hoa, &at).await;
    let seen: Vec<String> =
        form.0.keys().filter_map(|it| it.strip_prefix("piece-").map(str::to_owned)).collect();
    for id in seen {
        form = form.put(&format!("seen-{id}"), "on");
    }
    form.put("then", "submit").send(&hoa, &at).await.status(303);
    let page = duyen.get(&at).await.status(200).misses("Máy dịch, chưa ai đọc lại");
    let seal = page.between("name=\"seal\" value=\"", "\"");
    duyen.post(&format!("{at}/publish"), &[("lock", &seal)]).await.status(303);
    assert!(!told(&portal, &path).machine, "a person has read it");
}

fn told(portal: &Portal, path: &str) -> store::PageReport {
    let (site, id, kinds) = (portal.ben().id(), entry(path), portal.parts.kinds.clone());
    portal.write(|conn, _, _| {
        let english = entries::pair_of(conn, site, id)?.translation.unwrap().id;
        store::page_report(conn, site, &kinds, english)
    })
}

/// A package with every target filled, as an office sends it back.
fn filled(file: &str) -> String {
    let mut out = String::new();
    for (place, unit) in file.split("</source>").enumerate() {
        if place > 0 {
            out.push_str("</source>");
            let has = unit.trim_start().starts_with("<target");
            if !has {
                out.push_str(&format!("\n<target xml:space=\"preserve\">English {place}</target>"));
            }
        }
        out.push_str(unit);
    }
    out
}

const FILES: &str = "/quan-tri/tieng-anh/trao-doi";

async fn offered(visitor: &Visitor<'_>, files: &[(&str, &[u8])]) -> Answer {
    visitor.upload(FILES, "files", files, &[]).await
}

#[actix_web::test]
async fn a_translation_office_works_in_its_own_tools() {
    let portal = Portal::start().await;
    let path = publish_on(portal.ben(), "Khai mạc lễ hội", BODY).await;
    let (hoa, at) = (portal.ben().hoa(), screen(&portal, &path));
    let file = hoa.get(&format!("{at}/ban-dich.xlf")).await.status(200).text;
    let sent = filled(&file);

    let page = offered(&hoa, &[("le-hoi.xlf", sent.as_bytes())]).await.status(200);
    let page = page.sees("English 1").sees("Lấy vào bản nháp");
    hoa.get(&at).await.misses("English 1");
    let carried = plain(&page.between("<textarea name=\"text-1\" hidden>\n", "</textarea>"));
    let take = [("take", "on"), ("name-1", "le-hoi.xlf"), ("text-1", carried.as_str())];
    hoa.upload(FILES, "files", &[], &take).await.status(200).sees("Đã lưu thành bản nháp");
    hoa.get(&at).await.status(200).sees("English 1").sees("English 2").sees("Nhập từ tệp");
    stands(&portal, &path, "a draft", State::Draft, 0);

    // An older edition: what is still the same is taken, and the rest is said.
    let changed = BODY.replace("8 giờ", "9 giờ");
    republish(&portal, &path, &[("body", &changed)]).await;
    let page = offered(&hoa, &[("cu.xlf", sent.as_bytes())]).await.status(200);
    page.sees("phiên bản 1").sees("1 đoạn không lấy").sees("Lấy vào bản nháp");
    hoa.get("/quan-tri/tieng-anh/trao-doi.zip").await.status(303);
    translate(&portal, &path, "Festival", &["One.", "Two."]).await;
    republish(&portal, &path, &[("body", BODY)]).await;
    let archive = hoa.get("/quan-tri/tieng-anh/trao-doi.zip").await.status(200);
    assert!(archive.bytes.starts_with(b"PK"), "what is stale is sent out");
}

#[actix_web::test]
async fn a_file_that_does_not_fit_changes_nothing_and_is_told_why() {
    let portal = Portal::start().await;
    let path = publish_on(portal.ben(), "Khai mạc lễ hội", BODY).await;
    let (hoa, at) = (portal.ben().hoa(), screen(&portal, &path));
    let good = filled(&hoa.get(&format!("{at}/ban-dich.xlf")).await.status(200).text);
    let bomb = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]>{}",
        good.split_once("?>").unwrap().1
    );
    let edition = good.replacen("/edition/1", "/edition/7", 1);
    let unit = good.replacen("<unit id=\"title\"", "<unit id=\"other\"", 1);
    let broken = good.replacen("</unit>", "</uni>", 1);
    let french = good.replacen("trgLang=\"en\"", "trgLang=\"fr\"", 1);
    for (file, words) in [
        (broken.as_bytes(), "Tệp bị hỏng"),
        (bomb.as_bytes(), "thực thể riêng"),
        (edition.as_bytes(), "phiên bản 7"),
        (unit.as_bytes(), "“other”"),
        (french.as_bytes(), "cặp ngôn ngữ"),
        (&[0xff, 0xfe, 0x00][..], "UTF-8"),
        (b"<html/>", "không phải tệp XLIFF"),
    ] {
        let page = offered(&hoa, &[("x.xlf", file)]).await.status(200).sees(words);
        page.sees("Không nhận").misses("Lấy vào bản nháp");
    }
    let other = portal.lang().hoa();
    offered(&other, &[("x.xlf", good.as_bytes())]).await.status(200).sees("thuộc trang khác");
    let take = [("take", "on"), ("name-1", "x"), ("text-1", good.as_str())];
    other.upload(FILES, "files", &[], &take).await.status(200).sees("thuộc trang khác");
    let large = vec![b'a'; 9 << 20];
    offered(&hoa, &[("x.xlf", &large)]).await.status(422);
    offered(&hoa, &[]).await.status(422);
    assert!(report(&portal, portal.ben(), &path).is_none(), "nothing was begun");
}

const TERMS: &str = "/quan-tri/tieng-anh/thuat-ngu";

#[actix_web::test]
async fn the_province_has_terms_of_its_own() {
    let portal = Portal::start().await;
    let tinh = portal.tinh().tinh();
    let term = |vi: &'static str, en: &'static str, kind: &'static str| {
        [("vi", vi), ("en", en), ("kind", kind), ("accept", "")]
    };
    tinh.get(TERMS).await.status(200).sees("Tỉnh chưa đặt thuật ngữ riêng");
    let found = format!("{TERMS}?q=uy+ban+nhan+dan&kind=body");
    tinh.get(&found).await.status(200).sees("s Committee of {unit}");

    tinh.post(TERMS, &term("Chợ phiên {name}", "{name} Fair", "place")).await.status(303);
    let page =
        tinh.post(TERMS, &term("chợ phiên {name}", "{name} Market", "place")).await.status(422);
    page.sees("đã có trong danh sách").sees("{name} Market").sees("href=\"#vi\"");
    tinh.post(TERMS, &term("Chợ {name}", "Market", "place")).await.status(422).sees("href=\"#en\"");
    let circle = tinh.post(TERMS, &term("{body} {name}", "{name} {body}", "body")).await;
    circle.status(422).sees("dẫn vòng về chính nó");
    tinh.post(TERMS, &term("Chợ", "Market", "other")).await.status(422).sees("href=\"#kind\"");
    tinh.post(TERMS, &term("", "", "body")).await.status(422);
    // In the place of the file's own, at once.
    let path = publish_on(portal.ben(), "Tin", "Ủy ban nhân dân xã Bến họp.").await;
    let (hoa, at) = (portal.ben().hoa(), screen(&portal, &path));
    hoa.get(&at).await.status(200).sees("People&#39;s Committee of Bến Commune");
    tinh.post(TERMS, &term("Ủy ban nhân dân {unit}", "Administration of {unit}", "body"))
        .await
        .status(303);
    hoa.get(&at).await.status(200).sees("Administration of Bến Commune");
    let page = tinh.get(TERMS).await.status(200);
    let before = format!("href=\"{TERMS}/");
    let own = page.text.split(&before).skip(1);
    let ids: Vec<&str> = own.map(|it| it.split('"').next().unwrap()).collect();
    for id in &ids {
        tinh.get(&format!("{TERMS}/{id}")).await.status(200);
        tinh.post(&format!("{TERMS}/{id}/xoa"), &[]).await.status(303);
    }
    assert_eq!(ids.len(), 2);
    hoa.get(&at).await.status(200).sees("People&#39;s Committee of Bến Commune");
    portal.ben().quan().get(TERMS).await.status(404);
    portal.tinh().kiem().post(TERMS, &term("A b", "B", "body")).await.status(403);
}

#[actix_web::test]
async fn a_site_names_its_sections_and_pages_move_with_them() {
    let portal = Portal::start().await;
    let (path, _, address) = both(&portal).await;
    let quan = portal.ben().quan();
    let sections = "/quan-tri/tieng-anh/chuyen-muc";
    let news = section(&portal.ben().hoa(), "news", "Tin tức – Hoạt động").await;
    quan.get(sections).await.status(200).sees("News and activities");

    let own = format!("{sections}/{news}");
    quan.post(&own, &[("label", "Village news"), ("slug", "village-news")]).await.status(303);
    quan.get(sections).await.status(200).sees("Village news");
    quan.post(&own, &[("label", "x"), ("slug", "Tin tức")]).await.status(422).sees("Tin tức");
    let other = other_section(&portal.ben().hoa()).await;
    let taken =
        quan.post(&format!("{sections}/{other}"), &[("label", ""), ("slug", "village-news")]).await;
    assert_eq!(taken.code(), 422, "another section stands there");
    portal.ben().hoa().post(&own, &[("label", "x"), ("slug", "")]).await.status(403);
    quan.post("/quan-tri/tieng-anh/ten-rieng", &[("names", "plain")]).await.status(303);
    quan.post("/quan-tri/tieng-anh/ten-rieng", &[("names", "latin")]).await.status(404);
    let now = english_address(&portal, &path).unwrap();
    assert_eq!(now, "/en/village-news/festival-opened");
    portal.ben().citizen().get(&now).await.status(200).sees("Festival opened");
    portal.ben().citizen().get("/en").await.status(200).sees("Village news");
    assert!(portal.ben().citizen().get(&address).await.status(301).leads_to("").ends_with(&now));
}

#[actix_web::test]
async fn the_province_sees_how_far_every_site_is() {
    let portal = Portal::start().await;
    let (path, ..) = both(&portal).await;
    republish(&portal, &path, &[("body", "Nội dung khác hẳn.")]).await;
    let all = portal.parts.mirror.clone();
    let tinh = portal.tinh().id();
    let found = portal
        .write(|conn, _, _| coverage::of(conn, (&all.kinds, &all.minimum), Scope::Province(tinh)));

    assert_eq!(found.len(), 3);
    let ben = found.iter().find(|it| it.host == "ben.tinh.test").unwrap();
    assert_eq!((ben.stale, ben.total()), (1, 7));
    let standing = |id: &str| ben.items.iter().find(|it| it.id == id).unwrap().standing;
    assert_eq!(standing("contacts"), Standing::Generated);
    assert_eq!(standing("people"), Standing::Unrecorded);
    assert_eq!(standing("organisation"), Standing::Unwritten);
    assert_eq!(ben.oldest.as_ref().unwrap().title, "Khai mạc lễ hội");
    let page = portal.tinh().kiem().get("/quan-tri/tieng-anh/toan-tinh").await.status(200);
    page.sees("Xã Bến").sees("Xã Làng").sees("Khai mạc lễ hội").sees("Bà hoa");
    let csv = portal.tinh().kiem().get("/quan-tri/tieng-anh/toan-tinh.csv").await.status(200);
    csv.sees("Xã Bến").sees("Người phụ trách").sees("Bà hoa");
    let xlsx = portal.tinh().kiem().get("/quan-tri/tieng-anh/toan-tinh.xlsx").await.status(200);
    assert!(xlsx.bytes.starts_with(b"PK"));
    portal.ben().quan().get("/quan-tri/tieng-anh/toan-tinh").await.status(404);
    portal.tinh().citizen().get("/quan-tri/tieng-anh/toan-tinh").await.status(401);
}
