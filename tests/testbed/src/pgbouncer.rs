//! A real `PgBouncer` in front of a PostgreSQL, which hands each transaction another connection of the server.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::peer;
use crate::process::{Process, free_port, repository};

/// The user id that it runs as; it refuses to be root.
const USER: &str = "65534";

/// Which PgBouncer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// 1.18, which gives every error one code and takes no start-up options.
    Old,
    /// 1.26, which passes the server's codes on.
    New,
}

impl Release {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Old, Self::New];

    fn root(self) -> PathBuf {
        peer(match self {
            Self::Old => "bookworm",
            Self::New => "pgbouncer",
        })
    }
}

/// A running PgBouncer with the databases
///
/// - `dify`, the server's own; `none`, which the server does not have; `down`, whose server is not there;
///
///
/// and the users `dify`, `guest` (both with password `secret`) and `admin`.
pub struct PgBouncer {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    _process: Process,
    _folder: TempDir,
}

impl PgBouncer {
    /// Starts one in front of a server on a port of 127.0.0.1, with further settings.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start(release: Release, server: u16, settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (port, dead) = (free_port(), free_port());
        let text = format!(
            "[databases]\n\
             dify = host=127.0.0.1 port={server}\n\
             none = host=127.0.0.1 port={server}\n\
             down = host=127.0.0.1 port={dead} dbname=dify\n\
             [pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = scram-sha-256\nauth_file = /srv/work/users\nadmin_users = admin\n\
             pool_mode = transaction\nquery_wait_timeout = 2\nserver_login_retry = 1\n{}\n",
            settings.join("\n")
        );
        let users = "\"dify\" \"secret\"\n\"guest\" \"secret\"\n\"admin\" \"secret\"\n";
        for (name, text) in [("pgbouncer.ini", text.as_str()), ("users", users)] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("a file");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("its mode");
        }
        let mut command = Command::new(repository().join("tests/peers/enter.sh"));
        command.arg(release.root()).arg(USER).arg(folder.path());
        command.args(["pgbouncer", "/srv/work/pgbouncer.ini"]);
        let mut process = Process::spawn("pgbouncer", folder.path(), command);
        process.wait_for_port(port);
        Self { port, _process: process, _folder: folder }
    }
}
