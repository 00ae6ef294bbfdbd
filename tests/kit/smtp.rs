//! A real mail server, run by Node.js: up, down, slow or unkind, as a test wants it.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::json;
use server::Config;
use tempfile::TempDir;

use crate::root;

/// The name and password that a server with TLS asks for.
const LOGIN: (&str, &str) = ("cong", "Mat-khau-thu-2026");

/// A mail server and the letters it took. What it answers, the recipient's name decides: see
/// `tests/browser/kit/smtp.mjs`.
pub struct Smtp {
    folder: TempDir,
    tls: &'static str,
    port: u16,
    child: Option<Child>,
}

impl Smtp {
    /// A server without protection, listening.
    pub fn start() -> Self {
        Self::start_with("none")
    }

    /// A server with `tls` of the settings, which asks for [`LOGIN`] unless it is `none`.
    pub fn start_with(tls: &'static str) -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("letters")).unwrap();
        if tls != "none" {
            let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
            fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
            fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        }
        let mut server = Self { folder, tls, port: 0, child: None };
        server.up();
        server
    }

    /// Lets it listen again, where it did before.
    pub fn up(&mut self) {
        let script = root().join("tests/browser/kit/smtp.mjs");
        let secured = self.tls != "none";
        let file = |name: &str| secured.then(|| self.folder.path().join(name));
        let order = json!({
            "port": self.port,
            "folder": self.letters_folder(),
            "tls": self.tls,
            "cert": file("cert.pem"),
            "key": file("key.pem"),
            "user": secured.then_some(LOGIN.0),
            "password": secured.then_some(LOGIN.1),
        });
        let mut child = Command::new("node")
            .arg(script)
            .arg(order.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse();
        self.port = port.unwrap_or_else(|_| panic!("no mail server; run tests/setup.sh first"));
        self.child = Some(child);
    }

    /// Takes it away in the middle of whatever it does.
    pub fn down(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Settings that lead to it.
    pub fn set(&self, config: &mut Config) {
        let mail = &mut config.mail;
        mail.host = "localhost".into();
        mail.port = self.port;
        mail.tls = self.tls.into();
        mail.from = "cong@tinh.gov.vn".into();
        mail.timeout_seconds = 2;
        if self.tls != "none" {
            mail.ca_file = self.folder.path().join("cert.pem");
            mail.username = LOGIN.0.into();
            mail.password.0 = LOGIN.1.into();
        }
    }

    /// Every letter it took, as it came, oldest first.
    pub fn letters(&self) -> Vec<Vec<u8>> {
        let files = fs::read_dir(self.letters_folder()).unwrap();
        let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        paths.sort();
        paths.iter().map(|path| fs::read(path).unwrap()).collect()
    }

    fn letters_folder(&self) -> PathBuf {
        self.folder.path().join("letters")
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.down();
    }
}
