//! Files that clients of stores need for TLS, in one volume: the CA bundle, and the certificate that a client shows.

use super::variables;
use crate::template::Yaml;

/// What writes the sources of a component's volume, and says nothing where there are none: the condition too.
pub(crate) fn trust(component: &str) -> Option<&'static str> {
    let read = variables(component);
    let reads = |name: &str| read.iter().any(|variable| variable.name == name);
    match (reads("PGSSLCERT"), reads("SSL_CERT_FILE")) {
        (true, _) => Some("include \"dify.tlsFiles\" ."),
        (false, true) => Some("include \"dify.caBundle\" ."),
        (false, false) => None,
    }
}

/// The entry of `volumeMounts`.
pub(crate) fn trust_mount(yaml: &mut Yaml<'_>, component: &str) {
    if let Some(files) = trust(component) {
        yaml.when(files, |yaml| yaml.entry("{name: tls, mountPath: /run/dify/tls, readOnly: true}"));
    }
}

/// The volume.
pub(crate) fn trust_volume(yaml: &mut Yaml<'_>, component: &str) {
    if let Some(files) = trust(component) {
        yaml.action(&format!("with {files}"));
        yaml.item(|yaml| {
            yaml.pair("name", "tls");
            yaml.map("projected", |yaml| yaml.map("sources", |yaml| yaml.lines(".")));
        });
        yaml.action("end");
    }
}
