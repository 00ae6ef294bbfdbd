//! Organisations that issue documents, with the days they existed and what became of them.

use accounts::{Can, Manage, See, Staff};
use base::{Error, FieldErrors, Message};
use db::{
    Conn,
    events::{Actor, Deed, record},
};
use serde::{Deserialize, Serialize};
use web::{Path, Posted, Response, Result};

use super::{
    draw::blamed,
    form::{day, line},
    list::Choice,
};
use crate::{
    IssuerId,
    model::Level,
    store::{
        Home,
        issuers::{self, Issuer, NewIssuer, Owner},
    },
};

/// The longest name, in characters.
const MAX_NAME: usize = 200;

const HERE: &str = "/quan-tri/co-quan-ban-hanh";

/// An organisation as the form sends it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct IssuerForm {
    name: String,
    name_en: String,
    abbreviation: String,
    level: String,
    unit_code: String,
    valid_from: String,
    valid_to: String,
    /// The id of what became of it.
    successor: String,
}

impl IssuerForm {
    fn of(issuer: &Issuer, successor: Option<&Issuer>) -> Self {
        let day = |day: Option<chrono::NaiveDate>| day.map(base::time::date).unwrap_or_default();
        Self {
            name: issuer.name.clone(),
            name_en: issuer.name_en.clone(),
            abbreviation: issuer.abbreviation.clone(),
            level: issuer.level.as_str().to_owned(),
            unit_code: issuer.unit_code.clone(),
            valid_from: day(issuer.valid_from),
            valid_to: day(issuer.valid_to),
            successor: successor.map(|it| it.id.to_string()).unwrap_or_default(),
        }
    }

    fn check(&self) -> Result<NewIssuer, Error> {
        let mut errors = FieldErrors::new();
        let name = line("name", &self.name, MAX_NAME, &mut errors);
        if crate::vocabulary::folded(&name).is_empty() {
            let message = Message::new("issuer.name_missing").with("max", MAX_NAME);
            errors.insert("name".into(), message);
        }
        let level = Level::parse(&self.level);
        if level.is_none() {
            errors.insert("level".into(), "document.unknown_choice".into());
        }
        let new = NewIssuer {
            level: level.unwrap_or(Level::Other),
            name,
            name_en: line("name_en", &self.name_en, MAX_NAME, &mut errors),
            abbreviation: line("abbreviation", &self.abbreviation, 40, &mut errors),
            unit_code: line("unit_code", &self.unit_code, 40, &mut errors),
            valid_from: day("valid_from", &self.valid_from, &mut errors),
            valid_to: day("valid_to", &self.valid_to, &mut errors),
            successors: IssuerId::parse(&self.successor).into_iter().collect(),
        };
        if errors.is_empty() { Ok(new) } else { Err(Error::Invalid(errors)) }
    }
}

#[derive(Serialize)]
struct IssuersView {
    items: Vec<Item>,
    id: Option<IssuerId>,
    action: String,
    form: IssuerForm,
    errors: std::collections::BTreeMap<String, String>,
    levels: Vec<Choice>,
    successors: Vec<Choice>,
    can_manage: bool,
}

#[derive(Serialize)]
struct Item {
    url: Option<String>,
    name: String,
    level: String,
    valid_to: String,
}

async fn draw(
    who: &Staff,
    id: Option<IssuerId>,
    typed: Option<(IssuerForm, FieldErrors)>,
) -> Result<Response> {
    let home = Home::from(&*who.cx.site);
    let owner = Owner::of(home);
    let (all, chosen) = who
        .cx
        .read(move |conn, _| {
            let chosen = id.map(|id| {
                let issuer = issuers::by_id(conn, owner, id)?;
                let after = issuers::successors(conn, owner.portal, id)?;
                Ok::<_, Error>(IssuerForm::of(&issuer, after.first()))
            });
            let chosen = chosen.transpose()?;
            Ok((issuers::all(conn, owner)?, chosen))
        })
        .await?;
    let fresh = typed.is_none();
    let (form, errors) = typed.unwrap_or((chosen.unwrap_or_default(), FieldErrors::new()));
    let cx = &who.cx;
    let label = |level: Level| cx.say(&Message::new(format!("issuer_level.{}", level.as_str())));
    let own = |it: &Issuer| it.site_id == owner.site && who.rights.manage;
    let view = IssuersView {
        items: all
            .iter()
            .map(|it| Item {
                url: own(it).then(|| format!("{HERE}/{}", it.id)),
                name: it.name.clone(),
                level: label(it.level),
                valid_to: it.valid_to.map(base::time::date).unwrap_or_default(),
            })
            .collect(),
        levels: Level::ALL
            .iter()
            .map(|it| Choice { value: it.as_str().into(), label: label(*it), current: false })
            .collect(),
        successors: all
            .iter()
            .filter(|it| Some(it.id) != id)
            .map(|it| Choice { value: it.id.to_string(), label: it.name.clone(), current: false })
            .collect(),
        action: id.map_or_else(|| HERE.to_owned(), |id| format!("{HERE}/{id}")),
        errors: cx.say_all(&errors),
        can_manage: who.rights.manage,
        id,
        form,
    };
    match fresh {
        true => who.page("documents/issuers.html", &view),
        false => who.again("documents/issuers.html", &view),
    }
}

pub(super) async fn index(who: Can<See>) -> Result<Response> {
    draw(&who, None, None).await
}

pub(super) async fn show(who: Can<See>, id: Path<String>) -> Result<Response> {
    draw(&who, Some(IssuerId::parse(&id).ok_or(Error::NotFound)?), None).await
}

pub(super) async fn create(who: Can<Manage>, form: Posted<IssuerForm>) -> Result<Response> {
    save(&who, None, form.0).await
}

pub(super) async fn update(
    who: Can<Manage>,
    id: Path<String>,
    form: Posted<IssuerForm>,
) -> Result<Response> {
    save(&who, Some(IssuerId::parse(&id).ok_or(Error::NotFound)?), form.0).await
}

async fn save(who: &Staff, id: Option<IssuerId>, form: IssuerForm) -> Result<Response> {
    let (owner, actor) = (Owner::of(Home::from(&*who.cx.site)), who.actor());
    let done = match form.check() {
        Ok(new) => who.cx.write(move |conn, _| keep(conn, actor, owner, (id, &new))).await,
        Err(err) => Err(err),
    };
    match done {
        Ok(()) => Ok(who.cx.see_other_with(HERE, "done.issuer_saved")),
        Err(err) => draw(who, id, Some((form, blamed(err)?))).await,
    }
}

fn keep(
    conn: &mut Conn,
    actor: Actor,
    owner: Owner,
    (id, new): (Option<IssuerId>, &NewIssuer),
) -> base::Result<()> {
    match id {
        Some(id) => issuers::update(conn, owner, id, new)?,
        None => drop(issuers::create(conn, owner, new)?),
    }
    let deed = Deed { action: "issuer_saved", target: new.name.clone(), ..Deed::default() };
    record(conn, actor, deed)?;
    // Search follows bodies that ended to what became of them.
    let owner = owner.site.unwrap_or(owner.portal);
    db::outbox::tell(conn, owner, (search::feed::UNITS, owner.uuid()), actor.now)?;
    // Every page that names the organisation changes.
    db::epochs::raise(conn, actor.site, actor.now)
}
