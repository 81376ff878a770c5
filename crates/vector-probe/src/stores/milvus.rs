//! Milvus and Zilliz Cloud: gRPC, usually on 19530.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use preflight::http::Url;
use preflight::tls::{NamedFile, TlsOptions};
use preflight::{Address, ConfigError, Env, Finding, Hop, Secret};

use super::grpc::{self, Answer, Grpc, Value};
use super::store::{Store, is_older};

const URI: &str = "MILVUS_URI";
const SERVICE: &str = "/milvus.proto.milvus.MilvusService";
/// The first version that searches full text, which Dify calls hybrid search.
const HYBRID: (u32, u32) = (2, 5);

/// The password of `root` at every new server.
const DEFAULT: &str = "Milvus";

/// Looks at one database of one Milvus.
pub(super) struct Milvus {
    grpc: Grpc,
    /// Base64 of `user:password` or of a token, as the server wants it.
    credential: Secret,
    /// The variables that hold it, for hints.
    keys: &'static str,
    database: String,
    hybrid: bool,
    warnings: Vec<String>,
}

/// What a message of Milvus says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Status {
    /// 0 is success.
    pub(super) code: u64,
    pub(super) reason: String,
}

/// The status in a message; its first field, which is there even where all is well.
pub(super) fn status(body: &[u8]) -> Option<Status> {
    let Value::Bytes(status) = grpc::field(body, 1)? else { return None };
    let number = |field| grpc::field(status, field).and_then(Value::number).unwrap_or_default();
    // The third field is that of 2.3 and later; the first was the only one before.
    let code = if number(3) == 0 { number(1) } else { number(3) };
    let reason = grpc::field(status, 2).map(Value::text).unwrap_or_default();
    Some(Status { code, reason: reason.chars().take(200).collect() })
}

/// The version in an answer of `GetVersion`.
pub(super) fn version(body: &[u8]) -> Option<String> {
    grpc::field(body, 2).map(Value::text).filter(|version| !version.is_empty())
}

impl Milvus {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let uri = env.text_or(URI, "http://127.0.0.1:19530")?;
        let (address, https) = address(&uri)?;
        let secure = env.boolean("MILVUS_SECURE", false)? || https;
        let (credential, keys) = credential(env)?;
        let hint = format!("check {URI}");
        let grpc = if secure {
            let pem = env.text_or("MILVUS_SERVER_PEM_PATH", "")?;
            let ca = (!pem.is_empty())
                .then(|| NamedFile { key: "MILVUS_SERVER_PEM_PATH".to_owned(), path: pem.into() });
            let name = env.text_or("MILVUS_SERVER_NAME", "")?;
            let name = if name.is_empty() { address.host.clone() } else { name };
            Grpc::secure(address, &TlsOptions { ca, ..TlsOptions::default() }, name, hint)?
        } else {
            Grpc::plain(address, hint)
        };
        let database = env.text_or("MILVUS_DATABASE", "default")?;
        let hybrid = env.boolean("MILVUS_ENABLE_HYBRID_SEARCH", true)?;
        let warnings = if env.secret("MILVUS_PASSWORD")?.is_some_and(|password| password.reveal() == DEFAULT)
        {
            vec![
                "the password is the one that every new server has: whoever reaches it may do everything"
                    .to_owned(),
            ]
        } else {
            Vec::new()
        };
        Ok(Self { grpc, credential, keys, database, hybrid, warnings })
    }

    /// Calls a method in the database, with the credential.
    async fn call(&self, method: &str, message: &[u8]) -> Result<Answer, Finding> {
        let mut headers = vec![("authorization", self.credential.reveal().to_owned())];
        if !self.database.is_empty() {
            headers.push(("dbname", self.database.clone()));
        }
        let answer = self.grpc.call(&format!("{SERVICE}/{method}"), &headers, message).await?;
        if answer.status == 0 { Ok(answer) } else { Err(self.refused(&answer)) }
    }

    /// What a status of gRPC means.
    fn refused(&self, answer: &Answer) -> Finding {
        let (at, keys) = (self.grpc.address(), self.keys);
        let found = match answer.status {
            16 => Finding::suspect(Hop::Auth, format!("Milvus at {at} refuses the credential"))
                .hint(format!("check {keys}")),
            7 => Finding::suspect(
                Hop::Permission,
                format!("Milvus at {at} does not let this user list collections: {}", answer.message),
            )
            .hint("give the user a role that may create and use collections"),
            12 => self.stranger(),
            _ => Finding::not_yet(Hop::State, format!("Milvus at {at} is not ready: {}", answer.message)),
        };
        found.code(answer.name())
    }

    fn stranger(&self) -> Finding {
        Finding::suspect(Hop::State, format!("{} speaks gRPC, but is not Milvus", self.grpc.address()))
            .hint(format!("check {URI}"))
    }

    /// What a status inside a message means.
    fn judge(&self, body: &[u8]) -> Result<(), Finding> {
        let at = self.grpc.address();
        let status = status(body).ok_or_else(|| self.stranger())?;
        // 800 is the server's own; Milvus Lite has one code for everything.
        let missing =
            status.code == 800 || status.reason.contains("database") && status.reason.contains("not");
        let found = match status.code {
            0 => return Ok(()),
            _ if missing => Finding::suspect(
                Hop::State,
                format!("there is no database {:?} in Milvus at {at}", self.database),
            )
            .hint("create it, or check MILVUS_DATABASE"),
            _ => Finding::not_yet(Hop::State, format!("Milvus at {at} is not ready: {}", status.reason)),
        };
        Err(found.code(status.code.to_string()))
    }
}

/// Host and port, and whether TLS is spoken there, as Dify's client reads a URI.
fn address(uri: &str) -> Result<(Address, bool), ConfigError> {
    let hint = "write it like http://milvus:19530, or https:// with TLS";
    let problem = |problem: String| ConfigError::new(URI, problem).hint(hint);
    if uri.trim().is_empty() {
        return Err(problem("is empty".to_owned()));
    }
    if uri.strip_suffix(".db").is_some() {
        let what = "is a file of Milvus Lite, which only one process can use and vector-probe cannot check";
        return Err(problem(what.to_owned()));
    }
    let url = Url::parse(uri).map_err(|error| problem(format!("is not a URI: {error}")))?;
    let secure = match url.scheme() {
        "https" => true,
        "http" | "tcp" => false,
        other => return Err(problem(format!("has the unknown scheme {other:?}"))),
    };
    let host = url.host_str().filter(|host| !host.is_empty());
    let host = host.ok_or_else(|| problem("has no host".to_owned()))?;
    if !url.username().is_empty() || url.password().is_some() {
        let hint = "give them in MILVUS_USER and MILVUS_PASSWORD";
        return Err(ConfigError::new(URI, "holds a user or password").hint(hint));
    }
    let named = super::http::names_port(uri).then(|| url.port_or_known_default()).flatten();
    let port = named.unwrap_or(if secure { 443 } else { 19530 });
    Ok((Address::new(host, port), secure))
}

/// The token, or else user and password; Dify wants one of the two, whether the server does or not.
fn credential(env: &Env) -> Result<(Secret, &'static str), ConfigError> {
    let learn = |plain: &str| {
        let secret = Secret::new(BASE64_STANDARD.encode(plain));
        env.learn(&secret);
        secret
    };
    if let Some(token) = env.secret("MILVUS_TOKEN")? {
        return Ok((learn(token.reveal()), "MILVUS_TOKEN"));
    }
    let unset = |name: &str| {
        ConfigError::new(name, "is not set or empty, and neither is MILVUS_TOKEN")
            .hint("Dify wants a token, or a user and a password, even where the server wants none")
    };
    let user = env.text_or("MILVUS_USER", "")?;
    let password = env.secret("MILVUS_PASSWORD")?;
    if user.is_empty() {
        return Err(unset("MILVUS_USER"));
    }
    let Some(password) = password else { return Err(unset("MILVUS_PASSWORD")) };
    Ok((learn(&format!("{user}:{}", password.reveal())), "MILVUS_USER and MILVUS_PASSWORD"))
}

impl Store for Milvus {
    fn target(&self) -> String {
        format!("milvus {}/{}", self.grpc.address(), self.database)
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let answer = self.call("GetVersion", &[]).await?;
        self.judge(&answer.body)?;
        let version = version(&answer.body).ok_or_else(|| self.stranger())?;
        let answer = self.call("ShowCollections", &grpc::text_field(2, &self.database)).await?;
        self.judge(&answer.body)?;
        let (at, database) = (self.grpc.address(), &self.database);
        let message = format!(
            "Milvus {version} at {at} is ready, takes the credential and has the database {database:?}"
        );
        let found = Finding { warnings: self.warnings.clone(), ..Finding::ready(message) };
        if self.hybrid && is_older(&version, HYBRID) {
            let (major, minor) = HYBRID;
            return Ok(found.warning(format!(
                "full text search stays off, because it needs Milvus {major}.{minor}; set MILVUS_ENABLE_HYBRID_SEARCH to false"
            )));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_read_as_the_client_reads_it() {
        for (uri, expected) in [
            ("http://milvus", ("milvus:19530", false)),
            ("http://milvus:80", ("milvus:80", false)),
            ("tcp://milvus:1", ("milvus:1", false)),
            ("https://x.zillizcloud.com", ("x.zillizcloud.com:443", true)),
            ("https://x:19530/path", ("x:19530", true)),
        ] {
            let (found, secure) = address(uri).unwrap();
            assert_eq!((found.to_string().as_str(), secure), expected, "{uri}");
        }
        for uri in ["", "milvus:19530", "./milvus.db", "unix:/x", "http://", "http://u:p@m"] {
            assert_eq!(address(uri).unwrap_err().key, URI, "{uri}");
        }
    }

    #[test]
    fn a_token_goes_before_user_and_password() {
        let read = |pairs: &[(&'static str, &'static str)]| credential(&Env::of_pairs(pairs.iter().copied()));
        let (user, password) = (("MILVUS_USER", "root"), ("MILVUS_PASSWORD", "Milvus"));
        assert_eq!(read(&[user, password]).unwrap().0.reveal(), "cm9vdDpNaWx2dXM=");
        assert_eq!(read(&[("MILVUS_TOKEN", "root:Milvus"), user]).unwrap().0.reveal(), "cm9vdDpNaWx2dXM=");
        assert_eq!(read(&[]).unwrap_err().key, "MILVUS_USER");
        assert_eq!(read(&[user]).unwrap_err().key, "MILVUS_PASSWORD");
    }

    #[test]
    fn a_status_is_found_whatever_the_version_wrote() {
        let mut inner = vec![0x08, 1];
        inner.extend(grpc::text_field(2, "database not found[database=x]"));
        inner.extend([0x18, 0xa0, 0x06]);
        let mut body = vec![0x0a, u8::try_from(inner.len()).unwrap()];
        body.extend(&inner);
        assert_eq!(
            status(&body).unwrap(),
            Status { code: 800, reason: "database not found[database=x]".to_owned() }
        );
        assert_eq!(status(&[0x0a, 2, 0x08, 1]).unwrap().code, 1);
        assert_eq!(status(&[0x0a, 0]).unwrap().code, 0);
        assert!(
            status(&[]).is_none() && status(&[0x0a, 0x7f, 0x08]).is_none() && status(&[0x08, 1]).is_none()
        );
    }
}
