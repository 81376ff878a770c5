//! What the binaries may cost. The only place with these numbers.

use std::time::Duration;

/// Size of a binary, in 10^6 bytes.
pub(crate) fn size_mb(tool: &str) -> f64 {
    if tool == "storage-bootstrap" { 10.0 } else { 5.0 }
}

/// The image, in 10^6 bytes: it holds the binaries and the licence.
pub(crate) const IMAGE_MB: f64 = 30.0;

/// Peak resident memory while waiting, in 2^20 bytes.
pub(crate) fn memory_mib(tool: &str) -> f64 {
    if tool == "storage-bootstrap" { 16.0 } else { 8.0 }
}

/// `--help`, median.
pub(crate) const HELP: Duration = Duration::from_millis(5);
/// From SIGTERM to the end, the slowest.
pub(crate) const TERMINATION: Duration = Duration::from_millis(100);
/// From a refused port to a proven server, 95th percentile.
pub(crate) const DETECTION: Duration = Duration::from_millis(450);
/// From a server that speaks but is not ready to one that is, 95th percentile.
pub(crate) const DETECTION_OF_STATE: Duration = Duration::from_millis(1200);
/// What the init containers of a pod add when everything is there already.
pub(crate) const INIT_CONTAINERS: Duration = Duration::from_secs(3);
