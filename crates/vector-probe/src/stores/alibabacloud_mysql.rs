//! `AliSQL` (RDS for MySQL at Alibaba Cloud): MySQL with vectors.

use preflight::mysql::{Keys, Session, SslMode, Tls};
use preflight::{ConfigError, Env, Finding, Hop};

use super::mysqlwire::{self, Product};
use super::store::Store;

const PRODUCT: Product = Product {
    title: "RDS for MySQL",
    keys: Keys {
        host: "ALIBABACLOUD_MYSQL_HOST",
        user: "ALIBABACLOUD_MYSQL_USER",
        password: "ALIBABACLOUD_MYSQL_PASSWORD",
        database: "ALIBABACLOUD_MYSQL_DATABASE",
    },
    port: ("ALIBABACLOUD_MYSQL_PORT", 3306),
    defaults: ["localhost", "root", "", "dify"],
    wants_password: false,
    in_url: false,
};

/// Looks at one database.
pub(super) struct AliSql {
    session: Session,
}

impl AliSql {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        env.one_of("ALIBABACLOUD_MYSQL_DISTANCE_FUNCTION", "cosine", &["cosine", "euclidean"])?;
        for (key, default, least, most) in
            [("ALIBABACLOUD_MYSQL_MAX_CONNECTION", 5, 1, 32), ("ALIBABACLOUD_MYSQL_HNSW_M", 6, 3, 200)]
        {
            let number: u32 = env.number(key, default)?;
            if !(least..=most).contains(&number) {
                return Err(ConfigError::new(key, format!("{number} is not between {least} and {most}")));
            }
        }
        // MySQL's own client for Python takes TLS where it is offered, with anybody.
        let tls = Tls::new(SslMode::Prefer, None, None)?;
        Ok(Self { session: Session::new(mysqlwire::login(env, &PRODUCT, tls)?) })
    }
}

impl Store for AliSql {
    fn target(&self) -> String {
        format!("alibabacloud_mysql {}", self.session.login().target())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let title = PRODUCT.title;
        let version = mysqlwire::ask(&mut self.session, title, "SELECT version()").await?;
        // The very question that Dify asks first.
        if !mysqlwire::has(&mut self.session, title, "VEC_FromText('[1,2,3]') IS NOT NULL").await? {
            let at = &self.session.login().address;
            return Err(Finding::suspect(
                Hop::State,
                format!("MySQL {version} at {at} has no function VEC_FromText"),
            )
            .code("1305")
            .hint("use RDS for MySQL 8.0 with a minor engine version from 20251031 on, and turn its vector storage on in the console"));
        }
        let unsure = mysqlwire::may_create(&mut self.session, title).await?;
        let at = self.session.login().target();
        let mut ready = Finding::ready(format!("MySQL {version} at {at} has vectors and takes tables"));
        ready.warnings.extend(unsure);
        self.session.close().await;
        Ok(ready)
    }
}
