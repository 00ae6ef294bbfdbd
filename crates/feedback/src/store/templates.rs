//! Texts that the staff of a site begin an answer with.

use base::{Result, SiteId};
use db::{
    Conn,
    events::{Actor, Deed, record},
    schema::case_templates,
};
use diesel::prelude::*;

base::id!(
    /// Identifies such a text.
    TemplateId
);

/// A text to begin an answer with.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = case_templates)]
pub struct Template {
    /// Its key.
    pub id: TemplateId,
    /// What the staff call it.
    pub title: String,
    /// The words.
    pub body: String,
}

/// The texts of a site, by name.
pub fn all(conn: &mut Conn, site: SiteId) -> Result<Vec<Template>> {
    Ok(case_templates::table
        .filter(case_templates::site_id.eq(site))
        .order((case_templates::sort_key, case_templates::id))
        .limit(200)
        .select(Template::as_select())
        .load(conn)?)
}

/// The text `id` of a site.
pub fn by_id(conn: &mut Conn, site: SiteId, id: TemplateId) -> Result<Template> {
    let own = case_templates::table.filter(case_templates::site_id.eq(site));
    Ok(own.filter(case_templates::id.eq(id)).select(Template::as_select()).first(conn)?)
}

/// Keeps a new text.
pub fn create(conn: &mut Conn, actor: Actor, (title, body): (&str, &str)) -> Result<TemplateId> {
    let id = TemplateId::new();
    diesel::insert_into(case_templates::table)
        .values((
            case_templates::id.eq(id),
            case_templates::site_id.eq(actor.site),
            case_templates::title.eq(title),
            case_templates::body.eq(body),
            case_templates::sort_key.eq(base::text::sort_key(title)),
        ))
        .execute(conn)?;
    let deed = Deed { action: "case_template", target: title.to_owned(), ..Deed::default() };
    record(conn, actor, deed)?;
    Ok(id)
}

/// Throws a text away.
pub fn delete(conn: &mut Conn, actor: Actor, id: TemplateId) -> Result<()> {
    let text = by_id(conn, actor.site, id)?;
    let own = case_templates::table.filter(case_templates::site_id.eq(actor.site));
    diesel::delete(own.filter(case_templates::id.eq(id))).execute(conn)?;
    let deed = Deed { action: "case_template_gone", target: text.title, ..Deed::default() };
    record(conn, actor, deed)
}
