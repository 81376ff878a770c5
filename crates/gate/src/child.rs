//! One running command: its lines, its end, and the signals it is passed.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use preflight::report::Line;
use preflight::report::json::SCHEMA;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Child;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::command::{Command, Settings};

/// A report's line is far shorter; whoever writes more without a line break writes no report.
const LINE_LIMIT: usize = 64 * 1024;
/// After a child's end its pipe may still be held open by something that it started.
const DRAIN: Duration = Duration::from_millis(200);

/// What a child did.
pub(crate) enum Said {
    /// A line of its report.
    Line(Box<Line>),
    /// Something on its standard output that is no report.
    Noise,
    /// Its end.
    Ended(io::Result<ExitStatus>),
}

/// The way to send signals to a running child. They are sent by the task that also reaps it, so that none
/// reaches a stranger who has been given the same process id.
pub(crate) struct Handle(UnboundedSender<Signal>);

impl Handle {
    /// Sends a signal, if the child still runs.
    pub(crate) fn signal(&self, signal: Signal) {
        let _ = self.0.send(signal);
    }
}

/// Starts a command; what it does arrives at `said` with its `index`.
pub(crate) fn start(
    command: &Command,
    settings: &Settings,
    index: usize,
    said: UnboundedSender<(usize, Said)>,
) -> io::Result<Handle> {
    let child = command.prepare(settings).spawn()?;
    let (sender, signals) = unbounded_channel();
    tokio::spawn(follow(child, signals, index, said));
    Ok(Handle(sender))
}

async fn follow(
    mut child: Child,
    mut signals: UnboundedReceiver<Signal>,
    index: usize,
    said: UnboundedSender<(usize, Said)>,
) {
    let stdout = child.stdout.take();
    let reading = async {
        if let Some(stdout) = stdout {
            read(stdout, |what| drop(said.send((index, what)))).await;
        }
    };
    tokio::pin!(reading);
    let mut read_all = false;
    let status = loop {
        tokio::select! {
            () = &mut reading, if !read_all => read_all = true,
            Some(signal) = signals.recv() => send(&child, signal),
            status = child.wait() => break status,
        }
    };
    if !read_all {
        let _ = tokio::time::timeout(DRAIN, reading).await;
    }
    let _ = said.send((index, Said::Ended(status)));
}

fn send(child: &Child, signal: Signal) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(pid) = pid {
        let _ = kill_process(pid, signal);
    }
}

async fn read(mut from: impl AsyncRead + Unpin, tell: impl Fn(Said)) {
    let mut pending: Vec<u8> = Vec::new();
    let mut chunk = [0; 8192];
    while let Ok(count @ 1..) = from.read(&mut chunk).await {
        pending.extend_from_slice(&chunk[..count]);
        while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = pending.drain(..=end).collect();
            tell(parse(&line));
        }
        if pending.len() > LINE_LIMIT {
            pending.clear();
            tell(Said::Noise);
        }
    }
    if !pending.is_empty() {
        tell(parse(&pending));
    }
}

fn parse(line: &[u8]) -> Said {
    report(line).map_or(Said::Noise, |line| Said::Line(Box::new(line)))
}

/// A line of a report, if that is what it is: one of another schema may mean something else by the same words.
pub(crate) fn report(line: &[u8]) -> Option<Line> {
    serde_json::from_slice(line).ok().filter(|line: &Line| line.schema == SCHEMA)
}
