//! What a user would pick instead, as people write it.

use std::path::PathBuf;

use testbed::Tool;

/// A way to wait for a server.
pub(crate) struct Peer {
    /// How it is called in the table.
    pub(crate) name: &'static str,
    /// What of the server it looks at.
    pub(crate) proves: &'static str,
    program: &'static str,
    script: &'static str,
}

const WAIT_FOR_IT: Peer = Peer {
    name: "wait-for-it",
    proves: "the port is open",
    program: "wait-for-it",
    script: "exec wait-for-it -q -t 60 127.0.0.1:$PORT",
};

/// For PostgreSQL.
pub(crate) const OF_POSTGRES: [Peer; 3] = [
    WAIT_FOR_IT,
    Peer {
        name: "pg_isready loop, 1 s",
        proves: "the server accepts connections",
        program: "pg_isready",
        script: "until pg_isready -q -h 127.0.0.1 -p $PORT; do sleep 1; done",
    },
    Peer {
        name: "wait4x postgresql",
        proves: "the login works",
        program: "wait4x",
        script: "exec wait4x -q -t 60s postgresql postgres://dify:x@127.0.0.1:$PORT/dify?sslmode=disable",
    },
];

/// For Redis.
pub(crate) const OF_REDIS: [Peer; 3] = [
    WAIT_FOR_IT,
    Peer {
        name: "redis-cli ping loop, 1 s",
        proves: "PING is answered",
        program: "redis-cli",
        script: "until redis-cli -h 127.0.0.1 -p $PORT ping 2>/dev/null | grep -q PONG; do sleep 1; done",
    },
    Peer {
        name: "wait4x redis",
        proves: "PING is answered",
        program: "wait4x",
        script: "exec wait4x -q -t 60s redis redis://127.0.0.1:$PORT",
    },
];

impl Peer {
    /// Whether it can be had; if not, why it is missing from the table.
    pub(crate) fn absence(&self) -> Option<String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&path).any(|folder| folder.join(self.program).is_file());
        (!found).then(|| format!("{} is not on PATH", self.program))
    }

    /// A call that waits for a server on `port`.
    pub(crate) fn waiting_for(&self, port: u16) -> Tool {
        Tool::new(PathBuf::from("/bin/sh"))
            .args(["-c", self.script])
            .env("PORT", port)
            .env("PATH", std::env::var("PATH").unwrap_or_default())
    }
}
