//! Every Redis that Dify uses, by the variables of each.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::{Seen, all, look};
use testbed::prove;
use testbed::redis::{Redis, RedisPlan};

fn target(name: &str, variables: &[(&str, &str)]) -> Seen {
    look(&["check", "--target", name], variables)
}

#[test]
fn all_of_them_in_one_run() {
    let redis = RedisPlan::new().set("requirepass", "pw").start();
    let (port, url) =
        (redis.port().to_string(), |db: u8| format!("redis://:pw@127.0.0.1:{}/{db}", redis.port()));
    let variables = [
        ("REDIS_HOST", "127.0.0.1".to_owned()),
        ("REDIS_PORT", port),
        ("REDIS_PASSWORD", "pw".to_owned()),
        ("CELERY_BROKER_URL", url(1)),
        ("EVENT_BUS_REDIS_URL", url(0)),
        ("DIFY_AGENT_REDIS_URL", url(2)),
    ];
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut arguments = vec!["check"];
    for name in ["app", "broker", "results", "event-bus", "daemon", "agent"] {
        arguments.extend(["--target", name]);
    }
    let seen = all(&arguments, &variables);
    let names: Vec<&str> = seen.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["app", "broker", "results", "event-bus", "daemon", "agent"]);
    prove!("broker/ready", &seen[1].1);
    prove!("broker/keeps-nothing", &seen[1].1);
    prove!("results/ready", &seen[2].1);
    prove!("daemon/ready", &seen[4].1);
    prove!("agent/ready", &seen[5].1);
    // Without --target, those that the environment names; the daemon's variables are the application's too.
    let seen = all(&["check"], &variables);
    let names: Vec<&str> = seen.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["app", "broker", "event-bus", "agent"]);
}

#[test]
fn the_broker_and_its_results() {
    let redis = Redis::start();
    let url = format!("redis://127.0.0.1:{}/1", redis.port());
    let broker = |url: &str, more: &[(&str, &str)]| {
        let mut variables = vec![("CELERY_BROKER_URL", url)];
        variables.extend_from_slice(more);
        target("broker", &variables)
    };
    prove!("broker/plain-text", &broker(&url, &[("REDIS_USE_SSL", "true")]));
    prove!("broker/amqp", &broker("amqp://guest:guest@rabbit//", &[]));
    prove!("broker/semicolon", &broker("redis://:a;b@127.0.0.1:1/1", &[]));
    prove!("broker/no-master-name", &broker("sentinel://:pw@127.0.0.1:1/1", &[]));
    let results = [("CELERY_BROKER_URL", url.as_str()), ("CELERY_BACKEND", "database")];
    prove!("results/database", &target("results", &results));
    assert_eq!(redis.ask(&[&["ACL", "SETUSER", "deaf", "on", ">pw", "~*", "+@all", "resetchannels"]]), "+OK");
    let deaf = format!("redis://deaf:pw@127.0.0.1:{}/1", redis.port());
    prove!("results/acl-channels", &target("results", &[("CELERY_BROKER_URL", &deaf)]));
    prove!("event-bus/acl-channels", &target("event-bus", &[("EVENT_BUS_REDIS_URL", &deaf)]));
}

#[test]
fn the_event_bus_behind_sentinels_is_nowhere() {
    prove!("event-bus/localhost", &target("event-bus", &[("REDIS_USE_SENTINEL", "true")]));
}

#[test]
fn the_plugin_daemon_reads_in_its_own_way() {
    prove!("daemon/no-host", &target("daemon", &[("REDIS_PORT", "1")]));
    let at = [("REDIS_HOST", "127.0.0.1"), ("REDIS_PORT", "1")];
    let with = |name: &'static str, value: &'static str, more: (&'static str, &'static str)| {
        target("daemon", &[at[0], at[1], (name, value), more])
    };
    prove!("daemon/no-ca", &with("REDIS_USE_SSL", "true", ("REDIS_SSL_CERT_REQS", "CERT_REQUIRED")));
    prove!("daemon/azure", &with("REDIS_USE_AZURE_MANAGED_IDENTITY", "true", ("REDIS_DB", "0")));
}

#[test]
fn the_agent_backend_has_one_url() {
    let redis = RedisPlan::new().set("requirepass", "pw").start();
    let url = format!("redis://:wrong@127.0.0.1:{}/2", redis.port());
    prove!("agent/wrong-password", &target("agent", &[("DIFY_AGENT_REDIS_URL", &url)]));
}
