//! From needs to the commands that prove them.

use serde::Serialize;

use crate::component::{Component, Kind};
use crate::env::{Source, When, variables};
use crate::keys::shared_key;
use crate::need::Need;

/// One command of the gate, or one init container of its own where the checks run separately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The name of the container if it runs alone.
    pub container: &'static str,
    /// The program and its arguments.
    pub command: Vec<&'static str>,
    /// What its exit code 0 proves.
    pub proves: Vec<Need>,
}

/// Where the proof of a need is found in a pod's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// What is proven.
    pub need: Need,
    /// The init container that ends with code 0 once it is.
    pub container: &'static str,
}

/// The name of the init container that runs the checks side by side.
const GATE: &str = "gate";
/// The name of the init container that waits for the schema, in the api image.
const WAIT_MIGRATIONS: &str = "wait-migrations";

/// The name of the init container that makes the plugin daemon's tables, in the daemon's image.
const PLUGIN_MIGRATION: &str = "migrate";
/// The command that makes them. The image runs it again before it serves, which then finds nothing to do.
/// Source: the daemon's `docker/local.dockerfile`, from 0.5.6 on.
pub const PLUGIN_MIGRATION_COMMAND: &[&str] = &["/app/commandline", "migrate"];
/// The first release of Dify whose daemon has that command.
pub const PLUGIN_MIGRATION_SINCE: &str = "1.14.0";

/// The commands that the gate of this component runs, in the order in which a person would ask.
#[must_use]
pub fn gate_checks(component: &Component) -> Vec<Check> {
    let mut checks = Vec::new();
    if component.requires(Need::PluginDatabase) {
        checks.push(Check {
            container: "check-database",
            command: vec!["db-migrate", "wait", "--for", "database"],
            proves: vec![Need::PluginDatabase],
        });
    }
    checks.extend(redis_check(component));
    if component.requires(Need::Storage) {
        checks.push(storage_check("api", Need::Storage));
    }
    if component.requires(Need::PluginStorage) {
        checks.push(storage_check("daemon", Need::PluginStorage));
    }
    if component.requires(Need::Vector) {
        checks.push(Check {
            container: "check-vector",
            command: vec!["vector-probe", "wait"],
            proves: vec![Need::Vector],
        });
    }
    if component.requires(Need::Keys) {
        checks.push(keys_check(component));
    }
    if runs_db_migrate(component) {
        checks.push(Check {
            container: "install-db-migrate",
            command: vec!["db-migrate", "install", "/preflight"],
            proves: Vec::new(),
        });
    }
    checks
}

/// One redis-check asks for all of the component's Redis servers: what is asked at once costs one second, not three.
fn redis_check(component: &Component) -> Option<Check> {
    // The plugin daemon reads variables of the same names as the api's in another way.
    let own = if component.requires(Need::PluginDatabase) { "daemon" } else { "app" };
    let targets = [(Need::Redis, own), (Need::Broker, "broker"), (Need::EventBus, "event-bus")];
    let mut check =
        Check { container: "check-redis", command: vec!["redis-check", "wait"], proves: Vec::new() };
    for (need, target) in targets {
        if component.requires(need) {
            check.command.extend(["--target", target]);
            check.proves.push(need);
        }
    }
    (!check.proves.is_empty()).then_some(check)
}

/// Each component proves the keys that it holds itself; passwords are proven by logging in with them.
fn keys_check(component: &Component) -> Check {
    let mut command = vec!["plugin-keys", "wait"];
    for variable in variables().filter(|variable| variable.read_by(component.name)) {
        let Source::Key(name) = variable.source else { continue };
        let ours = shared_key(name).is_some_and(|key| key.setting.starts_with("secrets."));
        if ours && variable.when == When::Always && !command.contains(&name) {
            command.extend(["--key", name]);
        }
    }
    Check { container: "check-keys", command, proves: vec![Need::Keys] }
}

fn storage_check(side: &'static str, need: Need) -> Check {
    Check {
        container: "check-storage",
        command: vec!["storage-bootstrap", "wait", "--for", side],
        proves: vec![need],
    }
}

/// Whether the pod runs db-migrate inside Dify's own image: a migration itself, or waiting for its end.
#[must_use]
pub fn runs_db_migrate(component: &Component) -> bool {
    [Need::Migrations, Need::PluginMigrations].into_iter().any(|need| component.requires(need))
        || component.mode == Some("migration")
}

/// Which init container of the component's pod must have ended with code 0 for each of its needs.
/// What a Job proves in its own main container is not listed: nothing starts after it in that pod.
#[must_use]
pub fn proofs(component: &Component) -> Vec<Proof> {
    let mut proofs: Vec<Proof> = gate_checks(component)
        .into_iter()
        .flat_map(|check| check.proves)
        .map(|need| Proof { need, container: GATE })
        .collect();
    if component.requires(Need::PluginMigrations) {
        proofs.push(Proof { need: Need::PluginMigrations, container: PLUGIN_MIGRATION });
    }
    if component.requires(Need::Migrations) && component.kind != Kind::Job {
        // Reading the schema's revision needs a login: the one proof holds for both.
        proofs.extend(
            component
                .needs
                .iter()
                .filter(|need| matches!(need, Need::Database | Need::Migrations))
                .map(|need| Proof { need: *need, container: WAIT_MIGRATIONS }),
        );
    }
    proofs
}
