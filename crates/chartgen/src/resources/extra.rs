//! Objects of the user's own, rendered with the chart: an ExternalSecret, a Certificate, a dashboard.

use crate::registry::Registry;
use crate::template::File;

use super::file;

/// All of them. Templates in them see what the chart's own see.
pub(super) fn template(registry: &Registry) -> File {
    file(registry, "extra", "extra", |yaml| {
        yaml.action("range .Values.extraObjects");
        yaml.line("---");
        yaml.line("{{ tpl (toYaml .) $ }}");
        yaml.action("end");
    })
}
