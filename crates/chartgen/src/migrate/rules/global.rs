//! What holds for the whole installation, and how it is reached.

use serde_json::Value;

use super::Rule::{By, Dropped, Only, Refused, To};
use crate::migrate::{Move, carry, keys};

pub(super) const RULES: super::Rules = &[
    ("api.url.consoleApi", To("global.consoleApiDomain")),
    ("api.url.consoleWeb", To("global.consoleWebDomain")),
    ("api.url.serviceApi", To("global.serviceApiDomain")),
    ("api.url.appApi", To("global.appApiDomain")),
    ("api.url.appWeb", To("global.appWebDomain")),
    ("api.url.files", To("global.filesDomain")),
    ("api.url.marketplaceApi", To("global.marketplace.apiUrl")),
    ("api.url.marketplace", To("global.marketplace.url")),
    ("pluginDaemon.marketplace.enabled", To("global.marketplace.enabled")),
    ("pluginDaemon.marketplace.apiProxyEnabled", To("global.marketplace.proxy")),
    ("global.marketplace.apiProxyEnabled", To("global.marketplace.proxy")),
    // The keys of `keys::HELD`, by the names that the old chart has for them.
    ("global.appSecretKey", By(keys::held, "it is now secrets.secretKey.value or .existingSecret")),
    ("api.secretKey", By(keys::held, "it is now secrets.secretKey.value or .existingSecret")),
    ("global.internalApiKey", By(keys::held, "each key is now one of secrets")),
    ("api.auth.internalApiKey", By(keys::held, "it is now secrets.innerApiKey.value or .existingSecret")),
    (
        "pluginDaemon.auth.difyApiKey",
        By(keys::held, "it is now secrets.innerApiKey.value or .existingSecret"),
    ),
    (
        "pluginDaemon.auth.serverKey",
        By(keys::held, "it is now secrets.pluginDaemonKey.value or .existingSecret"),
    ),
    ("sandbox.auth.apiKey", By(keys::held, "it is now secrets.codeExecutionApiKey.value or .existingSecret")),
    (
        "agentBackend.auth.apiToken",
        By(keys::held, "it is now secrets.agentBackendApiToken.value or .existingSecret"),
    ),
    (
        "agentBackend.auth.serverSecretKey",
        By(keys::held, "it is now secrets.agentServerSecretKey.value or .existingSecret"),
    ),
    (
        "agentBackend.auth.shellctlAuthToken",
        By(keys::held, "it is now secrets.shellctlAuthToken.value or .existingSecret"),
    ),
    ("labels", To("commonLabels")),
    ("annotations", To("commonAnnotations")),
    ("nodeSelector", By(carry::everywhere, "set nodeSelector of each component")),
    ("tolerations", By(carry::everywhere, "set tolerations of each component")),
    ("affinity", By(carry::everywhere, "set affinity of each component")),
    ("extraConfigFiles", Refused("mount files with proxy.extraVolumes and proxy.extraVolumeMounts")),
    ("httproute.enabled", To("httpRoute.enabled")),
    ("httproute.annotations", To("httpRoute.annotations")),
    ("httproute.parentRefs", To("httpRoute.parentRefs")),
    ("httproute.hostnames", By(hostnames, "it is now httpRoute.hostnames")),
    ("httproute.filters", To("httpRoute.filters")),
    ("httproute.apiVersion", Dropped("the chart uses version v1 of the Gateway API")),
    ("httproute.labels", Refused("put a route of your own into extraObjects")),
    (
        "httproute.matches",
        Only(
            r#"[{"path":{"type":"PathPrefix","value":"/"}}]"#,
            "all paths lead to nginx; put a route of your own into extraObjects",
        ),
    ),
    ("httproute.additionalRules", To("httpRoute.additionalRules")),
];

/// Host names; the old chart filled templates in.
fn hostnames(moving: &mut Move<'_>, path: &str, value: &Value) {
    if value.to_string().contains("{{") {
        moving.report.refused_key(path, "it is a template: write the names out in httpRoute.hostnames");
    } else {
        moving.rename(path, "httpRoute.hostnames", value);
    }
}
