//! Which image each component runs. The defaults are those of the release in `topology`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::RELEASE;

/// One image.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// The registry; empty means that of the container runtime.
    #[schemars(regex(pattern = r"^[A-Za-z0-9./:_-]*$"))]
    pub registry: String,
    /// The repository.
    #[schemars(regex(pattern = r"^[a-z0-9]+(([._/]|__|-+)[a-z0-9]+)*$"))]
    pub repository: String,
    /// The tag.
    #[schemars(regex(pattern = r"^[A-Za-z0-9_][A-Za-z0-9._-]*$"))]
    pub tag: String,
    /// The digest, as in sha256:...; it goes before the tag.
    #[schemars(regex(pattern = r"^(sha256:[0-9a-f]{64})?$"))]
    pub digest: String,
    /// When to pull it.
    pub pull_policy: PullPolicy,
}

/// When an image is pulled.
#[derive(Debug, Clone, Copy, Default, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names are Kubernetes' own")]
pub enum PullPolicy {
    #[default]
    IfNotPresent,
    Always,
    Never,
}

/// The images, one for each component and store.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Images {
    /// api, worker, beat and the migration. Its tag tells the chart which release of Dify it is, such as 1.10.1; keep it
    /// beside a digest, and give the other components the images of the same release.
    pub api: Image,
    /// The pages.
    pub web: Image,
    /// The plugin daemon.
    pub plugin_daemon: Image,
    /// The sandbox of code nodes.
    pub sandbox: Image,
    /// The agent backend.
    pub agent_backend: Image,
    /// The agents' shell.
    pub local_sandbox: Image,
    /// nginx.
    pub proxy: Image,
    /// squid.
    pub ssrf_proxy: Image,
    /// The built-in PostgreSQL, with pgvector.
    pub postgresql: Image,
    /// The built-in Redis.
    pub redis: Image,
    /// The built-in Weaviate.
    pub weaviate: Image,
    /// The built-in Qdrant.
    pub qdrant: Image,
    /// The checks that run before Dify's own containers.
    pub preflight: Image,
}

/// The image that the release names.
fn of_release(name: &str) -> Image {
    let found = topology::release(RELEASE).and_then(|release| release.image(name));
    found.map_or_else(Image::default, |image| Image {
        repository: image.repository.to_owned(),
        tag: image.tag.to_owned(),
        ..Image::default()
    })
}

impl Default for Images {
    fn default() -> Self {
        Self {
            api: of_release("api"),
            web: of_release("web"),
            plugin_daemon: of_release("plugin-daemon"),
            sandbox: of_release("sandbox"),
            agent_backend: of_release("agent-backend"),
            local_sandbox: of_release("local-sandbox"),
            proxy: of_release("nginx"),
            ssrf_proxy: of_release("squid"),
            postgresql: of_release("postgresql"),
            redis: of_release("redis"),
            weaviate: of_release("weaviate"),
            qdrant: of_release("qdrant"),
            preflight: Image {
                repository: "ghcr.io/dify-preflight/dify-preflight".to_owned(),
                tag: env!("CARGO_PKG_VERSION").to_owned(),
                ..Image::default()
            },
        }
    }
}
