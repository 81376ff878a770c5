//! When a key is needed that is not always needed.

use crate::holder::View;
use crate::keys::Key;
use crate::keys::release::{PEPPER, Release};
use crate::keys::role::Role;

/// The variables that are no keys, but decide about them or must match.
pub(crate) const PLAIN: &[&str] = &[
    "STORAGE_TYPE",
    "INNER_API_KEY",
    "ADMIN_API_ENABLED",
    "PLUGIN_DAEMON_URL",
    "DIFY_INNER_API_URL",
    "PLUGIN_DIFY_INNER_API_URL",
    "ENDPOINT_URL_TEMPLATE",
    "FILES_URL",
    "INTERNAL_FILES_URL",
    "CODE_EXECUTION_ENDPOINT",
    "SSRF_PROXY_HTTP_URL",
    "SSRF_PROXY_HTTPS_URL",
    "SSRF_PROXY_ALL_URL",
    "TRIGGER_URL",
    "NEXT_PUBLIC_SOCKET_URL",
    "CONSOLE_API_URL",
    "CONSOLE_WEB_URL",
    "AGENT_BACKEND_BASE_URL",
    "DIFY_AGENT_PLUGIN_DAEMON_URL",
    "DIFY_AGENT_INNER_API_URL",
    "DIFY_AGENT_LOCAL_SANDBOX_ENDPOINT",
    "DIFY_AGENT_SHELLCTL_ENTRYPOINT",
    "DIFY_AGENT_STUB_API_BASE_URL",
];

/// Why this key must be there, if something else demands it.
pub(crate) fn demanded(key: &Key, views: &[View], release: Option<Release>) -> Option<String> {
    let set =
        |name: &str| views.iter().any(|view| view.text(name).is_some_and(|text| !text.trim().is_empty()));
    let newer = release.is_some_and(|release| release >= PEPPER);
    match key.name {
        "PASSWORD_PEPPER" if newer => Some("Dify 1.18 hashes every password with it".to_owned()),
        "SHELLCTL_AUTH_TOKEN"
            if newer && (set("DIFY_AGENT_LOCAL_SANDBOX_ENDPOINT") || has(views, Role::LocalSandbox)) =>
        {
            Some("from Dify 1.18 on the local sandbox must have a token".to_owned())
        }
        "DIFY_AGENT_SERVER_SECRET_KEY" if set("DIFY_AGENT_STUB_API_BASE_URL") => {
            Some("the agent backend ends without it where DIFY_AGENT_STUB_API_BASE_URL is set".to_owned())
        }
        "ADMIN_API_KEY" if views.iter().any(|view| view.text("ADMIN_API_ENABLED").is_some_and(is_true)) => {
            Some("ADMIN_API_ENABLED is on".to_owned())
        }
        "AGENT_BACKEND_API_TOKEN" if set("AGENT_BACKEND_BASE_URL") => {
            Some("AGENT_BACKEND_BASE_URL is set".to_owned())
        }
        _ => None,
    }
}

fn has(views: &[View], role: Role) -> bool {
    views.iter().any(|view| view.holder.as_ref().is_some_and(|(_, own)| *own == role))
}

fn is_true(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "1" | "true" | "t")
}
