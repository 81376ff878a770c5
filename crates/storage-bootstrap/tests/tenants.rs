#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! The private keys of the workspaces, which are in the storage that belongs to the database and in no other.

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use common::{seen, tool};
use testbed::minio::Minio;
use testbed::{Seen, Tool, prove};

const ONE: &str = "0a1b2c3d-0000-4000-8000-000000000001";
const TWO: &str = "0a1b2c3d-0000-4000-8000-000000000002";

fn keep(storage: &Path, tenant: &str, content: &str) {
    let folder = storage.join("privkeys").join(tenant);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("private.pem"), content).unwrap();
}

fn folder(path: &Path) -> Tool {
    tool("check").env("PREFLIGHT_GRACE", "0s").env("OPENDAL_FS_ROOT", path.display())
}

fn of(tool: Tool, tenants: &[&str]) -> Seen {
    seen(tool.env("PREFLIGHT_TENANTS", tenants.join(",")))
}

const PEM: &str = "-----BEGIN RSA PRIVATE KEY-----\nCANARYKEY\n-----END RSA PRIVATE KEY-----\n";

#[test]
fn keys_are_there_or_the_storage_is_another() {
    let storage = tempfile::tempdir().unwrap();
    fs::set_permissions(storage.path(), fs::Permissions::from_mode(0o755)).unwrap();
    keep(storage.path(), ONE, PEM);
    let one = of(folder(storage.path()), &[ONE]);
    prove!("tenants/key-there", &one);
    assert!(!one.output.contains("CANARYKEY"), "{one:?}");
    prove!("tenants/key-missing", &of(folder(storage.path()), &[ONE, TWO]));
    prove!("tenants/no-id", &of(folder(storage.path()), &["../../etc"]));
    keep(storage.path(), TWO, "nothing of the kind");
    seen(folder(storage.path()).args(["--tenant", TWO])).expect(
        69,
        "suspect",
        "state",
        None,
        &["1 of 1", TWO],
    );
    keep(storage.path(), TWO, PEM);
    prove!("tenants/keys-there", &of(folder(storage.path()), &[ONE, TWO]));
}

#[test]
fn keys_in_a_bucket() {
    let server = Minio::start();
    let bucket = || tool("ensure").env("PREFLIGHT_GRACE", "0s").envs(server.variables("dify"));
    seen(bucket()).expect_ready(&["created"]);
    prove!("tenants/key-missing-in-bucket", &of(bucket(), &[ONE]));
    let _ = server.request(&["-X", "PUT", "-d", PEM], &format!("dify/privkeys/{ONE}/private.pem"));
    prove!("tenants/key-in-bucket", &of(bucket(), &[ONE]));
}
