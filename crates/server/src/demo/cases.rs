//! What citizens of the demonstration sent: `config/demo/cases.toml`.

use std::{collections::BTreeSet, fs, path::Path};

use ::feedback::{
    CaseId, Office,
    model::{
        answer::Kind,
        code::Code,
        sheet::{Channel, Person, Sheet},
        state,
    },
    store::{
        self as cases, Desk, Sight,
        answers::{self, Draft, Version},
        legs::{self, Move},
        publics::{self, Text},
        receive::{self, New},
        work,
    },
};
use accounts::model::{Rights, Role};
use anyhow::{Context, Result, bail};
use base::{SiteId, UserId};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use db::{Conn, events::Actor};
use serde::Deserialize;

use super::Seeder;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Planned>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Planned {
    site: String,
    r#type: String,
    #[serde(default)]
    area: String,
    received: NaiveDate,
    subject: String,
    message: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    address: String,
    agreed: BTreeSet<String>,
    steps: Vec<String>,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    question: String,
    #[serde(default)]
    reason: String,
}

/// Where a planned case stands while its steps are taken.
struct Walk<'a> {
    office: &'a Office,
    plan: &'a Planned,
    site: SiteId,
    id: CaseId,
    now: NaiveDateTime,
}

impl Seeder<'_> {
    /// Enters the cases of `dir` and takes their steps, a day apart.
    pub(super) fn cases(&self, conn: &mut Conn, dir: &Path, office: &Office) -> Result<()> {
        let path = dir.join("cases.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))?;
        let file: File = toml::from_str(&text).with_context(|| format!("{}", path.display()))?;
        for (n, plan) in (1..).zip(&file.case) {
            self.enter_case(conn, office, (n, plan)).with_context(|| plan.subject.clone())?;
        }
        Ok(())
    }

    fn enter_case(
        &self,
        conn: &mut Conn,
        office: &Office,
        (n, plan): (u128, &Planned),
    ) -> Result<()> {
        let site = *self.sites.get(&plan.site).context("an unknown site")?;
        let now = base::time::utc(plan.received.and_hms_opt(9, 15, 0).unwrap_or_default());
        let kind = office.types.kind(&plan.r#type).context("an unknown type")?;
        let code = Code::of(n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)).digest();
        let new = New {
            sheet: sheet(plan),
            channel: Channel::Web,
            restricted: kind.restricted,
            suspect: String::new(),
            slip: code.clone(),
            code,
            origin: String::new(),
            consents: Vec::new(),
        };
        let actor = Actor { site, user: None, now };
        let citizen = office.desk(actor, state::Actor::Citizen { in_time: true });
        let id = receive::receive(conn, &citizen, &office.guard.key, &new, &[])?;
        let mut walk = Walk { office, plan, site, id, now };
        for step in &plan.steps {
            walk.now += TimeDelta::days(1);
            self.walk(conn, &mut walk, step)?;
        }
        Ok(())
    }

    /// The desk of somebody with `role` on the site that holds the case.
    fn case_desk<'a>(&self, walk: &Walk<'a>, role: Role) -> Desk<'a> {
        let user = self.case_holder(walk.site, role);
        let actor = Actor { site: walk.site, user, now: walk.now };
        walk.office.desk(actor, state::Actor::Staff(Rights::of(&[role])))
    }

    fn case_holder(&self, site: SiteId, role: Role) -> Option<UserId> {
        let held = |it: &super::plan::PlannedRole| {
            it.role == role && self.sites.get(&it.site) == Some(&site)
        };
        let account = self.plan.accounts.iter().find(|it| it.roles.iter().any(held))?;
        self.users.get(&account.key).copied()
    }

    fn walk(&self, conn: &mut Conn, walk: &mut Walk<'_>, step: &str) -> Result<()> {
        let lock = cases::by_id(conn, walk.site, Sight::All, walk.id)?.lock;
        let seen = (walk.id, lock);
        let handler = self.case_desk(walk, Role::CaseHandler);
        match step {
            "accept" => drop(work::accept(conn, &handler, seen)?),
            "assign" => drop(work::assign(conn, &handler, seen, handler.actor.user)?),
            "answer" => self.reply(conn, walk)?,
            "publish" => {
                let text = Text {
                    title: walk.plan.title.clone(),
                    question: walk.plan.question.clone(),
                    answer: walk.plan.answer.trim().to_owned(),
                    files: Vec::new(),
                };
                let portal = *self.sites.get("portal").context("no portal")?;
                publics::publish(
                    conn,
                    &self.case_desk(walk, Role::Approver),
                    seen,
                    (&text, portal),
                )?;
            }
            other => {
                let to =
                    other.strip_prefix("transfer:").with_context(|| format!("step {other}"))?;
                let Some(to) = self.sites.get(to).copied() else { bail!("no site {to}") };
                let portal = *self.sites.get("portal").context("no portal")?;
                let it = Move { to, reason: walk.plan.reason.clone(), lock };
                legs::transfer(conn, &handler, portal, walk.id, &it)?;
                walk.site = to;
            }
        }
        Ok(())
    }

    fn reply(&self, conn: &mut Conn, walk: &Walk<'_>) -> Result<()> {
        let (handler, head) =
            (self.case_desk(walk, Role::CaseHandler), self.case_desk(walk, Role::Approver));
        let body = walk.plan.answer.trim().to_owned();
        answers::save(conn, &handler, walk.id, &Draft { kind: Kind::Final, body, lock: 0 })?;
        let version = |lock| Version { case: walk.id, lock };
        answers::submit(conn, &handler, version(1))?;
        answers::approve(conn, &head, false, version(2))?;
        answers::send(conn, &handler, version(3), 10)?;
        Ok(())
    }
}

fn sheet(plan: &Planned) -> Sheet {
    Sheet {
        type_key: plan.r#type.clone(),
        area: plan.area.clone(),
        subject: plan.subject.clone(),
        message: plan.message.clone(),
        about: String::new(),
        person: Person {
            name: plan.name.clone(),
            address: plan.address.clone(),
            phone: plan.phone.clone(),
            ..Person::default()
        },
        details: Default::default(),
        agreed: plan.agreed.clone(),
        cleaned: false,
    }
}
