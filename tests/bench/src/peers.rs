//! What a user would pick instead, as people write it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::call::{Call, on_path};
use crate::doors::{Doors, Ports};
use crate::report;

/// A way to wait for a server.
pub(crate) struct Peer {
    /// How it is called in the tables.
    pub(crate) name: &'static str,
    /// What it waits for when measured.
    pub(crate) server: &'static str,
    /// What it has proven when it ends.
    pub(crate) proves: &'static str,
    program: &'static str,
    /// Where Debian has it.
    package: Option<&'static str>,
    /// One try of the program, if a shell has to call it again and again.
    once: Option<&'static str>,
    /// How it waits, for a shell.
    script: &'static str,
    /// The other programs that this takes.
    needs: &'static [&'static str],
}

/// All of them. `$POSTGRES`, `$REDIS` and `$S3` are ports; `$PROGRAM` is how the program is called.
pub(crate) const ALL: [Peer; 6] = [
    Peer {
        name: "wait-for-it",
        server: "Redis",
        proves: "the port is open",
        program: "wait-for-it",
        package: Some("wait-for-it"),
        once: None,
        script: "exec $PROGRAM -q -t 90 127.0.0.1:$REDIS",
        needs: &["bash", "timeout", "sleep"],
    },
    Peer {
        name: "pg_isready loop, 1 s",
        server: "PostgreSQL",
        proves: "the server accepts connections",
        program: "pg_isready",
        package: Some("postgresql-client"),
        once: Some("exec $PROGRAM -q -h 127.0.0.1 -p $POSTGRES"),
        script: "until $PROGRAM -q -h 127.0.0.1 -p $POSTGRES; do sleep 1; done",
        needs: &["sh", "sleep"],
    },
    Peer {
        name: "redis-cli ping loop, 1 s",
        server: "Redis",
        proves: "PING is answered",
        program: "redis-cli",
        package: Some("redis-tools"),
        once: Some("exec $PROGRAM -h 127.0.0.1 -p $REDIS ping"),
        script: "until $PROGRAM -h 127.0.0.1 -p $REDIS ping 2>/dev/null | grep -q PONG; do sleep 1; done",
        needs: &["sh", "grep", "sleep"],
    },
    Peer {
        name: "curl loop, 1 s",
        server: "RADOS gateway",
        proves: "a request without a key is answered",
        program: "curl",
        package: Some("curl"),
        once: Some("exec $PROGRAM -s -o /dev/null --max-time 5 http://127.0.0.1:$S3/"),
        script: "until $PROGRAM -sf -o /dev/null --max-time 5 http://127.0.0.1:$S3/; do sleep 1; done",
        needs: &["sh", "sleep"],
    },
    Peer {
        name: "wait4x postgresql",
        server: "PostgreSQL",
        proves: "the login works",
        program: "wait4x",
        package: None,
        once: None,
        script: "exec $PROGRAM -q -t 90s postgresql postgres://dify:secret@127.0.0.1:$POSTGRES/dify?sslmode=disable",
        needs: &[],
    },
    Peer {
        name: "wait4x redis",
        server: "Redis",
        proves: "PING is answered",
        program: "wait4x",
        package: None,
        once: None,
        script: "exec $PROGRAM -q -t 90s redis redis://127.0.0.1:$REDIS",
        needs: &[],
    },
];

/// Says which of them cannot be measured, and how to get them.
pub(crate) fn say_missing(peers: &[&Peer]) {
    let mut told = Vec::new();
    for peer in peers {
        if peer.call().is_some() || told.contains(&peer.program) {
            continue;
        }
        let way =
            peer.package.map_or("left out".to_owned(), |package| format!("`apt-get install {package}`"));
        report::say(&format!("{} is not on PATH: {way}.", peer.program));
        told.push(peer.program);
    }
}

impl Peer {
    /// The program alone; none if this machine does not have it.
    pub(crate) fn call(&self) -> Option<Call> {
        found(self.program).map(|words| Call::of(words).env("PATH", path()))
    }

    /// A call that waits at these doors.
    pub(crate) fn waiting_at(&self, doors: &Doors) -> Option<Call> {
        self.shell(self.script, doors.ports)
    }

    /// One try at a port, if a shell makes the loop.
    pub(crate) fn once_at(&self, port: u16) -> Option<Call> {
        self.shell(self.once?, Ports { postgres: port, redis: port, s3: port })
    }

    fn shell(&self, script: &str, ports: Ports) -> Option<Call> {
        let call = Call::new(&on_path("sh")?).args(["-c", script]).env("PATH", path());
        let program = found(self.program)?.join(" ");
        let call = call.env("PROGRAM", program).env("POSTGRES", ports.postgres);
        Some(call.env("REDIS", ports.redis).env("S3", ports.s3))
    }

    /// All files that it takes beside what it loads.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let program = found(self.program).and_then(|words| words.last().map(PathBuf::from));
        program.into_iter().chain(self.needs.iter().filter_map(|name| on_path(name))).collect()
    }
}

fn path() -> String {
    std::env::var("PATH").unwrap_or_default()
}

/// How a program is called: from PATH, else from the root of real servers with that root's own loader.
fn found(program: &str) -> Option<Vec<String>> {
    if let Some(path) = on_path(program) {
        return Some(vec![behind_wrapper(path).display().to_string()]);
    }
    let root = testbed::peers_root();
    let folders = [root.join("usr/bin"), root.join("usr/lib/postgresql/17/bin")];
    let path = folders.map(|folder| folder.join(program)).into_iter().find(|path| path.is_file())?;
    Some(loader().into_iter().chain([path.display().to_string()]).collect())
}

/// The loader of the root of real servers, told to take that root's libraries.
fn loader() -> [String; 3] {
    let root = testbed::peers_root();
    let [loader, libraries] =
        [root.join("lib64/ld-linux-x86-64.so.2"), root.join("usr/lib/x86_64-linux-gnu")];
    [loader.display().to_string(), "--library-path".to_owned(), libraries.display().to_string()]
}

/// What a program loads, by the loader's own word; nothing for a script.
pub(crate) fn libraries(file: &Path) -> Vec<PathBuf> {
    let listed = if file.starts_with(testbed::peers_root()) {
        let [loader, option, libraries] = loader();
        Command::new(loader).args([option, libraries, "--list".to_owned()]).arg(file).output()
    } else {
        Command::new("ldd").arg(file).output()
    };
    let text = listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let path = |line: &str| line.split_whitespace().find(|word| word.starts_with('/')).map(PathBuf::from);
    text.lines().filter_map(path).collect()
}

/// Debian's `pg_isready` is a Perl script that starts the real one, which is what PostgreSQL's own image has on PATH.
fn behind_wrapper(path: PathBuf) -> PathBuf {
    let wrapped = fs::canonicalize(&path).is_ok_and(|real| real.ends_with("pg_wrapper"));
    let (true, Some(name)) = (wrapped, path.file_name()) else { return path };
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found =
        versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.is_file()).max();
    found.unwrap_or(path)
}
