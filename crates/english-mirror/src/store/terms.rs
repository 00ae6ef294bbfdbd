//! The terms of a province, over those of the data file.

use base::{Error, Message, Result, SiteId};
use db::{
    Conn,
    events::{Actor, Deed, record},
    schema::terms,
};
use diesel::prelude::*;
use english::terms::{Fault, Kind, Own, Problem, Terms, own_term};

base::id!(
    /// Identifies a term of a province.
    TermId
);

/// A term of the province.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = terms)]
pub struct Row {
    /// Its key.
    pub id: TermId,
    /// The Vietnamese, with its slots.
    pub vi: String,
    /// The English, with the same slots.
    pub en: String,
    /// An [`english::terms::Kind`].
    pub kind: String,
    /// Other English that is right too, one a line.
    pub accept: String,
}

impl Row {
    /// The term as the term base takes it; `None` for a kind this version does not know.
    fn own(&self) -> Option<Own> {
        let accept = self.accept.lines().map(str::to_owned).collect();
        let kind = Kind::parse(&self.kind)?;
        Some(Own { kind, vi: self.vi.clone(), en: self.en.clone(), accept })
    }
}

/// The terms of a province in the order of their Vietnamese.
pub fn all(conn: &mut Conn, portal: SiteId) -> Result<Vec<Row>> {
    let own = terms::table.filter(terms::site_id.eq(portal));
    let mut rows: Vec<Row> = own.select(Row::as_select()).load(conn)?;
    rows.sort_by_cached_key(|row| base::text::sort_key(&row.vi));
    Ok(rows)
}

/// A term as the form sends it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The Vietnamese, with its slots.
    pub vi: String,
    /// The English, with the same slots.
    pub en: String,
    /// What it names.
    pub kind: String,
    /// Other English that is right too, one a line.
    pub accept: String,
}

/// The longest side of a term, in characters.
const MAX_SIDE: usize = 300;

/// Adds a term, or puts it in the place of term `id`. What does not fit the term base is refused
/// and the field is named: a duplicate, a pattern that leads back to itself, slots that differ.
pub fn put(
    conn: &mut Conn,
    actor: Actor,
    base_text: &str,
    id: Option<TermId>,
    typed: &Typed,
) -> Result<()> {
    let (term, accept) = read(typed)?;
    // For its lock: two new terms must not both find that they fit.
    db::epochs::raise(conn, actor.site, actor.now)?;
    let rows = all(conn, actor.site)?;
    let mut own: Vec<Own> =
        rows.iter().filter(|row| Some(row.id) != id).filter_map(Row::own).collect();
    own.push(term.clone());
    if let Err(fault) = Terms::with_own(base_text, &own) {
        return Err(refused(base_text, &fault, &own));
    }
    let values = (
        terms::vi.eq(&term.vi),
        terms::plain.eq(base::text::unaccented(&term.vi)),
        terms::en.eq(&term.en),
        terms::kind.eq(term.kind.as_str()),
        terms::accept.eq(accept),
        terms::updated_at.eq(actor.now),
    );
    match id {
        Some(id) => {
            let row = terms::table.filter(terms::site_id.eq(actor.site).and(terms::id.eq(id)));
            if diesel::update(row).set(values).execute(conn)? == 0 {
                return Err(Error::NotFound);
            }
        }
        None => {
            let key = (terms::id.eq(TermId::new()), terms::site_id.eq(actor.site));
            diesel::insert_into(terms::table).values((key, values)).execute(conn)?;
        }
    }
    note(conn, actor, "term_saved", term.vi)
}

fn read(typed: &Typed) -> Result<(Own, String)> {
    let mut errors = base::FieldErrors::new();
    let mut side = |name: &'static str, text: &str| {
        let line = base::text::line(text);
        if line.is_empty() || line.chars().count() > MAX_SIDE {
            let message = Message::new("mirror.term.side").with("max", MAX_SIDE);
            errors.insert(name.into(), message);
        }
        line
    };
    let (vi, en) = (side("vi", &typed.vi), side("en", &typed.en));
    let accept: Vec<String> = typed.accept.lines().map(base::text::line).collect();
    let accept: Vec<String> = accept.into_iter().filter(|line| !line.is_empty()).collect();
    if accept.len() > 20 || accept.iter().any(|line| line.chars().count() > MAX_SIDE) {
        let message = Message::new("mirror.term.side").with("max", MAX_SIDE);
        errors.insert("accept".into(), message);
    }
    let kind = Kind::parse(&typed.kind);
    if kind.is_none() {
        errors.insert("kind".into(), "mirror.term.kind".into());
    }
    match kind {
        Some(kind) if errors.is_empty() => {
            let lines = accept.join("\n");
            Ok((Own { kind, vi, en, accept }, lines))
        }
        _ => Err(Error::Invalid(errors)),
    }
}

/// What is wrong with the last of `own`, or with another term because of it.
fn refused(base_text: &str, fault: &Fault, own: &[Own]) -> Error {
    let other = |line: usize| -> String {
        let fault = Fault { line, problem: Problem::Empty };
        match own_term(base_text, &fault).and_then(|place| own.get(place)) {
            Some(term) => term.vi.clone(),
            None => base_text.lines().nth(line.saturating_sub(1)).map(vi_of).unwrap_or_default(),
        }
    };
    let (field, message) = match &fault.problem {
        Problem::Duplicate { spelling, line } => {
            let message = Message::new("mirror.term.duplicate").with("spelling", spelling);
            ("vi", message.with("other", other(*line)))
        }
        Problem::Cycle(term) => ("vi", Message::new("mirror.term.cycle").with("term", term)),
        Problem::Slots(slot) => ("en", Message::new("mirror.term.slots").with("slot", slot)),
        Problem::Empty => ("vi", Message::new("mirror.term.empty")),
        Problem::UnknownTerm(term) => ("vi", Message::new("mirror.term.cycle").with("term", term)),
        Problem::UnknownKind(_) | Problem::Form(_) => ("kind", Message::new("mirror.term.kind")),
    };
    Error::field(field, message)
}

/// The Vietnamese of a line of the data file.
fn vi_of(line: &str) -> String {
    let after = line.split("vi = \"").nth(1).unwrap_or(line);
    after.split('"').next().unwrap_or_default().to_owned()
}

/// Deletes a term: what the data file says holds again.
pub fn remove(conn: &mut Conn, actor: Actor, base_text: &str, id: TermId) -> Result<()> {
    db::epochs::raise(conn, actor.site, actor.now)?;
    let rows = all(conn, actor.site)?;
    let gone = rows.iter().find(|row| row.id == id).ok_or(Error::NotFound)?.vi.clone();
    let own: Vec<Own> = rows.iter().filter(|row| row.id != id).filter_map(Row::own).collect();
    if let Err(fault) = Terms::with_own(base_text, &own) {
        return Err(refused(base_text, &fault, &own));
    }
    let row = terms::table.filter(terms::site_id.eq(actor.site).and(terms::id.eq(id)));
    diesel::delete(row).execute(conn)?;
    note(conn, actor, "term_removed", gone)
}

fn note(conn: &mut Conn, actor: Actor, action: &'static str, target: String) -> Result<()> {
    record(conn, actor, Deed { action, target, ..Deed::default() })
}
