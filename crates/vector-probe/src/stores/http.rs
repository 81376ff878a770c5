//! What the stores that speak HTTP have in common.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use preflight::http::{Http, Method, Reply, RequestBuilder};
use preflight::{ConfigError, Env, Finding, Hop, Secret};

/// A product behind HTTP, how a key is sent to it, and the variables to name.
pub(super) struct Server {
    pub(super) http: Http,
    /// The product's name, for messages.
    pub(super) product: &'static str,
    /// The header that carries the key, and what is written before the key.
    pub(super) header: (&'static str, &'static str),
    pub(super) key: Option<Secret>,
    /// What the key is called, such as "API key".
    pub(super) called: &'static str,
    pub(super) url_variable: &'static str,
    pub(super) key_variable: &'static str,
}

impl Server {
    /// Asks without the key.
    pub(super) async fn get(&self, path: &str) -> Result<Reply, Finding> {
        self.http.send(self.http.request(Method::GET, path)).await
    }

    /// Asks with the key, if there is one.
    pub(super) async fn get_with_key(&self, path: &str) -> Result<Reply, Finding> {
        self.http.send(self.request_with_key(Method::GET, path)).await
    }

    /// A request with the key, if there is one.
    pub(super) fn request_with_key(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, path);
        match (&self.key, self.header) {
            (Some(key), (name, before)) => request.header(name, format!("{before}{}", key.reveal())),
            (None, _) => request,
        }
    }

    /// What a reply means that is not the one hoped for.
    pub(super) fn unexpected(&self, reply: &Reply, path: &str) -> Finding {
        let (at, product, called) = (self.http.address(), self.product, self.called);
        let article = if called.starts_with(['A', 'a']) { "an" } else { "a" };
        let found = match reply.status {
            401 if self.key.is_none() => Finding::suspect(
                Hop::Auth,
                format!("{product} at {at} wants {article} {called}, and none is set"),
            )
            .hint(format!("set {}", self.key_variable)),
            401 => Finding::suspect(Hop::Auth, format!("{product} at {at} refuses the {called}"))
                .hint(format!("check {}", self.key_variable)),
            403 => Finding::suspect(
                Hop::Permission,
                format!("{product} at {at} does not allow {path} with this {called}"),
            )
            .hint(format!("check {} and what it may do", self.key_variable)),
            429 | 500..=599 => {
                Finding::not_yet(Hop::State, format!("{product} at {at} is not ready{}", quote(reply)))
            }
            300..=399 => Finding::suspect(Hop::Proxy, format!("{at} sends {path} elsewhere"))
                .hint(format!("check {}: a proxy may want https or another path", self.url_variable)),
            _ => Finding::suspect(Hop::State, format!("{at} does not answer like {product}{}", quote(reply)))
                .hint(format!("check {}", self.url_variable)),
        };
        found.code(format!("HTTP {}", reply.status))
    }

    /// A reply that should have been this product's JSON.
    pub(super) fn not_the_product(&self, path: &str) -> Finding {
        let message = format!("{} does not answer {path} like {}", self.http.address(), self.product);
        Finding::suspect(Hop::State, message).hint(format!("check {}", self.url_variable))
    }
}

/// The beginning of a reply's text.
fn quote(reply: &Reply) -> String {
    let text = reply.body.trim();
    if text.is_empty() {
        return String::new();
    }
    format!(": {}", text.chars().take(160).collect::<String>())
}

/// User and password as HTTP's Basic wants them.
pub(super) fn basic(env: &Env, user: &str, password: &Secret) -> Secret {
    let secret = Secret::new(BASE64_STANDARD.encode(format!("{user}:{}", password.reveal())));
    env.learn(&secret);
    secret
}

/// A key that can be sent in a header.
pub(super) fn key(env: &Env, name: &str) -> Result<Option<Secret>, ConfigError> {
    let key = env.secret(name)?;
    if key.as_ref().is_some_and(|key| !key.reveal().bytes().all(|byte| (b' '..=b'~').contains(&byte))) {
        return Err(ConfigError::new(name, "holds a character that cannot be sent in an HTTP header")
            .hint("look for a line break at its end"));
    }
    Ok(key)
}

/// Whether the text names a port by itself; a parsed URL does not tell `http://a:80` from `http://a`.
pub(super) fn names_port(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let after_host = authority.rsplit_once(']').map_or(authority, |(_, after)| after);
    after_host.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_seen_where_it_is() {
        for (url, has) in [
            ("http://a:80", true),
            ("http://a", false),
            ("http://a/x:1", false),
            ("http://[::1]", false),
            ("http://[::1]:80/", true),
        ] {
            assert_eq!(names_port(url), has, "{url}");
        }
    }

    #[test]
    fn a_key_with_a_line_break_is_refused_by_name() {
        assert_eq!(
            key(&Env::of([("QDRANT_API_KEY", "a\nb")]), "QDRANT_API_KEY").unwrap_err().key,
            "QDRANT_API_KEY"
        );
    }
}
