//! What a component needs before it may start.

use std::fmt;

use serde::Serialize;

/// Something that must be proven before a component's main container starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// The application's database can be logged in to and written.
    Database,
    /// The plugin daemon's own database can be logged in to and written.
    PluginDatabase,
    /// The plugin daemon's tables are as its image wants them.
    PluginMigrations,
    /// The schema of the application's database is at the head that the image carries.
    Migrations,
    /// The Redis for caches and locks is a writable master.
    Redis,
    /// The Redis that carries Celery's queues is a writable master.
    Broker,
    /// The Redis that carries run events from the worker to the api is reachable.
    EventBus,
    /// Files of the application can be written, read and deleted.
    Storage,
    /// Files of the plugin daemon can be written, read and deleted.
    PluginStorage,
    /// The vector store is the right product and usable.
    Vector,
    /// The keys that components share are present and well formed.
    Keys,
}

impl Need {
    /// The need's name as it appears in reports and diagrams.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::PluginDatabase => "plugin-database",
            Self::PluginMigrations => "plugin-migrations",
            Self::Migrations => "migrations",
            Self::Redis => "redis",
            Self::Broker => "broker",
            Self::EventBus => "event-bus",
            Self::Storage => "storage",
            Self::PluginStorage => "plugin-storage",
            Self::Vector => "vector",
            Self::Keys => "keys",
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
