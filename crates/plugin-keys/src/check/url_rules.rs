//! The URLs by which Dify's components reach each other, and are reached.

use crate::keys::role::Role;

/// How a URL is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Between components; must be a URL if it is set at all.
    Inner,
    /// Between components, and put before a path as it is: a slash at its end makes two.
    InnerPrefix,
    /// In the browser, put before a path as it is.
    PublicPrefix,
    /// In the browser.
    Public,
    /// With `{hook_id}` in it.
    Template,
    /// A proxy.
    Proxy,
    /// A websocket in the browser.
    Socket,
}

/// One variable that holds a URL.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Who reads it.
    pub(crate) roles: &'static [Role],
    /// What Dify itself puts behind it.
    pub(crate) adds: &'static str,
    /// The component that must be given too for its absence to be a fault.
    pub(crate) needed_for: Option<Role>,
    /// Another variable that should name the same server.
    pub(crate) same_as: Option<&'static str>,
    pub(crate) use_of_it: &'static str,
}

impl Kind {
    pub(crate) fn is_inner(self) -> bool {
        matches!(self, Self::Inner | Self::InnerPrefix | Self::Proxy)
    }

    pub(crate) fn is_prefix(self) -> bool {
        matches!(self, Self::InnerPrefix | Self::PublicPrefix)
    }
}

const APP: &[Role] = &[Role::Api, Role::Worker];

const fn rule(name: &'static str, kind: Kind, roles: &'static [Role], use_of_it: &'static str) -> Rule {
    Rule { name, kind, roles, adds: "", needed_for: None, same_as: None, use_of_it }
}

/// All of them.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        adds: "/plugin",
        needed_for: Some(Role::Daemon),
        ..rule("PLUGIN_DAEMON_URL", Kind::Inner, APP, "the api's calls to the plugin daemon")
    },
    Rule {
        adds: "/inner/api",
        needed_for: Some(Role::Daemon),
        same_as: Some("PLUGIN_DIFY_INNER_API_URL"),
        ..rule(
            "DIFY_INNER_API_URL",
            Kind::Inner,
            &[Role::Daemon],
            "the plugin daemon's calls back to the api",
        )
    },
    Rule {
        adds: "/inner/api",
        ..rule(
            "PLUGIN_DIFY_INNER_API_URL",
            Kind::Inner,
            &[Role::Daemon],
            "the plugin daemon's calls back to the api",
        )
    },
    rule("ENDPOINT_URL_TEMPLATE", Kind::Template, APP, "the addresses of plugins' endpoints"),
    Rule { adds: "/files", ..rule("FILES_URL", Kind::PublicPrefix, APP, "links to files") },
    Rule {
        adds: "/files",
        ..rule("INTERNAL_FILES_URL", Kind::InnerPrefix, APP, "the plugin daemon's way to files")
    },
    Rule {
        adds: "/v1",
        needed_for: Some(Role::Sandbox),
        ..rule("CODE_EXECUTION_ENDPOINT", Kind::Inner, APP, "code nodes")
    },
    rule("SSRF_PROXY_ALL_URL", Kind::Proxy, APP, "HTTP nodes and tools"),
    rule("SSRF_PROXY_HTTP_URL", Kind::Proxy, APP, "HTTP nodes and tools"),
    rule("SSRF_PROXY_HTTPS_URL", Kind::Proxy, APP, "HTTP nodes and tools"),
    Rule { adds: "/triggers", ..rule("TRIGGER_URL", Kind::Public, APP, "the addresses of triggers") },
    rule("NEXT_PUBLIC_SOCKET_URL", Kind::Socket, &[], "working on one app together"),
    Rule { adds: "/console/api", ..rule("CONSOLE_API_URL", Kind::PublicPrefix, APP, "the console") },
    rule("CONSOLE_WEB_URL", Kind::PublicPrefix, APP, "links in mails, and cross-origin requests"),
    Rule {
        adds: "/runs",
        needed_for: Some(Role::Agent),
        ..rule("AGENT_BACKEND_BASE_URL", Kind::Inner, APP, "agent apps")
    },
    Rule {
        adds: "/plugin",
        same_as: Some("PLUGIN_DAEMON_URL"),
        ..rule(
            "DIFY_AGENT_PLUGIN_DAEMON_URL",
            Kind::Inner,
            &[Role::Agent],
            "the agent backend's calls to the plugin daemon",
        )
    },
    Rule {
        adds: "/inner/api",
        same_as: Some("DIFY_INNER_API_URL"),
        ..rule(
            "DIFY_AGENT_INNER_API_URL",
            Kind::Inner,
            &[Role::Agent],
            "the agent backend's calls back to the api",
        )
    },
    rule("DIFY_AGENT_LOCAL_SANDBOX_ENDPOINT", Kind::Inner, &[Role::Agent], "the agents' shell"),
    rule("DIFY_AGENT_SHELLCTL_ENTRYPOINT", Kind::Inner, &[Role::Agent], "the agents' shell"),
    rule("DIFY_AGENT_STUB_API_BASE_URL", Kind::Inner, &[Role::Agent], "calls from the agents' shell"),
];
