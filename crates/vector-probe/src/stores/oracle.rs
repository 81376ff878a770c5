//! Oracle: the listener tells whether it knows the database; only Oracle's own driver can log in.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use preflight::tls::{self, NamedFile, TlsOptions};
use preflight::{Address, ConfigError, Env, Finding, Hop, net};
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::connect_string::{self, Dsn, Target};
use super::store::Store;
use super::tns::{self, Reply};

const DSN: &str = "ORACLE_DSN";
const CONFIG_DIR: &str = "ORACLE_CONFIG_DIR";
const WALLET: &str = "ORACLE_WALLET_LOCATION";
const WALLET_PASSWORD: &str = "ORACLE_WALLET_PASSWORD";

/// Looks at one listener.
pub(super) struct Oracle {
    target: Target,
    tls: Option<Arc<ClientConfig>>,
    has_wallet: bool,
}

impl Oracle {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        env.required("ORACLE_USER")?;
        env.required_secret("ORACLE_PASSWORD")?;
        let dsn = env.required(DSN)?;
        let is_autonomous = env.boolean("ORACLE_IS_AUTONOMOUS", false)?;
        let folder = |key| -> Result<Option<PathBuf>, ConfigError> {
            let text = env.text_or(key, "")?;
            if is_autonomous && text.is_empty() {
                return Err(ConfigError::new(key, "is not set, and ORACLE_IS_AUTONOMOUS is true")
                    .hint(format!("set {key} to the folder of the unpacked wallet")));
            }
            // Dify hands the folders to its client only then.
            Ok(Some(PathBuf::from(text)).filter(|path| is_autonomous && !path.as_os_str().is_empty()))
        };
        let (config, wallet) = (folder(CONFIG_DIR)?, folder(WALLET)?);
        if is_autonomous {
            env.required_secret(WALLET_PASSWORD)?;
        }
        let target = target(env, &dsn, config)?;
        let wallet = wallet.map(|folder| folder.join("ewallet.pem"));
        if let Some(file) = wallet.as_ref().filter(|file| !file.exists()) {
            return Err(ConfigError::new(WALLET, format!("{} is not there", file.display()))
                .hint("mount the unpacked wallet; Dify's client needs its ewallet.pem"));
        }
        let tls = if target.is_tls {
            // Besides the client's own, the file holds the CAs that it trusts.
            let ca = wallet.clone().map(|path| NamedFile { key: WALLET.to_owned(), path });
            Some(tls::client_config(&TlsOptions { ca, ..TlsOptions::default() })?)
        } else {
            None
        };
        Ok(Self { target, tls, has_wallet: wallet.is_some() })
    }

    fn question(&self, address: &Address) -> String {
        let Target { database, is_tls, .. } = &self.target;
        let protocol = if *is_tls { "tcps" } else { "tcp" };
        let Address { host, port } = address;
        format!(
            "(DESCRIPTION=(CONNECT_DATA=({database})(CID=(PROGRAM=vector-probe)(HOST=dify)(USER=dify)))\
             (ADDRESS=(PROTOCOL={protocol})(HOST={host})(PORT={port})))"
        )
    }

    /// Asks one address, and where it sends us to.
    async fn ask(&self, address: &Address) -> Result<Finding, Finding> {
        let mut address = address.clone();
        let question = self.question(&address);
        for _ in 0..3 {
            let reply = self.exchange(&address, &question).await?;
            match reply {
                Reply::Accepted(version) => return self.accepted(&address, version),
                Reply::Refused(reason, listener) => return Err(self.refused(&address, reason, listener)),
                Reply::Redirected(text) => address = redirected(&text).ok_or_else(|| stranger(&address))?,
                Reply::Again | Reply::Unknown => return Err(stranger(&address)),
            }
        }
        Err(Finding::suspect(Hop::Proxy, format!("{address} sends us on and on"))
            .hint("look at REMOTE_LISTENER and the addresses of the listeners"))
    }

    async fn exchange(&self, address: &Address, question: &str) -> Result<Reply, Finding> {
        let stream = net::connect(address).await?;
        let Some(config) = &self.tls else { return converse(stream, address, question).await };
        let stream = tls::handshake(stream, Arc::clone(config), &address.host, address).await?;
        converse(stream, address, question).await
    }

    fn accepted(&self, address: &Address, version: u16) -> Result<Finding, Finding> {
        if version < tns::OLDEST {
            let message = format!(
                "the database at {address} speaks Oracle Net {version}, which is older than that of 12.1"
            );
            return Err(Finding::suspect(Hop::State, message)
                .hint("Dify's client library needs 12.1 or newer, and its vectors need 23ai"));
        }
        let database = &self.target.database;
        let found = Finding::reachable(format!(
            "the listener at {address} has a database for {database}; whether it takes the login, only Oracle's own driver can tell"
        ));
        if version >= tns::WITH_VECTORS {
            return Ok(found);
        }
        Ok(found.warning(format!(
            "the database speaks Oracle Net {version}, which is older than that of 23ai: before 23ai there is no type VECTOR"
        )))
    }

    /// The reasons of a listener, by number.
    fn refused(&self, address: &Address, reason: Option<u32>, listener: Option<u32>) -> Finding {
        let database = &self.target.database;
        let at = match listener {
            Some(version) if version > 0 => format!("the listener at {address} (version {version})"),
            _ => format!("the listener at {address}"),
        };
        let later = |message: String| Finding::not_yet(Hop::State, message);
        let found = match reason {
            Some(12514 | 12505 | 12521) => later(format!("{at} knows no {database}")).hint(format!(
                "a database that starts registers itself within a minute; if it stays so, check {DSN} (lsnrctl services lists what is known)"
            )),
            Some(12526..=12528) => later(format!("{at}: the database of {database} takes no logins yet"))
                .hint("it is starting, or was opened for administrators alone (ALTER SYSTEM DISABLE RESTRICTED SESSION)"),
            Some(12516 | 12518 | 12519 | 12520) => later(format!("{at} has no process left for {database}"))
                .hint("raise the parameter PROCESSES, or let fewer processes of Dify use the database"),
            Some(12504) => Finding::suspect(Hop::State, format!("{at} was told no service"))
                .hint(format!("write {DSN} as host:port/service")),
            Some(12529 | 12546 | 12547) => Finding::suspect(Hop::Permission, format!("{at} does not let this client in"))
                .hint("look at the rules of Connection Manager, and TCP.INVITED_NODES in sqlnet.ora"),
            _ => Finding::suspect(Hop::State, format!("{at} refuses {database}")).hint(format!("check {DSN}")),
        };
        match reason {
            Some(reason) => found.code(format!("ORA-{reason}")),
            None => found,
        }
    }
}

/// Sends the question, and again if asked to.
async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    address: &Address,
    question: &str,
) -> Result<Reply, Finding> {
    let fault = |error: std::io::Error| match error.kind() {
        // Listeners hang up on clients that are not on their list.
        ErrorKind::UnexpectedEof => net::from_io(&error, address)
            .hint("TCP.VALIDNODE_CHECKING in sqlnet.ora may leave this client out, or the port wants TLS"),
        _ => net::from_io(&error, address),
    };
    let packets = tns::connect(question);
    for _ in 0..2 {
        stream.write_all(&packets).await.map_err(fault)?;
        stream.flush().await.map_err(fault)?;
        let mut head = [0; tns::HEAD];
        stream.read_exact(&mut head).await.map_err(fault)?;
        let rest = tns::length(head).checked_sub(tns::HEAD).filter(|_| head[4] < 32);
        let Some(rest) = rest else { return Ok(Reply::Unknown) };
        let mut packet = head.to_vec();
        packet.resize(tns::HEAD + rest, 0);
        stream.read_exact(packet.get_mut(tns::HEAD..).unwrap_or_default()).await.map_err(fault)?;
        match tns::read(&packet) {
            Reply::Again => {}
            reply => return Ok(reply),
        }
    }
    Ok(Reply::Again)
}

fn stranger(address: &Address) -> Finding {
    Finding::suspect(Hop::State, format!("{address} does not answer like a listener of Oracle"))
        .hint(format!("check {DSN} and its port"))
}

/// The address in a redirection.
fn redirected(text: &str) -> Option<Address> {
    let with_service = format!("(X={}(SID=x))", text.split('\0').next()?);
    match connect_string::parse(&with_service) {
        Ok(Dsn::Target(target)) => target.addresses.into_iter().next(),
        _ => None,
    }
}

/// Follows a name to `tnsnames.ora`.
fn target(env: &Env, dsn: &str, config: Option<PathBuf>) -> Result<Target, ConfigError> {
    let hint = "write it as host:port/service";
    let refusal = |problem: String| ConfigError::new(DSN, problem).hint(hint);
    let alias = match connect_string::parse(dsn) {
        Ok(Dsn::Target(target)) => return Ok(target),
        Ok(Dsn::Alias(alias)) => alias,
        Err(problem) => {
            // What could not be read may hold a password.
            env.mask(DSN, "***");
            return Err(refusal(problem));
        }
    };
    let default = env.text_or("TNS_ADMIN", "")?;
    let folder = config.or_else(|| (!default.is_empty()).then(|| PathBuf::from(default)));
    let Some(folder) = folder else {
        return Err(refusal(format!(
            "{alias:?} is a name for tnsnames.ora, and no folder with that file is set"
        )));
    };
    let file = folder.join("tnsnames.ora");
    let text = std::fs::read_to_string(&file)
        .map_err(|error| ConfigError::new(CONFIG_DIR, format!("cannot read {}: {error}", file.display())))?;
    match connect_string::look_up(&text, &alias) {
        Some(Ok(target)) => Ok(target),
        Some(Err(problem)) => Err(refusal(format!("{alias:?} in {} {problem}", file.display()))),
        None => Err(ConfigError::new(DSN, format!("{alias:?} is not in {}", file.display()))
            .hint("use one of the names in that file, such as those that end in _high, _medium and _low")),
    }
}

impl Store for Oracle {
    fn target(&self) -> String {
        let addresses: Vec<_> = self.target.addresses.iter().map(ToString::to_string).collect();
        format!("oracle {}/{}", addresses.join(","), self.target.database)
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let mut first = None;
        for address in &self.target.addresses {
            match self.ask(address).await {
                Ok(found) => return Ok(found),
                Err(finding) => {
                    // The certificate is asked for by who speaks TLS: the wallet holds it under a password.
                    let wants_ours =
                        matches!(finding.code.as_deref(), Some("CertificateRequired" | "HandshakeFailure"));
                    if self.has_wallet && wants_ours {
                        return Ok(Finding::reachable(format!(
                            "{address} speaks TLS with a good certificate and wants that of the wallet, which only Oracle's own driver can open"
                        )));
                    }
                    first.get_or_insert(finding);
                }
            }
        }
        Err(first.unwrap_or_else(|| Finding::never(Hop::Config, format!("{DSN}: names no host"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(&str, &str); 3] =
        [("ORACLE_USER", "dify"), ("ORACLE_PASSWORD", "canary"), (DSN, "db:1521/freepdb1")];

    #[test]
    fn a_connect_string_is_resolved_or_refused_by_name() {
        assert_eq!(Oracle::new(&Env::of(ALL)).unwrap().target(), "oracle db:1521/SERVICE_NAME=freepdb1");
        for (name, value, key) in [
            ("ORACLE_USER", "", "ORACLE_USER"),
            ("ORACLE_PASSWORD", "", "ORACLE_PASSWORD"),
            (DSN, "dify_high", DSN),
            (DSN, "u/p@db/svc", DSN),
            ("ORACLE_IS_AUTONOMOUS", "true", CONFIG_DIR),
        ] {
            let pairs = ALL.into_iter().chain([(name, value)]);
            assert_eq!(Oracle::new(&Env::of_pairs(pairs)).err().unwrap().key, key, "{name}");
        }
    }
}
