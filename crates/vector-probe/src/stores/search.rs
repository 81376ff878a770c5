//! The family of Elasticsearch: what its members answer, and what it means.

use preflight::http::{Method, Reply};
use preflight::{Finding, Hop};
use serde::Deserialize;

use super::http::Server;

/// What a server says of itself at `/`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct About {
    pub(super) version: String,
    /// Empty at Elasticsearch.
    pub(super) distribution: String,
}

#[derive(Deserialize)]
struct Root {
    version: Version,
}

#[derive(Deserialize)]
struct Version {
    number: String,
    #[serde(default)]
    distribution: String,
}

#[derive(Deserialize)]
struct Health {
    status: String,
}

#[derive(Deserialize)]
struct Installed {
    name: String,
    component: String,
}

/// An answer of `/`.
pub(super) fn about(body: &str) -> Option<About> {
    let Version { number, distribution } = serde_json::from_str::<Root>(body).ok()?.version;
    Some(About { version: number.split('-').next().unwrap_or_default().to_owned(), distribution })
}

/// The colour in an answer of `/_cluster/health`.
pub(super) fn colour(body: &str) -> Option<String> {
    serde_json::from_str::<Health>(body).ok().map(|health| health.status)
}

/// The nodes of an answer of `/_cat/plugins` that have no plugin whose name holds this word; no node if it lists none.
pub(super) fn lacks(body: &str, word: &str) -> Option<bool> {
    let plugins: Vec<Installed> = serde_json::from_str(body).ok()?;
    let has = |plugin: &Installed| plugin.component.to_ascii_lowercase().contains(word);
    let mut nodes: Vec<&str> = plugins.iter().map(|plugin| plugin.name.as_str()).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let with: Vec<&str> =
        plugins.iter().filter(|plugin| has(plugin)).map(|plugin| plugin.name.as_str()).collect();
    Some(with.is_empty() || nodes.iter().any(|node| !with.contains(node)))
}

/// Asks who is there, with the credential.
pub(super) async fn ask_about(server: &Server) -> Result<(About, Reply), Finding> {
    let reply = server.get_with_key("/").await?;
    if reply.status != 200 {
        return Err(server.unexpected(&reply, "/"));
    }
    let about = about(&reply.body).ok_or_else(|| server.not_the_product("/"))?;
    Ok((about, reply))
}

/// Whether the cluster can hold data: all but red. A user who may not ask is told as a warning.
pub(super) async fn healthy(server: &Server) -> Result<Option<String>, Finding> {
    let path = "/_cluster/health";
    let reply = server.get_with_key(path).await?;
    let (at, product) = (server.http.address(), server.product);
    match reply.status {
        200 | 408 => {}
        403 => {
            return Ok(Some("the user may not see the cluster's health, so it was not looked at".to_owned()));
        }
        _ => return Err(server.unexpected(&reply, path)),
    }
    match colour(&reply.body).as_deref() {
        Some("green" | "yellow") => Ok(None),
        Some(colour) => {
            Err(Finding::not_yet(Hop::State, format!("the cluster of {product} at {at} is {colour}"))
                .code(colour.to_owned())
                .hint("a shard has no home: look at _cluster/allocation/explain"))
        }
        None => Err(server.not_the_product(path)),
    }
}

/// Whether every node has a plugin that Dify's index needs. A user who may not ask is told as a warning.
pub(super) async fn has_plugin(server: &Server, word: &str, plugin: &str) -> Result<Option<String>, Finding> {
    let path = "/_cat/plugins?format=json&h=name,component";
    let reply = server.http.send(server.request_with_key(Method::GET, path)).await?;
    let (at, product) = (server.http.address(), server.product);
    match reply.status {
        200 => {}
        403 => {
            return Ok(Some(format!(
                "the user may not list plugins, so whether {plugin} is there is not known"
            )));
        }
        _ => return Err(server.unexpected(&reply, path)),
    }
    match lacks(&reply.body, word) {
        Some(false) => Ok(None),
        Some(true) => Err(Finding::never(
            Hop::State,
            format!("{product} at {at} does not have the plugin {plugin} on every node"),
        )
        .hint("install it, or use an image that has it: Dify's index cannot be made without")),
        None => Err(server.not_the_product("/_cat/plugins")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let body = r#"{"name":"n","version":{"number":"8.14.0-SNAPSHOT","build_flavor":"default"},"tagline":"You Know, for Search"}"#;
        assert_eq!(about(body).unwrap(), About { version: "8.14.0".to_owned(), distribution: String::new() });
        let body = r#"{"version":{"distribution":"opensearch","number":"2.19.1"}}"#;
        assert_eq!(about(body).unwrap().distribution, "opensearch");
        assert!(about("hello").is_none() && about("{}").is_none());
        assert_eq!(colour(r#"{"status":"red"}"#).as_deref(), Some("red"));
        assert_eq!(colour("[]"), None);
    }

    #[test]
    fn a_plugin_must_be_on_every_node() {
        let list = |plugins: &[(&str, &str)]| {
            let items: Vec<_> = plugins
                .iter()
                .map(|(node, plugin)| serde_json::json!({"name": node, "component": plugin}))
                .collect();
            serde_json::Value::from(items).to_string()
        };
        assert_eq!(lacks(&list(&[("a", "opensearch-knn"), ("a", "opensearch-sql")]), "knn"), Some(false));
        assert_eq!(lacks(&list(&[("a", "opensearch-knn"), ("b", "opensearch-sql")]), "knn"), Some(true));
        assert_eq!(lacks(&list(&[]), "knn"), Some(true));
        assert_eq!(lacks("hello", "knn"), None);
    }
}
