//! A recognisable password goes through every way of failing and must come out nowhere.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::tool;
use testbed::proxy::{Fault, Proxy};
use testbed::redis::{Redis, RedisPlan, Sentinels};

/// With characters that are written differently in a URL, in JSON and in a quoted text.
const CANARY: &str = "Kanarie\"7f3a\\@/+ x";
const CANARY_IN_URL: &str = "Kanarie%227f3a%5C%40%2F%2B%20x";
/// What no spelling of it lacks.
const TRACES: [&str; 2] = ["Kanarie", "7f3a"];

fn expect_silence(arguments: &[&str], variables: &[(&'static str, String)]) {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    for output in ["text", "json"] {
        for more in [&["-v"][..], &["--print-config"], &[]] {
            let run = tool()
                .args(arguments.iter().copied())
                .args(["--output", output, "--grace", "0s", "--deadline", "500ms"])
                .args(["--termination-log", log.to_str().unwrap()])
                .args(more.iter().copied())
                .envs(variables.iter().cloned())
                .run();
            let said = format!("{}{}", run.output(), std::fs::read_to_string(&log).unwrap_or_default());
            for trace in TRACES {
                assert!(!said.contains(trace), "{trace} after {variables:?}:\n{said}");
            }
        }
    }
}

#[test]
fn a_password_is_in_no_output() {
    let open = Redis::start();
    let closed = RedisPlan::new().set("requirepass", "other").start();
    let silent = RedisPlan::new().port;
    let echo = Proxy::start(1, Fault::Garbage(format!("-ERR unknown command '{CANARY}'\r\n").into_bytes()));
    let babble = Proxy::start(1, Fault::Garbage(CANARY.as_bytes().to_vec()));
    let close = Proxy::start(1, Fault::Close);
    for port in [open.port(), closed.port(), silent, echo.port, babble.port, close.port] {
        for tls in ["false", "true"] {
            // A hang of the handshake is bounded, but one of them is enough.
            if tls == "true" && port != open.port() {
                continue;
            }
            let app = [
                ("REDIS_PORT", port.to_string()),
                ("REDIS_PASSWORD", CANARY.to_owned()),
                ("REDIS_USE_SSL", tls.to_owned()),
            ];
            expect_silence(&["wait"], &app);
        }
        for name in ["CELERY_BROKER_URL", "EVENT_BUS_REDIS_URL"] {
            let target = if name == "CELERY_BROKER_URL" { "broker" } else { "event-bus" };
            let url = format!("redis://dify:{CANARY_IN_URL}@localhost:{port}/1");
            expect_silence(&["check", "--target", target], &[(name, url)]);
        }
    }
}

#[test]
fn a_malformed_url_is_not_shown() {
    for url in [
        "redis://:Kanarie/7f3a@localhost:1/1",
        "redis://:Kanarie#7f3a@localhost:1/1",
        "redis://:Kanarie?7f3a@localhost:1/1",
        "redis://:Kanarie;7f3a@localhost:1/1",
        "redis://:Kanarie[7f3a@localhost:x/1",
        "redis:Kanarie7f3a",
        "Kanarie7f3a",
        "sentinel://:Kanarie7f3a@localhost:1/1;redis://:Kanarie7f3a@localhost:1/1",
        "rediss://:Kanarie7f3a@localhost:1/Kanarie7f3a",
    ] {
        expect_silence(&["check", "--target", "broker"], &[("CELERY_BROKER_URL", url.to_owned())]);
        expect_silence(&["check", "--target", "event-bus"], &[("EVENT_BUS_REDIS_URL", url.to_owned())]);
    }
}

#[test]
fn the_passwords_of_sentinel_mode_are_in_no_output() {
    let master = RedisPlan::new().set("requirepass", "other").start();
    let settings = ["sentinel auth-pass mymaster other", "requirepass watch", "sentinel sentinel-pass watch"];
    let sentinels = Sentinels::start_alone("mymaster", master.port(), &settings);
    for (watch, data) in [(CANARY, CANARY), ("watch", CANARY)] {
        let variables = [
            ("REDIS_USE_SENTINEL", "true".to_owned()),
            ("REDIS_SENTINELS", sentinels.addresses()),
            ("REDIS_SENTINEL_SERVICE_NAME", "mymaster".to_owned()),
            ("REDIS_SENTINEL_PASSWORD", watch.to_owned()),
            ("REDIS_PASSWORD", data.to_owned()),
        ];
        expect_silence(&["wait"], &variables);
    }
}

#[test]
fn a_password_comes_from_a_file_and_never_from_the_command_line() {
    let redis = RedisPlan::new().set("requirepass", "from-a-file").start();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("REDIS_PASSWORD"), "from-a-file\n").unwrap();
    let port = redis.port().to_string();
    let folder = folder.path().to_str().unwrap();
    tool().args(["check", "--env-dir", folder]).env("REDIS_PORT", &port).run().expect(0, &[]);
    let file = format!("{folder}/REDIS_PASSWORD");
    tool().args(["check"]).env("REDIS_PORT", &port).env("REDIS_PASSWORD_FILE", &file).run().expect(0, &[]);
    tool()
        .args(["check", "-e", "REDIS_PASSWORD=x"])
        .env("REDIS_PORT", &port)
        .run()
        .expect(69, &["REDIS_PASSWORD"]);
}
