#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! States of folders and of the volumes below them, on real file systems.

mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::Path;
use std::process::Command;

use common::{seen, tool};
use tempfile::TempDir;
use testbed::{Seen, Tool, prove};

fn open_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    mode(folder.path(), 0o755);
    folder
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn check(verb: &str, path: &Path) -> Seen {
    seen(tool(verb).env("OPENDAL_FS_ROOT", path.display()).env("PREFLIGHT_GRACE", "0s"))
}

/// As a user without rights, from a copy of the binary that such a user may start.
fn as_user(user: u32, verb: &str, path: &Path) -> Seen {
    let folder = open_folder();
    let copy = folder.path().join("storage-bootstrap");
    fs::copy(env!("CARGO_BIN_EXE_storage-bootstrap"), &copy).unwrap();
    mode(&copy, 0o755);
    let (uid, gid) = (format!("--reuid={user}"), format!("--regid={user}"));
    let tool = Tool::new("/usr/bin/setpriv")
        .args([uid.as_str(), &gid, "--clear-groups", "--", copy.to_str().unwrap(), verb, "--output", "json"])
        .env("PREFLIGHT_GRACE", "0s")
        .env("OPENDAL_FS_ROOT", path.display());
    seen(tool)
}

/// With the folder prepared by a line of shell, in a mount namespace of its own. `$1` is the folder.
fn mounted(line: &str, path: &Path) -> Seen {
    let script = format!("{line} && shift && exec \"$@\"");
    let tool = Tool::new("/usr/bin/unshare")
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("OPENDAL_FS_ROOT", path.display())
        .args(["--mount", "--propagation", "private", "--", "/bin/sh", "-c", &script, "sh"])
        .args([path.to_str().unwrap(), env!("CARGO_BIN_EXE_storage-bootstrap"), "check", "--output", "json"]);
    seen(tool)
}

#[test]
fn a_folder_and_whose_it_is() {
    let folder = open_folder();
    chown(folder.path(), Some(1001), Some(1001)).unwrap();
    prove!("folder/ready", &as_user(1001, "check", folder.path()));
    prove!("folder/somebody-elses", &as_user(65532, "check", folder.path()));
    let root = open_folder();
    prove!("folder/not-for-dify", &check("check", root.path()));
    prove!("folder/owned-by-root", &as_user(1001, "check", root.path()));
    let closed = open_folder();
    mode(closed.path(), 0o700);
    fs::create_dir(closed.path().join("storage")).unwrap();
    prove!("folder/not-seen", &as_user(1001, "check", &closed.path().join("storage")));
    mode(root.path(), 0o2775);
    chown(root.path(), Some(0), Some(65532)).unwrap();
    let made = as_user(65532, "ensure", &root.path().join("made"));
    prove!("folder/made", &made);
    let made = fs::metadata(root.path().join("made")).unwrap().permissions().mode();
    assert_eq!(made & 0o7777, 0o2775, "the group of the volume may write");
    prove!("folder/missing", &check("check", &root.path().join("no/such")));
    fs::write(root.path().join("file"), "").unwrap();
    prove!("folder/is-a-file", &check("ensure", &root.path().join("file")));
    symlink(root.path().join("gone"), root.path().join("link")).unwrap();
    prove!("folder/dangling-link", &check("ensure", &root.path().join("link")));
    symlink(root.path().join("made"), root.path().join("good-link")).unwrap();
    check("check", &root.path().join("good-link")).expect_ready(&["good-link: written to"]);
    symlink(root.path().join("loop"), root.path().join("loop")).unwrap();
    prove!("folder/link-to-itself", &check("check", &root.path().join("loop")));
    prove!("folder/empty-path", &seen(tool("check").env("OPENDAL_FS_ROOT", "")));
}

#[test]
fn a_volume_and_what_is_wrong_with_it() {
    let folder = open_folder();
    prove!("volume/read-only", &mounted("mount -t tmpfs -o ro tmpfs \"$1\"", folder.path()));
    let full = "mount -t tmpfs -o size=4k tmpfs \"$1\" && { head -c 4096 /dev/zero >\"$1/f\"; :; }";
    prove!("volume/full", &mounted(full, folder.path()));
    let no_inode = "mount -t tmpfs -o nr_inodes=2 tmpfs \"$1\" && { : >\"$1/f\"; :; }";
    prove!("volume/no-inode", &mounted(no_inode, folder.path()));
    let small = mounted("mount -t tmpfs -o size=1m tmpfs \"$1\"", folder.path());
    prove!("volume/in-memory", &small);
    prove!("volume/little-room", &small);
}

/// A file system in a file, as a volume that one node alone may mount.
#[test]
fn a_block_device() {
    let folder = open_folder();
    let image = folder.path().join("image");
    let made = Command::new("sh")
        .args(["-c", "truncate -s 80M \"$1\" && mkfs.ext4 -q \"$1\"", "sh", image.to_str().unwrap()])
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .status();
    assert!(made.is_ok_and(|status| status.success()), "mkfs.ext4");
    let point = folder.path().join("point");
    fs::create_dir(&point).unwrap();
    let mount = format!("mount -o loop '{}' \"$1\"", image.display());
    prove!("volume/of-one-node", &mounted(&mount, &point));
}

#[test]
fn a_container_without_a_volume() {
    let folder = open_folder();
    for name in ["upper", "work", "root"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    let at = folder.path().display();
    let script = format!(
        "mount -t tmpfs tmpfs '{at}/upper' && mkdir '{at}/upper/u' '{at}/upper/w' && \
         mount -t overlay -o lowerdir=/,upperdir='{at}/upper/u',workdir='{at}/upper/w' overlay '{at}/root' && \
         mount --bind /proc '{at}/root/proc' && exec chroot '{at}/root' \"$@\""
    );
    let tool = Tool::new("/usr/bin/unshare")
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("OPENDAL_FS_ROOT", "/var/lib/dify-preflight-test")
        .args(["--mount", "--propagation", "private", "--", "/bin/sh", "-c", &script, "sh"])
        .args([env!("CARGO_BIN_EXE_storage-bootstrap"), "ensure", "--output", "json"]);
    prove!("volume/none", &seen(tool));
}

#[test]
fn the_other_names_of_a_folder() {
    let folder = open_folder();
    mode(folder.path(), 0o777);
    let local = tool("check").env("STORAGE_TYPE", "local").env("STORAGE_LOCAL_PATH", folder.path().display());
    prove!("folder/local", &seen(local));
    let daemon = tool("check").args(["--for", "daemon"]);
    prove!("folder/daemon", &seen(daemon.env("PLUGIN_STORAGE_LOCAL_ROOT", folder.path().display())));
}
