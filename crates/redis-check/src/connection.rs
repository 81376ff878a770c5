//! One command, one reply.
//!
//! Encoding and parsing are the redis crate's; the connection is ours, so that nothing is sent that was not asked for
//! and no refusal is lost.

use std::io::{Error, ErrorKind};
use std::time::Duration;

use redis::{Cmd, Value};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

/// How long one reply may take: a server that accepts and then hangs is told apart from one that is far away.
pub(crate) const REPLY_LIMIT: Duration = Duration::from_secs(2);
/// No reply to what is asked here is longer.
const REPLY_SIZE: usize = 1024 * 1024;

/// A byte stream in both directions, encrypted or not.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin {}

impl<T: AsyncRead + AsyncWrite + Unpin> Wire for T {}

/// Why there is no reply.
#[derive(Debug)]
pub(crate) enum Fault {
    Io(Error),
    TimedOut,
    /// Something came that is not Redis; its first bytes.
    NotRedis(String),
}

/// An error reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The first word, such as `NOAUTH`.
    pub(crate) code: String,
    /// The rest.
    pub(crate) text: String,
}

/// A reply, good or bad.
pub(crate) type Reply = Result<Value, Refusal>;

/// An open connection. After a [`Fault`] it is of no further use.
pub(crate) struct Connection {
    wire: Box<dyn Wire>,
    /// Whether the server ever replied.
    pub(crate) spoke: bool,
    /// Whether a reply is missing, so that the next one would be taken for it.
    pub(crate) broken: bool,
}

impl Connection {
    pub(crate) fn new(wire: Box<dyn Wire>) -> Self {
        Self { wire, spoke: false, broken: false }
    }

    /// Sends a command and reads its reply.
    pub(crate) async fn ask(&mut self, command: &Cmd) -> Result<Reply, Fault> {
        self.broken = true;
        let reply = match timeout(REPLY_LIMIT, self.exchange(&command.get_packed_command())).await {
            Ok(result) => result?,
            Err(_) => return Err(Fault::TimedOut),
        };
        self.broken = false;
        Ok(reply)
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Reply, Fault> {
        let sent = match self.wire.write_all(request).await {
            Ok(()) => self.wire.flush().await,
            Err(error) => Err(error),
        };
        // A server that turns us away (maxclients) says why and closes: its words count for more than the failed write.
        match (self.read().await, sent) {
            (Err(Fault::Io(_)), Err(error)) => Err(Fault::Io(error)),
            (read, _) => read,
        }
    }

    async fn read(&mut self) -> Result<Reply, Fault> {
        let mut bytes = Vec::new();
        loop {
            let count = self.wire.read_buf(&mut bytes).await.map_err(Fault::Io)?;
            if count == 0 {
                return Err(Fault::Io(Error::from(ErrorKind::UnexpectedEof)));
            }
            match redis::parse_redis_value(&bytes) {
                Ok(value) => {
                    self.spoke = true;
                    return Ok(reply(value));
                }
                // Not all of it has arrived.
                Err(error) if error.is_io_error() && bytes.len() < REPLY_SIZE => {}
                Err(_) => return Err(Fault::NotRedis(beginning(&bytes))),
            }
        }
    }
}

/// Reads what a server may have sent, for the fuzzer: whether it is a whole reply, and no more than that.
#[must_use]
pub fn parse_reply(bytes: &[u8]) -> bool {
    match redis::parse_redis_value(bytes) {
        Ok(value) => {
            reply(value).is_ok_and(|value| field(&value, "mode").is_none() || text(&value).is_none())
        }
        Err(_) => beginning(bytes).is_empty(),
    }
}

fn reply(value: Value) -> Reply {
    match value {
        Value::ServerError(error) => Err(Refusal {
            code: error.code().to_owned(),
            text: error.details().unwrap_or_default().to_owned(),
        }),
        value => Ok(value),
    }
}

fn beginning(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..24).unwrap_or(bytes)).into_owned()
}

/// The text of a reply that is one, or of a part of it.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::BulkString(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Value::SimpleString(text) | Value::VerbatimString { text, .. } => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Okay => Some("OK".to_owned()),
        _ => None,
    }
}

/// The fields of a reply that lists names and values in turn.
pub(crate) fn field(reply: &Value, name: &str) -> Option<String> {
    match reply {
        Value::Array(items) => {
            let pair = items.chunks_exact(2).find(|pair| text(&pair[0]).as_deref() == Some(name))?;
            text(&pair[1])
        }
        Value::Map(pairs) => text(&pairs.iter().find(|(key, _)| text(key).as_deref() == Some(name))?.1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(answer: &'static [&'static [u8]]) -> Result<Reply, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (ours, mut theirs) = tokio::io::duplex(4096);
            let mut connection = Connection::new(Box::new(ours));
            let server = async {
                for part in answer {
                    theirs.write_all(part).await.unwrap();
                    tokio::task::yield_now().await;
                }
                drop(theirs);
            };
            let ping = redis::cmd("PING");
            tokio::join!(connection.ask(&ping), server).0
        })
    }

    #[test]
    fn a_reply_in_pieces_is_put_together() {
        let reply = ask(&[b"$1", b"1\r\nhel", b"lo world\r", b"\n"]).unwrap().unwrap();
        assert_eq!(text(&reply).as_deref(), Some("hello world"));
    }

    #[test]
    fn an_error_keeps_its_code_and_its_text() {
        let refusal = ask(&[b"-NOAUTH Authentication required.\r\n"]).unwrap().unwrap_err();
        assert_eq!(refusal.code, "NOAUTH");
        assert_eq!(refusal.text, "Authentication required.");
    }

    #[test]
    fn what_is_not_redis_is_quoted() {
        let fault = ask(&[b"HTTP/1.1 400 Bad Request\r\n\r\n"]).unwrap_err();
        assert!(matches!(fault, Fault::NotRedis(text) if text.starts_with("HTTP/1.1 400")));
    }

    #[test]
    fn a_cut_reply_is_an_end_not_a_value() {
        let fault = ask(&[b"$11\r\nhel"]).unwrap_err();
        assert!(matches!(fault, Fault::Io(error) if error.kind() == ErrorKind::UnexpectedEof));
    }

    #[test]
    fn fields_are_found_in_both_protocols() {
        let name = Value::BulkString(b"mode".to_vec());
        let value = Value::BulkString(b"sentinel".to_vec());
        let list = Value::Array(vec![name.clone(), value.clone()]);
        assert_eq!(field(&list, "mode").as_deref(), Some("sentinel"));
        assert_eq!(field(&Value::Map(vec![(name, value)]), "mode").as_deref(), Some("sentinel"));
    }
}
