//! The database.

use super::{Demand, Rule};

pub(super) const RULES: &[Rule] = &[(
    "and .Values.externalPostgres.enabled (not .Values.externalPostgres.address)",
    "externalPostgres.enabled is true: set externalPostgres.address",
)];

pub(super) const DEMANDS: &[Demand] = &[
    (".Values.externalPostgres.enabled", "externalPostgres.password"),
    (".Values.externalPostgres.admin.username", "externalPostgres.admin.password"),
];
