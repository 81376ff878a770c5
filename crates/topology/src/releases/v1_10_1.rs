//! Dify 1.10.1.

use super::Release;
use super::parts::{self, image};
use crate::component::Component;
use crate::need::Need;
use crate::route::Route;

/// What everything that runs the application's code needs: runs are not streamed over an event bus yet.
const APPLICATION: &[Need] =
    &[Need::Database, Need::Migrations, Need::Redis, Need::Broker, Need::Storage, Need::Vector, Need::Keys];

/// The release.
pub(super) const RELEASE: Release = Release {
    version: "1.10.1",
    schema_head: "09cfdda155d1",
    images: &[
        image("api", "langgenius/dify-api", "1.10.1"),
        image("web", "langgenius/dify-web", "1.10.1"),
        image("plugin-daemon", "langgenius/dify-plugin-daemon", "0.4.1-local"),
        image("sandbox", "langgenius/dify-sandbox", "0.2.12"),
        image("nginx", "nginx", "1.28.0"),
        image("squid", "ubuntu/squid", "6.6-24.04_beta"),
        image("postgresql", "pgvector/pgvector", "0.8.0-pg15"),
        image("redis", "redis", "8.0.2"),
        image("weaviate", "semitechnologies/weaviate", "1.35.2"),
        // Its client, 1.9.0, refuses what later servers add to their answers.
        image("qdrant", "qdrant/qdrant", "v1.9.7"),
    ],
    routes: &[
        Route::new("/console/api", "api"),
        Route::new("/api", "api"),
        Route::new("/v1", "api"),
        Route::new("/files", "api"),
        Route::new("/mcp", "api"),
        Route::new("/triggers", "api"),
        Route::new("/e/", "plugin-daemon").with_hook(),
        Route::new("/", "web"),
    ],
    known: &[
        ("api", include_str!("known/1.10.1/api.txt")),
        ("web", include_str!("known/1.10.1/web.txt")),
        ("plugin-daemon", include_str!("known/1.10.1/plugin-daemon.txt")),
        ("sandbox", include_str!("known/1.10.1/sandbox.txt")),
        ("vector-stores", include_str!("known/1.10.1/vector-stores.txt")),
        ("storage-types", include_str!("known/1.10.1/storage-types.txt")),
        ("queues", include_str!("known/1.10.1/queues.txt")),
    ],
    components: &[
        Component { needs: APPLICATION, ..parts::API },
        Component { needs: APPLICATION, ..parts::WORKER },
        parts::BEAT,
        parts::WEB,
        // It makes its tables when it starts, and in no other way.
        Component {
            needs: &[Need::PluginDatabase, Need::Redis, Need::PluginStorage, Need::Keys],
            ..parts::PLUGIN_DAEMON
        },
        parts::SANDBOX,
        parts::SSRF_PROXY,
        parts::NGINX,
        parts::POSTGRESQL,
        parts::REDIS,
        parts::WEAVIATE,
        parts::QDRANT,
        parts::KEYS,
        parts::BOOTSTRAP,
        parts::MIGRATE,
    ],
};
