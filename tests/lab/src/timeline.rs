//! When each pod started what, and what it waited for, as a picture.
//!
//! ```text
//! 0s                                                  24s
//! ··▒▒                                                     dify-keys        done   plugin-keys 0.4s
//! ·····░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒██████                          dify-api         ready  wait-migrations 9s (waited 8.7s: ...)
//! ```

use std::time::{Duration, SystemTime};

use crate::pods::{Container, Pod};
use crate::table::columns;

const WIDTH: usize = 44;

/// Not yet started, first init container, further ones, main container running but not Ready, Ready.
const LEGEND: &str = "· scheduled  ░ gate  ▒ wait-migrations or a Job's work  ▓ starting  █ ready";

/// The picture of all pods, in the order of their main containers' start.
#[must_use]
pub fn picture(pods: &[Pod]) -> String {
    let Some(start) = pods.iter().map(|pod| pod.created).min() else { return "no pods".to_owned() };
    let end = pods.iter().flat_map(ends).max().unwrap_or(start);
    let span = since(start, end).max(Duration::from_secs(1));
    let mut sorted: Vec<&Pod> = pods.iter().collect();
    sorted.sort_by_key(|pod| (pod.main_started().unwrap_or(end), pod.name.clone()));

    let axis = format!("0s{:>width$}s", span.as_secs(), width = WIDTH - 3);
    let mut rows = vec![vec![axis, "POD".to_owned(), "AT".to_owned(), "BEFORE IT STARTED".to_owned()]];
    for pod in sorted {
        let settled =
            if pod.succeeded() { pod.main.iter().filter_map(|c| c.finished).max() } else { pod.ready_at };
        let at = settled.map_or_else(
            || pod.state(),
            |at| {
                format!("{} {}s", if pod.succeeded() { "done" } else { "ready" }, since(start, at).as_secs())
            },
        );
        rows.push(vec![bar(pod, start, span), pod.component.clone(), at, waits(pod)]);
    }
    format!("{}\n{LEGEND}", columns(&rows))
}

fn bar(pod: &Pod, start: SystemTime, span: Duration) -> String {
    let mut cells = vec![' '; WIDTH];
    let mut paint = |from: SystemTime, to: SystemTime, with: char| {
        let (from, to) = (cell(since(start, from), span), cell(since(start, to), span));
        for place in cells.iter_mut().take(to.min(WIDTH - 1) + 1).skip(from) {
            *place = with;
        }
    };
    let end = start + span;
    paint(pod.created, end, if pod.succeeded() { ' ' } else { '·' });
    if let Some(first) = pod.init.first().or(pod.main.first()).and_then(|container| container.started) {
        paint(pod.created, first, '·');
    }
    for (index, container) in pod.init.iter().enumerate() {
        let Some(from) = container.started else { continue };
        paint(from, container.finished.unwrap_or(end), if index == 0 { '░' } else { '▒' });
    }
    for container in &pod.main {
        let Some(from) = container.started else { continue };
        if let Some(to) = container.finished {
            paint(from, to, '▒');
        } else {
            paint(from, pod.ready_at.unwrap_or(end), '▓');
        }
    }
    if let Some(from) = pod.ready_at.filter(|_| !pod.succeeded()) {
        paint(from, end, '█');
    }
    cells.into_iter().collect()
}

/// What each container that has ended said of its wait.
fn waits(pod: &Pod) -> String {
    let jobs_work = pod.main.iter().filter(|container| container.finished.is_some());
    let told: Vec<String> = pod.init.iter().chain(jobs_work).filter_map(wait).collect();
    if told.is_empty() { "nothing to wait for".to_owned() } else { told.join(", ") }
}

fn wait(container: &Container) -> Option<String> {
    let took = since(container.started?, container.finished?);
    let longest = container.message.as_deref().and_then(longest_wait);
    Some(match longest {
        Some(reason) => format!("{} {}s ({reason})", container.name, took.as_secs()),
        None => format!("{} {}s", container.name, took.as_secs()),
    })
}

/// From termination messages such as `tool: app redis:6379: ready after 3s, waited 2.9s: connection refused by redis:6379`
/// the sentence of the longest wait.
fn longest_wait(message: &str) -> Option<String> {
    message
        .lines()
        .filter_map(|line| line.split_once(", waited "))
        .filter_map(|(_, rest)| rest.split_once(": "))
        .filter_map(|(time, reason)| Some((humantime::parse_duration(&whole(time)).ok()?, reason)))
        .max_by_key(|(time, _)| *time)
        .map(|(_, reason)| reason.to_owned())
}

/// `2.9s` as `2900ms`, which the duration parser can read.
fn whole(time: &str) -> String {
    time.strip_suffix('s')
        .and_then(|seconds| seconds.parse::<f64>().ok())
        .map_or_else(|| time.to_owned(), |seconds| format!("{:.0}ms", seconds * 1000.0))
}

fn ends(pod: &Pod) -> Vec<SystemTime> {
    let finished = pod.init.iter().chain(&pod.main).filter_map(|container| container.finished);
    finished.chain(pod.ready_at).chain(pod.main_started()).chain([pod.created]).collect()
}

fn since(start: SystemTime, at: SystemTime) -> Duration {
    at.duration_since(start).unwrap_or_default()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn cell(at: Duration, span: Duration) -> usize {
    (at.as_secs_f64() / span.as_secs_f64() * (WIDTH - 1) as f64).round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_is_told() {
        let message = "gate: redis-check app r:1: ready after 3s, waited 2.9s: connection refused by r:1\n\
                       gate: storage-bootstrap s: ready after 1s, waited 0.4s: no bucket";
        assert_eq!(longest_wait(message).as_deref(), Some("connection refused by r:1"));
        assert_eq!(longest_wait("gate: redis-check app r:1: ready after 0.1s"), None);
    }
}
