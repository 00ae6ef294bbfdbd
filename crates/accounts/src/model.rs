//! The rules of accounts. Pure: nothing here reads a clock, a table or a request.

use base::{Error, FieldErrors, Message, Result, UserId};
use serde::{Deserialize, Serialize};

base::id!(
    /// Identifies a signed-in browser, for the list of sessions; it is not its secret.
    SessionId
);

base::text_enum!(
    /// What a person may do on a site.
    Role {
        /// Cộng tác viên: writes and submits.
        Author = "author",
        /// Biên tập viên: edits everybody's drafts.
        Editor = "editor",
        /// Người duyệt: publishes, returns, withdraws.
        Approver = "approver",
        /// Quản trị trang: people, sections, settings.
        SiteAdmin = "site_admin",
        /// Quản trị tỉnh: every site of the province. Held on the portal.
        ProvinceAdmin = "province_admin",
        /// Cán bộ xử lý phản ánh: what citizens send to the site.
        CaseHandler = "case_handler",
        /// Cán bộ bảo vệ dữ liệu: reads what citizens sent to any site, each time with a reason
        /// that is logged (PDP-7.4). Held on the portal.
        DataOfficer = "data_officer",
        /// Kiểm tra viên: reads every site of the province, changes nothing. Held on the portal.
        Auditor = "auditor",
    }
);

impl Role {
    /// Whether the role is held on the portal and reaches every component.
    pub fn is_provincial(self) -> bool {
        matches!(self, Self::ProvinceAdmin | Self::DataOfficer | Self::Auditor)
    }
}

base::text_enum!(
    /// What a single-use link is for.
    Purpose {
        /// Take up a new account.
        Invite = "invite",
        /// Choose a new password.
        Reset = "reset",
        /// Go on working on another site.
        Cross = "cross",
    }
);

/// What a person's roles let them do on the site at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rights {
    /// Write entries and submit them.
    pub write: bool,
    /// Change what others wrote.
    pub edit: bool,
    /// Publish, return and withdraw.
    pub approve: bool,
    /// People, sections and settings of the site.
    pub manage: bool,
    /// Create and govern component sites.
    pub province: bool,
    /// Read everything, change nothing.
    pub audit: bool,
    /// Handle what citizens send, and read who they are.
    pub handle: bool,
    /// Read what citizens sent to any site, for a reason.
    pub inspect: bool,
}

impl Rights {
    /// The sum of `roles`.
    pub fn of(roles: &[Role]) -> Self {
        let has = |wanted: &[Role]| roles.iter().any(|role| wanted.contains(role));
        use Role::{
            Approver, Auditor, Author, CaseHandler, DataOfficer, Editor, ProvinceAdmin, SiteAdmin,
        };
        Self {
            write: has(&[Author, Editor, Approver, SiteAdmin, ProvinceAdmin]),
            edit: has(&[Editor, Approver, SiteAdmin, ProvinceAdmin]),
            approve: has(&[Approver]),
            manage: has(&[SiteAdmin, ProvinceAdmin]),
            province: has(&[ProvinceAdmin]),
            audit: has(&[Auditor]),
            handle: has(&[CaseHandler, Approver]),
            inspect: has(&[DataOfficer]),
        }
    }

    /// Whether the person has any business on the site at all.
    pub fn any(self) -> bool {
        self.write || self.audit || self.handle || self.inspect
    }
}

/// How far the person who invites others can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// One site: its administrator.
    Site,
    /// All of them: the province, or the operator.
    Province,
}

impl Rights {
    /// How far a person with these rights can see.
    pub fn reach(self) -> Reach {
        if self.province { Reach::Province } else { Reach::Site }
    }
}

/// A person who works on sites.
#[derive(Clone, Debug, Serialize)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// Where mail reaches them, and what they sign in with.
    pub email: String,
    /// What others read.
    pub name: String,
}

/// The shortest password, in characters, where there is no second factor (SEC-pw).
const MIN_PASSWORD: usize = 14;

/// Hashing is work: nobody needs a longer one.
pub(crate) const MAX_PASSWORD: usize = 200;

/// The names of the parts of the password rule, as `message.toml` words them.
pub const PASSWORD_RULES: [&str; 5] = ["length", "lower", "upper", "digit", "symbol"];

/// The parts of SEC-pw that `password` breaks.
pub fn broken_rules(password: &str) -> Vec<&'static str> {
    let length = password.chars().count();
    let has = |test: fn(char) -> bool| password.chars().any(test);
    let kept = [
        (MIN_PASSWORD..=MAX_PASSWORD).contains(&length),
        has(char::is_lowercase),
        has(char::is_uppercase),
        has(char::is_numeric),
        has(|c| !c.is_alphanumeric()),
    ];
    PASSWORD_RULES.into_iter().zip(kept).filter(|(_, kept)| !kept).map(|(rule, _)| rule).collect()
}

/// Checks a new password typed twice.
pub fn check_password(password: &str, again: &str, errors: &mut FieldErrors) {
    if let Some(rule) = broken_rules(password).first() {
        let message = Message::new(format!("password.{rule}")).with("min", MIN_PASSWORD);
        errors.insert("password".into(), message);
    } else if password != again {
        errors.insert("again".into(), "password.again".into());
    }
}

/// An e-mail address as it is kept: small letters, no blanks.
pub fn email(text: &str) -> Option<String> {
    let email = base::text::line(text).to_lowercase();
    let (name, host) = email.split_once('@')?;
    let plain = !name.is_empty() && host.contains('.') && !host.contains('@');
    let short = email.len() <= 254 && !email.contains([' ', '<', '>', ',', ';', '"']);
    (plain && short && !host.starts_with('.') && !host.ends_with('.')).then_some(email)
}

/// A browser and its system, as people call them, from what it says of itself. Order matters:
/// most browsers also claim to be those after them.
pub(crate) fn device(agent: &str) -> String {
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("CocCoc", "Cốc Cốc"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let parts: Vec<&str> = [named(&browsers), named(&systems)].into_iter().flatten().collect();
    if parts.is_empty() { "–".to_owned() } else { parts.join(" · ") }
}

/// Someone to be invited, as the form sends it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct InviteForm {
    /// The address.
    pub email: String,
    /// The full name.
    pub name: String,
    /// The role's code.
    pub role: String,
}

/// An [`InviteForm`] that passed its check.
#[derive(Clone, Debug)]
pub struct Invite {
    /// The address.
    pub email: String,
    /// The full name.
    pub name: String,
    /// The role.
    pub role: Role,
}

impl InviteForm {
    /// Checks what the form alone can tell; `open` are the roles that may be given here.
    pub fn check(&self, open: &[Role]) -> Result<Invite> {
        let mut errors = FieldErrors::new();
        let email = email(&self.email);
        if email.is_none() {
            errors.insert("email".into(), "email.malformed".into());
        }
        let name = base::text::line(&self.name);
        if name.is_empty() || name.chars().count() > 120 {
            errors.insert("name".into(), "name.missing".into());
        }
        let role = Role::parse(&self.role).filter(|role| open.contains(role));
        if role.is_none() {
            errors.insert("role".into(), "role.missing".into());
        }
        match (email, role) {
            (Some(email), Some(role)) if errors.is_empty() => Ok(Invite { email, name, role }),
            _ => Err(Error::Invalid(errors)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(password: &str, broken: &[&str]) {
        assert_eq!(broken_rules(password), broken, "{password}");
    }

    #[test]
    fn a_password_is_long_and_has_four_classes() {
        check("Lac-Viet-2026-x", &[]);
        check("Sông Hồng 2026!", &[]);
        check("Lac-Viet-2026", &["length"]);
        check("lac-viet-2026-xy", &["upper"]);
        check("LacViet2026LacViet", &["symbol"]);
        check("", &["length", "lower", "upper", "digit", "symbol"]);
        check(&"Aa1-".repeat(60), &["length"]);
    }

    #[test]
    fn an_address_has_a_name_and_a_host() {
        assert_eq!(email(" Hoa@CaoBang.gov.vn ").as_deref(), Some("hoa@caobang.gov.vn"));
        for bad in
            ["hoa", "hoa@", "@x.vn", "a b@x.vn", "a@b@c.vn", "a@x.vn\nBcc: b@x.vn x", "a@.vn"]
        {
            assert_eq!(email(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_browser_is_called_by_its_name() {
        let phone =
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36";
        assert_eq!(device(phone), "Chrome · Android");
        let desk = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(device(desk), "Firefox · Windows");
        assert_eq!(device("curl/8.0"), "–");
    }

    #[test]
    fn an_auditor_reads_and_an_administrator_does_not_approve() {
        let auditor = Rights::of(&[Role::Auditor]);
        assert!(auditor.any() && auditor.audit && !auditor.write && !auditor.manage);
        let admin = Rights::of(&[Role::SiteAdmin]);
        assert!(admin.manage && admin.edit && !admin.approve && !admin.province);
        assert!(!Rights::of(&[]).any());
    }
}
