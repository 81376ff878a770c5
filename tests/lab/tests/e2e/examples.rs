//! How each of `examples/*.yaml` is shown to work on the lab's cluster, and what it needs for that.

use testbed::certificates::Authority;

use crate::scenario::{Scenario, package};

/// How an example is shown to work here.
pub(crate) enum Way {
    /// It is installed, with the lab's stores in place of those that it names.
    Installed(&'static Plan),
    /// The API server takes every object of it, and nothing is started, for this reason.
    Accepted(&'static str),
}

/// What an installation needs beside the example's own values.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// What is made before the stores.
    pub(crate) prepare: fn(&Scenario),
    /// Of `manifests/`.
    pub(crate) stores: &'static [&'static str],
    /// `secret/key=value`.
    pub(crate) secrets: &'static [&'static str],
    /// What takes the place of the example's addresses.
    pub(crate) settings: &'static [&'static str],
    /// A pod that shows what the example is about, and how many of them.
    pub(crate) shows: (&'static str, usize),
}

use Way::{Accepted, Installed};

/// An example that the lab installs as it is.
const AS_IT_IS: Plan = Plan { prepare: |_| (), stores: &[], secrets: &[], settings: &[], shows: ("api", 1) };

const POSTGRES: &[&str] = &["externalPostgres.address=postgres", "externalPostgres.sslMode=disable"];

const S3: [&str; 5] = [
    "externalS3.enabled=true",
    "externalS3.endpoint=http://s3:9000",
    "externalS3.pathStyle=true",
    "externalS3.accessKey.value=lab-access-key",
    "externalS3.secretKey.value=lab-secret-key",
];

/// A server that exists nowhere but at its vendor's, or whose program cannot be had.
const VENDOR: &str = "the vendor's server cannot be had here; the tools are proven against recorded answers";

pub(crate) const EXAMPLES: &[(&str, Way)] = &[
    ("agents", Installed(&Plan { shows: ("agent-backend", 1), ..AS_IT_IS })),
    (
        "air-gap",
        Installed(&Plan {
            secrets: &["dify-init/password=lab-init-password"],
            // The lab's images are in the node already, under names of their own.
            settings: &["global.imageRegistry=", "image.api.digest="],
            ..AS_IT_IS
        }),
    ),
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
            ..AS_IT_IS
        }),
    ),
    (
        "collaboration",
        Installed(&Plan { stores: &["s3"], settings: &S3, shows: ("api-websocket", 2), ..AS_IT_IS }),
    ),
    ("eks", Accepted(VENDOR)),
    ("elasticsearch", Accepted("Elasticsearch 8 cannot be had here; vector-probe refuses 7, which can")),
    (
        "existing-secrets",
        Installed(&Plan {
            secrets: &[
                "dify-credentials/SECRET_KEY=lab-secret-key-of-this-release-0001-abcdefgh",
                "dify-credentials/PLUGIN_DAEMON_KEY=lab-plugin-daemon-key-of-this-release-01",
                "dify-credentials/INNER_API_KEY_FOR_PLUGIN=lab-inner-key-of-this-release-0000001",
                "dify-credentials/CODE_EXECUTION_API_KEY=lab-code-execution-key-of-this-release",
                "dify-credentials/DB_PASSWORD=labDatabasePassword1",
                "dify-credentials/REDIS_PASSWORD=labRedisPassword1",
            ],
            shows: ("keys", 0),
            ..AS_IT_IS
        }),
    ),
    (
        "external-secrets",
        Installed(&Plan {
            prepare: cluster_wide,
            stores: &["postgres", "redis", "s3"],
            // What the operator would write.
            secrets: &[
                "dify-credentials/SECRET_KEY=lab-secret-key-of-this-release-0001-abcdefgh",
                "dify-credentials/PLUGIN_DAEMON_KEY=lab-plugin-daemon-key-of-this-release-01",
                "dify-credentials/INNER_API_KEY_FOR_PLUGIN=lab-inner-key-of-this-release-0000001",
                "dify-credentials/CODE_EXECUTION_API_KEY=lab-code-execution-key-of-this-release",
                "dify-credentials/DB_PASSWORD=lab-postgres-password",
                "dify-credentials/REDIS_PASSWORD=lab-redis-password",
                "dify-credentials/S3_ACCESS_KEY=lab-access-key",
                "dify-credentials/S3_SECRET_KEY=lab-secret-key",
            ],
            settings: &[
                POSTGRES[0],
                POSTGRES[1],
                "externalPostgres.username=dify",
                "externalRedis.host=redis",
                "externalS3.endpoint=http://s3:9000",
                "externalS3.pathStyle=true",
            ],
            shows: ("keys", 0),
        }),
    ),
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
            ..AS_IT_IS
        }),
    ),
    ("gateway", Installed(&Plan { prepare: cluster_wide, shows: ("nginx", 1), ..AS_IT_IS })),
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
            ..AS_IT_IS
        }),
    ),
    ("huawei-obs", Accepted(VENDOR)),
    ("ingress", Installed(&Plan { shows: ("nginx", 1), ..AS_IT_IS })),
    ("load-balancer", Installed(&Plan { shows: ("nginx", 2), ..AS_IT_IS })),
    (
        "mail-and-telemetry",
        Installed(&Plan {
            secrets: &[
                "dify-init/password=lab-init-password",
                "dify-mail/password=lab-mail-password",
                "dify-sentry/dsn=http://public@sentry.invalid/1",
            ],
            shows: ("api", 1),
            ..AS_IT_IS
        }),
    ),
    (
        "milvus",
        Installed(&Plan {
            stores: &["milvus"],
            secrets: &["dify-milvus/password=Milvus"],
            settings: &[
                "externalMilvus.uri=http://milvus:19530",
                "externalMilvus.database=default",
                "externalMilvus.user=root",
                // From 2.5 on.
                "externalMilvus.enableHybridSearch=false",
            ],
            ..AS_IT_IS
        }),
    ),
    (
        "mysql",
        Accepted("the api's stand-in knows PostgreSQL alone; db-migrate's own tests have a real MySQL"),
    ),
    ("network-policies", Installed(&Plan { shows: ("ssrf-proxy", 1), ..AS_IT_IS })),
    (
        "offline",
        Installed(&Plan {
            // The lab's images are in the node already, under names of their own.
            settings: &["global.imageRegistry="],
            shows: ("plugin-daemon", 1),
            ..AS_IT_IS
        }),
    ),
    ("older-release", Installed(&Plan { shows: ("plugin-daemon", 1), ..AS_IT_IS })),
    ("openshift", Accepted("only OpenShift chooses users by itself")),
    (
        "pgvector",
        Installed(&Plan {
            stores: &["postgres"],
            secrets: &["dify-vectors/password=lab-postgres-password"],
            settings: &["externalPgvector.address=postgres", "externalPgvector.dbName=dify"],
            shows: ("worker", 1),
            ..AS_IT_IS
        }),
    ),
    (
        "placement",
        Installed(&Plan {
            prepare: |scenario| {
                cluster_wide(scenario);
                label_nodes(scenario);
            },
            stores: &["s3"],
            settings: &[
                // Files of two pods, where the lab has no volume that several nodes may write.
                S3[0],
                S3[1],
                S3[2],
                S3[3],
                S3[4],
                // One node cannot be of two pools.
                r"worker.nodeSelector.node\.example\.com/pool=dify",
            ],
            shows: ("api", 2),
            ..AS_IT_IS
        }),
    ),
    ("plugin-environments", Installed(&Plan { shows: ("plugin-daemon", 1), ..AS_IT_IS })),
    (
        "private-ca",
        Installed(&Plan {
            prepare: certificates,
            stores: &["private-ca"],
            secrets: &[
                "dify-postgres/password=lab-postgres-password",
                "dify-redis/password=lab-redis-password",
                "dify-s3/access-key=lab-access-key",
                "dify-s3/secret-key=lab-secret-key",
            ],
            settings: &[
                POSTGRES[0],
                "externalRedis.host=redis",
                "externalS3.endpoint=https://s3",
                "externalS3.pathStyle=true",
            ],
            shows: ("agent-backend", 1),
        }),
    ),
    (
        "prometheus",
        Installed(&Plan {
            prepare: cluster_wide,
            // No program of Qdrant's can be had here.
            settings: &["qdrant.enabled=false"],
            ..AS_IT_IS
        }),
    ),
    ("qdrant", Accepted(VENDOR)),
    (
        "redis-cluster",
        Installed(&Plan {
            stores: &["redis", "redis-cluster"],
            secrets: &[
                "dify-redis/password=lab-redis-password",
                "dify-redis-cluster/password=lab-cluster-password",
            ],
            settings: &[
                "externalRedis.host=redis",
                "externalRedis.cluster.nodes={redis-cluster-0.redis-cluster:6379,redis-cluster-1.redis-cluster:6379,redis-cluster-2.redis-cluster:6379}",
            ],
            shows: ("worker", 1),
            ..AS_IT_IS
        }),
    ),
    ("sandbox-packages", Installed(&Plan { shows: ("sandbox", 1), ..AS_IT_IS })),
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
            ..AS_IT_IS
        }),
    ),
    ("tencent-cos", Accepted(VENDOR)),
    ("vastbase", Accepted(VENDOR)),
    ("volcengine-tos", Accepted(VENDOR)),
    ("weaviate", Installed(&Plan { shows: ("weaviate", 1), ..AS_IT_IS })),
    ("without-nginx", Installed(&Plan { prepare: cluster_wide, shows: ("nginx", 0), ..AS_IT_IS })),
    ("worker-pools", Installed(&Plan { prepare: cluster_wide, shows: ("worker", 5), ..AS_IT_IS })),
];

/// What examples need of the whole cluster. What is there already stays: it may be the real one.
pub(crate) fn cluster_wide(scenario: &Scenario) {
    let file = package().join("manifests/cluster-wide.yaml");
    if let Err(error) = scenario.cluster.kubectl(&["create", "-f", &file.to_string_lossy()]) {
        let told = error.to_string();
        let others = told.lines().find(|line| line.starts_with("Error") && !line.contains("AlreadyExists"));
        assert_eq!(others, None, "{told}");
    }
    scenario
        .cluster
        .kubectl(&[
            "wait",
            "--for=condition=Established",
            "--timeout=60s",
            "customresourcedefinitions",
            "--all",
        ])
        .expect("definitions are established");
}

/// The labels of nodes that `placement` names.
fn label_nodes(scenario: &Scenario) {
    let labels = ["node.example.com/pool=dify", "topology.kubernetes.io/zone=lab"];
    let arguments = [&["label", "nodes", "--all", "--overwrite"], &labels[..]].concat();
    scenario.cluster.kubectl(&arguments).expect("labels");
}

/// A CA, a certificate of it for each server of `manifests/private-ca.yaml`, and one for the clients of PostgreSQL.
fn certificates(scenario: &Scenario) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path.to_string_lossy().into_owned()
    };
    let authority = Authority::new("a company's CA");
    let ca = file("ca.crt", &authority.pem);
    let trust = format!("--from-file=ca.crt={ca}");
    scenario.kubectl(&["create", "configmap", "company-ca", &trust]).expect("a ConfigMap");
    for (secret, subject) in [
        ("postgres-tls", "postgres"),
        ("redis-tls", "redis"),
        ("s3-tls", "s3"),
        ("dify-postgres-client", "dify"),
    ] {
        let (certificate, key) = authority.sign(subject);
        let certificate = format!("--from-file=tls.crt={}", file("tls.crt", &certificate));
        let key = format!("--from-file=tls.key={}", file("tls.key", &key));
        scenario
            .kubectl(&["create", "secret", "generic", secret, &certificate, &key, &trust])
            .expect("a Secret");
    }
}
