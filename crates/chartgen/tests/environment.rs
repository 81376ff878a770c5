//! The environment that each rendered pod would have, compared with what the code of its release reads: nothing unknown,
//! nothing missing, nothing that was meant for another. For every value set, as Dify 1.16.1 and as 1.10.1.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde_json::Value;
use support::{Helm, Object, borrowed, environment, in_parallel, objects, value_sets};
use topology::{Release, variables};

/// Read by a library or by a program that the image brings along, whose sources are not Dify's.
const LIBRARIES: &[(&str, &str)] = &[
    ("AWS_CA_BUNDLE", "AWS's libraries"),
    ("CELERY_BROKER_URL", "Celery, and the api's settings"),
    ("GUNICORN_CMD_ARGS", "gunicorn"),
    ("GIN_MODE", "the sandbox's HTTP library"),
    ("OPENDAL_FS_ROOT", "OpenDAL: the api hands it all that begins with OPENDAL_ and the scheme"),
    ("PGSSLCERT", "libpq"),
    ("PGSSLKEY", "libpq"),
    ("PGSSLMODE", "libpq"),
    ("PGSSLROOTCERT", "libpq"),
    ("REQUESTS_CA_BUNDLE", "the Python library requests"),
    ("SSL_CERT_FILE", "OpenSSL, httpx and Go"),
];

/// Read by whatever agents run in their shells.
const SHELLS: (&str, [&str; 6]) =
    ("local-sandbox", ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"]);

/// For our checks, and for the kubelet, which puts the password into an URL: the component reads the URL, or ignores both.
const CHECKS: &[(&str, &str)] = &[("agent-backend", "REDIS_"), ("", "EVENT_BUS_REDIS_URL")];

/// Images that make 1.10.1 of any value set that has no component that it lacks.
const OLD: &str = "image.api.tag=1.10.1,image.web.tag=1.10.1,image.pluginDaemon.tag=0.4.1-local,\
                   image.sandbox.tag=0.2.12";

/// The list of names that belongs to a component: all that run the api's image share one.
fn list(component: &str) -> &str {
    match component {
        "api" | "api-websocket" | "worker" | "beat" | "migrate" => "api",
        other => other,
    }
}

fn names(release: &Release, component: &str) -> Option<BTreeSet<&'static str>> {
    let mut names: BTreeSet<&str> = release.known(list(component))?.collect();
    names.extend(LIBRARIES.iter().map(|(name, _)| *name));
    names.extend(SHELLS.1.iter().filter(|_| component == SHELLS.0));
    Some(names)
}

/// The main containers of Dify's own components, by component.
fn mains(all: &[Object]) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for object in all.iter().filter(|object| ["Deployment", "Job"].contains(&object.kind.as_str())) {
        let Some(pod) = object.pod() else { continue };
        let main = pod["containers"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|main| main["name"] == object.component());
        if let Some(main) = main {
            found.insert(object.component().to_owned(), main.clone());
        }
    }
    found
}

/// The names that the user himself adds are his own concern.
fn own(main: &Value, name: &str) -> bool {
    let listed = main["env"].as_array().into_iter().flatten();
    listed.filter(|one| one["name"] == name).any(|one| !variables().any(|known| one["name"] == known.name))
}

fn for_checks(component: &str, name: &str) -> bool {
    CHECKS.iter().any(|(whose, prefix)| (whose.is_empty() || *whose == component) && name.starts_with(prefix))
}

/// What is wrong with the environments of one render.
fn faults(release: &Release, all: &[Object]) -> Vec<String> {
    let mut faults = Vec::new();
    for (component, main) in mains(all) {
        let Some(known) = names(release, &component) else { continue };
        let set = environment(all, &component, &component);
        let ours =
            |name: &str| name == "MODE" || name.starts_with("PREFLIGHT_") || for_checks(&component, name);
        for name in set.keys().filter(|name| !ours(name)) {
            if !known.contains(name.as_str()) && !own(&main, name) {
                faults.push(format!("{component} of {} does not read {name}", release.version));
            }
        }
        for variable in variables() {
            let read = variable.read_by(&component) && variable.read_by_release(release.version);
            let always = variable.when == topology::When::Always && !variable.optional;
            if read && always && !set.contains_key(variable.name) && variable.name != "REDIS_PASSWORD" {
                faults.push(format!("{component} of {} misses {}", release.version, variable.name));
            }
        }
    }
    faults
}

/// What is wrong, and in which value set.
fn collect(found: &Mutex<BTreeSet<String>>, name: &str, faults: Vec<String>) {
    found.lock().expect("whole").extend(faults.into_iter().map(|fault| format!("{name}: {fault}")));
}

#[test]
fn every_pod_reads_what_it_is_given_and_is_given_what_it_needs() {
    let newest = topology::release("1.16.1").expect("described");
    let sets: Vec<_> = value_sets().into_iter().filter(|(name, _)| name != "older-release").collect();
    let found = Mutex::new(BTreeSet::new());
    in_parallel(&sets, |(name, arguments)| {
        let all = objects(&Helm::Newest.render(&borrowed(arguments)));
        collect(&found, name, faults(newest, &all));
    });
    assert_eq!(found.into_inner().expect("whole"), BTreeSet::new());
}

#[test]
fn an_older_release_is_given_nothing_newer() {
    let old = topology::release("1.10.1").expect("described");
    let sets: Vec<_> = value_sets().into_iter().collect();
    let found = Mutex::new(BTreeSet::new());
    in_parallel(&sets, |(name, arguments)| {
        let mut arguments = borrowed(arguments);
        arguments.extend(["--set", OLD]);
        let output = Helm::Newest.template(&arguments);
        if !output.status.success() {
            // Some sets are of what this release lacks; the chart must say so.
            let refusal = support::text(&output.stderr);
            assert!(
                refusal.contains("Dify 1.") || refusal.contains("this version of Dify"),
                "{name}: {refusal}"
            );
            return;
        }
        collect(&found, name, faults(old, &objects(&support::text(&output.stdout))));
    });
    assert_eq!(found.into_inner().expect("whole"), BTreeSet::new());
}

#[test]
fn the_api_and_the_plugin_daemon_share_no_configuration() {
    let all = objects(&Helm::Newest.render(&[]));
    let maps = |component: &str| -> BTreeSet<String> {
        let main = mains(&all).remove(component).expect("a container");
        let sources = main["envFrom"].as_array().cloned().unwrap_or_default();
        sources.iter().filter_map(|one| one["configMapRef"]["name"].as_str().map(str::to_owned)).collect()
    };
    for component in ["api", "worker", "beat"] {
        assert!(maps(component).is_disjoint(&maps("plugin-daemon")), "{component}");
    }
}

#[test]
fn the_proof_sees_what_is_wrong() {
    let newest = topology::release("1.16.1").expect("described");
    let rendered = Helm::Newest.render(&[]);
    let foreign = rendered.replace("  MIGRATION_ENABLED:", "  MIGRATION_ENABLE:");
    let found = faults(newest, &objects(&foreign));
    assert!(found.contains(&"api of 1.16.1 does not read MIGRATION_ENABLE".to_owned()), "{found:?}");
    assert!(found.contains(&"worker of 1.16.1 misses MIGRATION_ENABLED".to_owned()), "{found:?}");
    let old = topology::release("1.10.1").expect("described");
    let found = faults(old, &objects(&rendered));
    assert!(found.contains(&"web of 1.10.1 does not read SERVER_CONSOLE_API_URL".to_owned()), "{found:?}");
}
