//! Dify 1.10.1.

use super::{Image, Release};
use crate::component::{Component, Health, Kind, Port};
use crate::need::Need;

const fn image(name: &'static str, repository: &'static str, tag: &'static str) -> Image {
    Image { name, repository, tag }
}

const fn port(name: &'static str, number: u16) -> Port {
    Port { name, number }
}

/// What everything that runs the application's code needs.
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
    ],
    api_routes: &["/console/api", "/api", "/v1", "/files", "/mcp", "/triggers"],
    components: &[
        Component {
            name: "api",
            image: "api",
            kind: Kind::Service,
            mode: Some("api"),
            ports: &[port("http", 5001)],
            health: Health::Http("/health"),
            uid: 1001,
            needs: APPLICATION,
            doc: "Answers the console, the apps and the service API.",
        },
        Component {
            name: "worker",
            image: "api",
            kind: Kind::Service,
            mode: Some("worker"),
            ports: &[],
            health: Health::None,
            uid: 1001,
            needs: APPLICATION,
            doc: "Runs Celery's tasks: indexing, mail, workflow runs.",
        },
        Component {
            name: "beat",
            image: "api",
            kind: Kind::Single,
            mode: Some("beat"),
            ports: &[],
            health: Health::None,
            uid: 1001,
            needs: &[Need::Database, Need::Migrations, Need::Broker],
            doc: "Puts periodic tasks into the queues; two of them would do everything twice.",
        },
        Component {
            name: "web",
            image: "web",
            kind: Kind::Service,
            mode: None,
            ports: &[port("http", 3000)],
            health: Health::Tcp,
            uid: 1001,
            needs: &[],
            doc: "Serves the pages; asks the api only when a page is asked for.",
        },
        Component {
            name: "plugin-daemon",
            image: "plugin-daemon",
            kind: Kind::Service,
            mode: None,
            ports: &[port("http", 5002), port("debug", 5003)],
            health: Health::Http("/health/check"),
            uid: 0,
            needs: &[Need::PluginDatabase, Need::Redis, Need::PluginStorage, Need::Keys],
            doc: "Runs plugins. It and the api call each other lazily, so neither waits for the other.",
        },
        Component {
            name: "sandbox",
            image: "sandbox",
            kind: Kind::Service,
            mode: None,
            ports: &[port("http", 8194)],
            health: Health::Http("/health"),
            uid: 0,
            needs: &[],
            doc: "Runs the code of code nodes.",
        },
        Component {
            name: "ssrf-proxy",
            image: "squid",
            kind: Kind::Service,
            mode: None,
            ports: &[port("proxy", 3128)],
            health: Health::Tcp,
            uid: 13,
            needs: &[],
            doc: "The way out for requests whose address a user chose; private addresses are refused.",
        },
        Component {
            name: "nginx",
            image: "nginx",
            kind: Kind::Service,
            mode: None,
            ports: &[port("http", 8080)],
            health: Health::Http("/nginx-health"),
            uid: 101,
            needs: &[],
            doc: "One address for all: hands each path to the component that answers it.",
        },
        Component {
            name: "postgresql",
            image: "postgresql",
            kind: Kind::Store,
            mode: None,
            ports: &[port("postgresql", 5432)],
            health: Health::Command,
            uid: 999,
            needs: &[],
            doc: "PostgreSQL with pgvector.",
        },
        Component {
            name: "redis",
            image: "redis",
            kind: Kind::Store,
            mode: None,
            ports: &[port("redis", 6379)],
            health: Health::Command,
            uid: 999,
            needs: &[],
            doc: "Redis for caches, locks, queues and events.",
        },
        Component {
            name: "keys",
            image: "preflight",
            kind: Kind::Job,
            mode: None,
            ports: &[],
            health: Health::None,
            uid: 65532,
            needs: &[],
            doc: "Makes the keys that nobody has given.",
        },
        Component {
            name: "bootstrap",
            image: "preflight",
            kind: Kind::Job,
            mode: None,
            ports: &[],
            health: Health::None,
            uid: 1001,
            needs: &[],
            doc: "Makes databases, extensions and buckets that are missing.",
        },
        Component {
            name: "migrate",
            image: "api",
            kind: Kind::Job,
            mode: Some("migration"),
            ports: &[],
            health: Health::None,
            uid: 1001,
            needs: &[Need::Redis, Need::Storage],
            doc: "Brings the schema to the head that the image carries and proves it.",
        },
    ],
};
