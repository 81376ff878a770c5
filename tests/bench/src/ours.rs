//! Our binaries, and how each is told to wait.

use std::path::PathBuf;

use crate::call::Call;
use crate::doors::Doors;
use crate::{revisions, servers};

/// One binary.
pub(crate) struct Ours {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it waits for when measured.
    pub(crate) server: &'static str,
    /// What it has proven when it ends.
    pub(crate) proves: &'static str,
    waiting: fn(Call, &Doors) -> Call,
}

/// All of them.
pub(crate) const ALL: [Ours; 6] = [
    Ours {
        name: "db-migrate",
        server: "PostgreSQL",
        proves: "login, and the schema is at the image's head",
        waiting: |call, doors| {
            let revisions = revisions::folder().display().to_string();
            database(call.args(["wait", "--migrations", &revisions]), doors.ports.postgres)
        },
    },
    Ours {
        name: "redis-check",
        server: "Redis",
        proves: "login and writes",
        waiting: |call, doors| redis(call.args(["wait"]), doors.ports.redis),
    },
    Ours {
        name: "storage-bootstrap",
        server: "RADOS gateway",
        proves: "put, get and delete in the bucket",
        waiting: |call, doors| storage(call.args(["wait"]), doors.ports.s3),
    },
    Ours {
        name: "vector-probe",
        server: "pgvector",
        proves: "login, the extension and its rights",
        waiting: |call, doors| {
            call.args(["wait"])
                .env("VECTOR_STORE", "pgvector")
                .env("PGVECTOR_HOST", "127.0.0.1")
                .env("PGVECTOR_PORT", doors.ports.postgres)
                .env("PGVECTOR_USER", servers::USER)
                .env("PGVECTOR_PASSWORD", servers::PASSWORD)
                .env("PGVECTOR_DATABASE", servers::USER)
        },
    },
    Ours {
        name: "plugin-keys",
        server: "files of a Secret",
        proves: "the key is there and well-formed",
        waiting: |call, doors| {
            let keys = doors.keys().display().to_string();
            call.args(["wait", "--key", "SECRET_KEY", "--env-dir", &keys])
        },
    },
    Ours {
        name: "gate",
        server: "Redis and RADOS gateway",
        proves: "what both of its children prove",
        waiting: |call, doors| {
            let children = ["--", "redis-check", "wait", "--", "storage-bootstrap", "wait"];
            storage(redis(call.args(children), doors.ports.redis), doors.ports.s3)
        },
    },
];

/// The address of a Redis without a password.
pub(crate) fn redis(call: Call, port: u16) -> Call {
    call.env("REDIS_HOST", "127.0.0.1").env("REDIS_PORT", port)
}

/// The login and bucket of every testbed gateway.
pub(crate) fn storage(call: Call, port: u16) -> Call {
    call.envs(testbed::s3::variables(&format!("http://127.0.0.1:{port}"), servers::BUCKET))
}

/// The login that every testbed PostgreSQL has.
pub(crate) fn database(call: Call, port: u16) -> Call {
    call.env("DB_HOST", "127.0.0.1")
        .env("DB_PORT", port)
        .env("DB_USERNAME", servers::USER)
        .env("DB_PASSWORD", servers::PASSWORD)
        .env("DB_DATABASE", servers::USER)
}

/// Where the release build puts a binary.
pub(crate) fn path(name: &str) -> PathBuf {
    testbed::process::repository().join("target/x86_64-unknown-linux-musl/release").join(name)
}

impl Ours {
    /// Where it is.
    pub(crate) fn path(&self) -> PathBuf {
        path(self.name)
    }

    /// The call that all others start from. What goes wrong ends soon enough to be reported.
    pub(crate) fn call(&self) -> Call {
        Call::new(&self.path()).env("PREFLIGHT_DEADLINE", "60s")
    }

    /// The binary of this name, if it is among these.
    pub(crate) fn named<'a>(all: &[&'a Self], name: &str) -> Option<&'a Self> {
        all.iter().copied().find(|tool| tool.name == name)
    }

    /// A call that waits at these doors.
    pub(crate) fn waiting_at(&self, doors: &Doors) -> Call {
        (self.waiting)(self.call(), doors)
    }
}
