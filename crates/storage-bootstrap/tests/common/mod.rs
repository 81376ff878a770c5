//! What the tests of all kinds of storage share.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed step of a test is a failed test")]

use std::path::Path;

use serde_json::Value;
use testbed::{Run, Seen, Tool};

/// The tool with one of its verbs, reporting as JSON.
pub fn tool(verb: &str) -> Tool {
    plain(verb).args(["--output", "json"])
}

/// The tool with one of its verbs.
pub fn plain(verb: &str) -> Tool {
    Tool::new(env!("CARGO_BIN_EXE_storage-bootstrap")).args([verb]).env("PREFLIGHT_DEADLINE", "60s")
}

/// How a call with one check ended.
pub fn seen(tool: Tool) -> Seen {
    Seen::of(&tool.run())
}

pub fn owned<'a>(pairs: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// The tool in a mount namespace of its own, where another file is `/etc/hosts`.
pub fn with_hosts(hosts: &Path, verb: &str) -> Tool {
    let script = "mount --bind \"$1\" /etc/hosts && shift && exec \"$@\"";
    Tool::new("/usr/bin/unshare")
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .args(["--mount", "--propagation", "private", "--", "/bin/sh", "-c", script, "sh"])
        .args([hosts.to_str().unwrap(), env!("CARGO_BIN_EXE_storage-bootstrap"), verb, "--output", "json"])
}

/// How a call ended, with its one result.
pub struct Verdict {
    run: Run,
    result: Value,
}

impl From<Run> for Verdict {
    fn from(run: Run) -> Self {
        let result = run
            .stdout
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .find(|line| line["event"] == "result")
            .unwrap_or_else(|| panic!("no result in:\n{}", run.output()));
        Self { run, result }
    }
}

impl Verdict {
    pub fn of(tool: Tool) -> Self {
        tool.run().into()
    }

    pub fn result(&self) -> &Value {
        &self.result
    }

    pub fn code(&self) -> i32 {
        self.run.code
    }

    pub fn message(&self) -> String {
        self.text("message")
    }

    pub fn hint(&self) -> String {
        self.text("hint")
    }

    pub fn warnings(&self) -> String {
        self.result["finding"]["warnings"].to_string()
    }

    fn text(&self, field: &str) -> String {
        self.result["finding"][field].as_str().unwrap_or_default().to_owned()
    }

    /// Exit code, class, hop and code; an empty code is not looked at.
    pub fn expect(&self, exit: i32, class: &str, hop: &str, code: &str) {
        let finding = &self.result["finding"];
        let output = self.run.output();
        assert_eq!(self.run.code, exit, "{output}");
        assert_eq!(finding["class"], class, "{output}");
        assert_eq!(finding["hop"], hop, "{output}");
        if !code.is_empty() {
            assert_eq!(finding["code"], code, "{output}");
        }
    }

    pub fn expect_ready(&self, text: &str) {
        assert_eq!(self.run.code, 0, "{}", self.run.output());
        assert!(self.message().contains(text), "no {text:?} in {}", self.message());
    }
}

/// A CA, and a certificate of it with its key for this machine; all PEM.
pub fn certificates() -> (String, String, String) {
    let ca_key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, "test CA");
    let ca = params.self_signed(&ca_key).unwrap();
    let issuer = rcgen::Issuer::new(params, ca_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    let certificate = rcgen::CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    (ca.pem(), certificate.pem(), key.serialize_pem())
}
