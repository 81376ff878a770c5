//! SIGTERM and SIGINT.
//!
//! In a container the tool is process 1, for which the kernel has no default action: without a handler a
//! SIGTERM would be ignored until the kubelet kills it.

use tokio::signal::unix::{SignalKind, signal};

use crate::exit::Exit;

/// Resolves when the process is told to end. Never resolves where handlers cannot be installed.
pub async fn asked_to_end() -> Exit {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => Exit::Terminated,
        _ = interrupt.recv() => Exit::Interrupted,
    }
}
