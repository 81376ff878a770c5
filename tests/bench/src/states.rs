//! From the moment at which a server that already speaks becomes ready to the waiter's exit.

use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use testbed::free_port;
use testbed::postgres::Postgres;
use testbed::redis::{Redis, RedisPlan};

use crate::abreast::{self, moment};
use crate::call::Call;
use crate::latency::judge;
use crate::ours::{self, Ours};
use crate::report::{self, Report};
use crate::servers::{self, Servers, USER};
use crate::{budgets, revisions};

pub(crate) fn measure(report: &mut Report, servers: &Servers, ours: &[&Ours], starts: u16) {
    report::table(
        &format!("Speaks, then ready: time to notice, over {starts} starts"),
        "The instant is the server's own: the time that PostgreSQL tells in the transaction that makes it so, Redis' \
         reply to the command, and for the loading the first PONG, asked for every 2 ms.",
        &["waiter", "what happens", "p50", "p95"],
    );
    let mut row = |name: &str, what: &str, times: &[Duration]| {
        let (p50, p95) = judge(report, name, what, times, starts, budgets::DETECTION_OF_STATE);
        report::row(&[&format!("**{name}**"), what, &p50, &p95]);
    };
    if let Some(tool) = Ours::named(ours, "db-migrate") {
        let postgres = &servers.postgres;
        let times = abreast::collect(starts, |index| database(tool, postgres, index));
        row(tool.name, "a missing database (3D000) is made", &times);
        let times = abreast::collect(starts, |index| revision(tool, postgres, index));
        row(tool.name, "the schema, one revision behind, gets to the head", &times);
    }
    if let Some(tool) = Ours::named(ours, "redis-check") {
        let times = abreast::collect(starts, |_| loading(tool));
        row(tool.name, "the dataset is loaded (LOADING)", &times);
        let times = abreast::collect(starts, |_| promotion(tool));
        row(tool.name, "a replica (READONLY) becomes the master", &times);
    }
}

fn database(tool: &Ours, postgres: &Postgres, index: u16) -> Option<Duration> {
    let (spare, name) = (format!("spare_{index}"), format!("made_{index}"));
    let _ = postgres.sql("postgres", &format!("CREATE DATABASE {spare} OWNER {USER}"));
    let call = ours::database(tool.call().args(["wait", "--for", "database"]), postgres.port());
    let call = call.env("DB_DATABASE", &name);
    told(&call, || at(postgres, "postgres", &format!("ALTER DATABASE {spare} RENAME TO {name}")))
}

fn revision(tool: &Ours, postgres: &Postgres, index: u16) -> Option<Duration> {
    let name = format!("schema_{index}");
    let _ = postgres.sql("postgres", &format!("CREATE DATABASE {name} OWNER {USER}"));
    servers::schema(postgres, &name, &revisions::one_behind());
    let folder = revisions::folder().display().to_string();
    let call = ours::database(tool.call().args(["wait", "--migrations", &folder]), postgres.port());
    let sql = format!("UPDATE alembic_version SET version_num = '{}'", revisions::head());
    told(&call.env("DB_DATABASE", &name), || at(postgres, &name, &sql))
}

/// Makes something so. When, by the server's clock, which is ours.
fn at(postgres: &Postgres, database: &str, sql: &str) -> Option<SystemTime> {
    let clock = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
    let micros = postgres.sql(database, &format!("{sql}; {clock}")).trim().parse().ok()?;
    Some(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
}

/// Waits a while, makes it so, and takes the time from then to the waiter's end.
fn told(call: &Call, change: impl Fn() -> Option<SystemTime>) -> Option<Duration> {
    let running = call.tool().spawn();
    // The end has to be seen while the change's own messenger still runs.
    let waiting = std::thread::spawn(move || (running.wait().code, SystemTime::now()));
    sleep(moment());
    let ready = change();
    let (code, ended) = waiting.join().ok()?;
    (code == 0).then(|| ended.duration_since(ready?).ok()).flatten()
}

/// A dataset of 2000 keys, each of which takes so long that all take 1 to 3 s.
fn loading(tool: &Ours) -> Option<Duration> {
    let mut redis = RedisPlan::new().set("enable-debug-command", "yes").start();
    if redis.ask(&[&["DEBUG", "POPULATE", "2000"], &["SAVE"]]) != "+OK" {
        return None;
    }
    let each = (moment().as_micros() / 2000).to_string();
    redis.restart(&["--key-load-delay", &each, "--loading-process-events-interval-bytes", "1024"]);
    let running = at_redis(tool, &redis).tool().spawn();
    let waiting = std::thread::spawn(move || (running.wait().code, Instant::now()));
    if !redis.ask(&[&["PING"]]).starts_with("-LOADING") {
        return None;
    }
    while redis.ask(&[&["PING"]]) != "+PONG" {
        sleep(Duration::from_millis(2));
    }
    since(Instant::now(), waiting.join().ok()?)
}

/// A replica of a master that was never there.
fn promotion(tool: &Ours) -> Option<Duration> {
    let redis = RedisPlan::new().set("replicaof", format!("127.0.0.1 {}", free_port())).start();
    let running = at_redis(tool, &redis).tool().spawn();
    let waiting = std::thread::spawn(move || (running.wait().code, Instant::now()));
    sleep(moment());
    let reply = redis.ask(&[&["REPLICAOF", "NO", "ONE"]]);
    let ready = Instant::now();
    reply.starts_with("+OK").then(|| since(ready, waiting.join().ok()?)).flatten()
}

fn at_redis(tool: &Ours, redis: &Redis) -> Call {
    ours::redis(tool.call().args(["wait"]), redis.port())
}

fn since(ready: Instant, (code, ended): (i32, Instant)) -> Option<Duration> {
    (code == 0).then(|| ended.saturating_duration_since(ready))
}
