//! Recorded first answers of servers that speak PostgreSQL's protocol and cannot be run here.
//!
//! What is replayed is what a real server was seen or is documented to send after the start of a session; it proves how
//! our tools read it, and nothing about the servers. Tests that use it say so in their names.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// The code of a request for TLS, which is answered with "no".
const TLS_REQUEST: [u8; 4] = 80_877_103_u32.to_be_bytes();

/// A server on 127.0.0.1 that answers the start of every session with these bytes and hangs up.
pub struct RecordedPostgres {
    /// Where it listens.
    pub port: u16,
    stopped: Arc<AtomicBool>,
}

impl RecordedPostgres {
    /// Sends these messages.
    ///
    /// # Panics
    /// If no port is free.
    #[must_use]
    pub fn start(messages: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let stopped = Arc::new(AtomicBool::new(false));
        let server = Self { port, stopped: Arc::clone(&stopped) };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let _ = serve(stream, &messages);
            }
        });
        server
    }

    /// Refuses every session with this code and text.
    #[must_use]
    pub fn refusing(code: &str, text: &str) -> Self {
        let fields = format!("SFATAL\0C{code}\0M{text}\0\0");
        Self::start(message(b'E', fields.as_bytes()))
    }
}

impl Drop for RecordedPostgres {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// A message with its type and length.
#[must_use]
pub fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
    [&[kind], length.to_be_bytes().as_slice(), body].concat()
}

fn serve(mut stream: TcpStream, messages: &[u8]) -> std::io::Result<()> {
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or_default();
        let mut body = vec![0; length.saturating_sub(4).min(4096)];
        stream.read_exact(&mut body)?;
        if body.starts_with(&TLS_REQUEST) {
            stream.write_all(b"N")?;
            continue;
        }
        stream.write_all(messages)?;
        // The client hangs up when it has read them.
        let _ = stream.read(&mut [0; 1024]);
        return Ok(());
    }
}
