//! How large the files are.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::budgets;
use crate::ours::Ours;
use crate::peers::{self, Peer};
use crate::report::{self, Report};

pub(crate) fn measure(report: &mut Report, ours: &[&Ours], peers: &[&Peer]) {
    report::table(
        "Size",
        "Ours need nothing beside themselves. Of the others: the program, what it loads, and the shell and its \
         tools where it needs them.",
        &["waiter", "size"],
    );
    let mut all = 0.0;
    for tool in ours {
        let size = megabytes(&tool.path());
        all += size;
        let shown = report.size(&format!("size of {}", tool.name), size, budgets::size_mb(tool.name), "MB");
        report::row(&[&format!("**{}**", tool.name), &shown]);
    }
    if ours.len() == crate::ours::ALL.len() {
        let shown = report.size("size of the image", all, budgets::IMAGE_MB, "MB");
        report::row(&["**the image**: all of ours", &shown]);
    }
    for peer in peers {
        if peer.call().is_some() {
            let size: f64 = with_libraries(&peer.files()).iter().map(|file| megabytes(file)).sum();
            report::row(&[peer.name, &format!("{size:.2} MB")]);
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "no file has 2^52 bytes")]
fn megabytes(file: &Path) -> f64 {
    fs::metadata(file).map_or(f64::NAN, |meta| meta.len() as f64 / 1e6)
}

/// Each file once, whatever it is called.
fn with_libraries(files: &[PathBuf]) -> BTreeSet<PathBuf> {
    let libraries = files.iter().flat_map(|file| peers::libraries(file));
    files.iter().cloned().chain(libraries).map(|file| fs::canonicalize(&file).unwrap_or(file)).collect()
}
