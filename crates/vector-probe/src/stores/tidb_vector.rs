//! `TiDB`: MySQL's protocol with vectors, whose indexes live in `TiFlash`.

use preflight::mysql::{Keys, Session, SslMode, Tls};
use preflight::tls::NamedFile;
use preflight::{ConfigError, Env, Finding, Hop};

use super::mysqlwire::{self, Product};
use super::store::Store;

const PRODUCT: Product = Product {
    title: "TiDB",
    keys: Keys {
        host: "TIDB_VECTOR_HOST",
        user: "TIDB_VECTOR_USER",
        password: "TIDB_VECTOR_PASSWORD",
        database: "TIDB_VECTOR_DATABASE",
    },
    port: ("TIDB_VECTOR_PORT", 4000),
    defaults: ["", "", "", ""],
    wants_password: false,
    in_url: true,
};

/// The oldest version with the type and the index that Dify asks for.
const OLDEST: [u32; 2] = [8, 4];

/// Looks at one database.
pub(super) struct TidbVector {
    session: Session,
    /// The same without TLS, once the server was seen to offer none.
    plain: Session,
    is_plain: bool,
}

impl TidbVector {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        // Dify demands a certificate for the host's name; its client trusts the system's CAs, or those in this file.
        let file = env.text_or("SSL_CERT_FILE", "")?;
        let ca = (!file.is_empty()).then(|| NamedFile { key: "SSL_CERT_FILE".to_owned(), path: file.into() });
        let login = mysqlwire::login(env, &PRODUCT, Tls::new(SslMode::VerifyFull, ca, None)?)?;
        let plain = preflight::mysql::Login { tls: Tls::default(), ..login.clone() };
        Ok(Self { session: Session::new(login), plain: Session::new(plain), is_plain: false })
    }

    fn session(&mut self) -> &mut Session {
        if self.is_plain { &mut self.plain } else { &mut self.session }
    }

    /// Dify's client goes on without TLS where the server offers none, whatever it was told.
    async fn version(&mut self) -> Result<String, Finding> {
        const QUESTION: &str = "SELECT version()";
        match mysqlwire::ask(self.session(), PRODUCT.title, QUESTION).await {
            Err(finding) if finding.hop == Hop::Tls && finding.message.contains("does not offer TLS") => {
                self.is_plain = true;
                mysqlwire::ask(self.session(), PRODUCT.title, QUESTION).await
            }
            answer => answer,
        }
    }

    /// The number of `TiFlash` nodes, where the user may see it.
    async fn columnar(&mut self) -> Option<u32> {
        let question = "SELECT count(*) FROM information_schema.cluster_info WHERE type = 'tiflash'";
        let rows = self.session().ask(question).await.ok()?;
        rows.into_iter().flatten().next().flatten()?.parse().ok()
    }
}

impl Store for TidbVector {
    fn target(&self) -> String {
        format!("tidb_vector {}", self.session.login().target())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let title = PRODUCT.title;
        let text = self.version().await?;
        let login = self.session.login().clone();
        let Some(numbers) = mysqlwire::numbers(&text, "TiDB-v") else {
            return Err(mysqlwire::stranger(&login, title, &text));
        };
        let version = mysqlwire::dotted(&numbers);
        if numbers.as_slice() < OLDEST.as_slice() {
            return Err(Finding::suspect(
                Hop::State,
                format!("TiDB {version} at {} has no vectors", login.address),
            )
            .hint("Dify needs TiDB 8.4 or newer"));
        }
        let unsure = mysqlwire::may_create(self.session(), title).await?;
        if !mysqlwire::has(self.session(), title, "VEC_FROM_TEXT('[1,2]')").await? {
            return Err(Finding::suspect(
                Hop::State,
                format!("TiDB {version} at {} has no vector functions", login.address),
            )
            .code("1305")
            .hint("use TiDB 8.4 or newer"));
        }
        if self.columnar().await == Some(0) {
            let message = format!(
                "TiDB {version} at {} has no TiFlash node, which keeps the vector indexes",
                login.address
            );
            return Err(Finding::suspect(Hop::State, message).hint("add a TiFlash node to the cluster"));
        }
        let mut ready =
            Finding::ready(format!("TiDB {version} at {} has vectors and takes tables", login.target()));
        ready.warnings.extend(unsure);
        if self.is_plain {
            ready.warnings.push(format!(
                "{} offers no TLS: Dify's client sends everything unencrypted, and refuses to from PyMySQL 1.2 on",
                login.address
            ));
        }
        self.session().close().await;
        Ok(ready)
    }
}
