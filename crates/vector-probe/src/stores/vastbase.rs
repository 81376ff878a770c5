//! Vastbase G100: PostgreSQL's protocol, with a vector type of its own.

use preflight::postgres::{Keys, Session};
use preflight::{ConfigError, Env, Finding};

use super::pgwire::{self, Product, Vectors};
use super::store::Store;

const PRODUCT: Product = Product {
    name: "vastbase",
    title: "Vastbase",
    keys: Keys {
        host: "VASTBASE_HOST",
        user: "VASTBASE_USER",
        password: "VASTBASE_PASSWORD",
        database: "VASTBASE_DATABASE",
    },
    port: ("VASTBASE_PORT", 5432),
    database: "",
    in_url: false,
};

const VECTORS: Vectors = Vectors {
    column: "floatvector",
    index: "hnsw",
    cure: "use a Vastbase with vectors, which are of the type floatvector",
};

/// Looks at one database.
pub(super) struct Vastbase {
    session: Session,
}

impl Vastbase {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let login = pgwire::login(env, &PRODUCT)?;
        pgwire::pool(env, "VASTBASE_MIN_CONNECTION", "VASTBASE_MAX_CONNECTION", (1, 5))?;
        Ok(Self { session: Session::new(login) })
    }
}

impl Store for Vastbase {
    fn target(&self) -> String {
        format!("{} {}", PRODUCT.name, self.session.login().target())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let asked = pgwire::ask(&mut self.session, VECTORS).await;
        let login = self.session.login();
        let state = asked.map_err(|finding| pgwire::words(finding, login, PRODUCT.title))?;
        pgwire::judge(&state, login, VECTORS)?;
        let ready = pgwire::ready(&state, login, PRODUCT.title, VECTORS);
        self.session.close().await;
        Ok(ready)
    }
}
