//! Making many sites at once, from the official list of units or from a table of one's own.
//!
//! One transaction a site: a row that fails leaves the others alone. A second run finds every
//! site there and changes nothing. What only a person may decide is reported, never guessed.

mod read;

use std::collections::HashMap;

use base::{Error, Identity, Message, Result, SiteId, SiteType, UserId};
use chrono::NaiveDateTime;
use db::{Conn, events::Actor};

pub use read::{Choice, read};

use crate::{
    Rules,
    model::{NewSite, check_identity},
    store::{self, Record},
};

/// A row of the file.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Where it stands in the file, from 1; the number of the unit in a list of units.
    pub line: usize,
    /// What kind of body.
    pub kind: Option<SiteType>,
    /// The official name.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The official code.
    pub unit_code: Option<String>,
    /// The code of the province whose portal it belongs to; `None` for the portal at hand.
    pub province: Option<String>,
    /// The host somebody decided on, whole or only its first label.
    pub host: Option<String>,
    /// What is known of its footer.
    pub identity: Identity,
    /// From when the body exists.
    pub valid_from: Option<chrono::NaiveDate>,
    /// What was wrong with the row itself.
    pub problem: Option<Message>,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// A site was made, or would be.
    Created,
    /// The site is there already.
    Unchanged,
    /// A person must decide on the host name.
    Decision,
    /// The row cannot be used.
    Refused,
}

/// A line of the report.
#[derive(Clone, Debug)]
pub struct Line {
    /// The row's number.
    pub line: usize,
    /// The official name.
    pub name: String,
    /// The official code.
    pub unit_code: String,
    /// The host, as far as one was found.
    pub host: String,
    /// What became of it.
    pub fate: Fate,
    /// Why.
    pub why: Option<Message>,
}

/// What became of every row.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In the order of the file.
    pub lines: Vec<Line>,
}

impl Report {
    /// How many rows had this fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.lines.iter().filter(|line| line.fate == fate).count()
    }
}

/// Who imports, when, into which portal, and whether only to try.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The portal that rows without a province belong to.
    pub portal: Option<SiteId>,
    /// Who; `None` for the command line.
    pub user: Option<UserId>,
    /// When.
    pub now: NaiveDateTime,
    /// Whether everything must stay below the portal: so it is on the screen, where one
    /// province is at work.
    pub below: bool,
    /// Whether to report only.
    pub dry_run: bool,
}

/// Imports `rows`, one transaction a site.
pub fn run(conn: &mut Conn, rules: &Rules, order: Order, rows: &[Row]) -> Result<Report> {
    let mut portals = Portals::default();
    if let Some(id) = order.portal {
        portals.hand = store::all(conn)?.into_iter().find(|site| site.id == id);
    }
    for code in rows.iter().filter_map(|row| row.province.as_ref()) {
        if portals.by_code.contains_key(code) {
            continue;
        }
        if let Some(portal) = store::by_code(conn, code)? {
            portals.by_code.insert(code.clone(), portal);
        }
    }
    let hosts: Vec<Option<String>> =
        rows.iter().map(|row| portals.host(rules, rows, row)).collect();
    let clashes = Clashes::among(rows, &hosts);
    let mut report = Report::default();
    for (row, host) in rows.iter().zip(&hosts) {
        let host = host.clone().unwrap_or_default();
        let mut line = Line {
            line: row.line,
            name: row.name.clone(),
            unit_code: row.unit_code.clone().unwrap_or_default(),
            host,
            fate: Fate::Refused,
            why: None,
        };
        let judged = match outside(order, portals.hand.as_ref(), row, &line.host) {
            Some(problem) => Err(Error::conflict(problem)),
            None => judge(conn, rules, row, &line.host, &clashes),
        };
        match judged {
            Ok(Verdict::Create) if order.dry_run => line.fate = Fate::Created,
            Ok(Verdict::Create) => {
                match create(conn, rules, order, &mut portals, row, &line.host) {
                    Ok(()) => {
                        line.fate = Fate::Created;
                        line.why = rules.names.press_warning(&row.name);
                    }
                    Err(err) => line.why = Some(reason(err)?),
                }
            }
            Ok(Verdict::Leave(why)) => (line.fate, line.why) = (Fate::Unchanged, why),
            Ok(Verdict::Ask(why)) => (line.fate, line.why) = (Fate::Decision, Some(why)),
            Err(err) => line.why = Some(reason(err)?),
        }
        report.lines.push(line);
    }
    Ok(report)
}

/// What is wrong with a row that leaves the portal it is imported into.
fn outside(order: Order, portal: Option<&Record>, row: &Row, host: &str) -> Option<Message> {
    let own = portal.filter(|_| order.below)?;
    if row.unit_code.is_some() && row.unit_code == own.unit_code {
        return None;
    }
    let parent = format!(".{}", own.host.as_deref().unwrap_or_default());
    let is_portal = row.kind.is_some_and(SiteType::is_portal);
    let strays = row.problem.is_none() && (is_portal || !host.ends_with(&parent));
    strays.then(|| Message::new("import.outside").with("portal", parent))
}

/// Why a row was refused; what is not the row's fault ends the import.
fn reason(err: Error) -> Result<Message> {
    match err {
        Error::Invalid(errors) => {
            Ok(errors.into_values().next().unwrap_or_else(|| Message::new("import.broken")))
        }
        Error::Conflict(message) => Ok(message),
        err => Err(err),
    }
}

enum Verdict {
    Create,
    Leave(Option<Message>),
    Ask(Message),
}

fn judge(
    conn: &mut Conn,
    rules: &Rules,
    row: &Row,
    host: &str,
    clashes: &Clashes<'_>,
) -> Result<Verdict> {
    if let Some(problem) = row.problem.clone().or_else(|| clashes.doubled(row)) {
        return Err(Error::conflict(problem));
    }
    let known = match &row.unit_code {
        Some(code) => store::by_code(conn, code)?,
        None => None,
    };
    if let Some(known) = known {
        return Ok(Verdict::Leave(renamed(&known, row)));
    }
    if let Some((_, name)) = store::host_owner(conn, host)? {
        let same = row.unit_code.is_none() && name == row.name;
        let taken = || Message::new("import.host_taken").with("host", host).with("name", &name);
        return Ok(if same { Verdict::Leave(None) } else { Verdict::Ask(taken()) });
    }
    if let Some(problem) = rules.names.check_host(host) {
        return Err(Error::conflict(problem));
    }
    match clashes.other(row, host) {
        Some(other) => {
            let why = Message::new("import.collision").with("host", host).with("name", other);
            Ok(Verdict::Ask(why))
        }
        None => Ok(Verdict::Create),
    }
}

fn renamed(known: &Record, row: &Row) -> Option<Message> {
    let differs = known.name != row.name;
    differs.then(|| Message::new("import.renamed").with("name", &known.name))
}

fn create(
    conn: &mut Conn,
    rules: &Rules,
    order: Order,
    portals: &mut Portals,
    row: &Row,
    host: &str,
) -> Result<()> {
    let is_portal = row.kind.is_some_and(SiteType::is_portal);
    let portal = if is_portal { None } else { Some(portals.find(conn, row)?) };
    let mut errors = base::FieldErrors::new();
    let mut identity = check_identity(&row.identity, &mut errors);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    fill_in(&mut identity, rules, row, portal.as_ref());
    let new = NewSite {
        kind: row.kind,
        name: row.name.clone(),
        name_en: row.name_en.clone(),
        unit_code: row.unit_code.clone(),
        host: Some(host.to_owned()),
        identity,
        linked: None,
        valid_from: row.valid_from,
    };
    let portal = portal.map(|portal| portal.id);
    // The key is not known yet; create() puts it in.
    let actor =
        Actor { site: portal.unwrap_or_else(SiteId::new), user: order.user, now: order.now };
    conn.atomically(|conn| store::create(conn, actor, rules, portal, &new))?;
    Ok(())
}

/// The two facts of the footer that follow from the unit itself.
fn fill_in(identity: &mut Identity, rules: &Rules, row: &Row, portal: Option<&Record>) {
    let kind = row.kind.unwrap_or(SiteType::Commune);
    if identity.managing_body.is_empty() {
        identity.managing_body = match kind.is_commune_level() || kind.is_portal() {
            true => rules.committee_of(&row.name),
            false => row.name.clone(),
        };
    }
    if identity.governing_body.is_empty() {
        let above = portal.map_or(&row.name, |portal| &portal.name);
        identity.governing_body = rules.committee_of(above);
    }
}

/// The portals that rows belong to.
#[derive(Default)]
struct Portals {
    hand: Option<Record>,
    by_code: HashMap<String, Record>,
}

impl Portals {
    /// The host a row asks for: decided, or by the rule of ND224-11.4.
    fn host(&self, rules: &Rules, rows: &[Row], row: &Row) -> Option<String> {
        let kind = row.kind.unwrap_or(SiteType::Commune);
        let label = match row.host.as_deref() {
            Some(host) if host.contains('.') => return Some(host.to_owned()),
            Some(label) => label.to_owned(),
            None => Some(rules.names.label(kind, &row.name)).filter(|label| !label.is_empty())?,
        };
        let parent = match (&row.province, &self.hand) {
            _ if kind.is_portal() => rules.domain.clone(),
            (Some(code), _) if self.by_code.contains_key(code) => {
                self.by_code.get(code)?.host.clone()?
            }
            (Some(code), _) => {
                let portal = rows.iter().find(|it| it.unit_code.as_ref() == Some(code))?;
                let label = rules.names.label(SiteType::Province, &portal.name);
                format!("{label}.{}", rules.domain)
            }
            (None, Some(portal)) => portal.host.clone()?,
            (None, None) => return None,
        };
        Some(format!("{label}.{parent}"))
    }

    fn find(&mut self, conn: &mut Conn, row: &Row) -> Result<Record> {
        let none = || Error::conflict("import.no_portal");
        let Some(code) = &row.province else { return self.hand.clone().ok_or_else(none) };
        if let Some(portal) = self.by_code.get(code) {
            return Ok(portal.clone());
        }
        let portal = store::by_code(conn, code)?.ok_or_else(none)?;
        self.by_code.insert(code.clone(), portal.clone());
        Ok(portal)
    }
}

/// Rows of one file that want the same code or the same host.
struct Clashes<'a> {
    codes: HashMap<&'a str, usize>,
    hosts: HashMap<&'a str, Vec<(usize, &'a str)>>,
}

impl<'a> Clashes<'a> {
    fn among(rows: &'a [Row], hosts: &'a [Option<String>]) -> Self {
        let mut clashes = Self { codes: HashMap::new(), hosts: HashMap::new() };
        for (row, host) in rows.iter().zip(hosts) {
            if let Some(code) = &row.unit_code {
                clashes.codes.entry(code).or_insert(row.line);
            }
            if let (Some(host), None) = (host, &row.problem) {
                clashes.hosts.entry(host).or_default().push((row.line, &row.name));
            }
        }
        clashes
    }

    /// The complaint about a code that an earlier row has.
    fn doubled(&self, row: &Row) -> Option<Message> {
        let first = *self.codes.get(row.unit_code.as_deref()?)?;
        (first != row.line).then(|| Message::new("import.doubled").with("line", first))
    }

    /// Another row that wants the same host.
    fn other(&self, row: &Row, host: &str) -> Option<&'a str> {
        let rows = self.hosts.get(host)?;
        rows.iter().find(|(line, _)| *line != row.line).map(|(_, name)| *name)
    }
}
