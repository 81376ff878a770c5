//! Recorded answers of HTTP servers that cannot be run here.
//!
//! What is replayed is what a real server was seen to answer; it proves how our tools read those answers, and nothing
//! about the servers. Tests that use it say so in their names.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// Such as `GET`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

/// A recorded answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: String,
    /// Headers beside the type and the length, each a line.
    pub headers: Vec<String>,
}

impl Answer {
    /// A status and a body.
    #[must_use]
    pub fn new(status: u16, body: &str) -> Self {
        Self { status, body: body.to_owned(), headers: Vec::new() }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push(format!("{name}: {value}\r\n"));
        self
    }
}

/// An HTTP server on 127.0.0.1 that replays.
pub struct RecordedHttp {
    /// Where it listens.
    pub port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
    stopped: Arc<AtomicBool>,
}

impl RecordedHttp {
    /// Answers every request by this rule.
    ///
    /// # Panics
    /// If no port is free.
    #[must_use]
    pub fn start(rule: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let (requests, stopped) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let server = Self { port, requests: Arc::clone(&requests), stopped: Arc::clone(&stopped) };
        let rule = Arc::new(rule);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let (rule, requests) = (Arc::clone(&rule), Arc::clone(&requests));
                thread::spawn(move || {
                    let mut stream = BufReader::new(stream);
                    while let Some(request) = read(&mut stream) {
                        let answer = rule(&request);
                        requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
                        if write(stream.get_mut(), &answer).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        server
    }

    /// What was asked so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for RecordedHttp {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn read(stream: &mut BufReader<TcpStream>) -> Option<Request> {
    let first = line(stream)?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let line = line(stream)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(Request { method, path, headers, body: String::from_utf8_lossy(&body).into_owned() })
}

fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let count = stream.read_line(&mut line).ok()?;
    (count > 0).then(|| line.trim_end().to_owned())
}

fn write(stream: &mut TcpStream, answer: &Answer) -> std::io::Result<()> {
    let Answer { status, body, headers } = answer;
    let kind = match body.bytes().next() {
        Some(b'{' | b'[') => "application/json",
        Some(b'<') if body.starts_with("<?xml") => "application/xml",
        Some(b'<') => "text/html",
        _ => "text/plain",
    };
    let length = body.len();
    let more = headers.concat();
    let head = format!(
        "HTTP/1.1 {status} Recorded\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n{more}\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes())
}
