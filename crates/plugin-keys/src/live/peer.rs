//! The components that can be asked, and what of theirs is known before.

use std::fmt;

use clap::ValueEnum;

use crate::keys::role::Role;

/// A component that answers with its key differently than without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    /// The api, as the plugin daemon calls it back.
    Api,
    /// The plugin daemon.
    PluginDaemon,
    /// The sandbox; one line of code is run in it.
    Sandbox,
    /// The agent backend.
    AgentBackend,
    /// The local sandbox of the agents.
    LocalSandbox,
}

impl Peer {
    pub(crate) const ALL: [Self; 5] =
        [Self::Api, Self::PluginDaemon, Self::Sandbox, Self::AgentBackend, Self::LocalSandbox];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::PluginDaemon => "plugin-daemon",
            Self::Sandbox => "sandbox",
            Self::AgentBackend => "agent-backend",
            Self::LocalSandbox => "local-sandbox",
        }
    }

    /// The key that it is called with.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Api => "INNER_API_KEY_FOR_PLUGIN",
            Self::PluginDaemon => "PLUGIN_DAEMON_KEY",
            Self::Sandbox => "CODE_EXECUTION_API_KEY",
            Self::AgentBackend => "AGENT_BACKEND_API_TOKEN",
            Self::LocalSandbox => "SHELLCTL_AUTH_TOKEN",
        }
    }

    /// The name under which it holds that key itself.
    pub(crate) fn server_name(self) -> &'static str {
        match self {
            Self::Api => "INNER_API_KEY_FOR_PLUGIN",
            Self::PluginDaemon => "SERVER_KEY",
            Self::Sandbox => "API_KEY",
            Self::AgentBackend => "DIFY_AGENT_API_TOKEN",
            Self::LocalSandbox => "SHELLCTL_AUTH_TOKEN",
        }
    }

    /// Who calls it.
    pub(crate) fn callers(self) -> &'static [Role] {
        match self {
            Self::Api => &[Role::Daemon, Role::Agent],
            Self::LocalSandbox => &[Role::Agent],
            Self::PluginDaemon | Self::Sandbox | Self::AgentBackend => &[Role::Api, Role::Worker],
        }
    }

    /// The variables that say where it is.
    pub(crate) fn url_names(self) -> &'static [&'static str] {
        match self {
            Self::Api => &["DIFY_INNER_API_URL", "PLUGIN_DIFY_INNER_API_URL", "DIFY_AGENT_INNER_API_URL"],
            Self::PluginDaemon => &["PLUGIN_DAEMON_URL", "DIFY_AGENT_PLUGIN_DAEMON_URL"],
            Self::Sandbox => &["CODE_EXECUTION_ENDPOINT"],
            Self::AgentBackend => &["AGENT_BACKEND_BASE_URL"],
            Self::LocalSandbox => &["DIFY_AGENT_LOCAL_SANDBOX_ENDPOINT", "DIFY_AGENT_SHELLCTL_ENTRYPOINT"],
        }
    }

    /// Whether it lets everybody in where it has no key.
    pub(crate) fn may_be_open(self) -> bool {
        matches!(self, Self::AgentBackend | Self::LocalSandbox)
    }

    /// What is proven with the key, as the end of a sentence.
    pub(crate) fn proven(self) -> &'static str {
        match self {
            Self::Api | Self::LocalSandbox => "",
            Self::PluginDaemon => " and reads its database",
            Self::Sandbox => " and runs code",
            Self::AgentBackend => " and reaches its Redis",
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
