//! Recorded answers of servers that speak MySQL's protocol and cannot be run here.
//!
//! What is replayed is what a real server was seen or is documented to answer; it proves how our tools read it, and
//! nothing about the servers. Tests that use it say so in their names.

use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// A recorded answer to a question.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Rows of text.
    Rows(Vec<Vec<String>>),
    /// A refusal with its number.
    Refused(u16, String),
}

impl Answer {
    /// One row.
    #[must_use]
    pub fn row(columns: &[&str]) -> Self {
        Self::Rows(vec![columns.iter().map(|&column| column.to_owned()).collect()])
    }

    /// A refusal.
    #[must_use]
    pub fn refused(number: u16, text: &str) -> Self {
        Self::Refused(number, text.to_owned())
    }
}

/// A server on 127.0.0.1 that lets everybody in, without TLS, and replays.
pub struct RecordedMysql {
    /// Where it listens.
    pub port: u16,
    stopped: Arc<AtomicBool>,
}

impl RecordedMysql {
    /// Answers every question by this rule; `version` is what the server calls itself in its greeting.
    ///
    /// # Panics
    /// If no port is free.
    #[must_use]
    pub fn start(version: &str, rule: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let stopped = Arc::new(AtomicBool::new(false));
        let server = Self { port, stopped: Arc::clone(&stopped) };
        let (version, rule) = (version.to_owned(), Arc::new(rule));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let (version, rule) = (version.clone(), Arc::clone(&rule));
                thread::spawn(move || serve(Wire { stream, sequence: 0 }, &version, &*rule));
            }
        });
        server
    }
}

impl Drop for RecordedMysql {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// What the server says that it can do: the protocol of 4.1, authentication plugins, databases, long passwords.
const CAPABILITIES: u32 = 0x0000_0001 | 0x0000_0008 | 0x0000_0200 | 0x0000_2000 | 0x0000_8000 | 0x0008_0000;
const OK: [u8; 7] = [0, 0, 0, 2, 0, 0, 0];
const END: [u8; 5] = [0xfe, 0, 0, 2, 0];
const QUESTION: u8 = 3;
const QUIT: u8 = 1;

fn serve(mut wire: Wire, version: &str, rule: &(dyn Fn(&str) -> Answer + Send + Sync)) -> Result<()> {
    wire.write(&greeting(version))?;
    let _ = wire.read()?;
    wire.write(&OK)?;
    loop {
        wire.sequence = 0;
        let request = wire.read()?;
        match request.split_first() {
            Some((&QUESTION, question)) => match rule(&String::from_utf8_lossy(question)) {
                Answer::Rows(rows) => wire.rows(&rows)?,
                Answer::Refused(number, text) => {
                    let number = number.to_le_bytes();
                    wire.write(&[&[0xff], &number[..], b"#HY000", text.as_bytes()].concat())?;
                }
            },
            Some((&QUIT, _)) | None => return Ok(()),
            Some(_) => wire.write(&OK)?,
        }
    }
}

fn greeting(version: &str) -> Vec<u8> {
    let capabilities = CAPABILITIES.to_le_bytes();
    [
        &[10][..],
        version.as_bytes(),
        &[0, 1, 0, 0, 0],
        b"12345678",
        &[0],
        &capabilities[..2],
        &[45, 2, 0],
        &capabilities[2..],
        &[21],
        &[0; 10],
        b"123456789012\0",
        b"mysql_native_password\0",
    ]
    .concat()
}

/// Packets with their length and number.
struct Wire {
    stream: TcpStream,
    sequence: u8,
}

impl Wire {
    fn read(&mut self) -> Result<Vec<u8>> {
        let mut head = [0; 4];
        self.stream.read_exact(&mut head)?;
        let length = u32::from_le_bytes([head[0], head[1], head[2], 0]);
        let length = usize::try_from(length).map_err(|_| Error::from(ErrorKind::InvalidData))?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        self.sequence = head[3].wrapping_add(1);
        Ok(body)
    }

    fn write(&mut self, body: &[u8]) -> Result<()> {
        let length =
            u32::try_from(body.len()).map_err(|_| Error::from(ErrorKind::InvalidData))?.to_le_bytes();
        self.stream.write_all(&[&length[..3], &[self.sequence], body].concat())?;
        self.sequence = self.sequence.wrapping_add(1);
        Ok(())
    }

    /// Columns of text, then the rows.
    fn rows(&mut self, rows: &[Vec<String>]) -> Result<()> {
        let columns = rows.first().map_or(1, Vec::len);
        self.write(&[u8::try_from(columns).map_err(|_| Error::from(ErrorKind::InvalidData))?])?;
        for _ in 0..columns {
            let names = [text("def"), text(""), text(""), text(""), text("column"), text("column")].concat();
            // Length of the rest, character set, width, type VAR_STRING, flags, decimals, filler.
            let kind = [12, 45, 0, 255, 255, 0, 0, 253, 0, 0, 0, 0, 0];
            self.write(&[&names[..], &kind].concat())?;
        }
        self.write(&END)?;
        for row in rows {
            let cells: Vec<u8> = row.iter().flat_map(|cell| text(cell)).collect();
            self.write(&cells)?;
        }
        self.write(&END)
    }
}

/// A text with its length: short ones only.
fn text(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).ok().filter(|length| *length < 251).expect("a short text");
    [&[length], text.as_bytes()].concat()
}
