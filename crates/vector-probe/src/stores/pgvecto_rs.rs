//! pgvecto.rs: an extension of PostgreSQL that must be loaded when the server starts.

use preflight::postgres::{Keys, Session};
use preflight::{ConfigError, Env, Finding, Hop};

use super::pgwire::{self, Product, Vectors};
use super::store::Store;

const PRODUCT: Product = Product {
    name: "pgvecto-rs",
    title: "PostgreSQL with pgvecto.rs",
    keys: Keys {
        host: "PGVECTO_RS_HOST",
        user: "PGVECTO_RS_USER",
        password: "PGVECTO_RS_PASSWORD",
        database: "PGVECTO_RS_DATABASE",
    },
    port: ("PGVECTO_RS_PORT", 5431),
    database: "",
    in_url: true,
};

const VECTORS: Vectors = Vectors {
    column: "vector",
    index: "vectors",
    cure: "use a server or image with pgvecto.rs, such as tensorchord/pgvecto-rs",
};

/// The preloaded libraries may be seen by some roles only; then there is no row.
const QUESTION: &str = "SELECT \
    (SELECT extversion FROM pg_extension WHERE extname = 'vectors'), \
    (SELECT count(*) FROM pg_available_extensions WHERE name = 'vectors'), \
    (SELECT count(*) FROM pg_roles WHERE rolname = current_user AND rolsuper), \
    (SELECT setting FROM pg_settings WHERE name = 'shared_preload_libraries')";

/// Looks at one database.
pub(super) struct PgvectoRs {
    session: Session,
}

struct Extension {
    installed: Option<String>,
    is_available: bool,
    is_superuser: bool,
    preloaded: Option<String>,
}

impl PgvectoRs {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        Ok(Self { session: Session::new(pgwire::login(env, &PRODUCT)?) })
    }

    async fn extension(&mut self) -> Result<Extension, Finding> {
        let rows = self.session.ask(QUESTION).await?;
        let text = |column: usize| rows.first().and_then(|row| row.get(column).cloned().flatten());
        let truth = |column: usize| text(column).is_some_and(|count| count != "0");
        Ok(Extension {
            installed: text(0),
            is_available: truth(1),
            is_superuser: truth(2),
            preloaded: text(3),
        })
    }

    /// Dify creates the extension whenever it opens the store; only a superuser may.
    fn usable(&self, extension: &Extension) -> Result<(), Finding> {
        let login = self.session.login();
        let missing = |message: String| Finding::suspect(Hop::State, message).code("42704");
        if extension.installed.is_none() && !extension.is_available {
            let message = format!("the extension vectors is not installed on {}", login.address);
            return Err(missing(message).hint(VECTORS.cure));
        }
        if extension.installed.is_none() && !extension.is_superuser {
            let message = format!(
                "the extension vectors is missing in {}, and user {:?} may not create it",
                login.target(),
                login.user
            );
            return Err(Finding::not_yet(Hop::State, message)
                .code("42704")
                .hint("let an administrator run CREATE EXTENSION vectors there"));
        }
        if extension.preloaded.as_ref().is_some_and(|libraries| !libraries.contains("vectors")) {
            let message = format!("{} has not loaded vectors.so at its start", login.address);
            return Err(Finding::suspect(Hop::State, message)
                .hint("set shared_preload_libraries = 'vectors.so' and restart the server"));
        }
        Ok(())
    }
}

impl Store for PgvectoRs {
    fn target(&self) -> String {
        format!("{} {}", PRODUCT.name, self.session.login().target())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let words = |finding, session: &Session| pgwire::words(finding, session.login(), PRODUCT.title);
        let extension = self.extension().await.map_err(|finding| words(finding, &self.session))?;
        self.usable(&extension)?;
        let asked = pgwire::ask(&mut self.session, VECTORS).await;
        let state = asked.map_err(|finding| words(finding, &self.session))?;
        let login = self.session.login();
        let ready = match &extension.installed {
            Some(version) => {
                pgwire::judge(&state, login, VECTORS)?;
                let ready = pgwire::ready(&state, login, PRODUCT.title, VECTORS);
                Finding { message: format!("{} (pgvecto.rs {version})", ready.message), ..ready }
            }
            None => Finding::ready(format!(
                "{} at {} ({}) lets this superuser create the extension vectors, as Dify will",
                PRODUCT.title,
                login.target(),
                state.version
            )),
        };
        self.session.close().await;
        Ok(ready)
    }
}
