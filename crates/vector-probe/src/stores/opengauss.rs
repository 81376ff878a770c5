//! openGauss: PostgreSQL's protocol, with a vector type of its own from 7.0 on.

use preflight::postgres::{Keys, Session};
use preflight::{ConfigError, Env, Finding, Hop};

use super::pgwire::{self, Product, Vectors};
use super::store::Store;

const PRODUCT: Product = Product {
    name: "opengauss",
    title: "openGauss",
    keys: Keys {
        host: "OPENGAUSS_HOST",
        user: "OPENGAUSS_USER",
        password: "OPENGAUSS_PASSWORD",
        database: "OPENGAUSS_DATABASE",
    },
    port: ("OPENGAUSS_PORT", 6600),
    database: "",
    in_url: false,
};

const VECTORS: Vectors =
    Vectors { column: "vector", index: "hnsw", cure: "openGauss has vectors from 7.0 on: use such a server" };

/// Looks at one database.
pub(super) struct OpenGauss {
    session: Session,
    wants_quantization: bool,
}

impl OpenGauss {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let login = pgwire::login(env, &PRODUCT)?;
        pgwire::pool(env, "OPENGAUSS_MIN_CONNECTION", "OPENGAUSS_MAX_CONNECTION", (1, 5))?;
        let wants_quantization = env.boolean("OPENGAUSS_ENABLE_PQ", false)?;
        Ok(Self { session: Session::new(login), wants_quantization })
    }
}

impl Store for OpenGauss {
    fn target(&self) -> String {
        format!("{} {}", PRODUCT.name, self.session.login().target())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let asked = pgwire::ask(&mut self.session, VECTORS).await;
        let login = self.session.login();
        let state = asked.map_err(|finding| pgwire::words(finding, login, PRODUCT.title))?;
        pgwire::judge(&state, login, VECTORS)?;
        if self.wants_quantization && !state.version.contains("openGauss") {
            let message = format!("{} ({}) has no product quantization", login.target(), state.version);
            return Err(Finding::suspect(Hop::State, message)
                .hint("set OPENGAUSS_ENABLE_PQ to false, or use openGauss itself"));
        }
        let ready = pgwire::ready(&state, login, PRODUCT.title, VECTORS);
        self.session.close().await;
        Ok(ready)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_variable_is_asked_for_by_name() {
        let all = [
            ("OPENGAUSS_HOST", "gauss"),
            ("OPENGAUSS_USER", "dify"),
            ("OPENGAUSS_PASSWORD", "canary"),
            ("OPENGAUSS_DATABASE", "dify"),
        ];
        assert_eq!(OpenGauss::new(&Env::of(all)).unwrap().target(), "opengauss gauss:6600/dify");
        for missing in 0..all.len() {
            let mut variables = all;
            variables[missing].1 = "";
            assert_eq!(OpenGauss::new(&Env::of(variables)).err().unwrap().key, all[missing].0);
        }
    }
}
