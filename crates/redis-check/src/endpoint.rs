//! What there is to know about one Redis before it is asked.

use std::fmt;
use std::sync::Arc;

use preflight::{Address, Secret};

use crate::config::TlsClient;

/// One target: where it is, how to log in, and what Dify does there.
#[derive(Clone)]
pub(crate) struct Endpoint {
    /// The target's name on the command line.
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) login: Login,
    pub(crate) tls: Option<Arc<TlsClient>>,
    pub(crate) database: u32,
    pub(crate) keys: Keys,
    pub(crate) usage: Usage,
    /// Faults of the configuration that do not stop Dify.
    pub(crate) warnings: Vec<String>,
}

/// Where the server is.
#[derive(Clone)]
pub(crate) enum Place {
    /// One address.
    Standalone(Address),
    /// Wherever the Sentinels say.
    Sentinel(Sentinels),
    /// All masters of a Cluster, known by some of its nodes.
    Cluster(Vec<Address>),
}

/// The Sentinels that know the master.
#[derive(Clone)]
pub(crate) struct Sentinels {
    pub(crate) addresses: Vec<Address>,
    pub(crate) service: String,
    pub(crate) login: Login,
    /// None where the client speaks to Sentinels in plain text alone.
    pub(crate) tls: Option<Arc<TlsClient>>,
    /// The variables that hold the addresses and the service name, for hints.
    pub(crate) addresses_key: &'static str,
    pub(crate) service_key: &'static str,
}

/// User and password, and the variables that they came from.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) user: Option<String>,
    pub(crate) password: Option<Secret>,
    pub(crate) user_key: &'static str,
    pub(crate) password_key: &'static str,
}

/// The variables to name in hints.
#[derive(Clone, Copy)]
pub(crate) struct Keys {
    pub(crate) address: &'static str,
    pub(crate) database: &'static str,
    /// Empty where the client cannot speak TLS at all.
    pub(crate) tls: &'static str,
}

/// What Dify does there, and therefore what is tried.
#[derive(Clone)]
pub(crate) enum Usage {
    /// Writes keys. The client greets with `HELLO 3` if `resp3` (api, worker), or speaks RESP2 (Celery).
    Keys { prefix: String, resp3: bool },
    /// Keeps queues: as keys, but what is lost there is work that nobody does.
    Queues { prefix: String },
    /// Keeps the results of tasks, and publishes that they are there.
    Results { prefix: String },
    /// Publishes on channels, possibly sharded ones.
    Channels { prefix: String, sharded: bool },
}

impl Usage {
    /// What all names that Dify uses there begin with.
    pub(crate) fn prefix(&self) -> &str {
        match self {
            Self::Keys { prefix, .. }
            | Self::Queues { prefix }
            | Self::Results { prefix }
            | Self::Channels { prefix, .. } => prefix,
        }
    }

    /// Whether Dify's client cannot do without `HELLO`.
    pub(crate) fn needs_hello(&self) -> bool {
        match self {
            Self::Keys { resp3, .. } => *resp3,
            Self::Queues { .. } | Self::Results { .. } => false,
            Self::Channels { .. } => true,
        }
    }
}

impl Login {
    /// The user as the server knows it.
    pub(crate) fn user(&self) -> &str {
        self.user.as_deref().unwrap_or("default")
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Standalone(address) => write!(f, "{address}/{}", self.database),
            Place::Sentinel(sentinels) => {
                let addresses: Vec<_> = sentinels.addresses.iter().map(ToString::to_string).collect();
                write!(f, "{}@{}/{}", sentinels.service, addresses.join(","), self.database)
            }
            Place::Cluster(nodes) => {
                let nodes: Vec<_> = nodes.iter().map(ToString::to_string).collect();
                write!(f, "cluster {}", nodes.join(","))
            }
        }
    }
}
