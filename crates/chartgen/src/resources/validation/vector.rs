//! The vector store.

use super::{Demand, Rule};

pub(super) const RULES: &[Rule] = &[
    (
        "and .Values.externalPgvector.enabled (not .Values.externalPgvector.address)",
        "externalPgvector.enabled is true: set externalPgvector.address",
    ),
    (
        "and .Values.externalQdrant.enabled .Values.externalWeaviate.enabled",
        "externalQdrant and externalWeaviate are both enabled: Dify uses one vector store",
    ),
    (
        "and .Values.externalPgvector.enabled (or .Values.externalQdrant.enabled .Values.externalWeaviate.enabled)",
        "externalPgvector is not the only vector store that is enabled: Dify uses one",
    ),
];

pub(super) const DEMANDS: &[Demand] = &[(".Values.externalPgvector.enabled", "externalPgvector.password")];
