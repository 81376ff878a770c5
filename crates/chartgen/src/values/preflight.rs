//! The checks before the start, the migration, and the manner of upgrades.

use schemars::JsonSchema;
use serde::Serialize;

use super::pod::{Fragment, Fragments, resources};

/// The checks that run before Dify's own containers start.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Preflight {
    /// gate runs all checks of a pod side by side in one init container; separate gives each its own, about one second each.
    pub mode: Mode,
    /// How long a pod waits for what it needs before it says why and tries again.
    #[schemars(regex(pattern = r"^([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?$"), length(min = 2))]
    pub deadline: String,
    /// How long a refused password or the like is tried again: a Secret may still be on its way.
    #[schemars(regex(pattern = r"^([0-9]+h)?([0-9]+m)?([0-9]+s)?$"), length(min = 2))]
    pub grace: String,
    /// What to do where the schema is newer than the image: allow lets old pods restart during upgrades and rollbacks.
    pub on_database_ahead: OnDatabaseAhead,
    /// CPU and memory of each check's container.
    pub resources: Fragment,
}

impl Default for Preflight {
    fn default() -> Self {
        Self {
            mode: Mode::Gate,
            deadline: "10m".to_owned(),
            grace: "60s".to_owned(),
            on_database_ahead: OnDatabaseAhead::Allow,
            resources: resources("10m", "32Mi", "128Mi"),
        }
    }
}

/// How checks are spread over containers.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the field says what they mean")]
pub enum Mode {
    Gate,
    Separate,
}

/// What a database ahead of the image means.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the field says what they mean")]
pub enum OnDatabaseAhead {
    Allow,
    Fail,
}

/// The migrate job.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Migration {
    /// How often the job may be tried; high, because each try heals what was put right meanwhile.
    #[schemars(range(min = 0, max = 10000))]
    pub backoff_limit: u32,
    /// How long one try may wait for the database and for a migration by somebody else.
    #[schemars(regex(pattern = r"^([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?$"), length(min = 2))]
    pub deadline: String,
    /// More environment variables of the migration, after those of the api.
    pub extra_env: Fragments,
    /// CPU and memory of the migration.
    pub resources: Fragment,
}

impl Default for Migration {
    fn default() -> Self {
        Self {
            backoff_limit: 100,
            deadline: "1h".to_owned(),
            extra_env: Fragments::default(),
            resources: resources("100m", "512Mi", "2Gi"),
        }
    }
}

/// How pods are replaced on an upgrade.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Upgrade {
    /// rolling keeps old pods until new ones are ready; recreate stops them first, which a ReadWriteOnce volume needs where
    /// the new pod may come up on another node.
    pub mode: UpgradeMode,
    /// How many old versions of each Deployment are kept for kubectl rollout undo.
    #[schemars(range(min = 0, max = 100))]
    pub revision_history_limit: u32,
}

impl Default for Upgrade {
    fn default() -> Self {
        Self { mode: UpgradeMode::Rolling, revision_history_limit: 3 }
    }
}

/// How pods are replaced.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the field says what they mean")]
pub enum UpgradeMode {
    Rolling,
    Recreate,
}
