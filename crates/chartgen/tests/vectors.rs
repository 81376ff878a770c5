//! Every vector store that Dify knows can be chosen; api, worker and their checks are then told the same.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use support::{Helm, Object, in_parallel, objects};
use topology::{OTHER_STORES, Source, VECTOR_STORES, When};

/// Values, the plain variables that follow, and the secret ones with the Secret and the key that they come from.
type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)]);

const CASES: &[Case] = &[
    (
        "externalPgvector.enabled=true,externalPgvector.address=v,externalPgvector.password.existingSecret.name=s",
        &[
            ("VECTOR_STORE", "pgvector"),
            ("PGVECTOR_HOST", "v"),
            ("PGVECTOR_PORT", "5432"),
            ("PGVECTOR_USER", "postgres"),
            ("PGVECTOR_DATABASE", "dify_vector"),
            ("PGSSLMODE", "prefer"),
        ],
        &[("PGVECTOR_PASSWORD", "s/PGVECTOR_PASSWORD")],
    ),
    (
        "externalWeaviate.enabled=true,externalWeaviate.endpoint.http=http://w:80,externalQdrant.apiKey.value=unused",
        &[("VECTOR_STORE", "weaviate"), ("WEAVIATE_ENDPOINT", "http://w:80")],
        &[],
    ),
    (
        "externalWeaviate.enabled=true,externalWeaviate.endpoint.http=https://w,externalWeaviate.endpoint.grpc=grpcs://w:443,\
         externalWeaviate.apiKey.value=literal",
        &[
            ("VECTOR_STORE", "weaviate"),
            ("WEAVIATE_ENDPOINT", "https://w"),
            ("WEAVIATE_GRPC_ENDPOINT", "grpcs://w:443"),
        ],
        &[("WEAVIATE_API_KEY", "demo-dify-values/WEAVIATE_API_KEY")],
    ),
    (
        "weaviate.enabled=true",
        &[
            ("VECTOR_STORE", "weaviate"),
            ("WEAVIATE_ENDPOINT", "http://demo-dify-weaviate:8080"),
            ("WEAVIATE_GRPC_ENDPOINT", "grpc://demo-dify-weaviate:50051"),
        ],
        &[("WEAVIATE_API_KEY", "demo-dify-keys/WEAVIATE_API_KEY")],
    ),
    (
        "externalQdrant.enabled=true,externalQdrant.endpoint=http://q:6333,externalQdrant.grpc.enabled=true,\
         externalQdrant.apiKey.existingSecret.name=s,externalQdrant.apiKey.existingSecret.key=k",
        &[
            ("VECTOR_STORE", "qdrant"),
            ("QDRANT_URL", "http://q:6333"),
            ("QDRANT_CLIENT_TIMEOUT", "20"),
            ("QDRANT_GRPC_ENABLED", "true"),
            ("QDRANT_GRPC_PORT", "6334"),
        ],
        &[("QDRANT_API_KEY", "s/k")],
    ),
    (
        "qdrant.enabled=true",
        &[("VECTOR_STORE", "qdrant"), ("QDRANT_URL", "http://demo-dify-qdrant:6333")],
        &[("QDRANT_API_KEY", "demo-dify-keys/QDRANT_API_KEY")],
    ),
    (
        "externalMilvus.enabled=true,externalMilvus.uri=http://m:19530,externalMilvus.token.existingSecret.name=s",
        &[
            ("VECTOR_STORE", "milvus"),
            ("MILVUS_URI", "http://m:19530"),
            ("MILVUS_DATABASE", "default"),
            ("MILVUS_ENABLE_HYBRID_SEARCH", "true"),
        ],
        &[("MILVUS_TOKEN", "s/MILVUS_TOKEN")],
    ),
    (
        "externalMilvus.enabled=true,externalMilvus.uri=https://m,externalMilvus.user=u,externalMilvus.enableHybridSearch=false,\
         externalMilvus.password.existingSecret.name=s",
        &[
            ("VECTOR_STORE", "milvus"),
            ("MILVUS_URI", "https://m"),
            ("MILVUS_DATABASE", "default"),
            ("MILVUS_USER", "u"),
            ("MILVUS_SECURE", "true"),
            ("MILVUS_ENABLE_HYBRID_SEARCH", "false"),
        ],
        &[("MILVUS_PASSWORD", "s/MILVUS_PASSWORD")],
    ),
    (
        "externalElasticsearch.enabled=true,externalElasticsearch.host=https://e,externalElasticsearch.japanese=true,\
         externalElasticsearch.password.existingSecret.name=s",
        &[
            ("VECTOR_STORE", "elasticsearch-ja"),
            ("ELASTICSEARCH_HOST", "https://e"),
            ("ELASTICSEARCH_PORT", "9200"),
            ("ELASTICSEARCH_USERNAME", "elastic"),
            ("ELASTICSEARCH_VERIFY_CERTS", "false"),
            ("ELASTICSEARCH_USE_CLOUD", "false"),
        ],
        &[("ELASTICSEARCH_PASSWORD", "s/ELASTICSEARCH_PASSWORD")],
    ),
    (
        "externalElasticsearch.enabled=true,externalElasticsearch.cloud.enabled=true,\
         externalElasticsearch.cloud.url=https://c,externalElasticsearch.cloud.apiKey.existingSecret.name=s",
        &[
            ("VECTOR_STORE", "elasticsearch"),
            ("ELASTICSEARCH_PORT", "9200"),
            ("ELASTICSEARCH_USERNAME", "elastic"),
            ("ELASTICSEARCH_VERIFY_CERTS", "false"),
            ("ELASTICSEARCH_USE_CLOUD", "true"),
            ("ELASTICSEARCH_CLOUD_URL", "https://c"),
        ],
        &[("ELASTICSEARCH_API_KEY", "s/ELASTICSEARCH_API_KEY")],
    ),
    (
        "externalOpenSearch.enabled=true,externalOpenSearch.host=o,externalOpenSearch.password.existingSecret.name=s",
        &[
            ("VECTOR_STORE", "opensearch"),
            ("OPENSEARCH_HOST", "o"),
            ("OPENSEARCH_PORT", "9200"),
            ("OPENSEARCH_SECURE", "true"),
            ("OPENSEARCH_VERIFY_CERTS", "true"),
            ("OPENSEARCH_AUTH_METHOD", "basic"),
            ("OPENSEARCH_USER", "admin"),
            ("OPENSEARCH_AWS_SERVICE", "es"),
        ],
        &[("OPENSEARCH_PASSWORD", "s/OPENSEARCH_PASSWORD")],
    ),
    (
        "externalChroma.enabled=true,externalChroma.host=c,\
         externalChroma.authProvider=chromadb.auth.token_authn.TokenAuthClientProvider,\
         externalChroma.authCredentials.existingSecret.name=s",
        &[
            ("VECTOR_STORE", "chroma"),
            ("CHROMA_HOST", "c"),
            ("CHROMA_PORT", "8000"),
            ("CHROMA_TENANT", "default_tenant"),
            ("CHROMA_DATABASE", "default_database"),
            ("CHROMA_AUTH_PROVIDER", "chromadb.auth.token_authn.TokenAuthClientProvider"),
        ],
        &[("CHROMA_AUTH_CREDENTIALS", "s/CHROMA_AUTH_CREDENTIALS")],
    ),
    (
        "externalTencentVectorDB.enabled=true,externalTencentVectorDB.url=http://t:80,\
         externalTencentVectorDB.apiKey.existingSecret.name=s",
        &[
            ("VECTOR_STORE", "tencent"),
            ("TENCENT_VECTOR_DB_URL", "http://t:80"),
            ("TENCENT_VECTOR_DB_TIMEOUT", "30"),
            ("TENCENT_VECTOR_DB_USERNAME", "root"),
            ("TENCENT_VECTOR_DB_DATABASE", "dify"),
            ("TENCENT_VECTOR_DB_SHARD", "1"),
            ("TENCENT_VECTOR_DB_REPLICAS", "2"),
        ],
        &[("TENCENT_VECTOR_DB_API_KEY", "s/TENCENT_VECTOR_DB_API_KEY")],
    ),
    (
        "externalMyScaleDB.enabled=true,externalMyScaleDB.host=m",
        &[
            ("VECTOR_STORE", "myscale"),
            ("MYSCALE_HOST", "m"),
            ("MYSCALE_PORT", "8123"),
            ("MYSCALE_USER", "default"),
            ("MYSCALE_DATABASE", "dify"),
        ],
        &[],
    ),
    (
        "externalTableStore.enabled=true,externalTableStore.endpoint=https://t,externalTableStore.instanceName=i,\
         externalTableStore.accessKeyId.existingSecret.name=s,externalTableStore.accessKeySecret.existingSecret.name=s",
        &[
            ("VECTOR_STORE", "tablestore"),
            ("TABLESTORE_ENDPOINT", "https://t"),
            ("TABLESTORE_INSTANCE_NAME", "i"),
        ],
        &[
            ("TABLESTORE_ACCESS_KEY_ID", "s/TABLESTORE_ACCESS_KEY_ID"),
            ("TABLESTORE_ACCESS_KEY_SECRET", "s/TABLESTORE_ACCESS_KEY_SECRET"),
        ],
    ),
    (
        "externalVectorStore.enabled=true,externalVectorStore.type=tidb_vector,\
         externalVectorStore.settings.TIDB_VECTOR_HOST=v,externalVectorStore.settings.TIDB_VECTOR_PORT=4001,\
         externalVectorStore.settings.TIDB_VECTOR_USER=u,externalVectorStore.settings.TIDB_VECTOR_DATABASE=d,\
         externalVectorStore.secrets.TIDB_VECTOR_PASSWORD.value=p",
        &[
            ("VECTOR_STORE", "tidb_vector"),
            ("TIDB_VECTOR_HOST", "v"),
            ("TIDB_VECTOR_PORT", "4001"),
            ("TIDB_VECTOR_USER", "u"),
            ("TIDB_VECTOR_DATABASE", "d"),
        ],
        &[("TIDB_VECTOR_PASSWORD", "demo-dify-values/TIDB_VECTOR_PASSWORD")],
    ),
];

type Environment = BTreeMap<String, String>;

/// What a pod of this component is told about its vector store: plainly, by Secrets, and its checks by files.
fn told(objects: &[Object], component: &str) -> (Environment, Environment, Environment) {
    let find = |key: String| objects.iter().find(|object| object.key() == key).expect("it is rendered");
    let workload = find(format!("Deployment/demo-dify-{component}"));
    let pod = workload.pod().expect("a pod");
    let config =
        pod.pointer("/containers/0/envFrom/0/configMapRef/name").and_then(Value::as_str).expect("one");
    let gate = pod.pointer("/initContainers/0/envFrom/0/configMapRef/name").and_then(Value::as_str);
    if let Some(gate) = gate {
        assert_eq!(gate, config, "the checks of {component} read another ConfigMap");
    }
    let map = find(format!("ConfigMap/{config}"));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let plain = map.value["data"].as_object().expect("data").iter();
    let env = pod.pointer("/containers/0/env").and_then(Value::as_array).into_iter().flatten();
    let secret = env.filter_map(|entry| {
        let source = entry.pointer("/valueFrom/secretKeyRef")?;
        Some((text(&entry["name"]), format!("{}/{}", text(&source["name"]), text(&source["key"]))))
    });
    let volumes = pod["volumes"].as_array().into_iter().flatten();
    let sources = volumes.filter_map(|volume| volume.pointer("/projected/sources")?.as_array()).flatten();
    let files = sources.flat_map(|source| {
        let secret = &source["secret"];
        let items = secret["items"].as_array().into_iter().flatten();
        items.map(|item| (text(&item["path"]), format!("{}/{}", text(&secret["name"]), text(&item["key"]))))
    });
    (plain.map(|(name, value)| (name.clone(), text(value))).collect(), secret.collect(), files.collect())
}

/// What is there only because of the vector store.
fn only(environment: Environment, base: &Environment) -> Environment {
    let own =
        |name: &str| name == "VECTOR_STORE" || name.starts_with("PGVECTOR_") || !base.contains_key(name);
    environment.into_iter().filter(|(name, _)| own(name)).collect()
}

fn owned(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn api_worker_and_their_checks_are_told_the_same() {
    let base = objects(&Helm::Newest.render(&[]));
    in_parallel(CASES, |(set, plain, secret)| {
        let rendered = objects(&Helm::Newest.render(&["--set", set]));
        for component in ["api", "worker", "beat"] {
            let (base_plain, base_secret, base_files) = told(&base, component);
            let (is_plain, is_secret, is_files) = told(&rendered, component);
            assert_eq!(only(is_plain, &base_plain), owned(plain), "{set}: {component}");
            assert_eq!(only(is_secret, &base_secret), owned(secret), "{set}: {component}");
            if component != "beat" {
                assert_eq!(only(is_files, &base_files), owned(secret), "{set}: the checks of {component}");
            }
        }
        let bootstrap =
            rendered.iter().find(|object| object.key() == "ConfigMap/demo-dify-bootstrap").expect("one");
        let makes = bootstrap.value["data"]["VECTOR_STORE"].as_str();
        assert_eq!(makes, set.starts_with("externalPgvector").then_some("pgvector"), "{set}");
    });
}

#[test]
fn every_section_has_a_case() {
    let covered =
        |section: &&&str| CASES.iter().any(|(set, ..)| set.starts_with(&format!("{section}.enabled")));
    assert_eq!(VECTOR_STORES.iter().filter(covered).count(), VECTOR_STORES.len());
    let helpers =
        std::fs::read_to_string(support::root().join("chart/templates/_vector.tpl")).expect("a file");
    let list =
        helpers.split("range list ").nth(1).and_then(|rest| rest.split("-}}").next()).expect("the list");
    let named: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    assert_eq!(named, VECTOR_STORES);
}

#[test]
fn the_bundle_of_cas_reaches_the_clients_that_do_not_look_for_it() {
    let milvus =
        "externalMilvus.enabled=true,externalMilvus.user=u,externalMilvus.password.existingSecret.name=s";
    let elastic = "externalElasticsearch.enabled=true,externalElasticsearch.host=https://e,\
                   externalElasticsearch.password.existingSecret.name=s";
    for (set, name, there) in [
        (format!("{milvus},externalMilvus.uri=https://m"), "MILVUS_SERVER_PEM_PATH", true),
        (format!("{milvus},externalMilvus.uri=http://m"), "MILVUS_SERVER_PEM_PATH", false),
        (format!("{elastic},externalElasticsearch.verifyCerts=true"), "ELASTICSEARCH_CA_CERTS", true),
        (elastic.to_owned(), "ELASTICSEARCH_CA_CERTS", false),
    ] {
        let with =
            objects(&Helm::Newest.render(&["--set", &set, "--set", "global.caBundle.existingConfigMap=ca"]));
        let file = told(&with, "worker").0.get(name).cloned();
        assert_eq!(file.as_deref(), there.then_some("/run/dify/tls/ca.crt"), "{set}");
        let without = objects(&Helm::Newest.render(&["--set", &set]));
        assert!(!told(&without, "worker").0.contains_key(name), "{set}");
    }
}

#[test]
fn a_store_that_this_dify_does_not_have_yet_is_refused() {
    let valkey = OTHER_STORES.iter().find(|store| store.name == "valkey").expect("known");
    let of = |tag: &str| {
        let mut arguments = settings(valkey, "");
        arguments.extend(["--set-string".to_owned(), format!("image.api.tag={tag}")]);
        arguments
    };
    let complaint = Helm::Newest.refusal(&borrowed(&of("1.16.1")));
    assert!(complaint.contains("type is valkey, which Dify has since 1.17.0: this is 1.16.1"), "{complaint}");
    for tag in ["1.17.0", "1.18.0-fix.1", "main"] {
        Helm::Newest.render(&borrowed(&of(tag)));
    }
}

/// Settings with which a store of `externalVectorStore` is accepted; without the one that is left out.
fn settings(store: &topology::OtherStore, without: &str) -> Vec<String> {
    let mut arguments = vec![
        "--set".to_owned(),
        format!(
            "image.api.tag=9.9.9,externalVectorStore.enabled=true,externalVectorStore.type={}",
            store.name
        ),
    ];
    for name in store.required.iter().filter(|name| **name != without) {
        let kind = if store.secrets.contains(name) { "secrets" } else { "settings" };
        let value = if kind == "secrets" { ".value" } else { "" };
        arguments.extend(["--set".to_owned(), format!("externalVectorStore.{kind}.{name}{value}=x")]);
    }
    arguments
}

fn borrowed(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

#[test]
fn every_other_store_is_had_by_its_variables() {
    in_parallel(OTHER_STORES, |store| {
        let rendered = objects(&Helm::Newest.render(&borrowed(&settings(store, ""))));
        let (plain, secret, files) = told(&rendered, "api");
        assert_eq!(plain["VECTOR_STORE"], store.name);
        for name in store.required {
            assert!(
                plain.contains_key(*name) || secret.contains_key(*name) && files.contains_key(*name),
                "{name}"
            );
        }
        let literal = rendered.iter().find(|object| object.key() == "Secret/demo-dify-values");
        let held: BTreeSet<&str> = literal
            .and_then(|object| object.value["stringData"].as_object())
            .into_iter()
            .flat_map(|data| data.keys().map(String::as_str))
            .collect();
        let given = store.required.iter().copied().filter(|name| store.secrets.contains(name)).collect();
        assert_eq!(held, given, "{}", store.name);
        let missing = store.required.last().expect("something");
        let complaint = Helm::Newest.refusal(&borrowed(&settings(store, missing)));
        assert!(
            complaint.contains(&format!("externalVectorStore.type is {}: set", store.name)),
            "{complaint}"
        );
        assert!(complaint.contains(missing), "{complaint}");
    });
}

#[test]
fn a_name_that_the_store_does_not_read_is_refused_with_those_that_it_does() {
    let vastbase = OTHER_STORES.iter().find(|store| store.name == "vastbase").expect("known");
    for (more, sentence) in [
        (
            "settings.VASTBASE_HOTS=x",
            "settings.VASTBASE_HOTS: Dify reads for vastbase only VASTBASE_HOST, VASTBASE_PORT",
        ),
        ("settings.VASTBASE_PASSWORD=x", "settings.VASTBASE_PASSWORD is a secret: move it to"),
        ("secrets.PASSWORD.value=x", "secrets.PASSWORD: the secrets of vastbase are VASTBASE_PASSWORD"),
        ("secrets.VASTBASE_PASSWORD.value=", "secrets.VASTBASE_PASSWORD is empty: set its value"),
        ("secrets.VASTBASE_PASSWORD.existingSecret.name=s", "has both a value and an existingSecret"),
        ("type=", "externalVectorStore.enabled is true: set externalVectorStore.type"),
    ] {
        let mut arguments = settings(vastbase, "");
        arguments.extend(["--set".to_owned(), format!("externalVectorStore.{more}")]);
        let complaint = Helm::Newest.refusal(&borrowed(&arguments));
        assert!(complaint.contains(sentence), "{more}: {complaint}");
    }
}

#[test]
fn two_stores_at_once_are_refused_by_their_names() {
    let pairs: Vec<(&str, &str)> = VECTOR_STORES.windows(2).map(|pair| (pair[0], pair[1])).collect();
    in_parallel(&pairs, |(one, other)| {
        let complaint = Helm::Newest.refusal(&["--set", &format!("{one}.enabled=true,{other}.enabled=true")]);
        assert!(
            complaint.contains(&format!("{one} and {other} are enabled: Dify uses one vector store")),
            "{complaint}"
        );
    });
}

#[test]
fn a_store_without_address_or_credentials_is_refused() {
    let cases = [
        ("externalPgvector.enabled=true", "set externalPgvector.address"),
        ("externalPgvector.enabled=true,externalPgvector.address=v", "externalPgvector.password is missing"),
        ("externalWeaviate.enabled=true", "set externalWeaviate.endpoint.http"),
        ("externalQdrant.enabled=true", "set externalQdrant.endpoint"),
        ("externalMilvus.enabled=true", "set externalMilvus.uri"),
        (
            "externalMilvus.enabled=true,externalMilvus.uri=http://m",
            "set externalMilvus.token, or externalMilvus.user",
        ),
        (
            "externalMilvus.enabled=true,externalMilvus.uri=http://m,externalMilvus.user=u",
            "externalMilvus.password is missing",
        ),
        ("externalElasticsearch.enabled=true", "set externalElasticsearch.host"),
        (
            "externalElasticsearch.enabled=true,externalElasticsearch.host=e",
            "externalElasticsearch.password is missing",
        ),
        (
            "externalElasticsearch.enabled=true,externalElasticsearch.cloud.enabled=true",
            "set externalElasticsearch.cloud.url",
        ),
        ("externalElasticsearch.cloud.enabled=true", "set externalElasticsearch.cloud.url"),
        ("externalOpenSearch.enabled=true", "set externalOpenSearch.host"),
        (
            "externalOpenSearch.enabled=true,externalOpenSearch.host=o",
            "externalOpenSearch.password is missing",
        ),
        (
            "externalOpenSearch.enabled=true,externalOpenSearch.host=o,externalOpenSearch.authMethod=aws_managed_iam",
            "set externalOpenSearch.aws.region",
        ),
        ("externalChroma.enabled=true", "set externalChroma.host"),
        ("externalTencentVectorDB.enabled=true", "set externalTencentVectorDB.url"),
        ("externalMyScaleDB.enabled=true", "set externalMyScaleDB.host"),
        ("externalTableStore.enabled=true", "set externalTableStore.endpoint"),
    ];
    in_parallel(&cases, |(settings, sentence)| {
        let complaint = Helm::Newest.refusal(&["--set", settings]);
        assert!(complaint.contains(sentence), "{settings}: {complaint}");
    });
}

#[test]
fn the_key_of_a_secret_is_its_variable_s_name() {
    // The helper that hands out the secrets of the store in use knows one name for both.
    for variable in topology::variables().filter(|variable| matches!(variable.when, When::Vector(_))) {
        if let Source::Key(key) = variable.source {
            assert_eq!(key, variable.name);
        }
    }
}

/// What vector-probe's page says it reads, and whether that is secret.
fn probed() -> BTreeMap<String, bool> {
    let page = std::fs::read_to_string(support::root().join("docs/vector-probe.md")).expect("the page");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| Some((row.split_once('`')?.0.to_owned(), row.contains("(secret)")))).collect()
}

/// What is read for no store alone: which store it is, and what the libraries below Dify's clients read.
const GENERAL: [&str; 11] = [
    "VECTOR_STORE",
    "PREFLIGHT_DIFY_VERSION",
    "PGSSLMODE",
    "PGSSLROOTCERT",
    "PGSSLCERT",
    "PGSSLKEY",
    "SSL_CERT_FILE",
    "TNS_ADMIN",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
];
/// What the chart never sets, because its default is right.
const UNSET: [&str; 3] = ["MILVUS_SERVER_NAME", "PGVECTOR_PG_BIGM", "WEAVIATE_GRPC_ENABLED"];

#[test]
fn the_chart_knows_of_each_store_what_the_probe_reads() {
    let probed = probed();
    let mut given: BTreeMap<&str, bool> = topology::variables()
        .filter(|variable| matches!(variable.when, When::Vector(_)))
        .map(|variable| (variable.name, variable.visibility == topology::Visibility::Secret))
        .collect();
    for store in OTHER_STORES {
        for (name, secret) in store
            .settings
            .iter()
            .map(|name| (*name, false))
            .chain(store.secrets.iter().map(|name| (*name, true)))
        {
            assert_eq!(probed.get(name), Some(&secret), "{name}");
            given.insert(name, secret);
        }
        for name in store.tuning {
            assert!(!probed.contains_key(*name), "{name} is probed");
        }
        for name in store.required {
            assert!(store.settings.contains(name) || store.secrets.contains(name), "{name}");
        }
    }
    let of_a_store = |name: &str| {
        name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            && !GENERAL.contains(&name)
            && !name.starts_with("PREFLIGHT_")
    };
    let missing: Vec<&String> = probed
        .iter()
        .filter(|(name, secret)| of_a_store(name) && given.get(name.as_str()) != Some(*secret))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(missing, UNSET);
}

#[test]
fn every_name_of_a_store_can_be_chosen() {
    let page = std::fs::read_to_string(support::root().join("docs/vector-probe.md")).expect("the page");
    let lines = page.lines().filter(|line| line.starts_with("- **"));
    let heads = lines.map(|line| line.split(':').next().unwrap_or(line));
    let names: BTreeSet<&str> = heads.flat_map(|head| head.split("**").skip(1).step_by(2)).collect();
    let typed = topology::variables().filter_map(|variable| match (variable.name, variable.source) {
        ("VECTOR_STORE", Source::Constant(name)) => Some(name),
        _ => None,
    });
    // One section is both, by a switch.
    let had: BTreeSet<&str> = typed
        .chain(["elasticsearch", "elasticsearch-ja"])
        .chain(OTHER_STORES.iter().map(|store| store.name))
        .collect();
    assert_eq!(had, names);
    assert_eq!(had.len(), 33);
}
