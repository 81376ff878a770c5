//! The states of a real Chroma, of the release that Dify's client belongs to and of a present one.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::{Seen, check};
use testbed::chroma::Chroma;
use testbed::prove;
use testbed::recorded::{Answer, RecordedHttp};

const TOKEN: &str = "chromadb.auth.token_authn.TokenAuthClientProvider";
const BASIC: &str = "chromadb.auth.basic_authn.BasicAuthClientProvider";

fn probe(port: u16, more: &[(&str, &str)]) -> Seen {
    let port = port.to_string();
    let mut variables =
        vec![("VECTOR_STORE", "chroma"), ("CHROMA_HOST", "localhost"), ("CHROMA_PORT", &port)];
    variables.extend_from_slice(more);
    check(&variables)
}

#[test]
fn each_state_of_the_pinned_release_is_told_apart() {
    let server = Chroma::with_token();
    let with = |more: &[(&str, &str)]| {
        let token = [("CHROMA_AUTH_PROVIDER", TOKEN), ("CHROMA_AUTH_CREDENTIALS", Chroma::TOKEN)];
        let variables: Vec<_> = token.into_iter().chain(more.iter().copied()).collect();
        // Of two with one name the last counts.
        let last = |name: &str| variables.iter().rev().find(|(other, _)| *other == name).copied().unwrap();
        let mut names: Vec<&str> = variables.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        probe(server.port, &names.into_iter().map(last).collect::<Vec<_>>())
    };
    prove!("chroma/ready", &with(&[]));
    prove!("chroma/wrong-token", &with(&[("CHROMA_AUTH_CREDENTIALS", "other-token")]));
    prove!("chroma/wrong-class", &with(&[("CHROMA_AUTH_PROVIDER", BASIC)]));
    prove!("chroma/no-token", &probe(server.port, &[]));
    prove!("chroma/no-tenant", &with(&[("CHROMA_TENANT", "nosuch")]));
    prove!("chroma/no-database", &with(&[("CHROMA_DATABASE", "nosuch")]));
    // What begins with http has its own port, whatever the other variable says.
    let url = format!("http://localhost:{}", server.port);
    with(&[("CHROMA_HOST", &url), ("CHROMA_PORT", "1")]).expect_ready(&[]);
}

#[test]
fn a_present_release_is_too_new_for_difys_client() {
    let server = Chroma::present();
    prove!("chroma/too-new", &probe(server.port, &[]));
}

#[test]
fn recorded_strangers_are_suspects() {
    // Before 0.5.16 there was no second version of the API.
    let old = RecordedHttp::start(|_| Answer::new(404, r#"{"detail":"Not Found"}"#));
    prove!("chroma/stranger", &probe(old.port, &[]));
    let other = RecordedHttp::start(|_| Answer::new(200, "{}"));
    prove!("chroma/other-json", &probe(other.port, &[]));
}

#[test]
fn what_dify_would_not_start_with_is_named() {
    let unknown =
        [("CHROMA_AUTH_PROVIDER", "chromadb.auth.token.TokenAuth"), ("CHROMA_AUTH_CREDENTIALS", "tok")];
    prove!("chroma/unknown-class", &probe(1, &unknown));
    prove!("chroma/no-credentials", &probe(1, &[("CHROMA_AUTH_PROVIDER", TOKEN)]));
}
