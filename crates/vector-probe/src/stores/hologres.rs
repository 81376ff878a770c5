//! Hologres: PostgreSQL's protocol, with an access key for a login and vectors in arrays.

use preflight::postgres::{Keys, Session};
use preflight::{ConfigError, Env, Finding, Hop};

use super::pgwire::{self, Product};
use super::store::{Store, is_older};

const PRODUCT: Product = Product {
    name: "hologres",
    title: "Hologres",
    keys: Keys {
        host: "HOLOGRES_HOST",
        user: "HOLOGRES_ACCESS_KEY_ID",
        password: "HOLOGRES_ACCESS_KEY_SECRET",
        database: "HOLOGRES_DATABASE",
    },
    port: ("HOLOGRES_PORT", 80),
    database: "",
    in_url: false,
};

/// The oldest version with the index that Dify creates (`HGraph`).
const OLDEST: (u32, u32) = (4, 0);

/// Looks at one database.
pub(super) struct Hologres {
    session: Session,
    schema: String,
}

impl Hologres {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let login = pgwire::login(env, &PRODUCT)?;
        let schema = env.text_or("HOLOGRES_SCHEMA", "public")?;
        if schema.is_empty() {
            return Err(
                ConfigError::new("HOLOGRES_SCHEMA", "is empty").hint("set it, or leave it unset for public")
            );
        }
        env.one_of("HOLOGRES_DISTANCE_METHOD", "Cosine", &["Cosine", "Euclidean", "InnerProduct"])?;
        Ok(Self { session: Session::new(login), schema })
    }

    /// Its own version: nothing else answers to this name.
    async fn version(&mut self) -> Result<String, Finding> {
        match self.session.try_ask("SELECT hg_version()").await {
            Ok(rows) => {
                let text = rows.into_iter().flatten().next().flatten().unwrap_or_default();
                Ok(text
                    .trim_start_matches("Hologres")
                    .trim()
                    .split([' ', '('])
                    .next()
                    .unwrap_or_default()
                    .to_owned())
            }
            Err(fault) if fault.code.as_deref() == Some("42883") => {
                let at = &self.session.login().address;
                Err(Finding::suspect(
                    Hop::State,
                    format!("{at} speaks PostgreSQL's protocol, but is no Hologres"),
                )
                .code("42883")
                .hint("check HOLOGRES_HOST and HOLOGRES_PORT"))
            }
            Err(fault) => Err(pgwire::words(fault.finding, self.session.login(), PRODUCT.title)),
        }
    }

    /// Whether the schema is there and takes tables.
    async fn right(&mut self) -> Result<(), Finding> {
        let name = self.schema.replace('\'', "''");
        let question = format!(
            "SELECT CASE WHEN has_schema_privilege(nspname, 'CREATE') THEN 1 ELSE 0 END \
             FROM pg_namespace WHERE nspname = '{name}'"
        );
        let rows = self.session.ask(&question).await;
        let login = self.session.login();
        let (at, schema) = (login.target(), &self.schema);
        let rows = rows.map_err(|finding| pgwire::words(finding, login, PRODUCT.title))?;
        match rows.into_iter().flatten().next().flatten().as_deref() {
            Some("1") => Ok(()),
            Some(_) => {
                let message = format!("the access key may not create tables in schema {schema:?} of {at}");
                Err(Finding::suspect(Hop::Permission, message).code("42501").hint(format!(
                    "GRANT CREATE ON SCHEMA {schema} TO the account, or add it to the developers of the database"
                )))
            }
            None => Err(Finding::suspect(Hop::State, format!("schema {schema:?} does not exist in {at}"))
                .code("3F000")
                .hint("create it, or check HOLOGRES_SCHEMA")),
        }
    }
}

impl Store for Hologres {
    fn target(&self) -> String {
        format!("{} {}", PRODUCT.name, self.session.login().target())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let version = self.version().await?;
        if is_older(&version, OLDEST) {
            let at = &self.session.login().address;
            return Err(Finding::suspect(
                Hop::State,
                format!("Hologres {version} at {at} has no HGraph index"),
            )
            .hint("Dify's index needs Hologres 4.0 or newer: upgrade the instance"));
        }
        self.right().await?;
        let at = self.session.login().target();
        let schema = &self.schema;
        let ready = Finding::ready(format!(
            "Hologres {version} at {at} takes the access key, tables may be created in schema {schema:?}"
        ));
        self.session.close().await;
        Ok(ready)
    }
}
