#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! Every state of a folder.

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::thread;

use common::{Verdict, plain, tool};
use tempfile::TempDir;
use testbed::Tool;

/// A folder that every user may look into.
fn open_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn check(verb: &str, path: &Path) -> Verdict {
    Verdict::of(tool(verb).env("OPENDAL_FS_ROOT", path.display()).env("PREFLIGHT_GRACE", "0s"))
}

/// As a user without rights, from a copy of the binary that such a user may start.
fn as_stranger(verb: &str, path: &Path) -> Verdict {
    let folder = open_folder();
    let copy = folder.path().join("storage-bootstrap");
    fs::copy(env!("CARGO_BIN_EXE_storage-bootstrap"), &copy).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
    let tool = Tool::new("/usr/bin/setpriv")
        .args(["--reuid=65532", "--regid=65532", "--clear-groups", "--", copy.to_str().unwrap(), verb])
        .args(["--output", "json"])
        .env("PREFLIGHT_GRACE", "0s")
        .env("OPENDAL_FS_ROOT", path.display());
    Verdict::of(tool)
}

fn entries(path: &Path) -> Vec<PathBuf> {
    fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_folder_is_written_to_and_left_as_it_was() {
    let folder = open_folder();
    check("check", folder.path()).expect_ready("written to, read from and deleted from");
    assert_eq!(entries(folder.path()), Vec::<PathBuf>::new());
    let local = tool("check").env("STORAGE_TYPE", "local").env("STORAGE_LOCAL_PATH", folder.path().display());
    Verdict::of(local).expect_ready("written to");
    let daemon =
        tool("check").args(["--for", "daemon"]).env("PLUGIN_STORAGE_LOCAL_ROOT", folder.path().display());
    let verdict = Verdict::of(daemon);
    verdict.expect_ready("written to");
    assert_eq!(verdict.result()["check"], "daemon");
}

#[test]
fn a_missing_folder_is_named_made_and_then_left_alone() {
    let folder = open_folder();
    let path = folder.path().join("a/b");
    check("check", &path).expect(69, "suspect", "state", "ENOENT");
    check("wait", &path).expect(69, "suspect", "state", "ENOENT");
    assert!(!path.exists());
    check("ensure", &path).expect_ready("created, and written to");
    let again = check("ensure", &path);
    again.expect_ready("written to");
    assert!(!again.message().contains("created"), "{}", again.message());
}

#[test]
fn many_at_once_do_not_meet() {
    let folder = open_folder();
    let path = folder.path().join("together");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| check("ensure", &path).expect_ready("written to"));
        }
    });
    assert_eq!(entries(&path), Vec::<PathBuf>::new());
}

#[test]
fn a_file_is_no_folder() {
    let folder = open_folder();
    let path = folder.path().join("file");
    fs::write(&path, "").unwrap();
    for path in [path.clone(), path.join("below")] {
        for verb in ["check", "ensure"] {
            check(verb, &path).expect(69, "never", "state", "ENOTDIR");
        }
    }
}

#[test]
fn somebody_elses_folder_is_named_with_its_owner() {
    let folder = open_folder();
    for verb in ["check", "ensure"] {
        let verdict = as_stranger(verb, folder.path());
        verdict.expect(69, "suspect", "permission", "EACCES");
        let message = verdict.message();
        assert!(message.contains("uid 65532") && message.contains("owned by 0:0, mode 0755"), "{message}");
        assert!(verdict.hint().contains("fsGroup"), "{}", verdict.hint());
    }
    let verdict = as_stranger("ensure", &folder.path().join("new"));
    verdict.expect(69, "suspect", "permission", "EACCES");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    as_stranger("check", folder.path()).expect_ready("written to");
}

/// Runs the tool with the folder mounted by these words of mount(8), in a namespace of its own.
fn mounted(mount: &str, path: &Path) -> Verdict {
    let script = format!("{mount} \"$1\" && shift && exec \"$@\"");
    let tool = Tool::new("/usr/bin/unshare")
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("OPENDAL_FS_ROOT", path.display())
        .args(["--mount", "--propagation", "private", "--", "/bin/sh", "-c", &script, "sh"])
        .args([path.to_str().unwrap(), env!("CARGO_BIN_EXE_storage-bootstrap"), "check", "--output", "json"]);
    Verdict::of(tool)
}

#[test]
fn a_volume_that_is_read_only_or_full_is_named() {
    let folder = open_folder();
    mounted("mount -t tmpfs -o ro tmpfs", folder.path()).expect(69, "suspect", "permission", "EROFS");
    let full = mounted(
        "mount -t tmpfs -o size=4k tmpfs \"$1\" && head -c 4096 /dev/zero >\"$1/f\"; :",
        folder.path(),
    );
    full.expect(69, "suspect", "state", "ENOSPC");
    // Nothing stays when the write fails half-way: the try after it would otherwise find it.
    assert_eq!(entries(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_folder_that_comes_later_is_found_within_the_grace() {
    let folder = open_folder();
    let path = folder.path().join("later");
    let running = tool("wait").env("OPENDAL_FS_ROOT", path.display()).spawn();
    thread::sleep(std::time::Duration::from_millis(700));
    fs::create_dir(&path).unwrap();
    Verdict::from(running.wait()).expect_ready("written to");
}

#[test]
fn bad_input_is_named_and_signals_are_obeyed() {
    for (name, value) in [
        ("STORAGE_TYPE", "clickzetta-volume"),
        ("STORAGE_TYPE", "ftp"),
        ("OPENDAL_SCHEME", "webdav"),
        ("OPENDAL_FS_ROOT", ""),
    ] {
        let run = plain("wait").env(name, value).run();
        run.expect(69, &[name]);
    }
    for arguments in [&["--deadline", "0"][..], &["--for", "web"], &["--termination-log", "/proc/none/log"]] {
        assert_eq!(plain("wait").args(arguments.iter().copied()).run().code, 2, "{arguments:?}");
    }
    assert_eq!(Tool::new(env!("CARGO_BIN_EXE_storage-bootstrap")).run().code, 2);
    let running = plain("wait").env("OPENDAL_FS_ROOT", "/no/such/folder").spawn();
    thread::sleep(std::time::Duration::from_millis(500));
    running.signal("TERM");
    assert_eq!(running.wait().code, 143);
}
