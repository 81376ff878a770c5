//! The binaries and how each is told to wait for a server on a port of the loopback.

use std::path::PathBuf;

use testbed::Tool;

/// One binary.
pub(crate) struct Ours {
    /// Its name.
    pub(crate) name: &'static str,
    arguments: &'static [&'static str],
    variables: &'static [(&'static str, &'static str)],
    port_variable: &'static str,
}

const S3: &[(&str, &str)] = &[
    ("STORAGE_TYPE", "s3"),
    ("S3_BUCKET_NAME", "dify"),
    ("S3_REGION", "us-east-1"),
    ("S3_ACCESS_KEY", "bench-access"),
    ("S3_SECRET_KEY", "bench-secret"),
];

/// All of them. `{port}` in a variable stands for the port.
pub(crate) const ALL: [Ours; 6] = [
    Ours {
        name: "db-migrate",
        arguments: &["wait", "--for", "database"],
        variables: &[("DB_HOST", "127.0.0.1")],
        port_variable: "DB_PORT={port}",
    },
    Ours {
        name: "redis-check",
        arguments: &["wait"],
        variables: &[("REDIS_HOST", "127.0.0.1")],
        port_variable: "REDIS_PORT={port}",
    },
    Ours {
        name: "storage-bootstrap",
        arguments: &["ensure"],
        variables: S3,
        port_variable: "S3_ENDPOINT=http://127.0.0.1:{port}",
    },
    Ours {
        name: "vector-probe",
        arguments: &["wait"],
        variables: &[
            ("VECTOR_STORE", "pgvector"),
            ("PGVECTOR_HOST", "127.0.0.1"),
            ("PGVECTOR_USER", "dify"),
            ("PGVECTOR_PASSWORD", "unused"),
            ("PGVECTOR_DATABASE", "dify"),
        ],
        port_variable: "PGVECTOR_PORT={port}",
    },
    Ours { name: "plugin-keys", arguments: &["wait"], variables: &[], port_variable: "" },
    Ours {
        name: "gate",
        arguments: &["--", "redis-check", "wait"],
        variables: &[("REDIS_HOST", "127.0.0.1")],
        port_variable: "REDIS_PORT={port}",
    },
];

/// Where the release build puts a binary.
pub(crate) fn path(name: &str) -> PathBuf {
    testbed::process::repository().join("target/x86_64-unknown-linux-musl/release").join(name)
}

impl Ours {
    /// The binary of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|ours| ours.name == name)
    }

    /// A call that waits for a server on `port`.
    pub(crate) fn waiting_for(&self, port: u16) -> Tool {
        let mut tool = Tool::new(path(self.name)).args(self.arguments.iter().copied());
        for (name, value) in self.variables {
            tool = tool.env(name, value);
        }
        if let Some((name, value)) = self.port_variable.split_once('=') {
            tool = tool.env(name, value.replace("{port}", &port.to_string()));
        }
        tool.env("PREFLIGHT_DEADLINE", "60s")
    }
}
