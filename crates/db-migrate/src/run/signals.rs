//! SIGTERM and SIGINT, heard from the start of a run to its end, so that none is lost between two steps.

use preflight::Exit;
use tokio::signal::unix::{Signal, SignalKind, signal};

pub(super) struct Signals {
    terminate: Option<Signal>,
    interrupt: Option<Signal>,
}

impl Signals {
    pub(super) fn listen() -> Self {
        Self {
            terminate: signal(SignalKind::terminate()).ok(),
            interrupt: signal(SignalKind::interrupt()).ok(),
        }
    }

    /// The next one, as the exit that it asks for.
    pub(super) async fn next(&mut self) -> Exit {
        tokio::select! {
            () = heard(self.terminate.as_mut()) => Exit::Terminated,
            () = heard(self.interrupt.as_mut()) => Exit::Interrupted,
        }
    }
}

async fn heard(signal: Option<&mut Signal>) {
    if let Some(signal) = signal
        && signal.recv().await.is_some()
    {
        return;
    }
    std::future::pending::<()>().await;
}
