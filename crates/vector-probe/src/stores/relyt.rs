//! Relyt: PostgreSQL's protocol, with the vector type and the index method of pgvecto.rs.

use preflight::postgres::{Keys, Session};
use preflight::{ConfigError, Env, Finding};

use super::pgwire::{self, Product, Vectors};
use super::store::Store;

const PRODUCT: Product = Product {
    name: "relyt",
    title: "Relyt",
    keys: Keys {
        host: "RELYT_HOST",
        user: "RELYT_USER",
        password: "RELYT_PASSWORD",
        database: "RELYT_DATABASE",
    },
    port: ("RELYT_PORT", 9200),
    database: "default",
    in_url: true,
};

const VECTORS: Vectors = Vectors {
    column: "vector",
    index: "vectors",
    cure: "let an administrator run CREATE EXTENSION vectors in this database; Dify does not do it for Relyt",
};

/// Looks at one database.
pub(super) struct Relyt {
    session: Session,
}

impl Relyt {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        Ok(Self { session: Session::new(pgwire::login(env, &PRODUCT)?) })
    }
}

impl Store for Relyt {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_dify_writes_into_a_url_is_refused_by_name() {
        for (user, password, key) in [("dify", "p@ss", "RELYT_PASSWORD"), ("a:b", "pass", "RELYT_USER")] {
            let env = Env::of([("RELYT_HOST", "relyt"), ("RELYT_USER", user), ("RELYT_PASSWORD", password)]);
            assert_eq!(Relyt::new(&env).err().unwrap().key, key);
        }
    }
}
