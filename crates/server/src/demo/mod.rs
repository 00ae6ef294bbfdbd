//! The demonstration province: invented sites, people and content from `config/demo`, on a
//! database of its own.

mod cases;
mod consultations;
mod documents;
mod english;
mod entries;
mod plan;

use std::{collections::HashMap, fs, path::PathBuf, sync::Arc};

use accounts::{
    model::{Reach, Role},
    store as people,
};
use anyhow::{Context as _, Result};
use base::{SiteId, SiteState, UserId};
use chrono::{NaiveDate, NaiveDateTime};
use clap::Args;
use content::Kinds;
use db::{Conn, Db, events::Actor};
use sites::{
    Rules,
    model::{NewSite, Step},
    store,
};

use crate::{
    Config,
    cli::{self, Context, say},
    portal,
};
pub use plan::Plan;

/// What every demonstration account signs in with.
pub const PASSWORD: &str = "Lac-Viet-2026-demo";

/// The host of the demonstration's portal.
const HOST: &str = "lacviet.localhost";

/// Options of `conglang demo`.
#[derive(Debug, Args)]
pub struct Options {
    /// Where the demonstration keeps its data.
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data: PathBuf,
    /// Throw away what visitors did and begin anew.
    #[arg(long)]
    reset: bool,
    /// Prepare the data and do not serve.
    #[arg(long)]
    seed_only: bool,
}

/// Seeds the demonstration where it is not there yet, and serves it.
pub(crate) fn run(context: Context, options: &Options) -> Result<()> {
    let config = settings(context.config, options)?;
    if options.reset && options.data.is_dir() {
        fs::remove_dir_all(&options.data).context("cannot reset the demonstration")?;
    }
    fs::create_dir_all(&options.data)
        .with_context(|| format!("cannot create {}", options.data.display()))?;
    let db = portal::open(&config)?;
    let plan = Plan::read(&config.directories.config.join("demo"))?;
    if store::all(&mut *db.connection()?)?.is_empty() {
        say("preparing the demonstration province, about a minute …");
        seed(&config, &db, &plan)?;
    }
    announce(&config, &plan);
    if options.seed_only { Ok(()) } else { cli::serve(&config) }
}

/// The settings of the demonstration: its own data, http on the address of `listen`.
fn settings(mut config: Config, options: &Options) -> Result<Config> {
    let port = config.listen.address.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    config.public.scheme = "http".into();
    config.public.port = port.context("listen.address has no port")?;
    config.public.default_host = HOST.into();
    config.sites.domain = "localhost".into();
    config.directories.data.clone_from(&options.data);
    config.database.url = format!("sqlite://{}", options.data.join("conglang.db").display());
    config.database.migrate = true;
    Ok(config)
}

fn announce(config: &Config, plan: &Plan) {
    let port = config.public.port;
    say(&format!("\nportal       http://{HOST}:{port}   (also http://localhost:{port})"));
    for site in plan.sites.iter().filter(|site| !site.label.is_empty()).take(8) {
        say(&format!("component    http://{}.{HOST}:{port}   {}", site.label, site.name));
    }
    say(&format!("             … {} sites in all", plan.sites.len()));
    say(&format!("\nsign in at /dang-nhap of each site; password of every account: {PASSWORD}"));
    for account in &plan.accounts {
        let roles = account.roles.iter().map(|role| {
            let label = plan.sites.iter().find(|site| site.key == role.site);
            let label = label.map_or("", |site| site.label.as_str());
            let host = if label.is_empty() { HOST.into() } else { format!("{label}.{HOST}") };
            format!("{} on {host}", role.role.as_str())
        });
        say(&format!("  {:<34} {}", account.email, roles.collect::<Vec<_>>().join(", ")));
    }
    say("");
}

/// What seeding works with.
struct Seeder<'a> {
    rules: Rules,
    kinds: Kinds,
    words: ::documents::Vocabulary,
    plan: &'a Plan,
    sites: HashMap<String, SiteId>,
    users: HashMap<String, UserId>,
}

/// Fills an empty database.
pub fn seed(config: &Config, db: &Db, plan: &Plan) -> Result<()> {
    let words = portal::words(config, base::Locale::Vi)?;
    let mut seeder = Seeder {
        rules: portal::rules(config, &words)?,
        kinds: portal::kinds(config)?,
        words: portal::documents(config)?,
        plan,
        sites: HashMap::new(),
        users: HashMap::new(),
    };
    let mut conn = db.connection()?;
    conn.atomically(|conn| Ok(seeder.sites(conn)?))?;
    conn.atomically(|conn| Ok(seeder.people(conn)?))?;
    let pictures = entries::pictures(&plan.dir, &portal::storage(config)?)?;
    for site in plan.sites.iter().filter(|site| site.state != SiteState::Linked) {
        conn.atomically(|conn| Ok(seeder.entries(conn, site, &pictures)?))?;
    }
    conn.atomically(|conn| Ok(seeder.open(conn)?))?;
    // Relations lead to documents of sites that are open.
    conn.atomically(|conn| Ok(seeder.documents(conn, &plan.dir)?))?;
    let english = portal::english(config)?;
    for site in &plan.sites {
        conn.atomically(|conn| Ok(seeder.english(conn, site, &english)?))?;
    }
    seeder.consultations(&mut conn, config)?;
    let catalog = Arc::new(portal::clocks(config)?);
    let office = portal::feedback(config, &catalog)?;
    conn.atomically(|conn| Ok(seeder.cases(conn, &plan.dir, &office)?))?;
    Ok(())
}

/// The day on which the invented province opened its sites.
fn founding() -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap_or_default();
    base::time::utc(day.and_hms_opt(8, 0, 0).unwrap_or_default())
}

impl Seeder<'_> {
    fn actor(&self, site: SiteId) -> Actor {
        Actor { site, user: None, now: founding() }
    }

    fn sites(&mut self, conn: &mut Conn) -> Result<()> {
        for site in &self.plan.sites {
            let portal = self.sites.get("portal").copied();
            let host = match site.label.as_str() {
                "" => HOST.to_owned(),
                label => format!("{label}.{HOST}"),
            };
            let is_linked = site.state == SiteState::Linked;
            let new = NewSite {
                kind: Some(site.kind),
                name: site.name.clone(),
                name_en: site.name_en.clone(),
                unit_code: Some(site.unit_code.clone()).filter(|code| !code.is_empty()),
                host: (!is_linked).then_some(host),
                identity: site.identity.clone(),
                linked: is_linked.then(|| (site.external_url.clone(), site.due())),
                valid_from: None,
            };
            let actor = self.actor(SiteId::new());
            let id = store::create(conn, actor, &self.rules, portal, &new)
                .with_context(|| format!("site {}", site.key))?;
            store::set_palette(conn, id, &site.palette)?;
            self.sites.insert(site.key.clone(), id);
        }
        Ok(())
    }

    fn people(&mut self, conn: &mut Conn) -> Result<()> {
        // One hash for all: the password is no secret here, and hashing takes its time.
        let hash = accounts::hash_password(PASSWORD)?;
        for account in &self.plan.accounts {
            let mut user = None;
            for held in &account.roles {
                let site = self.sites.get(&held.site).context("an account of no site")?;
                let invite = accounts::model::Invite {
                    email: account.email.clone(),
                    name: account.name.clone(),
                    role: held.role,
                };
                user = Some(people::invite(conn, self.actor(*site), Reach::Province, &invite)?.0);
            }
            let user = user.with_context(|| format!("{} has no role", account.key))?;
            people::set_password(conn, user, &hash)?;
            self.users.insert(account.key.clone(), user);
        }
        Ok(())
    }

    /// Who approves on a site what `author` wrote: its approver, or the province.
    fn approver(&self, site: &str, author: Option<UserId>) -> Option<UserId> {
        let holders = |role: Role, site: &str| -> Vec<UserId> {
            let holds = |account: &&plan::PlannedAccount| {
                account.roles.iter().any(|held| held.role == role && held.site == site)
            };
            let accounts = self.plan.accounts.iter().filter(holds);
            accounts.filter_map(|account| self.users.get(&account.key)).copied().collect()
        };
        let mut all = holders(Role::Approver, site);
        all.extend(holders(Role::ProvinceAdmin, "portal"));
        all.into_iter().find(|user| Some(*user) != author)
    }

    /// Opens the sites that are open in the plan.
    fn open(&self, conn: &mut Conn) -> Result<()> {
        for site in self.plan.sites.iter().filter(|site| site.state == SiteState::Active) {
            let id = self.sites.get(&site.key).context("an unknown site")?;
            store::step(conn, self.actor(*id), &self.rules, Step::Activate)
                .with_context(|| format!("cannot open {}", site.key))?;
        }
        Ok(())
    }
}
