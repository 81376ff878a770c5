//! Running the migration command: its output passed through, signals passed on, its end awaited.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use preflight::report::Reporter;
use preflight::{Exit, Finding, Hop};
use rustix::process::{Pid, Signal, getppid, kill_process, set_parent_process_death_signal};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};

use super::signals::Signals;
use super::tail::Tail;

/// The first argument of a process that is to turn into the command; no verb for users.
const VERB: &str = "become-command";
/// What a shell ends with when it cannot find or start a command, and so do we.
const NOT_FOUND: u8 = 127;
/// What is held back of a line at most, in bytes.
const LONGEST_LINE: usize = 64 * 1024;

/// How a command ended.
pub(super) struct Ended {
    /// Exit code 0.
    pub(super) success: bool,
    /// `exit 1`, `SIGKILL`.
    pub(super) code: String,
    /// The same as a phrase.
    pub(super) how: String,
    /// It could not be started at all.
    pub(super) not_runnable: bool,
    /// Its last lines.
    pub(super) tail: String,
    /// We were told to end meanwhile.
    pub(super) stopped: Option<Exit>,
}

/// Runs a command to its end. With `to_stderr` our standard output is left to JSON.
pub(super) async fn run(
    command: &[OsString],
    to_stderr: bool,
    reporter: &Reporter,
    signals: &mut Signals,
) -> Result<Ended, Finding> {
    let mut child = start(command)?;
    let tail = RefCell::new(Tail::default());
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let pass_stdout = async {
        if to_stderr {
            pass(stdout, std::io::stderr(), &tail, reporter).await;
        } else {
            pass(stdout, std::io::stdout(), &tail, reporter).await;
        }
    };
    let passing = async { tokio::join!(pass_stdout, pass(stderr, std::io::stderr(), &tail, reporter)) };
    tokio::pin!(passing);
    let mut stopped = None;
    let mut drained = false;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            _ = &mut passing, if !drained => drained = true,
            exit = signals.next() => {
                reporter.note("told to end: the signal is passed on, and the end of the migration awaited");
                pass_on(&child, exit);
                stopped = Some(exit);
            }
        }
    };
    // What it left in the pipes; a grandchild that keeps them open is not waited for.
    if !drained {
        let _ = tokio::time::timeout(Duration::from_secs(1), passing).await;
    }
    let status =
        status.map_err(|error| Finding::never(Hop::Config, format!("the command was lost: {error}")))?;
    Ok(ended(status, tail.take().text(), stopped))
}

fn ended(status: ExitStatus, tail: String, stopped: Option<Exit>) -> Ended {
    let (code, how) = match (status.code(), status.signal()) {
        (Some(code), _) => (format!("exit {code}"), format!("ended with exit code {code}")),
        (None, Some(9)) => {
            ("SIGKILL".to_owned(), "was killed (SIGKILL), perhaps for lack of memory".to_owned())
        }
        (None, signal) => {
            let signal = signal.unwrap_or_default();
            (format!("signal {signal}"), format!("was ended by signal {signal}"))
        }
    };
    let not_runnable = status.code() == Some(i32::from(NOT_FOUND));
    Ended { success: status.success(), code, how, not_runnable, tail, stopped }
}

/// Starts it through ourselves, see [`become_command`].
fn start(command: &[OsString]) -> Result<Child, Finding> {
    Command::new("/proc/self/exe")
        .arg(VERB)
        .args(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Finding::never(Hop::Config, format!("cannot start the command: {error}")))
}

/// The child's first moments: it asks the kernel to be killed when the migrator is, so that nothing ever migrates
/// without the lock, and then turns into the command. `None` for a process that is no such child; a number where it
/// cannot turn.
#[must_use]
pub fn become_command() -> Option<u8> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != VERB {
        return None;
    }
    let parent = getppid();
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    if getppid() != parent {
        // Too late: it died before we asked.
        return Some(NOT_FOUND);
    }
    let program = arguments.next()?;
    let error = std::process::Command::new(&program).args(arguments).exec();
    let _ = writeln!(std::io::stderr(), "cannot run {}: {error}", program.display());
    Some(NOT_FOUND)
}

fn pass_on(child: &Child, exit: Exit) {
    let signal = if exit == Exit::Interrupted { Signal::INT } else { Signal::TERM };
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // It may have ended this moment.
        let _ = kill_process(pid, signal);
    }
}

/// Copies line by line, with the secrets of this process masked, and remembers the end.
async fn pass(
    from: Option<impl AsyncRead + Unpin>,
    mut to: impl Write,
    tail: &RefCell<Tail>,
    reporter: &Reporter,
) {
    let Some(mut from) = from else { return };
    let mut piece = vec![0; 4096];
    let mut open: Vec<u8> = Vec::new();
    let mut hand_on = |bytes: &[u8]| {
        let text = reporter.without_secrets(&String::from_utf8_lossy(bytes));
        tail.borrow_mut().feed(text.as_bytes());
        // Nobody reading our output must not stop a migration.
        let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
    };
    while let Ok(size @ 1..) = from.read(&mut piece).await {
        open.extend_from_slice(&piece[..size]);
        let whole = open.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
        // A line without end is handed on in parts: better than to hold all of it.
        if let Some(end) = whole.or((open.len() > LONGEST_LINE).then_some(open.len())) {
            hand_on(&open[..end]);
            open.drain(..end);
        }
    }
    hand_on(&open);
}
