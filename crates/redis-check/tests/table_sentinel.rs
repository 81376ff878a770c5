//! Sentinels, and the master behind them, in every state of the table.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::{Seen, check, look};
use testbed::certificates::Authority;
use testbed::prove;
use testbed::redis::{Redis, RedisPlan, Sentinels, until};

const SETTINGS: [&str; 3] =
    ["sentinel auth-pass mymaster data-pw", "requirepass watch-pw", "sentinel sentinel-pass watch-pw"];

fn master() -> Redis {
    RedisPlan::new().set("requirepass", "data-pw").set("masterauth", "data-pw").start()
}

fn with(sentinels: &str, more: &[(&str, &str)]) -> Seen {
    let mut variables = vec![
        ("REDIS_USE_SENTINEL", "true"),
        ("REDIS_SENTINELS", sentinels),
        ("REDIS_SENTINEL_SERVICE_NAME", "mymaster"),
        ("REDIS_SENTINEL_PASSWORD", "watch-pw"),
        ("REDIS_PASSWORD", "data-pw"),
    ];
    variables.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    variables.extend_from_slice(more);
    check(&variables)
}

#[test]
fn logins_and_names() {
    let master = master();
    let sentinels = Sentinels::start("mymaster", master.port(), &SETTINGS);
    let at = |more: &[(&str, &str)]| with(&sentinels.addresses(), more);
    prove!("sentinel/ready", &at(&[]));
    prove!("sentinel/wrong-password", &at(&[("REDIS_SENTINEL_PASSWORD", "wrong")]));
    prove!("sentinel/password-missing", &at(&[("REDIS_SENTINEL_PASSWORD", "")]));
    prove!("sentinel/wrong-data-password", &at(&[("REDIS_PASSWORD", "wrong")]));
    prove!("sentinel/unknown-name", &at(&[("REDIS_SENTINEL_SERVICE_NAME", "nosuch")]));
    prove!("sentinel/tls-ignored", &at(&[("REDIS_USE_SSL", "true")]));
    let redis = format!("127.0.0.1:{}", master.port());
    prove!("sentinel/is-redis", &with(&redis, &[("REDIS_SENTINEL_PASSWORD", "data-pw")]));
}

#[test]
fn sentinels_that_are_gone_or_cannot_act() {
    let master = master();
    let mut sentinels = Sentinels::start("mymaster", master.port(), &SETTINGS);
    let addresses = sentinels.addresses();
    // None of them could find enough others.
    for port in &sentinels.ports {
        let quorum: [&[&str]; 2] = [&["AUTH", "watch-pw"], &["SENTINEL", "SET", "mymaster", "quorum", "9"]];
        assert_eq!(testbed::redis::ask(*port, &quorum), "+OK");
    }
    prove!("sentinel/no-quorum", &with(&addresses, &[]));
    for port in &sentinels.ports {
        let quorum: [&[&str]; 2] = [&["AUTH", "watch-pw"], &["SENTINEL", "SET", "mymaster", "quorum", "2"]];
        assert_eq!(testbed::redis::ask(*port, &quorum), "+OK");
    }
    // A Sentinel that slept takes the time that passed for a jump of the clock.
    let process = &sentinels.processes[0];
    process.signal("STOP");
    std::thread::sleep(std::time::Duration::from_secs(3));
    process.signal("CONT");
    prove!("sentinel/tilt", &with(&addresses, &[]));
    sentinels.processes[0].kill();
    prove!("sentinel/one-gone", &with(&addresses, &[]));
    sentinels.processes[1].kill();
    prove!("sentinel/minority", &with(&addresses, &[]));
    sentinels.processes[2].kill();
    prove!("sentinel/none", &with(&addresses, &[]));
}

/// Waits until every Sentinel holds the master for dead.
fn all_say_down(sentinels: &Sentinels) {
    for port in &sentinels.ports {
        let ask: [&[&str]; 2] = [&["AUTH", "watch-pw"], &["SENTINEL", "MASTER", "mymaster"]];
        until(|| testbed::redis::ask(*port, &ask).contains("s_down"));
    }
}

#[test]
fn a_master_that_is_dead_or_seems_so() {
    let mut master = master();
    let sentinels = Sentinels::start("mymaster", master.port(), &SETTINGS);
    master.process.kill();
    all_say_down(&sentinels);
    prove!("sentinel/master-down", &with(&sentinels.addresses(), &[]));

    let master = self::master();
    let settings = ["sentinel auth-pass mymaster wrong", SETTINGS[1], SETTINGS[2]];
    let sentinels = Sentinels::start_alone("mymaster", master.port(), &settings);
    all_say_down(&sentinels);
    prove!("sentinel/wrong-auth-pass", &with(&sentinels.addresses(), &[]));
}

#[test]
fn tls_on_both_hops() {
    let authority = Authority::new("ours");
    let (certificate, key) = authority.sign("127.0.0.1");
    let master = RedisPlan::new()
        .tls(&certificate, &key, &authority.pem, false)
        .set("tls-replication", "yes")
        .set("requirepass", "data-pw")
        .set("masterauth", "data-pw")
        .start();
    let files = [("ca.pem", authority.pem.as_str()), ("server.pem", &certificate), ("server.key", &key)];
    let papers = [
        "tls-replication yes",
        "tls-cert-file /srv/work/server.pem",
        "tls-key-file /srv/work/server.key",
        "tls-ca-cert-file /srv/work/ca.pem",
        "tls-auth-clients no",
    ];
    let settings = [&papers[..], &SETTINGS[..]].concat();
    let plain = Sentinels::start_with("mymaster", master.port(), &settings, &files);
    let port = plain.ports[0];
    let ask: [&[&str]; 2] = [&["AUTH", "watch-pw"], &["SENTINEL", "MASTER", "mymaster"]];
    until(|| testbed::redis::ask(port, &ask).contains("flags master "));
    prove!("sentinel/tls-master", &with(&format!("127.0.0.1:{port}"), &[]));

    let settings = [&["tls-port PORT", "port 0"][..], &settings].concat();
    let both = Sentinels::start_with("mymaster", master.port(), &settings, &files);
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, &authority.pem).unwrap();
    let (addresses, ca) = (both.addresses(), ca.display().to_string());
    let daemon = [
        ("REDIS_USE_SENTINEL", "true"),
        ("REDIS_SENTINELS", addresses.as_str()),
        ("REDIS_SENTINEL_SERVICE_NAME", "mymaster"),
        ("REDIS_SENTINEL_PASSWORD", "watch-pw"),
        ("REDIS_PASSWORD", "data-pw"),
        ("REDIS_USE_SSL", "true"),
        ("REDIS_SSL_CA_CERTS", &ca),
    ];
    let asked = || look(&["check", "--target", "daemon"], &daemon);
    until(|| asked().exit == 0);
    prove!("sentinel/daemon-tls", &asked());
}
