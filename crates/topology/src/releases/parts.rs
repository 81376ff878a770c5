//! The components as they are in every release that has them. A release lists them, and says where it differs:
//! `Component { needs: ..., ..parts::API }`.

use super::Image;
use crate::component::{Component, Health, Kind, Port};
use crate::need::Need;

pub(super) const fn image(name: &'static str, repository: &'static str, tag: &'static str) -> Image {
    Image { name, repository, tag }
}

const fn port(name: &'static str, number: u16) -> Port {
    Port { name, number }
}

/// What everything that runs the application's code needs since runs are streamed by the worker (Dify 1.13).
const APPLICATION: &[Need] = &[
    Need::Database,
    Need::Migrations,
    Need::Redis,
    Need::Broker,
    Need::EventBus,
    Need::Storage,
    Need::Vector,
    Need::Keys,
];

pub(super) const API: Component = Component {
    name: "api",
    image: "api",
    kind: Kind::Service,
    mode: Some("api"),
    ports: &[port("http", 5001)],
    health: Health::Http("/health"),
    uid: 1001,
    needs: APPLICATION,
    doc: "Answers the console, the apps and the service API.",
};

pub(super) const API_WEBSOCKET: Component =
    Component { name: "api-websocket", doc: "Carries the editor's collaboration over websockets.", ..API };

pub(super) const WORKER: Component = Component {
    name: "worker",
    image: "api",
    kind: Kind::Service,
    mode: Some("worker"),
    ports: &[],
    health: Health::None,
    uid: 1001,
    needs: APPLICATION,
    doc: "Runs Celery's tasks: indexing, mail, workflow runs.",
};

pub(super) const BEAT: Component = Component {
    name: "beat",
    image: "api",
    kind: Kind::Single,
    mode: Some("beat"),
    ports: &[],
    health: Health::None,
    uid: 1001,
    needs: &[Need::Database, Need::Migrations, Need::Broker],
    doc: "Puts periodic tasks into the queues; two of them would do everything twice.",
};

pub(super) const WEB: Component = Component {
    name: "web",
    image: "web",
    kind: Kind::Service,
    mode: None,
    ports: &[port("http", 3000)],
    health: Health::Tcp,
    uid: 1001,
    needs: &[],
    doc: "Serves the pages; asks the api only when a page is asked for.",
};

pub(super) const PLUGIN_DAEMON: Component = Component {
    name: "plugin-daemon",
    image: "plugin-daemon",
    kind: Kind::Service,
    mode: None,
    ports: &[port("http", 5002), port("debug", 5003)],
    health: Health::Http("/health/check"),
    uid: 0,
    needs: &[Need::PluginDatabase, Need::Redis, Need::PluginStorage, Need::Keys, Need::PluginMigrations],
    doc: "Runs plugins. It and the api call each other lazily, so neither waits for the other.",
};

pub(super) const SANDBOX: Component = Component {
    name: "sandbox",
    image: "sandbox",
    kind: Kind::Service,
    mode: None,
    ports: &[port("http", 8194)],
    health: Health::Http("/health"),
    uid: 0,
    needs: &[],
    doc: "Runs the code of code nodes.",
};

pub(super) const SSRF_PROXY: Component = Component {
    name: "ssrf-proxy",
    image: "squid",
    kind: Kind::Service,
    mode: None,
    ports: &[port("proxy", 3128)],
    health: Health::Tcp,
    uid: 13,
    needs: &[],
    doc: "The way out for requests whose address a user chose; private addresses are refused.",
};

pub(super) const AGENT_SSRF_PROXY: Component = Component {
    name: "agent-ssrf-proxy",
    doc: "The way out for the shells of agents: public addresses, what the agent backend offers them, and files.",
    ..SSRF_PROXY
};

pub(super) const AGENT_BACKEND: Component = Component {
    name: "agent-backend",
    image: "agent-backend",
    kind: Kind::Service,
    mode: None,
    ports: &[port("http", 5050)],
    health: Health::Tcp,
    uid: 1001,
    needs: &[Need::Redis, Need::Keys],
    doc: "Runs agents.",
};

pub(super) const LOCAL_SANDBOX: Component = Component {
    name: "local-sandbox",
    image: "local-sandbox",
    kind: Kind::Single,
    mode: None,
    ports: &[port("http", 5004)],
    health: Health::Http("/healthz"),
    uid: 1000,
    needs: &[],
    doc: "Gives the agents of the agent backend a shell.",
};

pub(super) const NGINX: Component = Component {
    name: "nginx",
    image: "nginx",
    kind: Kind::Service,
    mode: None,
    ports: &[port("http", 8080)],
    health: Health::Http("/nginx-health"),
    uid: 101,
    needs: &[],
    doc: "One address for all: hands each path to the component that answers it.",
};

pub(super) const POSTGRESQL: Component = Component {
    name: "postgresql",
    image: "postgresql",
    kind: Kind::Store,
    mode: None,
    ports: &[port("postgresql", 5432)],
    health: Health::Command,
    uid: 999,
    needs: &[],
    doc: "PostgreSQL with pgvector.",
};

pub(super) const REDIS: Component = Component {
    name: "redis",
    image: "redis",
    kind: Kind::Store,
    mode: None,
    ports: &[port("redis", 6379)],
    health: Health::Command,
    uid: 999,
    needs: &[],
    doc: "Redis for caches, locks, queues and events.",
};

pub(super) const WEAVIATE: Component = Component {
    name: "weaviate",
    image: "weaviate",
    kind: Kind::Store,
    mode: None,
    ports: &[port("http", 8080), port("grpc", 50051)],
    health: Health::Http("/v1/.well-known/ready"),
    uid: 1000,
    needs: &[],
    doc: "Weaviate, as vector store.",
};

pub(super) const QDRANT: Component = Component {
    name: "qdrant",
    image: "qdrant",
    kind: Kind::Store,
    mode: None,
    ports: &[port("http", 6333), port("grpc", 6334)],
    health: Health::Http("/readyz"),
    uid: 1000,
    needs: &[],
    doc: "Qdrant, as vector store.",
};

pub(super) const KEYS: Component = Component {
    name: "keys",
    image: "preflight",
    kind: Kind::Job,
    mode: None,
    ports: &[],
    health: Health::None,
    uid: 65532,
    needs: &[],
    doc: "Makes the keys that nobody has given.",
};

pub(super) const BOOTSTRAP: Component = Component {
    name: "bootstrap",
    image: "preflight",
    kind: Kind::Job,
    mode: None,
    ports: &[],
    health: Health::None,
    uid: 1001,
    needs: &[],
    doc: "Makes databases, extensions and buckets that are missing.",
};

pub(super) const MIGRATE: Component = Component {
    name: "migrate",
    image: "api",
    kind: Kind::Job,
    mode: Some("migration"),
    ports: &[],
    health: Health::None,
    uid: 1001,
    needs: &[Need::Redis, Need::Storage],
    doc: "Brings the schema to the head that the image carries and proves it.",
};
