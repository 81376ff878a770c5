//! One server that is about to be talked to.

use std::sync::Arc;

use preflight::{Address, Finding};

use crate::config::TlsClient;
use crate::endpoint::{Endpoint, Keys, Login, Sentinels};

/// What part a server plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The Redis that the configuration names.
    Data,
    /// The Redis that the Sentinels name.
    Master,
    /// A Sentinel.
    Sentinel,
    /// A node of a Cluster.
    Node,
}

/// A server's address, how to log in, and how to speak of it.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: Address,
    pub(crate) part: Part,
    pub(crate) login: Login,
    pub(crate) tls: Option<Arc<TlsClient>>,
    pub(crate) keys: Keys,
    /// The Sentinels' name of the master.
    pub(crate) service: String,
}

impl Server {
    /// The Redis at `address`.
    pub(crate) fn standalone(endpoint: &Endpoint, address: &Address) -> Self {
        Self {
            address: address.clone(),
            part: Part::Data,
            login: endpoint.login.clone(),
            tls: endpoint.tls.clone(),
            keys: endpoint.keys,
            service: String::new(),
        }
    }

    /// The master that the Sentinels named.
    pub(crate) fn master(endpoint: &Endpoint, sentinels: &Sentinels, address: &Address) -> Self {
        let service = sentinels.service.clone();
        Self { part: Part::Master, service, ..Self::standalone(endpoint, address) }
    }

    /// A Sentinel.
    pub(crate) fn sentinel(endpoint: &Endpoint, sentinels: &Sentinels, address: &Address) -> Self {
        Self {
            address: address.clone(),
            part: Part::Sentinel,
            login: sentinels.login.clone(),
            tls: sentinels.tls.clone(),
            keys: Keys { address: sentinels.addresses_key, ..endpoint.keys },
            service: sentinels.service.clone(),
        }
    }

    /// A node of a Cluster.
    pub(crate) fn node(endpoint: &Endpoint, address: &Address) -> Self {
        Self { part: Part::Node, ..Self::standalone(endpoint, address) }
    }

    /// What to do where the server's idea of TLS is another than ours.
    pub(crate) fn tls_hint(&self) -> String {
        match (self.keys.tls, self.part) {
            ("", Part::Node) => "Dify speaks no TLS with a Cluster: use plain ports".to_owned(),
            ("", _) => "Dify speaks no TLS in Sentinel mode: use a plain port".to_owned(),
            (key, _) => format!("check {key}"),
        }
    }

    /// How to speak of it.
    pub(crate) fn who(&self) -> String {
        match self.part {
            Part::Data => self.address.to_string(),
            Part::Master => format!("{} (master {})", self.address, self.service),
            Part::Sentinel => format!("Sentinel {}", self.address),
            Part::Node => format!("cluster node {}", self.address),
        }
    }

    /// A finding of a lower layer knows only the address; this says which part it plays.
    pub(crate) fn named(&self, finding: Finding) -> Finding {
        if self.part == Part::Data {
            return finding;
        }
        let message = finding.message.replace(&self.address.to_string(), &self.who());
        Finding { message, ..finding }
    }
}
