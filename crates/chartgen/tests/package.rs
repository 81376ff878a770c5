//! The chart as it is published: packed, signed, its provenance proven; and the workflows that do so.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use support::{Helm, root, text, tool};

fn done(mut command: Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}{}", text(&output.stdout), text(&output.stderr));
    output
}

/// A key that lives as long as the test; Helm reads the keyring of the old format.
fn keyring(home: &Path) -> String {
    let gpg = |arguments: &[&str]| {
        let mut command = Command::new("gpg");
        command.arg("--homedir").arg(home).args(["--batch", "--quiet", "--passphrase", ""]).args(arguments);
        done(command)
    };
    gpg(&["--quick-generate-key", "Chart of a test <test@example.invalid>", "rsa2048", "sign", "1d"]);
    for (which, file) in [("--export-secret-keys", "secring.gpg"), ("--export", "pubring.gpg")] {
        gpg(&["--output", &home.join(file).to_string_lossy(), which]);
    }
    home.join("secring.gpg").to_string_lossy().into_owned()
}

#[test]
fn a_signed_package_is_verified_and_a_changed_one_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, out) = (folder.path().join("keys"), folder.path().join("dist"));
    std::fs::create_dir(&home).expect("a folder");
    std::fs::set_permissions(&home, Permissions::from_mode(0o700)).expect("a folder of our own");
    let secret = keyring(&home);
    let mut package = Command::new(root().join("tests/ci/package.sh"));
    package.arg(&out).env("PACKAGE_KEY", "Chart of a test").env("PACKAGE_KEYRING", secret);
    done(package);

    let chart = std::fs::read_dir(&out)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|extension| extension == "tgz"))
        .expect("a package");
    let sums = std::fs::read_to_string(out.join("SHA256SUMS")).expect("sums");
    assert_eq!(sums.lines().count(), 2, "package and provenance: {sums}");
    let (path, public) = (chart.to_string_lossy(), home.join("pubring.gpg"));
    let verify = ["verify", &path, "--keyring", &public.to_string_lossy()];
    for helm in [Helm::Oldest, Helm::Newest] {
        let output = helm.run(&verify);
        assert!(output.status.success(), "{helm:?}: {}", text(&output.stderr));
    }
    let rendered = Helm::Newest.run(&["template", "demo", &path, "--kube-version", "1.30.0"]);
    assert!(rendered.status.success(), "{}", text(&rendered.stderr));

    let mut bytes = std::fs::read(&chart).expect("the package");
    bytes.push(0);
    std::fs::write(&chart, bytes).expect("written");
    assert!(!Helm::Newest.run(&verify).status.success(), "a changed package passed");
}

#[test]
fn the_workflows_are_sound() {
    let mut lint = Command::new(tool("ACTIONLINT", "actionlint"));
    let files = [".github/workflows/ci.yml", ".github/workflows/release.yml", "examples/ci/values.yml"];
    lint.current_dir(root()).args(["-no-color", "-shellcheck", "shellcheck"]).args(files);
    done(lint);
    for file in files {
        let workflow = std::fs::read_to_string(root().join(file)).expect("the workflow");
        for line in workflow.lines().filter_map(|line| line.trim().strip_prefix("- uses: ")) {
            let pinned = line.split_once('@').and_then(|(_, pin)| pin.get(..40));
            assert!(
                pinned.is_some_and(|pin| pin.chars().all(|c| c.is_ascii_hexdigit())),
                "{file}: {line} is not pinned by its commit"
            );
        }
    }
}
