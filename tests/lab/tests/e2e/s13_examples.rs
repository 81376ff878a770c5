#![allow(clippy::print_stdout, reason = "why an example is not installed is printed")]

use std::collections::BTreeSet;

use topology::Release;

use crate::examples::Way::{Accepted, Installed};
use crate::examples::{EXAMPLES, cluster_wide};
use crate::scenario::{RELEASE, Scenario, package, release};

/// What `older-release` installs.
fn older() -> &'static Release {
    topology::release("1.10.1").expect("topology knows it")
}

fn file(name: &str) -> String {
    package().join("../../examples").join(format!("{name}.yaml")).to_string_lossy().into_owned()
}

fn install(name: &str) {
    let plan = EXAMPLES.iter().find_map(|(known, way)| match way {
        Installed(plan) if *known == name => Some(plan),
        _ => None,
    });
    let plan = plan.expect("how it is installed");
    let scenario = Scenario::new(&format!("example-{name}"));
    (plan.prepare)(&scenario);
    for store in plan.stores {
        scenario.apply(store);
    }
    let mut made = BTreeSet::new();
    for secret in plan.secrets {
        let (secret, pair) = secret.split_once('/').expect("a name and a key");
        if made.insert(secret) {
            scenario.kubectl(&["create", "secret", "generic", secret]).expect("a Secret");
        }
        let (key, value) = pair.split_once('=').expect("a key and a value");
        let patch = serde_json::json!({"stringData": {key: value}}).to_string();
        scenario.kubectl(&["patch", "secret", secret, "--patch", &patch]).expect("a key");
    }
    let file = file(name);
    scenario.helm(&["install", "--values", &file], plan.settings);
    scenario.until_ready();
    scenario.assert_no_restarts();
    scenario.assert_order_of(if name == "older-release" { older() } else { release() });
    scenario.assert_one_migration();
    let (component, count) = plan.shows;
    assert_eq!(scenario.pods_of(component).len(), count, "{name}: {component}\n{}", scenario.situation());
    println!("{name}: installed, Ready without a restart");
}

/// What the API server says of every object.
fn accept(scenario: &Scenario, name: &str, reason: &str) {
    let file = file(name);
    let rendered = scenario.helm(&["template", "--skip-tests", "--values", &file], &[]);
    let objects = rendered.split("\n---\n").filter(|object| object.contains("\nkind: ")).count();
    let applied = scenario
        .cluster
        .kubectl_with(&["apply", "-n", &scenario.namespace, "--dry-run=server", "-f", "-"], &rendered)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let taken = applied.lines().filter(|line| line.ends_with("(server dry run)")).count();
    assert_eq!(taken, objects, "{name}: {applied}");
    println!("{name}: {taken} objects are accepted; not installed: {reason}");
}

/// Every example has a way, and every way an example; those that are to be installed have a test.
#[test]
fn every_example_has_its_way_here() {
    let folder = package().join("../../examples");
    let found: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the examples")
        .filter_map(|entry| entry.expect("an entry").file_name().to_str().map(str::to_owned))
        .filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned))
        .collect();
    let known: BTreeSet<String> = EXAMPLES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(known, found);
    let to_install: Vec<&str> =
        EXAMPLES.iter().filter_map(|(name, way)| matches!(way, Installed(_)).then_some(*name)).collect();
    assert_eq!(TESTED, to_install);
}

/// Those that cannot be started here are at least what an API server takes.
#[test]
fn examples_of_what_cannot_be_had_are_accepted_by_the_api_server() {
    let scenario = Scenario::new("examples");
    cluster_wide(&scenario);
    for (name, way) in EXAMPLES {
        if let Accepted(reason) = way {
            accept(&scenario, name, reason);
        }
    }
    assert_eq!(scenario.pods().len(), 0, "of the release {RELEASE} nothing was made");
}

/// One test for each example that is installed, so that `just e2e example_sentinel` runs one.
macro_rules! installed {
    ($($test:ident: $name:literal,)+) => {
        const TESTED: &[&str] = &[$($name),+];

        $(
            #[test]
            fn $test() {
                install($name);
            }
        )+
    };
}

installed! {
    example_agents: "agents",
    example_air_gap: "air-gap",
    example_cloudnative_pg: "cloudnative-pg",
    example_collaboration: "collaboration",
    example_existing_secrets: "existing-secrets",
    example_external_secrets: "external-secrets",
    example_external_services: "external-services",
    example_gateway: "gateway",
    example_high_availability: "high-availability",
    example_ingress: "ingress",
    example_load_balancer: "load-balancer",
    example_mail_and_telemetry: "mail-and-telemetry",
    example_milvus: "milvus",
    example_network_policies: "network-policies",
    example_offline: "offline",
    example_older_release: "older-release",
    example_pgvector: "pgvector",
    example_placement: "placement",
    example_plugin_environments: "plugin-environments",
    example_private_ca: "private-ca",
    example_prometheus: "prometheus",
    example_redis_cluster: "redis-cluster",
    example_sandbox_packages: "sandbox-packages",
    example_sentinel: "sentinel",
    example_weaviate: "weaviate",
    example_without_nginx: "without-nginx",
    example_worker_pools: "worker-pools",
}
