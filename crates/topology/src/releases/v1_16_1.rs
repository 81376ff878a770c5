//! Dify 1.16.1.

use super::Release;
use super::parts::{self, image};
use crate::route::Route;

/// The release.
pub(super) const RELEASE: Release = Release {
    version: "1.16.1",
    schema_head: "6f5a9c2d8e1b",
    images: &[
        image("api", "langgenius/dify-api", "1.16.1"),
        image("web", "langgenius/dify-web", "1.16.1"),
        image("plugin-daemon", "langgenius/dify-plugin-daemon", "0.6.3-local"),
        image("sandbox", "langgenius/dify-sandbox", "0.2.15"),
        image("agent-backend", "langgenius/dify-agent-backend", "1.16.1"),
        image("local-sandbox", "langgenius/dify-agent-local-sandbox", "1.16.1"),
        image("nginx", "nginx", "1.28.0"),
        image("squid", "ubuntu/squid", "6.6-24.04_beta"),
        image("postgresql", "pgvector/pgvector", "0.8.0-pg17"),
        image("redis", "redis", "8.0.2"),
        image("weaviate", "semitechnologies/weaviate", "1.35.2"),
        // Its client, 1.9.0, refuses what later servers add to their answers.
        image("qdrant", "qdrant/qdrant", "v1.9.7"),
    ],
    routes: &[
        Route::new("/console/api", "api"),
        Route::new("/api", "api"),
        Route::new("/v1", "api"),
        Route::new("/openapi", "api"),
        Route::new("/files", "api"),
        Route::new("/mcp", "api"),
        Route::new("/triggers", "api"),
        Route::new("/e/", "plugin-daemon").with_hook(),
        Route::new("/socket.io/", "api-websocket"),
        // `/explore` and all other pages.
        Route::new("/", "web"),
    ],
    known: &[
        ("api", include_str!("known/1.16.1/api.txt")),
        ("web", include_str!("known/1.16.1/web.txt")),
        ("plugin-daemon", include_str!("known/1.16.1/plugin-daemon.txt")),
        ("sandbox", include_str!("known/1.16.1/sandbox.txt")),
        ("agent-backend", include_str!("known/1.16.1/agent-backend.txt")),
        ("local-sandbox", include_str!("known/1.16.1/local-sandbox.txt")),
        ("vector-stores", include_str!("known/1.16.1/vector-stores.txt")),
        ("storage-types", include_str!("known/1.16.1/storage-types.txt")),
        ("queues", include_str!("known/1.16.1/queues.txt")),
    ],
    components: &[
        parts::API,
        parts::API_WEBSOCKET,
        parts::WORKER,
        parts::BEAT,
        parts::WEB,
        parts::PLUGIN_DAEMON,
        parts::SANDBOX,
        parts::SSRF_PROXY,
        parts::AGENT_BACKEND,
        parts::LOCAL_SANDBOX,
        parts::AGENT_SSRF_PROXY,
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
