//! One file per kind of object; each writes the templates of its kind.

mod configmap;
mod deployment;
mod externalsecret;
mod extra;
mod horizontalpodautoscaler;
mod httproute;
mod ingress;
mod job;
mod keys;
mod networkpolicy;
mod persistentvolumeclaim;
mod plugin_migration;
mod pod;
mod poddisruptionbudget;
mod pools;
mod probe;
mod prometheusrule;
mod requirements;
mod routes;
mod scaledobject;
mod secret;
mod service;
mod serviceaccount;
mod servicemonitor;
mod statefulset;
mod storage;
mod test;
mod validation;
mod vector;

use topology::{Component, Kind};

use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::{Error, RELEASE};

/// All templates.
pub(crate) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    files.extend(configmap::templates(registry)?);
    files.push(requirements::template(registry));
    files.extend(deployment::templates(registry)?);
    files.extend(statefulset::templates(registry)?);
    files.extend(service::templates(registry)?);
    files.push(serviceaccount::template(registry));
    files.extend(networkpolicy::templates(registry)?);
    files.extend(horizontalpodautoscaler::templates(registry)?);
    files.extend(poddisruptionbudget::templates(registry)?);
    files.extend(persistentvolumeclaim::templates(registry));
    files.extend(job::templates(registry)?);
    files.extend(keys::templates(registry)?);
    files.extend(scaledobject::templates(registry));
    files.push(pools::template(registry));
    files.push(secret::template(registry));
    files.push(secret::readers(registry));
    files.push(externalsecret::template(registry));
    files.push(extra::template(registry));
    files.push(httproute::template(registry)?);
    files.push(ingress::template(registry)?);
    files.push(validation::template(registry));
    files.push(validation::extra_env::template(registry));
    files.push(storage::template(registry));
    files.push(vector::template(registry));
    files.extend(servicemonitor::templates(registry)?);
    files.push(prometheusrule::template(registry));
    files.push(test::template(registry)?);
    Ok(files)
}

/// The components of the release.
fn components() -> Result<&'static [Component], Error> {
    topology::release(RELEASE)
        .map(|release| release.components)
        .ok_or_else(|| Error::Unknown("the release".to_owned()))
}

/// The components that may have several equal pods.
fn scaled() -> Result<impl Iterator<Item = &'static Component>, Error> {
    let several = |component: &&Component| component.kind == Kind::Service;
    Ok(components()?.iter().filter(several))
}

/// One template: `templates/<component>/<kind>.yaml`, with a word on where to change it.
fn file(registry: &Registry, component: &str, kind: &str, body: impl FnOnce(&mut Yaml<'_>)) -> File {
    let mut yaml = Yaml::new(registry);
    let source = match (component, kind) {
        ("validation", "validation") => "validation/*".to_owned(),
        ("validation", _) => format!("validation/{}", kind.replace('-', "_")),
        _ => kind.to_owned(),
    };
    yaml.line(&format!("{{{{- /* Written by chartgen: resources/{source}.rs. */ -}}}}"));
    body(&mut yaml);
    File { path: format!("templates/{component}/{kind}.yaml"), text: yaml.finish() }
}

/// The same for what can fail.
fn try_file(
    registry: &Registry,
    component: &str,
    kind: &str,
    body: impl FnOnce(&mut Yaml<'_>) -> Result<(), Error>,
) -> Result<File, Error> {
    let mut outcome = Ok(());
    let file = file(registry, component, kind, |yaml| outcome = body(yaml));
    outcome.map(|()| file)
}

/// The same for an object that pods carry a checksum of: no version is among its labels, so that they restart when its
/// content changes, and only then.
fn stable_head(yaml: &mut Yaml<'_>, kind: &str, name: &str, component: &str) {
    yaml.pair("apiVersion", "v1");
    yaml.pair("kind", kind);
    yaml.map("metadata", |yaml| {
        yaml.pair("name", name);
        yaml.pair("namespace", "{{ .Release.Namespace | quote }}");
        yaml.map("labels", |yaml| {
            yaml.include("dify.selectorLabels", &format!("(list . \"{component}\")"));
            yaml.more("commonLabels");
        });
        yaml.fragment("annotations", "commonAnnotations");
    });
}

/// Writes apiVersion, kind and metadata of an object that belongs to a component.
fn head(yaml: &mut Yaml<'_>, api_version: &str, kind: &str, name: &str, component: &str) {
    head_without_annotations(yaml, api_version, kind, name, component);
    yaml.indented(|yaml| yaml.fragment("annotations", "commonAnnotations"));
}

/// The same for an object whose own section has annotations too.
fn annotated_head(
    yaml: &mut Yaml<'_>,
    api_version: &str,
    kind: &str,
    name: &str,
    component: &str,
    section: &str,
) {
    head_without_annotations(yaml, api_version, kind, name, component);
    let both = pod::merged(&format!("{section}.annotations"), "commonAnnotations");
    yaml.indented(|yaml| yaml.fragment_of("annotations", &both));
}

/// The group of the Prometheus Operator's objects.
const PROMETHEUS: &str = "monitoring.coreos.com/v1";

/// The same for an object that others choose by labels of its own section.
fn labelled_head(
    yaml: &mut Yaml<'_>,
    api_version: &str,
    kind: &str,
    name: &str,
    component: &str,
    labels: &str,
) {
    head_without_annotations(yaml, api_version, kind, name, component);
    yaml.indented(|yaml| {
        yaml.indented(|yaml| yaml.more(labels));
        yaml.fragment("annotations", "commonAnnotations");
    });
}

fn head_without_annotations(yaml: &mut Yaml<'_>, api_version: &str, kind: &str, name: &str, component: &str) {
    yaml.pair("apiVersion", api_version);
    yaml.pair("kind", kind);
    yaml.map("metadata", |yaml| {
        yaml.pair("name", name);
        yaml.pair("namespace", "{{ .Release.Namespace | quote }}");
        yaml.map("labels", |yaml| yaml.include("dify.labels", &format!("(list . \"{component}\")")));
    });
}
