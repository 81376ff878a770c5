//! Where files are kept: one section of the values for each store of objects, or volumes.

use topology::{Component, Need, OBJECT_STORES, SHARED_KEYS, Variable, When};

use super::section;
use crate::template::Yaml;

/// Names the stores of objects that are enabled: one at most, or the values are refused.
pub(crate) const OBJECT_STORE: &str = "include \"dify.objectStore\" .";

/// Whether files are kept on volumes.
pub(crate) const ON_VOLUMES: &str = "not (include \"dify.objectStore\" .)";

/// The claim and the path of a component's files, where they are kept on a volume.
pub(crate) fn volume(component: &Component) -> Option<(&'static str, &'static str)> {
    if component.requires(Need::PluginStorage) {
        Some(DAEMON_VOLUME)
    } else if component.requires(Need::Storage) {
        Some(API_VOLUME)
    } else {
        None
    }
}

/// The mount of a volume of files: of the application's claim, or of the plugin daemon's.
pub(crate) fn mount(volume: &str, (claim, path): (&str, &str)) -> String {
    let folder = format!("with .Values.{}.persistence.subPath", section(claim));
    format!(
        "{{name: {volume}, mountPath: {path}{{{{ {folder} }}}}, subPath: {{{{ quote . }}}}{{{{ end }}}}}}"
    )
}

/// The volume of the application's files.
pub(crate) const API_VOLUME: (&str, &str) = ("api", "/app/api/storage");
/// That of the plugin daemon's.
pub(crate) const DAEMON_VOLUME: (&str, &str) = ("plugin-daemon", "/app/storage");

/// The branches of the decision.
pub(super) fn choice() -> Vec<(When, String)> {
    let stores = OBJECT_STORES
        .iter()
        .map(|section| (When::ObjectStore(section), format!(".Values.{section}.enabled")));
    stores.chain([(When::LocalStorage, String::new())]).collect()
}

/// When a store is opened with keys, not with the identity of the pods.
pub(crate) fn with_keys(section: &str) -> String {
    let identity = match section {
        "externalS3" => "useIAM",
        "externalAzureBlobStorage" => "useManagedIdentity",
        "externalGCS" => "useWorkloadIdentity",
        _ => return format!(".Values.{section}.enabled"),
    };
    format!("and .Values.{section}.enabled (not .Values.{section}.{identity})")
}

/// The settings that hold the keys of a store.
pub(crate) fn key_settings(section: &str) -> impl Iterator<Item = &'static str> {
    let of = format!("{section}.");
    SHARED_KEYS.iter().map(|key| key.setting).filter(move |setting| setting.starts_with(&of))
}

/// Whether a helper says if a component is given this variable, and from which secret.
pub(super) fn by_helper(variable: &Variable) -> bool {
    matches!(variable.when, When::ObjectStoreKeys(_))
}

/// The secrets of the store in use; the body writes one of them, with `$name` and `$given`.
pub(super) fn secrets(yaml: &mut Yaml<'_>, variables: &[&Variable], body: impl FnOnce(&mut Yaml<'_>)) {
    // A job that makes the buckets of both reads the variables of both.
    let own = |side: &str, other: &str| {
        variables
            .iter()
            .any(|variable| by_helper(variable) && variable.read_by(side) && !variable.read_by(other))
    };
    let side = match (own("api", "plugin-daemon"), own("plugin-daemon", "api")) {
        (true, true) => "both",
        (true, false) => "api",
        (false, true) => "daemon",
        (false, false) => return,
    };
    yaml.action(&format!(
        "range $name, $given := index (include \"dify.objectStoreKeys\" . | fromJson) \"{side}\""
    ));
    body(yaml);
    yaml.action("end");
}
