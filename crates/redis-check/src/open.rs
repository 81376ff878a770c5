//! From an address to a server that has accepted the login.

use preflight::{Finding, Hop, net, tls};
use redis::{Cmd, Value};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::connection::{Connection, Fault, REPLY_LIMIT, Reply, Wire, field};
use crate::refusal;
use crate::server::{Part, Server};

/// An authenticated connection.
pub(crate) struct Session {
    connection: Connection,
    pub(crate) server: Server,
    /// The version that the server gave when greeted.
    pub(crate) version: Option<String>,
}

impl Session {
    /// Connects, shakes hands, logs in and greets. `needs_hello`: Dify's client cannot do without the greeting.
    pub(crate) async fn open(server: Server, needs_hello: bool) -> Result<Self, Finding> {
        let stream = net::connect(&server.address).await.map_err(|finding| server.named(finding))?;
        let wire = secure(stream, &server).await?;
        let connection = Connection::new(wire);
        let mut session = Self { connection, server, version: None };
        session.log_in().await?;
        session.greet(needs_hello).await?;
        Ok(session)
    }

    /// Whether it can be used again.
    pub(crate) fn is_sound(&self) -> bool {
        !self.connection.broken
    }

    /// Sends a command; a refusal is a finding.
    pub(crate) async fn ask(&mut self, command: &Cmd) -> Result<Value, Finding> {
        let name = name(command);
        self.try_ask(command).await?.map_err(|refusal| refusal::finding(&refusal, &name, &self.server))
    }

    /// Sends a command; a refusal is for the caller to judge.
    pub(crate) async fn try_ask(&mut self, command: &Cmd) -> Result<Reply, Finding> {
        match self.connection.ask(command).await {
            Ok(reply) => Ok(reply),
            Err(fault) => Err(self.explain(fault, &name(command)).await),
        }
    }

    async fn log_in(&mut self) -> Result<(), Finding> {
        let login = &self.server.login;
        let mut command = redis::cmd("AUTH");
        match (&login.user, &login.password) {
            (None, None) => return Ok(()),
            (None, Some(password)) => command.arg(password.reveal()),
            (Some(user), password) => {
                // A user without a password exists (`nopass`), and accepts any.
                command.arg(user).arg(password.as_ref().map_or("", |password| password.reveal()))
            }
        };
        self.ask(&command).await.map(|_| ())
    }

    async fn greet(&mut self, needed: bool) -> Result<(), Finding> {
        // Protocol 2 keeps the replies plain; that HELLO is known and allowed is what Dify's `HELLO 3` needs.
        let reply = match self.try_ask(redis::cmd("HELLO").arg(2)).await? {
            Ok(reply) => reply,
            Err(refusal) if needed || refusal.code == "NOAUTH" => {
                return Err(refusal::finding(&refusal, "HELLO", &self.server));
            }
            Err(_) => return Ok(()),
        };
        self.version = field(&reply, "version");
        match (field(&reply, "mode").as_deref(), self.server.part) {
            (Some("sentinel"), Part::Data | Part::Master | Part::Node) => {
                Err(refusal::is_sentinel(&self.server))
            }
            (Some("cluster"), Part::Data | Part::Master) => Err(refusal::cluster(&self.server)),
            (Some("standalone"), Part::Node) => Err(refusal::no_cluster(&self.server)),
            _ => Ok(()),
        }
    }

    /// A connection that is closed before the first reply has probably met a port with other ideas about TLS. Whether a
    /// plain one has met a TLS port can be asked.
    async fn explain(&self, fault: Fault, command: &str) -> Finding {
        let closed = match &fault {
            Fault::Io(_) => !self.connection.spoke,
            // Some servers send a TLS alert before they close.
            Fault::NotRedis(beginning) => beginning.starts_with("\u{15}\u{3}"),
            Fault::TimedOut => false,
        };
        if closed && self.server.tls.is_none() && speaks_tls(&self.server).await {
            let message = format!("{} speaks TLS, but is asked in plain text", self.server.who());
            return Finding::suspect(Hop::Tls, message).hint(self.server.tls_hint());
        }
        let finding = refusal::fault(&fault, command, &self.server);
        if closed && self.server.tls.is_some() {
            // TLS 1.3 lets a client finish its handshake before the server has looked at the client's certificate.
            return finding.hint(
                "a server that wants a client certificate closes like this: check the client certificate",
            );
        }
        finding
    }
}

fn name(command: &Cmd) -> String {
    match command.args_iter().next() {
        Some(redis::Arg::Simple(word)) => String::from_utf8_lossy(word).into_owned(),
        _ => String::new(),
    }
}

async fn secure(stream: TcpStream, server: &Server) -> Result<Box<dyn Wire>, Finding> {
    let Some(client) = &server.tls else { return Ok(Box::new(stream)) };
    let host = &server.address.host;
    match timeout(REPLY_LIMIT, tls::handshake(stream, client.config.clone(), host, &server.address)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(finding)) => Err(client.hint(finding)),
        Err(_) => Err(no_handshake(server).await),
    }
}

/// A plain Redis takes the handshake for the beginning of a command and waits for the rest, for ever.
async fn no_handshake(server: &Server) -> Finding {
    let (who, key) = (server.who(), server.keys.tls);
    if speaks_plain(server).await {
        return Finding::suspect(Hop::Tls, format!("{who} speaks Redis in plain text, but is asked for TLS"))
            .hint(format!("check {key}, or use the server's TLS port"));
    }
    let limit = preflight::wait::seconds(REPLY_LIMIT);
    Finding::not_yet(Hop::Tls, format!("{who} does not answer the TLS handshake within {limit}"))
        .code("ETIMEDOUT")
        .hint(format!("the server hangs, or does not speak TLS on this port: check {key}"))
}

/// Whether a Redis answers here without TLS; no credential is sent.
async fn speaks_plain(server: &Server) -> bool {
    let Ok(stream) = net::connect(&server.address).await else { return false };
    let mut connection = Connection::new(Box::new(stream));
    // Any reply, even a refusal, is Redis' own.
    connection.ask(&redis::cmd("PING")).await.is_ok()
}

/// Whether somebody shakes hands here; the certificate does not matter.
async fn speaks_tls(server: &Server) -> bool {
    let options = tls::TlsOptions { verify: tls::Verify::Nothing, ..tls::TlsOptions::default() };
    let Ok(config) = tls::client_config(&options) else { return false };
    let Ok(stream) = net::connect(&server.address).await else { return false };
    let host = &server.address.host;
    let shaken = timeout(REPLY_LIMIT / 2, tls::handshake(stream, config, host, &server.address)).await;
    matches!(shaken, Ok(Ok(_)))
}
