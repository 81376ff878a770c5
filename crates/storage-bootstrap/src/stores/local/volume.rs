//! What the kernel knows of the volume below a folder, and what of it will be felt later.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::cli::Side;

/// The user of Dify's images for api, worker and scheduler.
const DIFY: u32 = 1001;
/// Less than this is used up by a few uploads.
const LITTLE: u64 = 64 * 1024 * 1024;
/// File systems that one node alone may mount for writing.
const OF_ONE_NODE: [&str; 4] = ["ext4", "ext3", "xfs", "btrfs"];

/// A line of `/proc/self/mountinfo`, as far as it is of use.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mount {
    point: String,
    kind: String,
    source: String,
}

/// The mount that a path lies on: the last of those with the longest mount point.
pub(super) fn mount_of(table: &str, path: &Path) -> Option<Mount> {
    let mut best: Option<Mount> = None;
    for mount in table.lines().filter_map(parse) {
        let longer = best.as_ref().is_none_or(|best| mount.point.len() >= best.point.len());
        if path.starts_with(&mount.point) && longer {
            best = Some(mount);
        }
    }
    best
}

/// `36 35 98:0 /root /point rw,noatime master:1 - ext4 /dev/sda1 rw`
fn parse(line: &str) -> Option<Mount> {
    let (before, after) = line.split_once(" - ")?;
    let mut after = after.split(' ');
    Some(Mount {
        point: unescape(before.split(' ').nth(4)?),
        kind: after.next()?.to_owned(),
        source: unescape(after.next().unwrap_or_default()),
    })
}

/// A space is written `\040`.
fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('\\') {
        plain.push_str(&rest[..start]);
        let code = rest.get(start + 1..start + 4).and_then(|code| u8::from_str_radix(code, 8).ok());
        let code = code.filter(u8::is_ascii);
        plain.push(code.map_or('\\', char::from));
        rest = &rest[start + if code.is_some() { 4 } else { 1 }..];
    }
    plain + rest
}

/// Warnings about a folder that can be written to.
pub(super) fn warnings(path: &Path, side: Side) -> Vec<String> {
    let mut found = Vec::new();
    let table = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    found.extend(mount_of(&table, &real).and_then(|mount| of_mount(&mount, path, side)));
    if let Ok(space) = rustix::fs::statvfs(path) {
        found.extend(of_space(space.f_bavail.saturating_mul(space.f_frsize), path));
    }
    let uid = rustix::process::geteuid().as_raw();
    if side == Side::Api
        && uid != DIFY
        && let Ok(folder) = fs::metadata(path)
        && !may_write(&folder)
    {
        found.push(format!(
            "uid {uid} may write to {}, and Dify's uid {DIFY} may not: it is owned by {}:{}, mode {:04o}",
            path.display(),
            folder.uid(),
            folder.gid(),
            folder.mode() & 0o7777
        ));
    }
    found
}

fn of_mount(mount: &Mount, path: &Path, side: Side) -> Option<String> {
    let path = path.display();
    if mount.kind == "overlay" && mount.point == "/" {
        return Some(format!(
            "{path} is not a mounted volume: what is kept there is lost with the container"
        ));
    }
    if mount.kind == "tmpfs" {
        return Some(format!("{path} is kept in memory (tmpfs): what is there is lost with the pod"));
    }
    if side == Side::Api && OF_ONE_NODE.contains(&mount.kind.as_str()) && mount.point != "/" {
        return Some(format!(
            "{path} is on {} of one node ({}): api and worker must run on that node, or use a ReadWriteMany claim",
            mount.kind, mount.source
        ));
    }
    None
}

fn of_space(free: u64, path: &Path) -> Option<String> {
    (free < LITTLE).then(|| format!("only {} MiB are left in {}", free / 1024 / 1024, path.display()))
}

/// By owner and mode alone. Which groups Dify's user is in cannot be known here: fsGroup adds one.
fn may_write(folder: &fs::Metadata) -> bool {
    let mode = folder.mode();
    (folder.uid() == DIFY && mode & 0o300 == 0o300) || mode & 0o030 == 0o030 || mode & 0o003 == 0o003
}

/// The most particular reason for `ENOSPC`.
pub(super) fn no_inode_left(path: &Path) -> bool {
    rustix::fs::statvfs(path).is_ok_and(|space| space.f_files > 0 && space.f_favail == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "22 1 0:21 / / rw,relatime - overlay overlay rw\n\
        30 22 8:16 / /app/api/storage rw - ext4 /dev/sdb rw\n\
        31 22 0:40 / /app/with\\040space rw shared:1 - nfs4 nas:/dify rw\n\
        32 22 0:41 / /tmp rw - tmpfs tmpfs rw\n\
        nonsense\n";

    fn said(path: &str) -> Option<String> {
        let path = Path::new(path);
        of_mount(&mount_of(TABLE, path).unwrap(), path, Side::Api)
    }

    #[test]
    fn the_volume_below_a_folder_is_named() {
        assert!(said("/app/api/storage/x").unwrap().contains("ext4 of one node (/dev/sdb)"));
        assert!(said("/app/api/storage2").unwrap().contains("not a mounted volume"));
        assert!(said("/tmp/x").unwrap().contains("in memory"));
        assert_eq!(said("/app/with space/x"), None);
        assert_eq!(mount_of(TABLE, Path::new("/app/with space")).unwrap().source, "nas:/dify");
    }

    #[test]
    fn little_space_is_told() {
        assert!(of_space(1024 * 1024, Path::new("/x")).unwrap().contains("only 1 MiB"));
        assert_eq!(of_space(LITTLE, Path::new("/x")), None);
    }

    proptest::proptest! {
        #[test]
        fn any_table_is_read(table in ".*", path in "/.*") {
            let _ = mount_of(&table, Path::new(&path));
            let _ = mount_of(&format!("1 2 3 4 {path} x - {table}"), Path::new(&path));
        }
    }
}
