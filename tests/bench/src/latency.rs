//! From the moment at which a real server can be reached (or is ready) to the waiter's exit.
//!
//! The server runs all the time, behind a forwarder that does not listen yet: so the moment is exact, and the same
//! for us and for the others.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use testbed::postgres::Postgres;
use testbed::redis::{Redis, RedisPlan};
use testbed::{Tool, free_port};

use crate::budgets;
use crate::peers::{self, Peer};
use crate::report::{self, Report, ms};
use crate::stats::percentile;
use crate::tools::Ours;

/// Waiters that sleep side by side; more would measure the machine.
const SIDE_BY_SIDE: usize = 5;

pub(crate) fn measure(report: &mut Report, starts: usize) {
    let (postgres, redis) = (Postgres::start(), Redis::start());
    let login = postgres.env();
    report::table(
        &format!("Refused, then ready: time to notice, {starts} starts each"),
        &["server", "waiter", "what it proves", "p50", "p95"],
    );
    ours(
        report,
        "PostgreSQL",
        "db-migrate",
        starts,
        &|port| {
            let tool = Ours::named("db-migrate").map(|ours| ours.waiting_for(port))?;
            // The port of the forwarder, not the server's own.
            Some(tool.envs(login.iter().filter(|(name, _)| *name != "DB_PORT").cloned()))
        },
        postgres.port(),
    );
    others("PostgreSQL", &peers::OF_POSTGRES, starts, postgres.port());
    ours(
        report,
        "Redis",
        "redis-check",
        starts,
        &|port| Ours::named("redis-check").map(|ours| ours.waiting_for(port)),
        redis.port(),
    );
    others("Redis", &peers::OF_REDIS, starts, redis.port());
    states(report, &postgres, starts.min(10));
}

fn ours(
    report: &mut Report,
    server: &str,
    name: &str,
    starts: usize,
    waiter: &(dyn Fn(u16) -> Option<Tool> + Sync),
    port: u16,
) {
    let sample = sample(starts, port, waiter);
    report.all_ended(name, sample.len(), starts);
    report::row(&[
        server.to_owned(),
        format!("**{name}**"),
        "login and writes".to_owned(),
        ms(percentile(&sample, 50)),
        report.time(&format!("detection by {name}"), percentile(&sample, 95), budgets::DETECTION),
    ]);
}

fn others(server: &str, peers: &[Peer], starts: usize, port: u16) {
    for peer in peers {
        let (p50, p95) = if let Some(absence) = peer.absence() {
            (absence, "not measured".to_owned())
        } else {
            let sample = sample(starts, port, &|port| Some(peer.waiting_for(port)));
            (ms(percentile(&sample, 50)), ms(percentile(&sample, 95)))
        };
        report::row(&[server.to_owned(), peer.name.to_owned(), peer.proves.to_owned(), p50, p95]);
    }
}

/// Latencies of so many starts.
fn sample(starts: usize, server: u16, waiter: &(dyn Fn(u16) -> Option<Tool> + Sync)) -> Vec<Duration> {
    let indexes: Vec<usize> = (0..starts).collect();
    indexes
        .chunks(SIDE_BY_SIDE)
        .flat_map(|chunk| {
            thread::scope(|scope| {
                let running: Vec<_> =
                    chunk.iter().map(|index| scope.spawn(move || one(*index, server, waiter))).collect();
                running.into_iter().filter_map(|thread| thread.join().ok().flatten()).collect::<Vec<_>>()
            })
        })
        .collect()
}

fn one(index: usize, server: u16, waiter: &(dyn Fn(u16) -> Option<Tool> + Sync)) -> Option<Duration> {
    let port = free_port();
    let running = waiter(port)?.spawn();
    // Spread over 1 to 3 s, the same for every waiter.
    sleep(Duration::from_millis(1000 + (index as u64 * 677) % 2000));
    let listener = TcpListener::bind(("127.0.0.1", port)).ok()?;
    let opened = Instant::now();
    thread::spawn(move || forward(&listener, server));
    let run = running.wait();
    (run.code == 0).then(|| opened.elapsed())
}

/// Passes every connection on, for as long as the benchmark runs.
fn forward(listener: &TcpListener, server: u16) {
    for client in listener.incoming().flatten() {
        let Ok(upstream) = TcpStream::connect(("127.0.0.1", server)) else { continue };
        for (from, to) in
            [(client.try_clone(), upstream.try_clone()), (upstream.try_clone(), client.try_clone())]
        {
            let (Ok(mut from), Ok(mut to)) = (from, to) else { continue };
            thread::spawn(move || {
                let _ = io::copy(&mut from, &mut to);
                let _ = to.shutdown(Shutdown::Write);
            });
        }
    }
}

/// A server that answers, but is not ready: a database that is made, a replica that becomes a master.
fn states(report: &mut Report, postgres: &Postgres, starts: usize) {
    report::table(
        &format!("Speaks, then ready: time to notice, {starts} starts each"),
        &["what happens", "waiter", "p50", "p95"],
    );
    let databases: Vec<Duration> = (0..starts)
        .filter_map(|index| {
            let database = format!("made_{index}");
            let tool = Ours::named("db-migrate")?.waiting_for(postgres.port()).envs(postgres.env());
            let running = tool.env("DB_DATABASE", &database).spawn();
            sleep(Duration::from_millis(1000 + (index as u64 * 677) % 2000));
            let _ = postgres.sql("postgres", &format!("CREATE DATABASE {database} OWNER dify"));
            let ready = Instant::now();
            (running.wait().code == 0).then(|| ready.elapsed())
        })
        .collect();
    report.all_ended("db-migrate", databases.len(), starts);
    state_row(report, "a missing database is created", "db-migrate", &databases);
    let promotions: Vec<Duration> = (0..starts)
        .filter_map(|index| {
            let redis = RedisPlan::new().set("replicaof", format!("127.0.0.1 {}", free_port())).start();
            let running = Ours::named("redis-check")?.waiting_for(redis.port()).spawn();
            sleep(Duration::from_millis(1000 + (index as u64 * 677) % 2000));
            let _ = redis.ask(&[&["REPLICAOF", "NO", "ONE"]]);
            let ready = Instant::now();
            (running.wait().code == 0).then(|| ready.elapsed())
        })
        .collect();
    report.all_ended("redis-check", promotions.len(), starts);
    state_row(report, "a replica becomes a master", "redis-check", &promotions);
}

fn state_row(report: &mut Report, what: &str, name: &str, sample: &[Duration]) {
    report::row(&[
        what.to_owned(),
        format!("**{name}**"),
        ms(percentile(sample, 50)),
        report.time(&format!("{what}, by {name}"), percentile(sample, 95), budgets::DETECTION_OF_STATE),
    ]);
}
