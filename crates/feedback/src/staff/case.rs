//! One case on the screen of the office: read whole, drawn with what was typed into its forms.

use accounts::{Can, Staff, model::Rights};
use base::{Error, FieldErrors, UserId};
use clocks::store::Clock;
use media::{FileId, Storage, files::File};
use std::collections::BTreeMap;
use web::{Data, Path, Request, Response, Result};

use super::{case_id, draw, list::SeeCases};
use crate::{
    CaseId,
    model::{
        sheet::{Person, Typed},
        state,
    },
    office::{Office, Reckoned},
    store::{
        self, Case, Place, Sight,
        answers::{self, Answer},
        clock,
        costs::{self, Cost},
        desk::{self, Like},
        legs::{self, Gone, Leg, Target},
        messages::{self, Said},
        publics::{self, Public},
        readings,
        scans::{self, Scan},
        supplies::{self, Supply},
        templates::{self, Template},
        work,
    },
};

/// Everything the screen of a case shows, read at once.
pub(super) struct Facts {
    pub(super) case: Case,
    pub(super) person: Person,
    pub(super) files: Vec<File>,
    pub(super) scans: BTreeMap<FileId, Scan>,
    pub(super) public_files: Vec<FileId>,
    pub(super) supplies: Vec<(Supply, File)>,
    pub(super) lookers: Vec<(UserId, String)>,
    pub(super) cost: Option<Cost>,
    pub(super) said: Vec<Said>,
    pub(super) answers: Vec<Answer>,
    pub(super) legs: Vec<Leg>,
    pub(super) places: BTreeMap<base::SiteId, Place>,
    pub(super) clocks: Vec<(Clock, Reckoned)>,
    pub(super) handlers: Vec<(UserId, String)>,
    pub(super) approvers: Vec<(UserId, String)>,
    pub(super) targets: Vec<Target>,
    pub(super) came_from: Option<base::SiteId>,
    pub(super) templates: Vec<Template>,
    pub(super) similar: Vec<Like>,
    pub(super) duplicates: Vec<Like>,
    pub(super) public: Option<(Public, bool)>,
    pub(super) history: Vec<db::events::Line>,
    pub(super) readings: Vec<(String, String, chrono::NaiveDateTime)>,
    pub(super) names: BTreeMap<UserId, String>,
}

/// What a person finds under the address of a case.
pub(super) enum Found {
    /// The case, for who handles it.
    Whole(Box<Facts>),
    /// That it moved on, and where.
    Gone(Box<Gone>, Vec<Leg>, BTreeMap<base::SiteId, Place>),
    /// That it is here, for who must say why they read it.
    Closed(Box<Case>),
}

/// What was typed into one of the forms of the screen, and what is wrong with it.
#[derive(Default)]
pub(super) struct Wrong {
    pub(super) typed: Typed,
    pub(super) errors: FieldErrors,
}

pub(super) async fn show(
    who: Can<SeeCases>,
    office: Data<Office>,
    id: Path<String>,
) -> Result<Response> {
    screen(&who, &office, case_id(&id)?, Wrong::default()).await
}

/// The screen of a case, again where something is wrong.
pub(super) async fn screen(
    who: &Staff,
    office: &Data<Office>,
    id: CaseId,
    wrong: Wrong,
) -> Result<Response> {
    let found = read(who, office, id).await?;
    let again = !wrong.errors.is_empty();
    let page = match found {
        Found::Whole(facts) => {
            let view = draw::view(who, office, *facts, &wrong)?;
            who.page("feedback/case.html", &view)
        }
        Found::Gone(gone, legs, places) => {
            who.page("feedback/gone.html", &draw::gone(&who.cx, office, &gone, (&legs, &places)))
        }
        Found::Closed(case) => {
            who.page("feedback/closed.html", &draw::closed(&who.cx, office, &case, &wrong))
        }
    };
    if again { who.cx.again(page) } else { page }
}

async fn read(who: &Staff, office: &Data<Office>, id: CaseId) -> base::Result<Found> {
    let (rights, user, now, office) = (who.rights, who.user.id, who.cx.now, office.clone());
    let read = who.cx.read(move |conn, site| {
        let sight = if rights.handle { Sight::of(rights) } else { Sight::All };
        match store::by_id(conn, site.id, sight, id) {
            Ok(case) if may_read(conn, site.id, (rights, user, now), &case)? => {
                Ok(Found::Whole(Box::new(facts(conn, site, &office, (case, sight))?)))
            }
            // Whoever only has a say over numbers does not learn of single cases.
            Ok(_) if !rights.inspect => Err(Error::NotFound),
            Ok(case) => Ok(Found::Closed(Box::new(case))),
            Err(Error::NotFound) if rights.handle => {
                let gone = legs::gone_one(conn, site.id, sight, id)?;
                let legs = legs::of_case(conn, site.id, id)?;
                let places = store::places(conn, legs.iter().map(|it| it.site_id).collect())?;
                Ok(Found::Gone(Box::new(gone), legs, places))
            }
            Err(err) => Err(err),
        }
    });
    read.await
}

/// Who handles cases reads them; who inspects, for a reason given lately (PDP-7.4).
fn may_read(
    conn: &mut db::Conn,
    site: base::SiteId,
    (rights, user, now): (Rights, UserId, chrono::NaiveDateTime),
    case: &Case,
) -> base::Result<bool> {
    if rights.handle {
        return Ok(true);
    }
    Ok(rights.inspect && readings::is_open(conn, site, (case.id, user), now)?)
}

fn facts(
    conn: &mut db::Conn,
    site: &base::Site,
    office: &Office,
    (case, sight): (Case, Sight),
) -> base::Result<Facts> {
    let (id, at) = (case.id, site.id);
    let (mut person, sealed) = store::person(conn, at, id)?;
    person.sealed = store::unseal(&office.guard.key, id, &sealed)?;
    let legs = legs::of_case(conn, at, id)?;
    let answers = answers::of_case(conn, at, id)?;
    let kinds = messages::Kind::ALL;
    let text = format!("{} {}", case.subject, case.message);
    let clocks: Vec<Clock> = clocks::store::of_subject(conn, at, clock::subject(id))?;
    let reckoned: base::Result<Vec<(Clock, Reckoned)>> =
        clocks.into_iter().map(|it| Ok((it.clone(), office.why(conn, &it)?))).collect();
    let people = answers.iter().flat_map(|it| [it.author_id, it.editor_id, it.approver_id]);
    let people =
        people.flatten().chain(case.assignee_id).chain(legs.iter().filter_map(|it| it.user_id));
    let supplies = supplies::of_case(conn, at, id)?;
    Ok(Facts {
        files: store::files(conn, at, id)?,
        scans: scans::of_case(conn, at, id)?,
        public_files: publics::file_ids(conn, at, id)?,
        lookers: supplies::lookers(conn, &supplies)?,
        cost: costs::of_case(conn, at, id)?,
        supplies,
        said: messages::of_case(conn, at, id, kinds)?,
        places: store::places(conn, legs.iter().map(|it| it.site_id).collect())?,
        clocks: reckoned?,
        handlers: work::handlers(conn, at)?,
        approvers: work::approvers(conn, at)?,
        targets: legs::targets(conn, site.portal_id.unwrap_or(at), at)?,
        came_from: legs::came_from(conn, &case)?,
        templates: templates::all(conn, at)?,
        similar: desk::similar_answers(conn, at, &text)?,
        duplicates: if case.state.is_open() {
            desk::duplicates(conn, sight, &case)?
        } else {
            Vec::new()
        },
        public: publics::of_case(conn, at, id)?,
        history: db::events::of(conn, at, id.uuid(), 50)?,
        readings: readings::of_case(conn, at, id)?,
        names: store::names(conn, people.collect())?,
        person,
        answers,
        legs,
        case,
    })
}

/// An attachment, for who may read the case.
pub(super) async fn file(
    who: Can<SeeCases>,
    req: Request,
    storage: Data<Storage>,
    path: Path<(String, String)>,
) -> Result<Response> {
    let (id, file) = path.into_inner();
    let id = case_id(&id)?;
    let file = FileId::parse(&file).ok_or(Error::NotFound)?;
    let (rights, user, now) = (who.rights, who.user.id, who.cx.now);
    let read = who.cx.read(move |conn, site| {
        let sight = if rights.handle { Sight::of(rights) } else { Sight::All };
        let case = store::by_id(conn, site.id, sight, id)?;
        if !may_read(conn, site.id, (rights, user, now), &case)? {
            return Err(Error::NotFound);
        }
        let files = store::files(conn, site.id, id)?;
        files.into_iter().find(|it| it.id == file).ok_or(Error::NotFound)
    });
    let file = read.await?;
    media::send_sealed(&req, &storage, &file).await
}

/// Who a person of the staff is, to the rules of cases.
pub(super) fn as_staff(who: &Staff) -> state::Actor {
    state::Actor::Staff(who.rights)
}
