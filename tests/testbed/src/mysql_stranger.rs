//! Connections that come from another address than 127.0.0.1, which MySQL takes for `localhost` whatever it is told.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddrV4, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::net::{AddressFamily, SocketType, bind, connect, socket};

/// The address that the server sees.
pub const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Listens on 127.0.0.1 and passes on to another port of it, from [`ADDRESS`].
pub struct Stranger {
    /// Where it listens.
    pub port: u16,
    upstream: u16,
    stopped: Arc<AtomicBool>,
}

impl Stranger {
    /// Starts in front of a port of 127.0.0.1.
    ///
    /// # Panics
    /// If no port is free.
    #[must_use]
    pub fn start(upstream: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopped);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                thread::spawn(move || reach(upstream).map(|server| pass_on(&stream, &server)));
            }
        });
        Self { port, upstream, stopped }
    }

    /// Breaks off in the middle of a login, as a probe that only looks whether the port is open.
    ///
    /// # Panics
    /// If the server is not there.
    pub fn break_off(&self) {
        let mut server = reach(self.upstream).expect("a server");
        let _ = server.read(&mut [0; 1024]);
        // A packet that is cut off.
        let _ = server.write_all(&[9, 0, 0, 1, 0]);
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn reach(port: u16) -> io::Result<TcpStream> {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&socket, &SocketAddrV4::new(ADDRESS, 0))?;
    connect(&socket, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))?;
    Ok(TcpStream::from(socket))
}

/// Both directions, each until its end.
fn pass_on(client: &TcpStream, server: &TcpStream) {
    let copy = |from: &TcpStream, to: &TcpStream| {
        let (mut from, mut to) = (from, to);
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    };
    thread::scope(|scope| {
        scope.spawn(|| copy(server, client));
        copy(client, server);
    });
}
