//! Size, `--help`, peak memory while waiting, and SIGTERM to the end: for each binary.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use testbed::{Tool, free_port};

use crate::report::{self, Report};
use crate::stats::percentile;
use crate::{budgets, tools};

const HELPS: usize = 50;
/// Long enough for every kind of try to have been made.
const WAIT: Duration = Duration::from_secs(5);

pub(crate) fn measure(report: &mut Report) {
    report::table(
        "Each binary",
        &["binary", "size", "--help, median", "peak RSS while waiting", "SIGTERM to exit"],
    );
    for ours in &tools::ALL {
        let name = ours.name;
        let path = tools::path(name);
        let Ok(meta) = fs::metadata(&path) else {
            report::say(&format!("{name}: not built; `just binaries` builds it"));
            continue;
        };
        #[allow(clippy::cast_precision_loss, reason = "a size in megabytes")]
        let size = meta.len() as f64 / 1e6;
        let helps: Vec<Duration> = (0..HELPS).map(|_| Tool::new(&path).args(["--help"]).run().time).collect();
        // Nothing listens on a port that was just free.
        let running = ours.waiting_for(free_port()).spawn();
        sleep(WAIT);
        let memory = peak_memory(running.pid());
        let asked = Instant::now();
        running.signal("TERM");
        let _ = running.wait();
        let end = asked.elapsed();
        report::row(&[
            name.to_owned(),
            report.size(&format!("size of {name}"), size, budgets::size_mb(name), "MB"),
            report.time(&format!("--help of {name}"), percentile(&helps, 50), budgets::HELP),
            report.size(&format!("memory of {name}"), memory, budgets::memory_mib(name), "MiB"),
            report.time(&format!("end of {name}"), end, budgets::TERMINATION),
        ]);
    }
}

/// `VmHWM` of a process, in MiB.
fn peak_memory(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: f64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(f64::NAN);
    kib / 1024.0
}
