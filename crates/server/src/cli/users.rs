//! `conglang user …`.

use accounts::{
    model::{self, InviteForm, Purpose, Reach, Role},
    store as people,
};
use anyhow::{Context as _, Result};
use chrono::TimeDelta;
use clap::Subcommand;
use db::events::Actor;
use sites::store;

use super::{Context, out::say, sites::told};
use crate::{Config, portal};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Give a person a role on a site, and print the link with which they choose a password.
    Invite {
        /// Their e-mail address.
        email: String,
        /// Their full name.
        #[arg(long)]
        name: String,
        /// One of the site's hosts.
        #[arg(long, value_name = "HOST")]
        site: String,
        /// One of: author, editor, approver, `site_admin`, `province_admin`, auditor.
        #[arg(long)]
        role: String,
    },
    /// Print a link with which a person chooses a new password; lifts a lock.
    Reset {
        /// Their e-mail address.
        email: String,
        /// A site on which they hold a role.
        #[arg(long, value_name = "HOST")]
        site: String,
    },
}

/// The address of a single-use link.
pub(crate) fn link(config: &Config, host: &str, ticket: &str) -> String {
    let port = match config.public.port {
        0 => String::new(),
        port => format!(":{port}"),
    };
    format!("{}://{host}{port}/moi/{ticket}", config.public.scheme)
}

pub(crate) fn run(context: &Context, command: Command) -> Result<()> {
    let db = context.open()?;
    let mut conn = db.connection()?;
    let now = (portal::system_clock())();
    let hours = |hours: u32| TimeDelta::hours(hours.into());
    let accounts = &context.config.accounts;
    match command {
        Command::Invite { email, name, site, role } => {
            let site = store::by_host(&mut conn, &site).map_err(|err| told(&context.words, err))?;
            let open: Vec<Role> = Role::ALL
                .iter()
                .copied()
                .filter(|role| site.portal_id.is_none() || !role.is_provincial())
                .collect();
            let form = InviteForm { email, name, role };
            let invite = form.check(&open).map_err(|err| told(&context.words, err))?;
            let actor = Actor { site: site.id, user: None, now };
            let life = (now, hours(accounts.invite_hours));
            let issued = conn.atomically(|conn| {
                let (user, pending) = people::invite(conn, actor, Reach::Province, &invite)?;
                match pending {
                    true => people::issue(conn, site.id, user, Purpose::Invite, life).map(Some),
                    false => Ok(None),
                }
            });
            match issued.map_err(|err| told(&context.words, err))? {
                Some(ticket) => {
                    let host = site.host.context("a linked site has no people of its own")?;
                    say(&format!("invitation: {}", link(&context.config, &host, &ticket)));
                    say(&format!("it works once, until {}", base::time::minute(now + life.1)));
                }
                None => say("the person has a password already; the role was given"),
            }
        }
        Command::Reset { email, site } => {
            let site = store::by_host(&mut conn, &site).map_err(|err| told(&context.words, err))?;
            let email = model::email(&email).context("that is no e-mail address")?;
            let members = people::members(&mut conn, site.id, now)?;
            let member = members.into_iter().find(|member| member.user.email == email);
            let member = member.with_context(|| format!("{email} holds no role on that site"))?;
            let purpose = if member.pending { Purpose::Invite } else { Purpose::Reset };
            let life = (now, hours(accounts.reset_hours));
            let ticket = conn
                .atomically(|conn| people::issue(conn, site.id, member.user.id, purpose, life))?;
            let host = site.host.context("a linked site has no people of its own")?;
            say(&format!("link: {}", link(&context.config, &host, &ticket)));
            say(&format!("it works once, until {}", base::time::minute(now + life.1)));
        }
    }
    Ok(())
}
