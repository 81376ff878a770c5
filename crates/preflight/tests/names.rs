#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]
//! What is said of a name that does not resolve, by how it does not.

use preflight::{Address, net};
use testbed::dns::{Answer, NameServer};

/// Runs the test below with a name server of ours.
fn said(answer: Answer, host: &str, options: &str) -> String {
    let this = std::env::current_exe().unwrap();
    let server = NameServer::start(answer);
    let run = server
        .asked_by(&this, options)
        .args(["connects", "--exact", "--ignored", "--nocapture"])
        .env("ADDRESS", format!("{host}:5432"))
        .run();
    assert!(run.stdout.contains("said: "), "{}", run.output());
    run.stdout
}

#[test]
#[ignore = "a part of the others: they run it where the name server is ours"]
fn connects() {
    let address: Address = std::env::var("ADDRESS").unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let finding = runtime.block_on(net::connect(&address)).unwrap_err();
    println!("said: {finding} [{}]", finding.hint.clone().unwrap_or_default());
    // A look-up that nobody answers holds a thread for longer than anybody wants to wait here.
    std::process::exit(0);
}

fn holds(said: &str, texts: &[&str]) {
    for text in texts {
        assert!(said.contains(text), "no {text:?} in {said}");
    }
}

#[test]
fn a_name_that_is_not_there_may_be_a_service_that_is_not_there_yet() {
    let options = "search dify.svc.cluster.local svc.cluster.local\noptions ndots:5";
    let service = said(Answer::NoName, "postgres", options);
    holds(&service, &["postgres does not resolve", "EAI_NONAME", "a Service must exist"]);
    holds(&said(Answer::NoName, "db.example.com", options), &["EAI_NONAME", "may remember for up to 30 s"]);
}

#[test]
fn a_name_server_that_fails_is_told_from_a_name_that_is_not_there() {
    let said = said(Answer::Failure, "db.example.com", "search dify.svc.cluster.local\noptions ndots:5");
    holds(
        &said,
        &["EAI_AGAIN", "a name server (127.0.53.", "write it with a dot at its end (db.example.com.)"],
    );
}

#[test]
fn name_servers_that_do_not_answer_are_named() {
    let said = said(Answer::Silence, "postgres", "");
    holds(&said, &["ETIMEDOUT", "127.0.53.", "UDP and TCP port 53"]);
}
