//! `MyScale`: the HTTP API of `ClickHouse`, usually on 8123, with indexes for vectors and text.

use preflight::http::{Http, Method, Reply};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop, Secret};

use super::http::{self, Server};
use super::store::Store;

const HOST: &str = "MYSCALE_HOST";

/// Looks at one server.
pub(super) struct MyScale {
    server: Server,
    user: String,
    database: String,
}

/// What one question tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) version: String,
    pub(super) has_vectors: bool,
    pub(super) has_database: bool,
    pub(super) is_bound: bool,
}

/// An answer of four columns with tabs between.
pub(super) fn state(body: &str) -> Option<State> {
    let columns: Vec<&str> = body.trim_end().split('\t').collect();
    let [version, vectors, database, readonly] = columns[..] else { return None };
    let number = |text: &str| text.parse::<u32>().ok();
    Some(State {
        version: version.to_owned(),
        has_vectors: number(vectors)? > 0,
        has_database: number(database)? > 0,
        is_bound: number(readonly)? == 1,
    })
}

/// The server's own code, from its text: `Code: 193, e.displayText() = ...`.
pub(super) fn code(body: &str) -> Option<u32> {
    let (_, rest) = body.split_once("Code: ")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

impl MyScale {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let host = env.text_or(HOST, "localhost")?;
        let port = env.number::<u16>("MYSCALE_PORT", 8123)?;
        if host.is_empty() || host.contains('/') || http::names_port(&host) {
            return Err(
                ConfigError::new(HOST, "is not a host alone").hint("write the port into MYSCALE_PORT")
            );
        }
        // Dify says nothing about TLS; its client takes it from the port.
        let scheme = if matches!(port, 443 | 8443) { "https" } else { "http" };
        let http = Http::new(HOST, &format!("{scheme}://{host}:{port}"), &TlsOptions::default())?;
        let user = env.text_or("MYSCALE_USER", "default")?;
        let password = env.secret("MYSCALE_PASSWORD")?.unwrap_or_else(|| Secret::new(""));
        let server = Server {
            http,
            product: "MyScale",
            header: ("authorization", "Basic "),
            key: Some(http::basic(env, &user, &password)),
            called: "password",
            url_variable: HOST,
            key_variable: "MYSCALE_USER and MYSCALE_PASSWORD",
        };
        Ok(Self { server, user, database: env.text_or("MYSCALE_DATABASE", "default")? })
    }

    fn question(&self) -> String {
        let database = self.database.replace('\\', "\\\\").replace('\'', "\\'");
        format!(
            "SELECT version(), (SELECT count() FROM system.tables WHERE database = 'system' AND name = 'vector_indices'), \
             (SELECT count() FROM system.databases WHERE name = '{database}'), \
             (SELECT toUInt32OrZero(max(value)) FROM system.settings WHERE name = 'readonly') FORMAT TabSeparated"
        )
    }

    /// What a refusal means, by the server's own code.
    fn refused(&self, reply: &Reply) -> Finding {
        let Some(code) = code(&reply.body) else { return self.server.unexpected(reply, "/") };
        let (at, user) = (self.server.http.address(), &self.user);
        let found = match code {
            // Unknown user, wrong password, password required; and one for all three since 20.
            192..=194 | 516 => {
                Finding::suspect(Hop::Auth, format!("MyScale at {at} refuses user {user:?} or its password"))
                    .hint("check MYSCALE_USER and MYSCALE_PASSWORD")
            }
            497 | 164 => Finding::suspect(
                Hop::Permission,
                format!("MyScale at {at} does not let user {user:?} look at its tables"),
            )
            .hint("grant the user SELECT on system, and what Dify needs in its database"),
            _ => {
                let text: String = reply.body.trim().chars().take(160).collect();
                Finding::not_yet(Hop::State, format!("MyScale at {at} is not ready: {text}"))
            }
        };
        found.code(code.to_string())
    }

    fn judge(&self, state: &State) -> Result<Finding, Finding> {
        let (at, user, database) = (self.server.http.address(), &self.user, &self.database);
        let version = &state.version;
        if !state.has_vectors {
            return Err(Finding::never(
                Hop::State,
                format!("ClickHouse {version} at {at} is not MyScale: it has no index for vectors"),
            )
            .hint("Dify's tables cannot be made there; use MyScale, or another VECTOR_STORE"));
        }
        if state.is_bound {
            return Err(Finding::suspect(
                Hop::Permission,
                format!("user {user:?} may only read at MyScale at {at}"),
            )
            .hint("give it a profile without readonly"));
        }
        let ready = Finding::ready(format!(
            "MyScale {version} at {at} takes the password and has indexes for vectors"
        ));
        if state.has_database {
            return Ok(ready);
        }
        Ok(ready.warning(format!("there is no database {database:?} yet; Dify makes it if the user may")))
    }
}

impl Store for MyScale {
    fn target(&self) -> String {
        format!("myscale {}/{}", self.server.http.address(), self.database)
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let ping = self.server.get("/ping").await?;
        if ping.status != 200 || ping.body.trim() != "Ok." {
            return Err(match ping.status {
                200 => self.server.not_the_product("/ping"),
                _ => self.server.unexpected(&ping, "/ping"),
            });
        }
        let request = self.server.request_with_key(Method::POST, "/").body(self.question());
        let reply = self.server.http.send(request).await?;
        if reply.status != 200 {
            return Err(self.refused(&reply));
        }
        let state = state(&reply.body).ok_or_else(|| self.server.not_the_product("/"))?;
        self.judge(&state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let found = state("23.3.2.1\t1\t0\t0\n").unwrap();
        assert!(found.has_vectors && !found.has_database && !found.is_bound);
        for bad in ["", "a\tb", "23.3\t1\t1\tx", "23.3\t1\t1\t0\t0"] {
            assert_eq!(state(bad), None, "{bad}");
        }
        assert_eq!(code("Code: 193, e.displayText() = DB::Exception: Wrong password"), Some(193));
        assert_eq!(code("Code: 516. DB::Exception: x"), Some(516));
        assert!(code("Code: x").is_none() && code("").is_none() && code("Code: 99999999999").is_none());
    }

    #[test]
    fn tls_follows_the_port() {
        let of = |port| MyScale::new(&Env::of([(HOST, "ms"), ("MYSCALE_PORT", port)])).unwrap().target();
        assert_eq!(of("8123"), "myscale ms:8123/default");
        assert_eq!(of("8443"), "myscale ms:8443/default");
        for host in ["", "http://ms", "ms:1"] {
            assert_eq!(MyScale::new(&Env::of([(HOST, host)])).err().unwrap().key, HOST, "{host}");
        }
    }

    #[test]
    fn a_quote_in_the_database_stays_in_its_text() {
        let env = Env::of([("MYSCALE_DATABASE", "a'b")]);
        assert!(MyScale::new(&env).unwrap().question().contains(r"name = 'a\'b'"));
    }
}
