//! The account of the pods that open databases and buckets.

use crate::registry::Registry;
use crate::template::File;

use super::{annotated_head, file};

/// The account; that of the keys job stands beside its job.
pub(super) fn template(registry: &Registry) -> File {
    let name = "{{ include \"dify.serviceAccount\" . | quote }}";
    file(registry, "serviceaccount", "serviceaccount", |yaml| {
        yaml.when(".Values.serviceAccount.create", |yaml| {
            annotated_head(yaml, "v1", "ServiceAccount", name, "serviceaccount", "serviceAccount");
            yaml.comment("A cloud's login brings a token of its own.");
            yaml.pair("automountServiceAccountToken", "false");
        });
    })
}
