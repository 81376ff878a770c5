//! Several stores in one call, and how much a ready one proves.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::{check, look, tool};
use testbed::recorded::{Answer, RecordedHttp};
use testbed::{Run, Seen, Tool, prove};

/// An Upstash and a Qdrant, by a call of these arguments.
fn both(arguments: &[&str], more: &[(&'static str, &str)]) -> (Run, Vec<Seen>) {
    let upstash = RecordedHttp::start(|_| Answer::new(200, r#"{"result":{"dimension":8}}"#));
    let qdrant = RecordedHttp::start(|_| Answer::new(503, "some shards are not ready"));
    let run = prepared(&upstash, &qdrant, more).args(arguments.iter().copied()).run();
    let seen = Seen::all(&run);
    (run, seen)
}

fn prepared(upstash: &RecordedHttp, qdrant: &RecordedHttp, more: &[(&'static str, &str)]) -> Tool {
    tool()
        .env("VECTOR_STORE", "upstash")
        .env("UPSTASH_VECTOR_URL", format!("http://localhost:{}", upstash.port))
        .env("UPSTASH_VECTOR_TOKEN", "some-token")
        .env("QDRANT_URL", format!("http://localhost:{}", qdrant.port))
        .envs(more.iter().map(|(name, value)| (*name, (*value).to_owned())))
}

#[test]
fn each_of_several_stores_is_reported() {
    let flags = &["check", "--output", "json", "--store", "upstash", "--store", "qdrant"][..];
    let variable = ("PREFLIGHT_VECTOR_STORES", "upstash, qdrant");
    for (run, seen) in [both(flags, &[]), both(&["check", "--output", "json"], &[variable])] {
        let found: Vec<_> = seen.iter().map(|seen| (seen.check.as_str(), seen.class.as_str())).collect();
        assert_eq!(found, [("qdrant", "not_yet"), ("upstash", "ready")]);
        assert_eq!(run.code, 75);
    }
    // Without being asked, the one in VECTOR_STORE alone, and without a name.
    let (run, seen) = both(&["check", "--output", "json"], &[]);
    assert_eq!((run.code, seen.len(), seen[0].check.as_str()), (0, 1, ""));
    let (run, seen) = both(&["check", "--output", "json"], &[("PREFLIGHT_VECTOR_STORES", "")]);
    assert_eq!((run.code, seen.len()), (0, 1));
}

#[test]
fn a_wait_for_several_ends_when_the_last_is_ready() {
    let upstash = RecordedHttp::start(|_| Answer::new(200, r#"{"result":{"dimension":8}}"#));
    let tries = std::sync::atomic::AtomicU32::new(0);
    let qdrant = RecordedHttp::start(move |request| match request.path.as_str() {
        "/collections" => Answer::new(200, r#"{"result":{"collections":[]}}"#),
        _ if tries.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 3 => Answer::new(503, ""),
        _ => Answer::new(200, ""),
    });
    let wait = ["wait", "--deadline", "30s", "--store", "upstash,qdrant"];
    prepared(&upstash, &qdrant, &[]).args(wait).run().expect(0, &["qdrant: ready", "upstash: ready"]);
}

/// A store whose role only AWS' own client could use.
fn by_role(arguments: &[&str], more: &[(&str, &str)]) -> (Run, Seen) {
    let server = RecordedHttp::start(|_| Answer::new(403, r#"{"Message":"no"}"#));
    let port = server.port.to_string();
    let mut variables = vec![
        ("VECTOR_STORE", "opensearch"),
        ("OPENSEARCH_PORT", port.as_str()),
        ("OPENSEARCH_AUTH_METHOD", "aws_managed_iam"),
        ("OPENSEARCH_AWS_REGION", "eu-central-1"),
        ("OPENSEARCH_AWS_SERVICE", "es"),
    ];
    variables.extend_from_slice(more);
    let text = tool().args(arguments.iter().copied());
    let run = text.envs(variables.iter().map(|(name, value)| (*name, (*value).to_owned()))).run();
    (run, look(arguments, &variables))
}

#[test]
fn reachability_alone_says_so_and_is_a_failure_on_demand() {
    let (run, seen) = by_role(&["check"], &[]);
    run.expect(0, &["ready (reachability only): "]);
    assert!(seen.output.contains(r#""proof":"reachability_only""#), "{}", seen.output);
    prove!("store/reachable", &seen);
    prove!("store/strict", &by_role(&["check", "--strict"], &[]).1);
    prove!("store/strict", &by_role(&["check"], &[("PREFLIGHT_STRICT", "true")]).1);
    prove!("store/reachable", &by_role(&["check"], &[("PREFLIGHT_STRICT", "false")]).1);
    prove!("store/reachable", &by_role(&["check"], &[("PREFLIGHT_STRICT", "")]).1);
}

#[test]
fn names_that_lead_to_no_store_are_refused() {
    prove!("store/none", &check(&[]));
    prove!("store/unknown", &check(&[("VECTOR_STORE", "Weaviate")]));
    prove!("store/newer", &check(&[("VECTOR_STORE", "mongodb")]));
    prove!("store/unknown-flag", &look(&["check", "--store", "nosuch"], &[]));
}
