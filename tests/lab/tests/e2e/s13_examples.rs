#![allow(clippy::print_stdout, reason = "why an example is not installed is printed")]

use std::collections::BTreeSet;

use topology::Release;

use crate::scenario::{RELEASE, Scenario, package, release};

/// How an example is shown to work here.
enum Way {
    /// It is installed, with the lab's stores in place of those that it names.
    Installed(&'static Plan),
    /// The API server takes every object of it, and nothing is started, for this reason.
    Accepted(&'static str),
}

/// What an installation needs beside the example's own values.
struct Plan {
    /// Of `manifests/`.
    stores: &'static [&'static str],
    /// `secret/key=value`.
    secrets: &'static [&'static str],
    /// What takes the place of the example's addresses.
    settings: &'static [&'static str],
    /// A pod that shows what the example is about, and how many of them.
    shows: (&'static str, usize),
}

use Way::{Accepted, Installed};

const POSTGRES: &[&str] = &["externalPostgres.address=postgres", "externalPostgres.sslMode=disable"];

/// No vendor's server, no operator of custom resources, no images but those of the release are here.
const VENDOR: &str = "the vendor's server cannot be had here; the tools are proven against recorded answers";
const CUSTOM: &str = "nothing here knows its custom resources";
const STORE: &str = "the server is real in the tools' own tests, and is not in the lab";

const EXAMPLES: &[(&str, Way)] = &[
    ("agents", Installed(&Plan { stores: &[], secrets: &[], settings: &[], shows: ("agent-backend", 1) })),
    ("air-gap", Accepted("its images are pinned by the digests of a registry of the user's")),
    ("aks", Accepted(VENDOR)),
    ("aliyun-oss", Accepted(VENDOR)),
    ("azure-blob", Accepted(VENDOR)),
    (
        "cloudnative-pg",
        Installed(&Plan {
            stores: &["postgres"],
            secrets: &["dify-postgres-app/password=lab-postgres-password"],
            settings: POSTGRES,
            shows: ("api", 1),
        }),
    ),
    (
        "collaboration",
        Installed(&Plan { stores: &["s3"], secrets: &[], settings: S3, shows: ("api-websocket", 2) }),
    ),
    ("eks", Accepted(VENDOR)),
    ("elasticsearch", Accepted(STORE)),
    (
        "existing-secrets",
        Installed(&Plan {
            stores: &[],
            secrets: &[
                "dify-credentials/SECRET_KEY=lab-secret-key-of-this-release-0001-abcdefgh",
                "dify-credentials/PLUGIN_DAEMON_KEY=lab-plugin-daemon-key-of-this-release-01",
                "dify-credentials/INNER_API_KEY_FOR_PLUGIN=lab-inner-key-of-this-release-0000001",
                "dify-credentials/CODE_EXECUTION_API_KEY=lab-code-execution-key-of-this-release",
                "dify-credentials/DB_PASSWORD=labDatabasePassword1",
                "dify-credentials/REDIS_PASSWORD=labRedisPassword1",
            ],
            settings: &[],
            shows: ("keys", 0),
        }),
    ),
    ("external-secrets", Accepted(CUSTOM)),
    (
        "external-services",
        Installed(&Plan {
            stores: &["postgres", "redis", "s3"],
            secrets: &[
                "dify-postgres/password=lab-postgres-password",
                "dify-postgres/admin-password=lab-postgres-password",
                "dify-redis/password=lab-redis-password",
                "dify-s3/access-key=lab-access-key",
                "dify-s3/secret-key=lab-secret-key",
            ],
            settings: &[
                POSTGRES[0],
                POSTGRES[1],
                "externalPostgres.admin.username=dify",
                "externalRedis.host=redis",
                "externalRedis.useSSL=false",
                "externalS3.endpoint=http://s3:9000",
                "externalS3.pathStyle=true",
            ],
            shows: ("api", 3),
        }),
    ),
    ("gateway", Accepted(CUSTOM)),
    ("gcs-workload-identity", Accepted(VENDOR)),
    (
        "high-availability",
        Installed(&Plan {
            stores: &["postgres", "redis", "s3"],
            secrets: &[
                "dify-postgres/password=lab-postgres-password",
                "dify-redis/password=lab-redis-password",
            ],
            settings: &[
                POSTGRES[0],
                POSTGRES[1],
                "externalPostgres.username=dify",
                "externalRedis.host=redis",
                "externalS3.useIAM=false",
                "externalS3.endpoint=http://s3:9000",
                "externalS3.pathStyle=true",
                "externalS3.accessKey.value=lab-access-key",
                "externalS3.secretKey.value=lab-secret-key",
                "serviceAccount.create=true",
                "serviceAccount.name=dify",
            ],
            shows: ("plugin-daemon", 2),
        }),
    ),
    ("huawei-obs", Accepted(VENDOR)),
    ("ingress", Installed(&Plan { stores: &[], secrets: &[], settings: &[], shows: ("nginx", 1) })),
    ("load-balancer", Installed(&Plan { stores: &[], secrets: &[], settings: &[], shows: ("nginx", 2) })),
    (
        "mail-and-telemetry",
        Installed(&Plan {
            stores: &[],
            secrets: &[
                "dify-init/password=lab-init-password",
                "dify-mail/password=lab-mail-password",
                "dify-sentry/dsn=http://public@sentry.invalid/1",
            ],
            settings: &[],
            shows: ("api", 1),
        }),
    ),
    ("milvus", Accepted(STORE)),
    ("mysql", Accepted(STORE)),
    (
        "network-policies",
        Installed(&Plan { stores: &[], secrets: &[], settings: &[], shows: ("ssrf-proxy", 1) }),
    ),
    (
        "offline",
        Installed(&Plan {
            stores: &[],
            secrets: &[],
            // The lab's images are in the node already, under names of their own.
            settings: &["global.imageRegistry="],
            shows: ("plugin-daemon", 1),
        }),
    ),
    (
        "older-release",
        Installed(&Plan { stores: &[], secrets: &[], settings: &[], shows: ("plugin-daemon", 1) }),
    ),
    ("openshift", Accepted("only OpenShift chooses users by itself")),
    (
        "pgvector",
        Installed(&Plan {
            stores: &["postgres"],
            secrets: &["dify-vectors/password=lab-postgres-password"],
            settings: &["externalPgvector.address=postgres", "externalPgvector.dbName=dify"],
            shows: ("worker", 1),
        }),
    ),
    ("placement", Accepted("it wants nodes, priority classes and a runtime class of its own")),
    (
        "plugin-environments",
        Installed(&Plan { stores: &[], secrets: &[], settings: &[], shows: ("plugin-daemon", 1) }),
    ),
    ("private-ca", Accepted("TLS with a CA of one's own is proven in the tools' tests, with real servers")),
    ("prometheus", Accepted(CUSTOM)),
    ("qdrant", Accepted(VENDOR)),
    ("redis-cluster", Accepted(STORE)),
    (
        "sandbox-packages",
        Installed(&Plan { stores: &[], secrets: &[], settings: &[], shows: ("sandbox", 1) }),
    ),
    (
        "sentinel",
        Installed(&Plan {
            stores: &["sentinel"],
            secrets: &[
                "sentinel/password=lab-sentinel-password",
                "redis-master/url=redis://:lab-redis-password@redis-master-only:6379/0",
            ],
            settings: &[
                "externalRedis.password.value=lab-redis-password",
                "externalRedis.sentinel.sentinels={sentinel-0.sentinel:26379,sentinel-1.sentinel:26379,sentinel-2.sentinel:26379}",
            ],
            shows: ("beat", 1),
        }),
    ),
    ("tencent-cos", Accepted(VENDOR)),
    ("vastbase", Accepted(VENDOR)),
    ("volcengine-tos", Accepted(VENDOR)),
    ("weaviate", Accepted(STORE)),
    ("without-nginx", Accepted(CUSTOM)),
    ("worker-pools", Accepted(CUSTOM)),
];

const S3: &[&str] = &[
    "externalS3.enabled=true",
    "externalS3.endpoint=http://s3:9000",
    "externalS3.pathStyle=true",
    "externalS3.accessKey.value=lab-access-key",
    "externalS3.secretKey.value=lab-secret-key",
];

/// The groups of objects that an ordinary cluster has.
const KNOWN: &[&str] = &[
    "v1",
    "apps/v1",
    "autoscaling/v2",
    "batch/v1",
    "networking.k8s.io/v1",
    "policy/v1",
    "rbac.authorization.k8s.io/v1",
];

/// What `older-release` installs.
fn older() -> &'static Release {
    topology::release("1.10.1").expect("topology knows it")
}

fn file(name: &str) -> String {
    package().join("../../examples").join(format!("{name}.yaml")).to_string_lossy().into_owned()
}

fn install(name: &str, plan: &Plan) {
    let scenario = Scenario::new(&format!("example-{name}"));
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

/// What the API server says of every object that it can know.
fn accept(scenario: &Scenario, name: &str, reason: &str) {
    let file = file(name);
    let rendered = scenario.helm(&["template", "--skip-tests", "--values", &file], &[]);
    let group = |object: &str| {
        object
            .lines()
            .find_map(|line| line.strip_prefix("apiVersion: "))
            .map(str::to_owned)
            .unwrap_or_default()
    };
    let (known, custom): (Vec<&str>, Vec<&str>) = rendered
        .split("\n---\n")
        .filter(|object| object.contains("\nkind: "))
        .partition(|object| KNOWN.contains(&group(object).as_str()));
    let others: BTreeSet<String> = custom.into_iter().map(group).collect();
    let applied = scenario
        .cluster
        .kubectl_with(
            &["apply", "-n", &scenario.namespace, "--dry-run=server", "-f", "-"],
            &known.join("\n---\n"),
        )
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let taken = applied.lines().filter(|line| line.ends_with("(server dry run)")).count();
    assert_eq!(taken, known.len(), "{name}: {applied}");
    println!("{name}: {taken} objects are accepted; not installed: {reason} {others:?}");
}

/// Every example has a way, and every way an example.
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
}

/// Those that cannot be started here are at least what an API server takes.
#[test]
fn examples_of_what_cannot_be_had_are_accepted_by_the_api_server() {
    let scenario = Scenario::new("examples");
    for (name, way) in EXAMPLES {
        if let Accepted(reason) = way {
            accept(&scenario, name, reason);
        }
    }
    assert_eq!(scenario.pods().len(), 0, "of the release {RELEASE} nothing was made");
}

/// Two lists, so that two run side by side.
fn install_those(second: bool) {
    let installed = EXAMPLES.iter().filter_map(|(name, way)| match way {
        Installed(plan) => Some((name, plan)),
        Accepted(_) => None,
    });
    for (position, (name, plan)) in installed.enumerate() {
        if (position % 2 == 1) == second {
            install(name, plan);
        }
    }
}

#[test]
fn examples_are_installed_and_ready_without_a_restart() {
    install_those(false);
}

#[test]
fn more_examples_are_installed_and_ready_without_a_restart() {
    install_those(true);
}
