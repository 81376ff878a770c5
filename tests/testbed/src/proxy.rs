//! A server or a network that misbehaves, on demand.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// What happens to a connection.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It is passed on as it is.
    None,
    /// It is accepted and never answered.
    Hang,
    /// It is accepted and closed at once.
    Close,
    /// These bytes are sent, whatever was asked, and it is closed.
    Garbage(Vec<u8>),
    /// These bytes are sent without being asked, and nothing after them.
    Speak(Vec<u8>),
    /// The first bytes are sent without being asked, and then the others without end.
    Flood(Vec<u8>, Vec<u8>),
    /// It is passed on, and closed after so many bytes of the answer.
    CutAfter(usize),
    /// It is passed on, with every answer so much later.
    Delay(Duration),
}

/// Listens on 127.0.0.1 in front of another port. The fault can be changed while it runs and holds for new connections.
pub struct Proxy {
    /// Where it listens.
    pub port: u16,
    fault: Arc<Mutex<Fault>>,
    accepted: Arc<AtomicU32>,
    stopped: Arc<AtomicBool>,
}

impl Proxy {
    /// Starts in front of a port of 127.0.0.1.
    ///
    /// # Panics
    /// If no port is free.
    #[must_use]
    pub fn start(upstream: u16, fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let fault = Arc::new(Mutex::new(fault));
        let (accepted, stopped) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
        let proxy = Self {
            port,
            fault: Arc::clone(&fault),
            accepted: Arc::clone(&accepted),
            stopped: Arc::clone(&stopped),
        };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                accepted.fetch_add(1, Ordering::Relaxed);
                let fault = fault.lock().unwrap_or_else(PoisonError::into_inner).clone();
                thread::spawn(move || serve(stream, upstream, &fault));
            }
        });
        proxy
    }

    /// Changes what happens from now on.
    pub fn set(&self, fault: Fault) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// How many connections there were so far.
    #[must_use]
    pub fn accepted(&self) -> u32 {
        self.accepted.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve(mut client: TcpStream, upstream: u16, fault: &Fault) {
    match fault {
        Fault::Close => {}
        Fault::Hang => swallow(client),
        Fault::Garbage(bytes) => {
            // Answers only when asked, as a server does.
            let _ = client.read(&mut [0; 1024]);
            let _ = client.write_all(bytes);
        }
        Fault::Speak(bytes) => {
            let _ = client.write_all(bytes);
            swallow(client);
        }
        Fault::Flood(first, then) => {
            let _ = client.write_all(first);
            while client.write_all(then).is_ok() {}
        }
        Fault::None => pass(&client, upstream, usize::MAX, Duration::ZERO),
        Fault::CutAfter(bytes) => pass(&client, upstream, *bytes, Duration::ZERO),
        Fault::Delay(delay) => pass(&client, upstream, usize::MAX, *delay),
    }
}

fn swallow(mut client: TcpStream) {
    let mut bytes = [0; 1024];
    while client.read(&mut bytes).is_ok_and(|count| count > 0) {}
}

fn pass(client: &TcpStream, upstream: u16, mut left: usize, delay: Duration) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", upstream)) else { return };
    let (Ok(mut from), Ok(mut to)) = (client.try_clone(), server.try_clone()) else { return };
    let upward = thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    let (mut from, mut to) = (&server, client);
    let mut bytes = [0; 4096];
    while left > 0 {
        let Ok(count) = from.read(&mut bytes) else { break };
        if count == 0 {
            break;
        }
        thread::sleep(delay);
        let count = count.min(left);
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
        left -= count;
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
    let _ = upward.join();
}
