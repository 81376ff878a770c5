//! HTTP with the errors of [`crate::net`] and [`crate::tls`].
//!
//! No redirects (a probe wants to know who answered), no proxy, bounded replies.

use std::error::Error as _;
use std::time::Duration;

use reqwest::redirect::Policy;
pub use reqwest::{Method, RequestBuilder, Url, header};
use rustls::ClientConfig;

use crate::address::Address;
use crate::env::ConfigError;
use crate::finding::{Finding, Hop};
use crate::net::{self, CONNECT_LIMIT};
use crate::tls::{self, TlsOptions};

/// More than this of a reply is never needed to judge it.
const REPLY_LIMIT: usize = 256 * 1024;
/// How long a request may take in all: less than a try, so that it is told that the server did accept.
const REQUEST_LIMIT: Duration = Duration::from_secs(4);

/// A client for one server.
pub struct Http {
    client: reqwest::Client,
    base: Url,
    address: Address,
}

/// A reply, read whole.
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: header::HeaderMap,
    /// The body as text, cut at a limit.
    pub body: String,
}

impl Http {
    /// A client for the server at `base` (scheme, host, port and an optional path prefix).
    /// `key` is the variable that holds it, for messages; user and password in a URL are refused.
    pub fn new(key: &str, base: &str, tls: &TlsOptions) -> Result<Self, ConfigError> {
        let base = parse(key, base)?;
        Self::build(key, base, &*tls::client_config(tls)?)
    }

    /// The same with a TLS configuration that was made before.
    pub fn with_tls(key: &str, base: &str, config: &ClientConfig) -> Result<Self, ConfigError> {
        Self::build(key, parse(key, base)?, config)
    }

    fn build(key: &str, base: Url, config: &ClientConfig) -> Result<Self, ConfigError> {
        let address = Address::new(
            base.host_str().unwrap_or_default(),
            base.port_or_known_default().unwrap_or_default(),
        );
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(config.clone())
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_LIMIT)
            .timeout(REQUEST_LIMIT)
            .build()
            .map_err(|error| ConfigError::new(key, format!("no HTTP client can be made for it: {error}")))?;
        Ok(Self { client, base, address })
    }

    /// Host and port that are talked to.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Starts a request for `path`, which is appended to the base.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut url = self.base.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url.set_query(query);
        self.client.request(method, url)
    }

    /// Sends it and reads the reply.
    pub async fn send(&self, request: RequestBuilder) -> Result<Reply, Finding> {
        let mut response = request.send().await.map_err(|error| self.fault(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.fault(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() >= REPLY_LIMIT {
                body.truncate(REPLY_LIMIT);
                break;
            }
        }
        Ok(Reply { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
    }

    /// The innermost error that says something: reqwest's own text is only "error sending request".
    fn fault(&self, error: &reqwest::Error) -> Finding {
        let mut source = error.source();
        let mut innermost = error.to_string();
        while let Some(inner) = source {
            if let Some(tls) = inner.downcast_ref::<rustls::Error>() {
                return tls::from_rustls(tls, &self.address);
            }
            if let Some(io) = inner.downcast_ref::<std::io::Error>().map(innermost_io)
                && (io.raw_os_error().is_some() || io.get_ref().is_none() || is_tls(io))
            {
                return net::from_io(io, &self.address);
            }
            innermost = inner.to_string();
            source = inner.source();
        }
        if innermost.contains("failed to lookup address") {
            return net::from_io(&std::io::Error::other(innermost), &self.address);
        }
        if innermost == "tls handshake eof" {
            let message = format!("{} closed the connection within the TLS handshake", self.address);
            return Finding::not_yet(Hop::Tls, message)
                .code("EOF")
                .hint("the server is starting or stopping, or does not speak TLS on this port");
        }
        if error.is_timeout() {
            let silent = net::from_io(&std::io::ErrorKind::TimedOut.into(), &self.address);
            if error.is_connect() {
                return silent;
            }
            let message = format!("no answer from {} within {}s", self.address, REQUEST_LIMIT.as_secs());
            return Finding { message, ..silent }
                .hint("it accepts connections: the server hangs or is overloaded");
        }
        Finding::not_yet(Hop::Tcp, format!("{} does not answer in HTTP: {innermost}", self.address))
            .hint("check the port and whether it wants https")
    }
}

/// An I/O error inside another is skipped by `source()`: only `get_ref()` leads to it.
fn innermost_io(error: &std::io::Error) -> &std::io::Error {
    let mut error = error;
    while let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        error = inner;
    }
    error
}

fn is_tls(error: &std::io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.downcast_ref::<rustls::Error>().is_some())
}

fn parse(key: &str, base: &str) -> Result<Url, ConfigError> {
    let hint = "write it like https://host:port";
    let url = Url::parse(base)
        .map_err(|error| ConfigError::new(key, format!("is not a URL: {error}")).hint(hint))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ConfigError::new(key, format!("has the unknown scheme {:?}", url.scheme())).hint(hint));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(ConfigError::new(key, "has no host").hint(hint));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            ConfigError::new(key, "holds a user or password").hint("give the credential in its own variable")
        );
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_that_is_no_server_is_refused_by_name() {
        for base in ["", "weaviate:8080", "ftp://a", "http://", "http://u:p@a"] {
            assert_eq!(parse("WEAVIATE_ENDPOINT", base).unwrap_err().key, "WEAVIATE_ENDPOINT", "{base}");
        }
    }

    #[test]
    fn a_path_is_appended_to_the_prefix() {
        let http = Http::new("X", "http://a:1/prefix/", &TlsOptions::default()).unwrap();
        let request = http.request(Method::GET, "/v1/meta?x=1").build().unwrap();
        assert_eq!(request.url().as_str(), "http://a:1/prefix/v1/meta?x=1");
    }

    #[test]
    fn a_fault_of_tls_is_found_inside_the_errors_around_it() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            use std::io::{Read as _, Write as _};
            let (mut plain, _) = listener.accept().unwrap();
            let _ = plain.read(&mut [0; 1024]);
            let _ = plain.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        });
        let http = Http::new("X", &format!("https://127.0.0.1:{port}"), &TlsOptions::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let reply = runtime.block_on(http.send(http.request(Method::GET, "/")));
        assert_eq!(reply.err().unwrap().hop, Hop::Tls);
    }
}
