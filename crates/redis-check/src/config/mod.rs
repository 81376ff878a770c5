//! Which variables say where each Redis is, read as Dify reads them.

mod agent;
mod app;
mod broker;
mod cluster;
mod daemon;
mod event_bus;
mod python;
mod results;
mod sentinel;
mod tls;
mod url;

use preflight::{ConfigError, Env};

pub(crate) use self::tls::TlsClient;
use crate::cli::Target;
use crate::endpoint::Endpoint;

/// The targets that were asked for, or those that the environment names.
pub(crate) fn endpoints(asked: &[Target], env: &Env) -> Result<Vec<Endpoint>, ConfigError> {
    let mut targets = asked.to_vec();
    if targets.is_empty() {
        targets.push(Target::App);
        if broker::is_named(env)? {
            targets.push(Target::Broker);
        }
        if event_bus::is_named(env)? {
            targets.push(Target::EventBus);
        }
        if agent::is_named(env)? {
            targets.push(Target::Agent);
        }
    }
    targets.dedup();
    targets
        .into_iter()
        .map(|target| match target {
            Target::App => app::endpoint(env),
            Target::Broker => broker::endpoint(env),
            Target::Results => results::endpoint(env),
            Target::EventBus => event_bus::endpoint(env),
            Target::Daemon => daemon::endpoint(env),
            Target::Agent => agent::endpoint(env),
        })
        .collect()
}
