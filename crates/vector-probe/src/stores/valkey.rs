//! Valkey with its module for search: the protocol of Redis, as far as four commands need it.

use std::sync::Arc;

use preflight::tls::{self, TlsOptions};
use preflight::{Address, ConfigError, Env, Finding, Hop, Secret, net};
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::store::Store;

const HOST: &str = "VALKEY_HOST";
/// More than this of a line is never needed.
const LINE_LIMIT: usize = 512;

/// Looks at one server.
pub(super) struct Valkey {
    address: Address,
    password: Option<Secret>,
    database: u32,
    tls: Option<Arc<ClientConfig>>,
}

impl Valkey {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let host = env.text_or(HOST, "localhost")?;
        let port = env.number::<u16>("VALKEY_PORT", 6379)?;
        let address = Address::parse(&host, Some(port)).map_err(|problem| ConfigError::new(HOST, problem))?;
        if address.port != port || address.to_string() == host {
            return Err(ConfigError::new(HOST, "holds a port").hint("write the port into VALKEY_PORT"));
        }
        let secure = env.boolean("VALKEY_USE_SSL", false)?;
        Ok(Self {
            address,
            password: env.secret("VALKEY_PASSWORD")?,
            database: env.number::<u32>("VALKEY_DB", 0)?,
            tls: secure.then(|| tls::client_config(&TlsOptions::default())).transpose()?,
        })
    }

    async fn ask<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: &mut S) -> Result<Finding, Finding> {
        if let Some(password) = &self.password {
            self.command(stream, &["AUTH", password.reveal()]).await?;
        }
        self.command(stream, &["PING"]).await?;
        if self.database != 0 {
            self.command(stream, &["SELECT", &self.database.to_string()]).await?;
        }
        self.command(stream, &["FT._LIST"]).await?;
        Ok(Finding::ready(format!(
            "Valkey at {} is ready, and its module for search lists its indexes",
            self.address
        )))
    }

    /// Sends a command, and reads the first line of what comes back.
    async fn command<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut S,
        words: &[&str],
    ) -> Result<(), Finding> {
        let told = |error: std::io::Error| net::from_io(&error, &self.address);
        stream.write_all(&command(words)).await.map_err(told)?;
        let mut line = Vec::new();
        while !line.ends_with(b"\n") && line.len() < LINE_LIMIT {
            line.push(stream.read_u8().await.map_err(told)?);
        }
        match reply(&line) {
            Reply::Good => Ok(()),
            Reply::Error(text) => Err(self.refused(&text)),
            Reply::Strange => {
                Err(Finding::suspect(Hop::State, format!("{} does not answer like Valkey", self.address))
                    .hint(format!("check {HOST} and VALKEY_PORT")))
            }
        }
    }

    fn refused(&self, text: &str) -> Finding {
        let (at, code) = (&self.address, text.split(' ').next().unwrap_or_default());
        let found = match code {
            "NOAUTH" => {
                Finding::suspect(Hop::Auth, format!("Valkey at {at} wants a password, and none is set"))
                    .hint("set VALKEY_PASSWORD")
            }
            "WRONGPASS" => Finding::suspect(Hop::Auth, format!("Valkey at {at} refuses the password"))
                .hint("check VALKEY_PASSWORD"),
            "NOPERM" => {
                Finding::suspect(Hop::Permission, format!("Valkey at {at} does not let this user search"))
                    .hint("give the user the commands of the module for search")
            }
            "LOADING" | "MASTERDOWN" | "BUSY" | "TRYAGAIN" | "CLUSTERDOWN" => {
                Finding::not_yet(Hop::State, format!("Valkey at {at} is not ready: {text}"))
            }
            _ if text.contains("unknown command") => {
                Finding::never(Hop::State, format!("Valkey at {at} has no module for search"))
                    .hint("load valkey-search, or use an image that has it, such as valkey-bundle")
            }
            _ if text.contains("DB index") => {
                Finding::never(Hop::State, format!("Valkey at {at} has no database {}", self.database))
                    .hint("check VALKEY_DB")
            }
            _ if text.contains("without any password") => {
                Finding::suspect(Hop::Auth, format!("Valkey at {at} has no password, and one is set"))
                    .hint("leave VALKEY_PASSWORD empty, or set the same at the server")
            }
            _ => Finding::not_yet(Hop::State, format!("Valkey at {at} says: {text}")),
        };
        found.code(code.to_owned())
    }
}

/// What the first line of a reply says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Good,
    Error(String),
    Strange,
}

/// Reads a line.
pub(super) fn reply(line: &[u8]) -> Reply {
    let text: String = String::from_utf8_lossy(line).trim_end().chars().take(200).collect();
    match line.first() {
        Some(b'+' | b'$' | b'*' | b':' | b'~' | b'%') if line.ends_with(b"\n") => Reply::Good,
        Some(b'-') if text.len() > 1 => Reply::Error(text.trim_start_matches('-').to_owned()),
        _ => Reply::Strange,
    }
}

/// A command as the server reads it.
fn command(words: &[&str]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        bytes.extend_from_slice(format!("${}\r\n{word}\r\n", word.len()).as_bytes());
    }
    bytes
}

impl Store for Valkey {
    fn target(&self) -> String {
        format!("valkey {}/{}", self.address, self.database)
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let mut stream = net::connect(&self.address).await?;
        match &self.tls {
            None => self.ask(&mut stream).await,
            Some(config) => {
                let mut stream =
                    tls::handshake(stream, Arc::clone(config), &self.address.host, &self.address).await?;
                self.ask(&mut stream).await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_read_by_their_first_line() {
        assert_eq!(reply(b"+PONG\r\n"), Reply::Good);
        assert_eq!(reply(b"*0\r\n"), Reply::Good);
        assert_eq!(reply(b"-NOAUTH x\r\n"), Reply::Error("NOAUTH x".to_owned()));
        for strange in [&b""[..], b"HTTP/1.1 400\r\n", b"-", b"+PONG"] {
            assert_eq!(reply(strange), Reply::Strange, "{strange:?}");
        }
        assert_eq!(command(&["AUTH", "pw"]), b"*2\r\n$4\r\nAUTH\r\n$2\r\npw\r\n");
    }

    #[test]
    fn a_host_with_a_port_is_refused_by_name() {
        assert_eq!(Valkey::new(&Env::of([])).unwrap().target(), "valkey localhost:6379/0");
        assert_eq!(Valkey::new(&Env::of([(HOST, "valkey:1")])).err().unwrap().key, HOST);
    }
}
