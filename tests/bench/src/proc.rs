//! What the kernel says about processes.

use std::fs;

/// A line of `/proc/PID/status`.
fn status(pid: u32, name: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(|rest| rest.trim().to_owned()))
}

/// The most memory that a process ever had resident, in MiB; none if it is gone.
pub(crate) fn peak_memory(pid: u32) -> Option<f64> {
    let kib: f64 = status(pid, "VmHWM")?.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

/// The processes that it started and that are still there.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let all = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    all.filter(|child| status(*child, "PPid").is_some_and(|parent| parent == pid.to_string())).collect()
}

/// The sum over a process and all that it started, as far as they are still there.
pub(crate) fn peak_memory_of_all(pid: u32) -> f64 {
    let below: f64 = children(pid).into_iter().map(peak_memory_of_all).sum();
    peak_memory(pid).unwrap_or_default() + below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_a_peak_and_the_children_it_starts() {
        let own = std::process::id();
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        assert!(peak_memory(own).unwrap() > 0.1);
        assert!(children(own).contains(&child.id()));
        assert!(peak_memory_of_all(own) >= peak_memory(own).unwrap());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!children(own).contains(&child.id()));
    }
}
