//! `MatrixOne`: MySQL's protocol with vectors.

use preflight::mysql::{Keys, Session, Tls};
use preflight::{ConfigError, Env, Finding, Hop};

use super::mysqlwire::{self, Product};
use super::store::Store;

const PRODUCT: Product = Product {
    title: "MatrixOne",
    keys: Keys {
        host: "MATRIXONE_HOST",
        user: "MATRIXONE_USER",
        password: "MATRIXONE_PASSWORD",
        database: "MATRIXONE_DATABASE",
    },
    port: ("MATRIXONE_PORT", 6001),
    defaults: ["localhost", "dump", "111", "dify"],
    wants_password: true,
    in_url: true,
};

/// Looks at one database.
pub(super) struct Matrixone {
    session: Session,
}

impl Matrixone {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        env.one_of("MATRIXONE_METRIC", "l2", &["l2", "cosine"])?;
        Ok(Self { session: Session::new(mysqlwire::login(env, &PRODUCT, Tls::default())?) })
    }
}

impl Store for Matrixone {
    fn target(&self) -> String {
        format!("matrixone {}", self.session.login().target())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let title = PRODUCT.title;
        let text = mysqlwire::ask(&mut self.session, title, "SELECT version()").await?;
        let Some(numbers) = mysqlwire::numbers(&text, "MatrixOne-v") else {
            return Err(mysqlwire::stranger(self.session.login(), title, &text));
        };
        let version = mysqlwire::dotted(&numbers);
        if !mysqlwire::has(&mut self.session, title, "CAST('[1,2]' AS vecf32(2))").await? {
            let message = format!("MatrixOne {version} at {} has no vectors", self.session.login().address);
            return Err(Finding::suspect(Hop::State, message).hint("use MatrixOne 1.2 or newer"));
        }
        let unsure = mysqlwire::may_create(&mut self.session, title).await?;
        let at = self.session.login().target();
        let mut ready = Finding::ready(format!("MatrixOne {version} at {at} has vectors and takes tables"));
        ready.warnings.extend(unsure);
        self.session.close().await;
        Ok(ready)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dify_has_a_default_for_everything() {
        assert_eq!(Matrixone::new(&Env::of([])).unwrap().target(), "matrixone localhost:6001/dify");
        for (name, value, key) in [
            ("MATRIXONE_PASSWORD", "", "MATRIXONE_PASSWORD"),
            ("MATRIXONE_USER", "sys:dump", "MATRIXONE_USER"),
            ("MATRIXONE_METRIC", "ip", "MATRIXONE_METRIC"),
            ("MATRIXONE_PORT", "", "MATRIXONE_PORT"),
        ] {
            assert_eq!(Matrixone::new(&Env::of([(name, value)])).err().unwrap().key, key);
        }
    }
}
