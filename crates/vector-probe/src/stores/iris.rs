//! `InterSystems` IRIS: a protocol that only its own driver speaks.

use preflight::{ConfigError, Env, Finding};

use super::pgwire;
use super::reach::Reach;
use super::store::Store;

/// What Dify takes where no password is set: it is published.
const PASSWORD: &str = "IRIS_PASSWORD";

/// Looks at one superserver.
pub(super) struct Iris {
    reach: Reach,
    has_password: bool,
}

impl Iris {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let (host_key, port_key) = ("IRIS_HOST", "IRIS_SUPER_SERVER_PORT");
        let host = env.text_or(host_key, "localhost")?;
        let address = pgwire::parsed(&host, env.number(port_key, 1972)?, host_key, port_key)?;
        pgwire::pool(env, "IRIS_MIN_CONNECTION", "IRIS_MAX_CONNECTION", (1, 3))?;
        for (key, default) in [("IRIS_USER", "_SYSTEM"), ("IRIS_DATABASE", "USER")] {
            if env.text_or(key, default)?.is_empty() {
                return Err(ConfigError::new(key, "is empty")
                    .hint(format!("set {key}, or leave it unset for {default}")));
            }
        }
        let has_password = env.secret(PASSWORD)?.is_some();
        let reach = Reach {
            product: "InterSystems IRIS",
            address,
            variable: "IRIS_HOST and IRIS_SUPER_SERVER_PORT",
            client: "InterSystems' own driver",
            tls: None,
        };
        Ok(Self { reach, has_password })
    }
}

impl Store for Iris {
    fn target(&self) -> String {
        format!("iris {}", self.reach.address)
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let found = self.reach.look().await?;
        if self.has_password {
            return Ok(found);
        }
        Ok(found.warning(format!("{PASSWORD} is not set: Dify takes the password that its source publishes")))
    }
}
