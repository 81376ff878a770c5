//! One target behind the trait of the wait loop.

use preflight::{Address, Check, Finding, ProbeFuture};

use crate::cluster;
use crate::endpoint::{Endpoint, Place};
use crate::open::Session;
use crate::proof;
use crate::sentinel;
use crate::server::Server;

/// Looks at one Redis, again and again.
pub(crate) struct RedisCheck {
    endpoint: Endpoint,
    /// A server that is up but not ready does not see a login for every look.
    kept: Option<Session>,
}

impl RedisCheck {
    pub(crate) fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, kept: None }
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let mut warnings = Vec::new();
        let server = match &self.endpoint.place {
            Place::Cluster(nodes) => return cluster::prove(&self.endpoint, nodes).await,
            Place::Standalone(address) => Server::standalone(&self.endpoint, address),
            Place::Sentinel(sentinels) => {
                let vote = sentinel::find_master(&self.endpoint, sentinels).await?;
                warnings = vote.warnings;
                Server::master(&self.endpoint, sentinels, &vote.master)
            }
        };
        let mut session = self.session(server).await?;
        let result = proof::prove(&mut session, &self.endpoint).await;
        if session.is_sound() && !is_replica(&result) {
            self.kept = Some(session);
        }
        result.map(|mut ready| {
            ready.warnings.extend(warnings);
            ready
        })
    }

    /// The kept connection if it leads to the same server, else a new one. It is taken out while it is used: a look
    /// that is cut off in the middle of a reply must not leave it behind.
    async fn session(&mut self, server: Server) -> Result<Session, Finding> {
        let same = |kept: &Address| *kept == server.address;
        match self.kept.take() {
            Some(kept) if same(&kept.server.address) => Ok(kept),
            _ => Session::open(server, self.endpoint.usage.needs_hello()).await,
        }
    }
}

/// The address may lead to the master by now: a Service, a proxy or a name is asked anew, by a new connection.
fn is_replica(result: &Result<Finding, Finding>) -> bool {
    result.as_ref().is_err_and(|finding| finding.code.as_deref() == Some("READONLY"))
}

impl Check for RedisCheck {
    fn name(&self) -> &'static str {
        self.endpoint.name
    }

    fn target(&self) -> String {
        self.endpoint.to_string()
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async {
            match self.look().await {
                Ok(finding) | Err(finding) => finding,
            }
        })
    }
}
