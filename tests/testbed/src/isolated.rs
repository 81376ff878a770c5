//! Servers that listen on all addresses: each runs in a network of its own that has nothing but a loopback device.
//!
//! A port of 127.0.0.1 outside stands for each of its ports; what connects there is passed on by a thread that has
//! entered the server's network.

use std::fs::File;
use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::process::Process;

/// How long a server may take to open its port on a busy machine.
const START_LIMIT: Duration = Duration::from_mins(2);

/// A server in a network of its own. Killed, with all that it started, when dropped.
pub struct Isolated {
    process: Process,
    bridges: Vec<Bridge>,
}

/// One of its ports, seen from outside.
struct Bridge {
    inner: u16,
    outer: u16,
    stopped: Arc<AtomicBool>,
}

impl Isolated {
    /// Starts a program as [`Process::spawn`] does, and stands in for these of its ports.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn start(name: &str, folder: &Path, program: &Command, ports: &[u16]) -> Self {
        let mut command = Command::new("unshare");
        // Killing the outermost process kills the first one inside, and with it everything there.
        command.args(["--net", "--pid", "--fork", "--kill-child=KILL", "--mount-proc"]);
        command.args(["bash", "-c", "ip link set lo up && exec \"$@\"", "bash"]);
        command.arg(program.get_program()).args(program.get_args());
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(folder) = program.get_current_dir() {
            command.current_dir(folder);
        }
        let process = Process::spawn(name, folder, command);
        let network = format!("/proc/{}/ns/net", process.pid());
        wait_until_entered(&network);
        let bridges = ports.iter().map(|port| Bridge::start(&network, *port)).collect();
        Self { process, bridges }
    }

    /// The port of 127.0.0.1 that stands for one of the server's.
    ///
    /// # Panics
    /// If it was not named at the start.
    #[must_use]
    pub fn port(&self, inner: u16) -> u16 {
        let bridge = self.bridges.iter().find(|bridge| bridge.inner == inner);
        bridge.map(|bridge| bridge.outer).expect("a port that was named at the start")
    }

    /// Waits until the server accepts connections on its own port.
    ///
    /// # Panics
    /// If it takes too long.
    pub fn wait_for_port(&self, inner: u16) {
        let (start, network) = (Instant::now(), format!("/proc/{}/ns/net", self.process.pid()));
        let accepts = move || {
            thread::spawn({
                let network = network.clone();
                move || connect_inside(&network, inner).is_ok()
            })
        };
        while !accepts().join().unwrap_or(false) {
            assert!(start.elapsed() < START_LIMIT, "nothing listens on port {inner} in its network");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The process, for signals.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }
}

impl Bridge {
    fn start(network: &str, inner: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let outer = listener.local_addr().expect("its address").port();
        let stopped = Arc::new(AtomicBool::new(false));
        let (network, stop) = (network.to_owned(), Arc::clone(&stopped));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let network = network.clone();
                // One that cannot be passed on is closed, as by a server that is not there.
                thread::spawn(move || {
                    connect_inside(&network, inner).map(|inside| pass_on(&stream, &inside))
                });
            }
        });
        Self { inner, outer, stopped }
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(("127.0.0.1", self.outer));
    }
}

/// `unshare` needs a moment until it is in its new network.
fn wait_until_entered(network: &str) {
    let (start, own) = (Instant::now(), std::fs::read_link("/proc/self/ns/net").ok());
    while std::fs::read_link(network).ok().is_none_or(|entered| Some(entered) == own) {
        assert!(start.elapsed() < Duration::from_secs(10), "no network of its own: are we root?");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Enters the network for good: call it in a thread that does nothing else.
fn connect_inside(network: &str, port: u16) -> io::Result<TcpStream> {
    let network = File::open(network)?;
    move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?;
    TcpStream::connect(("127.0.0.1", port))
}

/// Both directions, each until its end.
fn pass_on(outside: &TcpStream, inside: &TcpStream) {
    let copy = |from: &TcpStream, to: &TcpStream| {
        let (mut from, mut to) = (from, to);
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    };
    thread::scope(|scope| {
        scope.spawn(|| copy(inside, outside));
        copy(outside, inside);
    });
}
