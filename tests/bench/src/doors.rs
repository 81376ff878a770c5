//! What a waiter finds closed until a moment that we choose.
//!
//! The servers run all the time. Their doors are ports that are held and refuse, then from one instant to the next pass
//! every connection on: so the moment of "ready" is exact, and the same for us and for the others.

use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use std::{fs, io, thread};

use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, shutdown, socket};
use tempfile::TempDir;

/// The ports of the real servers.
#[derive(Clone, Copy, Default)]
pub(crate) struct Ports {
    pub(crate) postgres: u16,
    pub(crate) redis: u16,
    pub(crate) s3: u16,
}

/// The doors of one waiter.
pub(crate) struct Doors {
    /// Where the waiter has to look.
    pub(crate) ports: Ports,
    all: [Door; 3],
    folder: TempDir,
}

impl Doors {
    /// Every port refuses, the folder of keys is empty.
    pub(crate) fn closed(servers: Ports) -> Result<Self, String> {
        let closed = || -> io::Result<Self> {
            let all =
                [Door::closed(servers.postgres)?, Door::closed(servers.redis)?, Door::closed(servers.s3)?];
            let [postgres, redis, s3] = [all[0].port, all[1].port, all[2].port];
            let folder = tempfile::tempdir()?;
            fs::create_dir(folder.path().join("keys"))?;
            fs::write(folder.path().join("SECRET_KEY"), "q7Lw2Rz9Xc4Vb6Nm1Kj3Hg5Fd8Sa0PoI")?;
            Ok(Self { ports: Ports { postgres, redis, s3 }, all, folder })
        };
        closed().map_err(|error| format!("no closed port can be had: {error}"))
    }

    /// The folder in which the keys are to appear.
    pub(crate) fn keys(&self) -> PathBuf {
        self.folder.path().join("keys")
    }

    /// How many connections came through all of them.
    pub(crate) fn accepted(&self) -> u64 {
        self.all.iter().map(|door| door.accepted.load(Ordering::Relaxed)).sum()
    }

    /// Opens all of them. The moment at which that was done.
    pub(crate) fn open(&mut self) -> Option<Instant> {
        for door in &mut self.all {
            door.open().ok()?;
        }
        rename(self.folder.path(), "SECRET_KEY", "keys/SECRET_KEY").ok()?;
        Some(Instant::now())
    }
}

/// In one step, as the kubelet does with a Secret's volume.
fn rename(folder: &Path, from: &str, to: &str) -> io::Result<()> {
    fs::rename(folder.join(from), folder.join(to))
}

struct Door {
    port: u16,
    socket: OwnedFd,
    server: u16,
    accepted: Arc<AtomicU64>,
}

impl Door {
    /// Nobody else can get a port that is bound, and the kernel refuses connections to it.
    fn closed(server: u16) -> io::Result<Self> {
        let socket = socket(AddressFamily::INET, SocketType::STREAM, None)?;
        bind(&socket, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let address = SocketAddr::try_from(getsockname(&socket)?)?;
        Ok(Self { port: address.port(), socket, server, accepted: Arc::default() })
    }

    fn open(&mut self) -> io::Result<()> {
        listen(&self.socket, 128)?;
        let (listener, server) = (TcpListener::from(self.socket.try_clone()?), self.server);
        let accepted = Arc::clone(&self.accepted);
        thread::spawn(move || {
            // The end of the door ends this too.
            while let Ok((client, _)) = listener.accept() {
                accepted.fetch_add(1, Ordering::Relaxed);
                thread::spawn(move || pass(&client, server));
            }
        });
        Ok(())
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = shutdown(&self.socket, rustix::net::Shutdown::Both);
    }
}

fn pass(client: &TcpStream, server: u16) {
    let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)) else { return };
    // A delayed small packet would be counted as the waiter's.
    let _ = client.set_nodelay(true).and_then(|()| server.set_nodelay(true));
    thread::scope(|scope| {
        scope.spawn(|| copy(client, &server));
        copy(&server, client);
    });
}

fn copy(mut from: &TcpStream, mut to: &TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::*;

    #[test]
    fn a_door_refuses_then_passes_on_then_refuses() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut door = Door::closed(server.local_addr().unwrap().port()).unwrap();
        let port = door.port;
        let refused = || TcpStream::connect(("127.0.0.1", port)).is_err();
        assert!(refused());

        door.open().unwrap();
        let mut client = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let (mut behind, _) = server.accept().unwrap();
        client.write_all(b"there").unwrap();
        let mut bytes = [0; 5];
        behind.read_exact(&mut bytes).unwrap();
        behind.write_all(b"back!").unwrap();
        client.read_exact(&mut bytes).unwrap();
        assert_eq!(&bytes, b"back!");
        assert_eq!(door.accepted.load(Ordering::Relaxed), 1);

        drop(door);
        assert!(refused());
    }
}
