//! What all pods have in common.

use topology::Component;

use super::requirements;
use crate::registry::Registry;
use crate::template::{Yaml, plain};
use crate::wiring;

/// Below `metadata` of a pod template: labels, and checksums of what the pod reads when it starts.
pub(super) fn metadata(yaml: &mut Yaml<'_>, component: &str, config: Option<&str>, secrets: bool) {
    let section = wiring::section(component);
    yaml.map("labels", |yaml| {
        selector(yaml, component);
        yaml.more_of(&merged(&format!("{section}.podLabels"), "commonLabels"));
    });
    yaml.map("annotations", |yaml| {
        yaml.pair("kubectl.kubernetes.io/default-container", component);
        if let Some(config) = config {
            checksum(yaml, "config", &format!("{config}/configmap.yaml"));
        }
        requirements::checksum(yaml, component);
        if secrets {
            literals_checksum(yaml, component);
        }
        yaml.more_of(&merged(&format!("{section}.podAnnotations"), "commonAnnotations"));
    });
}

/// The labels by which a component's pods are found; those of each pool of workers apart.
pub(super) fn selector(yaml: &mut Yaml<'_>, component: &str) {
    yaml.include("dify.selectorLabels", &format!("(list . \"{component}\")"));
    if component == "worker" {
        yaml.pair("worker-pool", "{{ get . \"Pool\" | default \"default\" }}");
    }
}

/// A change of this template's text replaces the pods.
pub(super) fn checksum(yaml: &mut Yaml<'_>, name: &str, template: &str) {
    yaml.pair(
        &format!("checksum/{name}"),
        format!("{{{{ include (print .Template.BasePath \"/{template}\") . | sha256sum }}}}"),
    );
}

/// A change of a literal secret that this component reads replaces the pods.
pub(super) fn literals_checksum(yaml: &mut Yaml<'_>, component: &str) {
    let literals = format!("include \"dify.literals\" (list . \"{component}\")");
    yaml.pair("checksum/values", format!("{{{{ {literals} | sha256sum }}}}"));
}

/// The lines at the beginning of every pod's `spec`.
pub(super) fn preamble(yaml: &mut Yaml<'_>) {
    yaml.pair("automountServiceAccountToken", "false");
    without_token(yaml);
}

/// The same for the one pod that does use a token.
pub(super) fn without_token(yaml: &mut Yaml<'_>) {
    // The variables of Service links collide with Dify's own, such as DIFY_PORT.
    yaml.pair("enableServiceLinks", "false");
    yaml.fragment("imagePullSecrets", "global.imagePullSecrets");
}

/// Who the pod runs as, unless the user says it.
pub(super) fn security(yaml: &mut Yaml<'_>, uid: u32, owns_volume: bool, section: &str) {
    yaml.map("securityContext", |yaml| {
        yaml.instead(&format!("{section}.podSecurityContext"), |yaml| own_security(yaml, uid, owns_volume));
    });
}

/// Who a pod runs as that belongs to no section of the values.
pub(super) fn own_security(yaml: &mut Yaml<'_>, uid: u32, owns_volume: bool) {
    if uid == 0 {
        yaml.pair("runAsNonRoot", "false");
        yaml.pair("runAsUser", "0");
    } else {
        yaml.pair("runAsNonRoot", "true");
        yaml.when("not (include \"dify.openshift\" .)", |yaml| {
            yaml.pair("runAsUser", uid.to_string());
            yaml.pair("runAsGroup", uid.to_string());
            if owns_volume {
                yaml.pair("fsGroup", uid.to_string());
            }
        });
        if owns_volume {
            // Changing the owner of every file on each start would take minutes on a large volume.
            yaml.pair("fsGroupChangePolicy", "OnRootMismatch");
        }
    }
    yaml.pair("seccompProfile", "{type: RuntimeDefault}");
}

/// Image and pull policy of a component's main container.
pub(super) fn image(yaml: &mut Yaml<'_>, registry: &Registry, component: &Component) {
    let path = wiring::image(component);
    yaml.pair("image", format!("{{{{ include \"dify.image\" (list . .Values.{path}) }}}}"));
    yaml.pair("imagePullPolicy", plain(registry, &format!("{path}.pullPolicy")));
}

/// What a container may do, unless the user says it.
pub(super) fn restricted(yaml: &mut Yaml<'_>, read_only: bool, section: &str) {
    yaml.map("securityContext", |yaml| {
        yaml.instead(&format!("{section}.containerSecurityContext"), |yaml| own_restricted(yaml, read_only));
    });
}

/// What a container may do that belongs to no section of the values.
pub(super) fn own_restricted(yaml: &mut Yaml<'_>, read_only: bool) {
    yaml.pair("allowPrivilegeEscalation", "false");
    yaml.pair("readOnlyRootFilesystem", if read_only { "true" } else { "false" });
    yaml.pair("capabilities", "{drop: [ALL]}");
}

/// The ConfigMap that becomes the container's environment, and the user's own.
pub(super) fn env_from(yaml: &mut Yaml<'_>, config: Option<&str>, section: &str) {
    let path = format!("{section}.extraEnvFrom");
    let Some(config) = config else { return yaml.fragment("envFrom", &path) };
    yaml.map("envFrom", |yaml| {
        // The last one wins: a variable of the chart's is never changed by accident.
        yaml.more(&path);
        yaml.entry(&format!("configMapRef: {{name: {config}}}"));
    });
}

/// What the user wishes of every pod of a section: on which node, beside whom.
/// `holds_files` names a component whose pods have a volume of files, and so belong beside all others that do.
pub(super) fn placement(yaml: &mut Yaml<'_>, section: &str, holds_files: Option<&str>) {
    yaml.fragment_of("topologySpreadConstraints", &first(section, "topologySpreadConstraints"));
    place(yaml, section, holds_files);
}

/// The same for the pods of a Deployment, which are spread unless the user says how.
pub(super) fn spread_placement(
    yaml: &mut Yaml<'_>,
    section: &str,
    component: &str,
    holds_files: Option<&str>,
) {
    yaml.map("topologySpreadConstraints", |yaml| {
        yaml.action(&format!("with {}", first(section, "topologySpreadConstraints")));
        yaml.dump(".");
        yaml.action("else");
        yaml.include("dify.spread", &format!("(list . \"{component}\") | trim"));
        yaml.action("end");
    });
    place(yaml, section, holds_files);
}

fn place(yaml: &mut Yaml<'_>, section: &str, holds_files: Option<&str>) {
    yaml.fragment_of("nodeSelector", &merged(&format!("{section}.nodeSelector"), "global.nodeSelector"));
    yaml.fragment_of(
        "tolerations",
        &format!("concat .Values.global.tolerations .Values.{section}.tolerations"),
    );
    affinity(yaml, &first(section, "affinity"), holds_files);
    yaml.fragment("hostAliases", &format!("{section}.hostAliases"));
    yaml.fragment("dnsConfig", &format!("{section}.dnsConfig"));
    for key in ["priorityClassName", "schedulerName"] {
        yaml.action(&format!("with {}", first(section, key)));
        yaml.pair(key, "{{ . | quote }}");
        yaml.action("end");
    }
    yaml.text("runtimeClassName", &format!("{section}.runtimeClassName"));
    let shared = format!("{section}.shareProcessNamespace");
    yaml.when(&format!(".Values.{shared}"), |yaml| yaml.pair("shareProcessNamespace", "true"));
}

/// The user's affinity, or that of pods which hold a volume together.
fn affinity(yaml: &mut Yaml<'_>, own: &str, holds_files: Option<&str>) {
    let Some(component) = holds_files else { return yaml.fragment_of("affinity", own) };
    yaml.action(&format!("with {own}"));
    yaml.map("affinity", |yaml| yaml.dump("."));
    yaml.action("else");
    yaml.action(&format!("with include \"dify.besideFiles\" (list . \"{component}\")"));
    yaml.map("affinity", |yaml| yaml.lines("."));
    yaml.action("end");
    yaml.action("end");
}

/// The component's own map and the one for all; the former wins key by key.
pub(super) fn merged(own: &str, common: &str) -> String {
    format!("merge (dict) .Values.{own} .Values.{common}")
}

/// The component's own value, or the one for all.
fn first(section: &str, key: &str) -> String {
    format!(".Values.{section}.{key} | default .Values.global.{key}")
}

/// The variables that the user adds to a main container, in all of these sections; of one name the last holds.
pub(super) fn extra_env(sections: &[&str]) -> String {
    let lists = sections.iter().fold(".Values.global.extraEnv".to_owned(), |lists, section| {
        lists + " .Values." + section + ".extraEnv"
    });
    format!("include \"dify.extraEnv\" (list {lists}) | fromYamlArray")
}

/// The account of a pod that has none of its own component: what opens databases and buckets shares one.
pub(super) fn service_account(yaml: &mut Yaml<'_>, section: &str) {
    let own = format!(".Values.{section}.serviceAccountName");
    let shared = ["api", "apiWebsocket", "worker", "beat", "pluginDaemon"].contains(&section);
    let account = if shared { format!("{own} | default (include \"dify.serviceAccount\" .)") } else { own };
    yaml.action(&format!("with {account}"));
    yaml.pair("serviceAccountName", "{{ . | quote }}");
    yaml.action("end");
}

/// The volume of the application's or the daemon's files.
pub(super) fn storage_volume(yaml: &mut Yaml<'_>, name: &str, claim: &str) {
    yaml.when(wiring::ON_VOLUMES, |yaml| claimed_volume(yaml, name, claim));
}

/// A volume on the component's claim: the user's own, or the chart's.
pub(super) fn claimed_volume(yaml: &mut Yaml<'_>, name: &str, claim: &str) {
    let path = format!("{}.persistence.existingClaim", wiring::section(claim));
    yaml.item(|yaml| {
        yaml.pair("name", name);
        yaml.map("persistentVolumeClaim", |yaml| {
            yaml.action(&format!("with .Values.{path}"));
            yaml.pair("claimName", "{{ . | quote }}");
            yaml.action("else");
            yaml.pair("claimName", format!("{{{{ include \"dify.fullname\" . }}}}-{claim}"));
            yaml.action("end");
        });
    });
}
