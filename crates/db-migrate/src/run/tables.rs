//! The plugin daemon's tables. No revision says how new they are, so the command always runs; it changes nothing that is
//! as it should be. Two at once make the same table twice, and one of them fails: hence the lock.
//!
//! Source: the daemon's `cmd/commandline/migrate.go` and `internal/db/init.go`, which take no lock.

use preflight::Finding;

use super::held::Held;
use super::migrator::{Decision, Proof, Short, Work};
use crate::plugin::{Place, PluginDatabase};

/// Makes the plugin daemon's tables, and brings them up to date.
pub(super) struct Tables {
    pub(super) database: PluginDatabase,
}

impl Work for Tables {
    async fn decide(&mut self, held: &mut Held) -> Result<Decision, Finding> {
        // The lock is one of the database, so that must be there first.
        if let Place::Creatable(_) = self.database.place(&mut held.session).await? {
            self.database.create(&held.session).await?;
        }
        held.take_lock().await?;
        Ok(Decision::Run("the plugin daemon's tables are made or brought up to date".to_owned()))
    }

    /// Both count: which columns there should be is known to the command alone.
    async fn prove(&mut self, held: &mut Held, succeeded: bool) -> Result<Proof, Finding> {
        let missing = self.database.missing_tables(&mut held.session).await?;
        if succeeded && missing.is_empty() {
            let target = held.session.target();
            return Ok(Proof::Done(Finding::ready(format!("the plugin daemon's tables are in {target}"))));
        }
        Ok(Proof::Short(Short {
            missing: format!("of the plugin daemon's tables these are missing: {}", missing.join(", ")),
            failed: "the plugin daemon's migration failed".to_owned(),
            hint: "look whether the command is the daemon's own, commandline migrate, for this same database",
            left: None,
        }))
    }

    async fn record(&mut self, _: &mut Held, finding: Finding) -> Finding {
        finding
    }
}
