//! pgvector: an extension of PostgreSQL, with a login of its own.

use preflight::postgres::{Fault, Hosts, Keys, Login, Session, Tls, read_only};
use preflight::{Address, ConfigError, Env, Finding, Hop};
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::store::{Store, is_older};

/// The oldest version with the index (HNSW) that Dify creates.
const OLDEST: (u32, u32) = (0, 5);

/// Looks at one database.
pub(super) struct Pgvector {
    session: Session,
    wants_bigm: bool,
}

/// What one question tells.
struct State {
    server: String,
    is_standby: bool,
    schema: Option<String>,
    may_create_in_schema: bool,
    vector: Extension,
    bigm: Extension,
}

/// An extension in this database.
struct Extension {
    name: &'static str,
    installed: Option<String>,
    available: Option<String>,
    may_create: bool,
}

/// One row, in plain SQL, because a prepared statement would not survive a pooler in transaction mode. The roles by
/// name are those of managed services that may create extensions without being superusers.
const QUESTION: &str = "
WITH may AS (
  SELECT bool_or(r.rolsuper OR EXISTS (
    SELECT 1 FROM pg_roles m
    WHERE m.rolname IN ('rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin', 'alloydbsuperuser')
      AND pg_has_role(r.oid, m.oid, 'MEMBER'))) AS any_extension,
    has_database_privilege(current_database(), 'CREATE') AS trusted_extension
  FROM pg_roles r WHERE r.rolname = current_user
), known AS (
  SELECT a.name, a.default_version, a.installed_version,
    coalesce((SELECT bool_or(v.trusted) FROM pg_available_extension_versions v
      WHERE v.name = a.name AND v.version = a.default_version), false) AS trusted
  FROM pg_available_extensions a WHERE a.name IN ('vector', 'pg_bigm')
)
SELECT current_setting('server_version') AS server,
  pg_is_in_recovery() AS standby,
  current_schema()::text AS schema,
  coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS create_in_schema,
  (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS vector,
  (SELECT default_version FROM known WHERE name = 'vector') AS vector_available,
  (SELECT may.any_extension OR may.trusted_extension AND coalesce((SELECT trusted FROM known WHERE name = 'vector'), false)
    FROM may) AS vector_may,
  (SELECT extversion FROM pg_extension WHERE extname = 'pg_bigm') AS bigm,
  (SELECT default_version FROM known WHERE name = 'pg_bigm') AS bigm_available,
  (SELECT any_extension FROM may) AS bigm_may";

impl Pgvector {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let host = env.required("PGVECTOR_HOST")?;
        let port = env.number::<u16>("PGVECTOR_PORT", 5433)?;
        let address = Address::parse(&host, Some(port))
            .map_err(|problem| ConfigError::new("PGVECTOR_HOST", problem))?;
        if address.port != port || address.to_string() == host {
            return Err(
                ConfigError::new("PGVECTOR_HOST", "holds a port").hint("write the port into PGVECTOR_PORT")
            );
        }
        let login = Login {
            address,
            hosts: Hosts::default(),
            user: env.required("PGVECTOR_USER")?,
            // Dify refuses to start its client without one.
            password: Some(env.required_secret("PGVECTOR_PASSWORD")?),
            database: env.required("PGVECTOR_DATABASE")?,
            // Dify has no TLS settings for this login, but the library below it reads libpq's.
            tls: Tls::of_libpq(env)?,
            options: Vec::new(),
            application: "vector-probe".to_owned(),
            keys: Keys {
                host: "PGVECTOR_HOST",
                user: "PGVECTOR_USER",
                password: "PGVECTOR_PASSWORD",
                database: "PGVECTOR_DATABASE",
            },
            warnings: Vec::new(),
        };
        Ok(Self { session: Session::new(login), wants_bigm: env.boolean("PGVECTOR_PG_BIGM", false)? })
    }

    fn judge(&self, state: &State) -> Result<Finding, Finding> {
        let login = self.session.login();
        let at = &login.address;
        if state.is_standby {
            return Err(read_only(login.place()));
        }
        let vector = self.usable(&state.vector)?;
        if is_older(&vector, OLDEST) {
            return Err(Finding::suspect(
                Hop::State,
                format!("pgvector {vector} at {at} is too old for HNSW indexes"),
            )
            .hint("update the extension to 0.5 or newer: ALTER EXTENSION vector UPDATE"));
        }
        if self.wants_bigm {
            self.usable(&state.bigm)?;
        }
        let Some(schema) = &state.schema else {
            return Err(Finding::suspect(
                Hop::Permission,
                format!("user {:?} has no schema at {at} to create tables in", login.user),
            )
            .code("3F000")
            .hint("check the search_path of the role, and that schema public exists"));
        };
        if !state.may_create_in_schema {
            return Err(Finding::suspect(
                Hop::Permission,
                format!(
                    "user {:?} may not create tables in schema {schema:?} of {}",
                    login.user,
                    login.target()
                ),
            )
            .code("42501")
            .hint(format!("GRANT CREATE ON SCHEMA {schema} TO the role, or check PGVECTOR_USER")));
        }
        let how = if state.vector.installed.is_some() { "is there" } else { "can be created" };
        Ok(Finding::ready(format!(
            "PostgreSQL {} at {} is writable, pgvector {vector} {how}, tables may be created",
            state.server,
            login.target()
        )))
    }

    /// The version that Dify will find or create.
    fn usable(&self, extension: &Extension) -> Result<String, Finding> {
        let (login, name) = (self.session.login(), extension.name);
        if let Some(version) = &extension.installed {
            return Ok(version.clone());
        }
        let Some(version) = &extension.available else {
            return Err(Finding::suspect(
                Hop::State,
                format!("the extension {name} is not installed on {}", login.address),
            )
            .code("42704")
            .hint("use a server or image with pgvector, such as pgvector/pgvector"));
        };
        if extension.may_create {
            return Ok(version.clone());
        }
        // Somebody with more rights may be about to do it (db-migrate bootstrap), so it is waited for.
        Err(Finding::not_yet(
            Hop::State,
            format!(
                "the extension {name} is missing in {}, and user {:?} may not create it",
                login.target(),
                login.user
            ),
        )
        .code("42704")
        .hint(format!(
            "let an administrator run CREATE EXTENSION {name} there, or db-migrate bootstrap do it"
        )))
    }
}

fn read(row: &PgRow) -> Result<State, sqlx::Error> {
    let text = |name: &str| row.try_get::<Option<String>, _>(name);
    let truth = |name: &str| Ok::<_, sqlx::Error>(row.try_get::<Option<bool>, _>(name)?.unwrap_or(false));
    let extension = |name: &'static str, prefix: &str| {
        Ok::<_, sqlx::Error>(Extension {
            name,
            installed: text(prefix)?,
            available: text(&format!("{prefix}_available"))?,
            may_create: truth(&format!("{prefix}_may"))?,
        })
    };
    Ok(State {
        server: text("server")?.unwrap_or_default(),
        is_standby: truth("standby")?,
        schema: text("schema")?,
        may_create_in_schema: truth("create_in_schema")?,
        vector: extension("vector", "vector")?,
        bigm: extension("pg_bigm", "bigm")?,
    })
}

impl Store for Pgvector {
    fn target(&self) -> String {
        format!("pgvector {}", self.session.login().target())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let rows = self.session.fetch(QUESTION).await.map_err(|fault| fault.finding)?;
        let state = rows
            .first()
            .ok_or(sqlx::Error::RowNotFound)
            .and_then(read)
            .map_err(|error| Fault::of(&error, self.session.login().place()).finding)?;
        let result = self.judge(&state);
        if result.is_ok() {
            // Nothing more will be asked: take leave, so that the server's log does not speak of a lost connection.
            self.session.close().await;
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(&str, &str); 4] = [
        ("PGVECTOR_HOST", "postgres"),
        ("PGVECTOR_USER", "dify"),
        ("PGVECTOR_PASSWORD", "canary"),
        ("PGVECTOR_DATABASE", "dify"),
    ];

    #[test]
    fn the_port_is_5433_unless_named() {
        assert_eq!(Pgvector::new(&Env::of(ALL)).unwrap().target(), "pgvector postgres:5433/dify");
    }

    #[test]
    fn a_host_with_a_port_is_refused_by_name() {
        for host in ["postgres:5432", "postgres:5433", "a b", "[::1]:5433"] {
            let mut variables = ALL;
            variables[0].1 = host;
            assert_eq!(Pgvector::new(&Env::of(variables)).err().unwrap().key, "PGVECTOR_HOST", "{host}");
        }
    }

    #[test]
    fn each_variable_is_required_by_name() {
        for missing in 0..ALL.len() {
            let mut variables = ALL;
            variables[missing].1 = "";
            assert_eq!(Pgvector::new(&Env::of(variables)).err().unwrap().key, ALL[missing].0);
        }
    }

    #[test]
    fn versions_before_hnsw_are_too_old() {
        assert!(is_older("0.4.4", OLDEST));
        assert!(!is_older("0.5.0", OLDEST) && !is_older("0.8.0", OLDEST) && !is_older("1.0", OLDEST));
    }
}
