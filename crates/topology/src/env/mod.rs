//! The environment contract: every variable that a component reads and the chart fills.
//!
//! One record is one variable for one set of consumers in one situation. The same name may occur several times where it
//! means different things, as `DB_DATABASE` does for the api and for the plugin daemon.

mod application;
mod components;
mod database;
mod mysql;
mod redis;
mod settings;
mod storage;
mod trust;
mod vector;

use serde::Serialize;

pub use storage::OBJECT_STORES;
pub use vector::{OTHER_STORES, OtherStore, VECTOR_STORES};

/// Who may see a variable's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// May stand in a ConfigMap.
    Plain,
    /// Comes from a Secret and is never printed.
    Secret,
}

/// Where a variable's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Always this text.
    Constant(&'static str),
    /// A value of the chart, by its path.
    Setting(&'static str),
    /// The host name of another component.
    Host(&'static str),
    /// The HTTP address of another component, and what follows the port.
    Address(&'static str, &'static str),
    /// One of the shared keys.
    Key(&'static str),
    /// Worked out by the chart from several settings; the text says how.
    Computed(&'static str),
}

/// In which situation a variable is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// In every installation.
    Always,
    /// The database is a PostgreSQL of the user's.
    ExternalPostgres,
    /// The database is a MySQL, `OceanBase` or seekdb of the user's.
    ExternalMysql,
    /// The database is the one that the chart brings.
    BuiltInPostgres,
    /// There is a bundle of CAs for all clients of stores.
    CaBundle,
    /// Redis is found through Sentinels.
    SentinelRedis,
    /// Redis is one server of the user's.
    ExternalRedis,
    /// Redis is the one that the chart brings.
    BuiltInRedis,
    /// Files are kept in the store that this section of the values describes, one of [`OBJECT_STORES`].
    ObjectStore(&'static str),
    /// Files are kept in that store, and it is opened with keys, not with the identity of the pod.
    ObjectStoreKeys(&'static str),
    /// Files are kept on a volume.
    LocalStorage,
    /// Vectors are kept in the store that this section of the values describes, one of [`VECTOR_STORES`].
    Vector(&'static str),
    /// Vectors are kept in the server that holds the application's database, the user's.
    PgvectorInExternalPostgres,
    /// Vectors are kept in the server that holds the application's database, the chart's.
    PgvectorInBuiltInPostgres,
    /// This value is not empty, zero or false.
    Set(&'static str),
    /// This value is this word.
    Is(&'static str, &'static str),
    /// This secret is given, by either way.
    Given(&'static str),
    /// The optional component of this name is switched on.
    Component(&'static str),
}

/// One variable.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Variable {
    /// The name in the environment.
    pub name: &'static str,
    /// The components that read it.
    pub consumers: &'static [&'static str],
    /// Who may see it.
    pub visibility: Visibility,
    /// Where its value comes from.
    pub source: Source,
    /// When it is set.
    pub when: When,
    /// The first release that reads it, if not all do.
    pub since: Option<&'static str>,
    /// The last release that reads it, if it went away.
    pub until: Option<&'static str>,
    /// Left out where its setting is empty: an empty text would be refused or mean something else.
    pub optional: bool,
    /// What it does.
    pub doc: &'static str,
    /// How that is known.
    pub fact: Fact,
}

/// How a statement about a variable is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// Seen with Dify's own code running against real servers.
    Measured,
    /// Read in the settings of Dify's api at the release's tag.
    ApiSource,
    /// Read in the plugin daemon's settings.
    DaemonSource,
    /// Read in the sandbox's settings.
    SandboxSource,
    /// Read in the compose file of the release.
    Compose,
    /// A rule of this project's own tools.
    Preflight,
}

impl Variable {
    const fn new(
        name: &'static str,
        consumers: &'static [&'static str],
        source: Source,
        doc: &'static str,
    ) -> Self {
        let visibility = match source {
            Source::Key(_) => Visibility::Secret,
            _ => Visibility::Plain,
        };
        Self {
            name,
            consumers,
            visibility,
            source,
            when: When::Always,
            since: None,
            until: None,
            optional: false,
            doc,
            fact: Fact::ApiSource,
        }
    }

    const fn when(self, when: When) -> Self {
        Self { when, ..self }
    }

    const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    const fn since(self, release: &'static str) -> Self {
        Self { since: Some(release), ..self }
    }

    const fn fact(self, fact: Fact) -> Self {
        Self { fact, ..self }
    }

    /// Whether this release reads the variable.
    #[must_use]
    pub fn read_by_release(&self, version: &str) -> bool {
        let release = number(version);
        self.since.is_none_or(|since| number(since) <= release)
            && self.until.is_none_or(|until| release <= number(until))
    }

    /// Whether this component reads the variable.
    #[must_use]
    pub fn read_by(&self, component: &str) -> bool {
        self.consumers.contains(&component)
    }
}

/// A version as numbers that compare; what is not a number counts as zero.
pub(crate) fn number(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

/// Everything that runs the application's code and shares one environment.
const APPLICATION: &[&str] = &["api", "api-websocket", "worker", "beat"];
/// The application's code, and the job that migrates its schema.
const APPLICATION_AND_MIGRATE: &[&str] = &["api", "api-websocket", "worker", "beat", "migrate"];
/// All who touch the application's database, bucket or vector store.
const APPLICATION_AND_JOBS: &[&str] = &["api", "api-websocket", "worker", "beat", "migrate", "bootstrap"];
/// The plugin daemon alone: many of its names mean something else to the api.
const DAEMON: &[&str] = &["plugin-daemon"];
/// The plugin daemon's storage, which the bootstrap job makes too.
const DAEMON_AND_BOOTSTRAP: &[&str] = &["plugin-daemon", "bootstrap"];

/// Every variable, grouped as a reader would look for it.
pub fn variables() -> impl Iterator<Item = &'static Variable> {
    [
        application::VARIABLES,
        components::VARIABLES,
        database::VARIABLES,
        mysql::VARIABLES,
        redis::VARIABLES,
        settings::VARIABLES,
        storage::VARIABLES,
        trust::VARIABLES,
        vector::VARIABLES,
        vector::EXTERNAL,
    ]
    .into_iter()
    .chain(storage::OBJECTS.iter().copied())
    .flatten()
}
