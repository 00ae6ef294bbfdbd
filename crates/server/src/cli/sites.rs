//! `conglang site …`.

use std::{collections::BTreeMap, fs, path::PathBuf, process::ExitCode};

use accounts::{
    model::{Invite, InviteForm, Purpose, Reach, Role},
    store as people,
};
use anyhow::{Context as _, Result, bail};
use base::{Error, FieldErrors, Identity, SiteType};
use chrono::TimeDelta;
use clap::{Args, Subcommand};
use db::{Conn, events::Actor};
use sites::{
    Rules,
    import::{self, Choice, Fate, Order, Report},
    model::{self, NewSite, Step, check_identity},
    store::{self, Record},
};
use theme::Words;

use super::{
    Context,
    out::{say, table},
};
use crate::portal;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create one site, and invite its first administrator.
    Create(Box<Create>),
    /// Create many sites from the official list of units (JSON) or a table (CSV).
    Import(Import),
    /// List every site.
    List,
    /// Show one site, and what it lacks to be opened.
    Show {
        /// One of its hosts.
        host: String,
    },
    /// Open a site to the public.
    Activate {
        /// One of its hosts.
        host: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// One of: province, city, department, agency, `service_unit`, commune, ward, `special_zone`.
    #[arg(long = "type", value_name = "TYPE")]
    kind: String,
    /// The official name: "Xã Trùng Khánh".
    #[arg(long)]
    name: String,
    /// The official name in English.
    #[arg(long, default_value = "")]
    name_en: String,
    /// The official code of the unit.
    #[arg(long)]
    code: Option<String>,
    /// The whole host name; proposed from the name where it is left out.
    #[arg(long)]
    host: Option<String>,
    /// The host of the portal it is a component of; needed only where there are several.
    #[arg(long)]
    portal: Option<String>,
    /// Where a site lives that is only linked, not hosted here.
    #[arg(long, value_name = "URL", conflicts_with = "admin_email")]
    linked: Option<String>,
    /// When a linked site is to be converted, dd/mm/yyyy.
    #[arg(long, value_name = "DATE")]
    conversion_due: Option<String>,
    /// The managing body (tên cơ quan quản lý).
    #[arg(long, default_value = "")]
    managing_body: String,
    /// The governing body (cơ quan chủ quản).
    #[arg(long, default_value = "")]
    governing_body: String,
    /// The person responsible for the content.
    #[arg(long, default_value = "")]
    responsible: String,
    /// The address.
    #[arg(long, default_value = "")]
    address: String,
    /// The telephone number.
    #[arg(long, default_value = "")]
    phone: String,
    /// The e-mail address.
    #[arg(long, default_value = "")]
    email: String,
    /// Where to report security incidents; a portal must have it.
    #[arg(long, default_value = "")]
    security_contact: String,
    /// The e-mail address of the first administrator.
    #[arg(long, requires = "admin_name")]
    admin_email: Option<String>,
    /// The name of the first administrator.
    #[arg(long, requires = "admin_email")]
    admin_name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// A list of units (JSON) or a table (CSV with the columns type, name, and more).
    file: PathBuf,
    /// Take the units of this province from a list; may be given several times.
    #[arg(long, value_name = "CODE")]
    province: Vec<String>,
    /// Take every province of the list.
    #[arg(long, conflicts_with = "province")]
    all: bool,
    /// The portal that the rows of a table belong to; needed only where there are several.
    #[arg(long, value_name = "HOST")]
    portal: Option<String>,
    /// A host name that a person has decided on: CODE=LABEL; may be given several times.
    #[arg(long, value_name = "CODE=LABEL")]
    decide: Vec<String>,
    /// Report what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Report only what was not simply created or found unchanged.
    #[arg(long)]
    quiet: bool,
}

pub(crate) fn run(context: &Context, command: Command) -> Result<ExitCode> {
    let db = context.open()?;
    let mut conn = db.connection()?;
    match command {
        Command::Create(create) => self::create(context, &mut conn, *create)?,
        Command::Import(options) => return self::import(context, &mut conn, &options),
        Command::List => list(&mut conn)?,
        Command::Show { host } => show(context, &mut conn, &host)?,
        Command::Activate { host } => activate(context, &mut conn, &host)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What is wrong with a form, a line each.
pub(crate) fn blame(words: &Words, errors: &FieldErrors) -> String {
    let lines = errors.iter().map(|(field, message)| format!("{field}: {}", words.say(message)));
    lines.collect::<Vec<_>>().join("\n")
}

/// An error in the words of the command line.
pub(crate) fn told(words: &Words, err: Error) -> anyhow::Error {
    match err {
        Error::Invalid(errors) => anyhow::anyhow!("{}", blame(words, &errors)),
        Error::Conflict(message) => anyhow::anyhow!("{}", words.say(&message)),
        Error::NotFound => anyhow::anyhow!("there is no such site"),
        Error::Busy(cause) | Error::Internal(cause) => cause,
        err => anyhow::anyhow!("{err}"),
    }
}

/// The portal at `host`, or the only one there is.
fn portal(conn: &mut Conn, host: Option<&str>) -> Result<Option<Record>> {
    let portals = store::portals(conn)?;
    match (host, portals.len()) {
        (Some(host), _) => {
            let found = portals.into_iter().find(|it| it.host.as_deref() == Some(host));
            Ok(Some(found.with_context(|| format!("no portal answers at {host}"))?))
        }
        (None, 0 | 1) => Ok(portals.into_iter().next()),
        (None, _) => bail!("there are several portals; say which with --portal HOST"),
    }
}

fn create(context: &Context, conn: &mut Conn, create: Create) -> Result<()> {
    let words = portal::words(&context.config, base::Locale::Vi)?;
    let rules = portal::rules(&context.config, &words)?;
    let kind = kind(&create.kind)?;
    let portal =
        match kind.is_portal() {
            true => None,
            false => Some(self::portal(conn, create.portal.as_deref())?.context(
                "a component needs a portal first: conglang site create --type province",
            )?),
        };
    let admin = first_admin(context, &create, kind)?;
    let parent = portal.as_ref().and_then(|it| it.host.clone());
    let new = new_site(context, &rules, kind, create, parent)?;
    let now = (portal::system_clock())();
    let life = TimeDelta::hours(context.config.accounts.invite_hours.into());
    let made = conn.atomically(|conn| {
        let above = portal.as_ref().map(|it| it.id);
        let actor = Actor { site: base::SiteId::new(), user: None, now };
        let site = store::create(conn, actor, &rules, above, &new)?;
        let Some(admin) = &admin else { return Ok(None) };
        let (user, pending) =
            people::invite(conn, Actor { site, ..actor }, Reach::Province, admin)?;
        match pending {
            true => people::issue(conn, site, user, Purpose::Invite, (now, life)).map(Some),
            false => Ok(None),
        }
    });
    let ticket = made.map_err(|err| told(&context.words, err))?;
    say(&format!("created: {}", new.name));
    if let Some(problem) = rules.names.press_warning(&new.name) {
        say(&format!("warning: {}", context.words.say(&problem)));
    }
    let Some(host) = &new.host else { return Ok(()) };
    if let Some(ticket) = ticket {
        say(&format!("invitation: {}", super::users::link(&context.config, host, &ticket)));
    }
    show(context, conn, host)
}

fn kind(text: &str) -> Result<SiteType> {
    let kinds = SiteType::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    SiteType::parse(text).with_context(|| format!("--type {text}: allowed are {kinds}"))
}

fn first_admin(context: &Context, create: &Create, kind: SiteType) -> Result<Option<Invite>> {
    let (Some(email), Some(name)) = (create.admin_email.clone(), create.admin_name.clone()) else {
        return Ok(None);
    };
    let role = if kind.is_portal() { Role::ProvinceAdmin } else { Role::SiteAdmin };
    let form = InviteForm { email, name, role: role.as_str().into() };
    Ok(Some(form.check(&[role]).map_err(|err| told(&context.words, err))?))
}

/// Checks what was typed and fills in the host by the rule of ND224-11.4.
fn new_site(
    context: &Context,
    rules: &Rules,
    kind: SiteType,
    create: Create,
    parent: Option<String>,
) -> Result<NewSite> {
    let name = base::text::line(&create.name);
    if name.is_empty() || name.chars().count() > model::MAX_NAME {
        bail!("--name: write the official name, at most {} characters", model::MAX_NAME);
    }
    let parent = parent.unwrap_or_else(|| rules.domain.clone());
    let proposed = || format!("{}.{parent}", rules.names.label(kind, &name));
    let host = create.host.unwrap_or_else(proposed).to_lowercase();
    if let Some(problem) = rules.names.check_host(&host) {
        bail!("--host {host}: {}", context.words.say(&problem));
    }
    let due = create
        .conversion_due
        .as_deref()
        .map(|text| base::time::parse_date(text).context("--conversion-due: write dd/mm/yyyy"));
    let due = due.transpose()?;
    let typed = Identity {
        managing_body: create.managing_body,
        governing_body: create.governing_body,
        responsible: create.responsible,
        address: create.address,
        phone: create.phone,
        email: create.email,
        security_contact: create.security_contact,
    };
    let mut errors = FieldErrors::new();
    let identity = check_identity(&typed, &mut errors);
    if !errors.is_empty() {
        bail!("{}", blame(&context.words, &errors));
    }
    Ok(NewSite {
        kind: Some(kind),
        name,
        name_en: base::text::line(&create.name_en),
        unit_code: create.code,
        host: create.linked.is_none().then_some(host),
        identity,
        linked: create.linked.map(|url| (url, due)),
        valid_from: None,
    })
}

fn import(context: &Context, conn: &mut Conn, options: &Import) -> Result<ExitCode> {
    let words = portal::words(&context.config, base::Locale::Vi)?;
    let rules = portal::rules(&context.config, &words)?;
    let name = options.file.display();
    let bytes = fs::read(&options.file).with_context(|| format!("cannot read {name}"))?;
    let hosts: Option<BTreeMap<String, String>> = options
        .decide
        .iter()
        .map(|pair| pair.split_once('=').map(|(code, label)| (code.to_owned(), label.to_owned())))
        .collect();
    let choice = Choice {
        provinces: options.province.clone(),
        all: options.all,
        hosts: hosts.context("--decide: write CODE=LABEL, such as 21064=sonha")?,
    };
    let rows = import::read(&bytes, &choice).map_err(|err| told(&context.words, err))?;
    let is_list = rows.iter().any(|row| row.province.is_some());
    let portal = if is_list { None } else { self::portal(conn, options.portal.as_deref())? };
    let order = Order {
        portal: portal.map(|it| it.id),
        user: None,
        now: (portal::system_clock())(),
        below: false,
        dry_run: options.dry_run,
    };
    let report =
        import::run(conn, &rules, order, &rows).map_err(|err| told(&context.words, err))?;
    print(context, &report, options);
    let fine = report.count(Fate::Refused) + report.count(Fate::Decision) == 0;
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(context: &Context, report: &Report, options: &Import) {
    let label = |fate: Fate| match fate {
        Fate::Created if options.dry_run => "would create",
        Fate::Created => "created",
        Fate::Unchanged => "unchanged",
        Fate::Decision => "needs a decision",
        Fate::Refused => "refused",
    };
    let is_news = |fate: Fate| !matches!(fate, Fate::Created | Fate::Unchanged);
    let lines = report.lines.iter().filter(|line| !options.quiet || is_news(line.fate));
    let rows: Vec<Vec<String>> = lines
        .map(|line| {
            let why = line.why.as_ref().map(|why| context.words.say(why)).unwrap_or_default();
            let fate = label(line.fate).to_owned();
            let (code, name) = (line.unit_code.clone(), line.name.clone());
            vec![line.line.to_string(), fate, code, name, line.host.clone(), why]
        })
        .collect();
    table(&rows);
    let count = |fate: Fate| format!("{} {}", report.count(fate), label(fate));
    let fates = [Fate::Created, Fate::Unchanged, Fate::Decision, Fate::Refused];
    say(&format!("{} rows: {}", report.lines.len(), fates.map(count).join(", ")));
}

fn list(conn: &mut Conn) -> Result<()> {
    let rows: Vec<Vec<String>> = store::all(conn)?
        .into_iter()
        .map(|site| {
            let place = site.host.or(site.external_url).unwrap_or_default();
            let code = site.unit_code.unwrap_or_default();
            let kind = site.kind.as_str().to_owned();
            vec![kind, site.state.as_str().to_owned(), code, place, site.name]
        })
        .collect();
    match rows.is_empty() {
        true => say("there is no site yet; begin with: conglang site create --type province"),
        false => table(&rows),
    }
    Ok(())
}

fn show(context: &Context, conn: &mut Conn, host: &str) -> Result<()> {
    let site = store::by_host(conn, host).map_err(|err| told(&context.words, err))?;
    let hosts = store::hosts_of(conn, site.id)?;
    let hosts = hosts.iter().map(|(host, canonical)| match canonical {
        true => host.clone(),
        false => format!("{host} (redirects)"),
    });
    let missing = model::missing(site.kind, &site.identity);
    let missing = missing
        .iter()
        .map(|fact| context.words.say(&base::Message::new(format!("identity.{fact}"))));
    let missing: Vec<String> = missing.collect();
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    table(&[
        row("name", site.name),
        row("english", site.name_en),
        row("type", site.kind.as_str().to_owned()),
        row("state", site.state.as_str().to_owned()),
        row("code", site.unit_code.unwrap_or_default()),
        row("hosts", hosts.collect::<Vec<_>>().join(", ")),
        row("blueprint", site.blueprint),
        row("created", base::time::minute(site.created_at)),
        row(
            "missing",
            match missing.is_empty() {
                true => "nothing: the site can be opened".to_owned(),
                false => missing.join("; "),
            },
        ),
    ]);
    Ok(())
}

fn activate(context: &Context, conn: &mut Conn, host: &str) -> Result<()> {
    let words = portal::words(&context.config, base::Locale::Vi)?;
    let rules = portal::rules(&context.config, &words)?;
    let site = store::by_host(conn, host).map_err(|err| told(&context.words, err))?;
    let actor = Actor { site: site.id, user: None, now: (portal::system_clock())() };
    let opened = conn.atomically(|conn| store::step(conn, actor, &rules, Step::Activate));
    if let Err(err) = opened {
        show(context, conn, host)?;
        return Err(told(&context.words, err));
    }
    say(&format!("open: {}", site.name));
    Ok(())
}
