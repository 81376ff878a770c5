//! `OceanBase` seekdb, in a network of its own: it listens everywhere.

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::isolated::Isolated;
use crate::peer::peer;

const PORT: u16 = 2881;
/// How long it may take to start on a busy machine.
const START_LIMIT: Duration = Duration::from_mins(2);
/// What its client library does with a port and with SQL.
const CLIENT: &str =
    "import pymysql, sys; c = pymysql.connect(host='127.0.0.1', port=int(sys.argv[1]), user='root').cursor()
for statement in sys.argv[2:]: c.execute(statement)";
/// It makes identifiers from the hardware address of a device that is up and has an address.
const NETWORK: &str = "ip link add seekdb0 type veth peer name seekdb1 && ip addr add 192.0.2.1/24 dev seekdb0 && \
    ip link set seekdb1 up && ip link set seekdb0 up && exec \"$@\"";

/// A running seekdb, whose user `root` has no password.
pub struct Seekdb {
    server: Isolated,
    _folder: TempDir,
}

impl Seekdb {
    /// Starts one and waits until it takes logins.
    ///
    /// # Panics
    /// If it does not.
    #[must_use]
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let libraries = peer("seekdb").join("pylibseekdb");
        let data = folder.path().join("data");
        std::fs::create_dir(&data).expect("a folder");
        let mut command = Command::new("bash");
        command.args(["-c", NETWORK, "bash"]).arg(libraries.join("seekdb"));
        command.args(["--nodaemon", "--port", &PORT.to_string(), "--base-dir"]).arg(&data);
        command.args(["--parameter", "datafile_size=1G", "--parameter", "log_disk_size=2G"]);
        command.env("LD_LIBRARY_PATH", &libraries);
        let server = Isolated::start("seekdb", folder.path(), &command, &[PORT]);
        let seekdb = Self { server, _folder: folder };
        let start = Instant::now();
        while !seekdb.tried(&["SELECT 1"]) {
            assert!(start.elapsed() < START_LIMIT, "seekdb does not get ready");
            sleep(Duration::from_millis(200));
        }
        seekdb
    }

    /// Where it is reached on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port(PORT)
    }

    /// Runs statements as `root`.
    ///
    /// # Panics
    /// If one fails.
    pub fn sql(&self, statements: &[&str]) {
        assert!(self.tried(statements), "one of {statements:?} failed");
    }

    fn tried(&self, statements: &[&str]) -> bool {
        let mut command = Command::new("python3");
        command.args(["-c", CLIENT, &self.port().to_string()]).args(statements);
        command.env("PYTHONPATH", peer("seekdb")).stdin(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}
