//! Where each component is told to keep files, for every store: the main container, and the checks before it.

mod support;

use std::collections::BTreeMap;

use support::{Helm, Object, in_parallel, objects};

/// Everything that runs the application's code, and what opens its bucket first.
const APPLICATION: [(&str, &str); 6] = [
    ("api", "api"),
    ("api", "gate"),
    ("worker", "worker"),
    ("beat", "beat"),
    ("migrate", "migrate"),
    ("migrate", "gate"),
];
/// The plugin daemon, and what opens its bucket first.
const DAEMON: [(&str, &str); 3] =
    [("plugin-daemon", "plugin-daemon"), ("plugin-daemon", "gate"), ("plugin-daemon", "migrate")];
/// The job that makes the buckets of both, and reads what both read.
const BOTH: (&str, &str) = ("bootstrap", "bootstrap");

type Rows = &'static [(&'static str, &'static str)];

struct Store {
    section: &'static str,
    settings: &'static str,
    /// Each of its secrets, and the key under which an existing Secret has it unless another is named.
    secrets: Rows,
    api: Rows,
    daemon: Rows,
}

const STORES: &[Store] = &[
    Store {
        section: "externalS3",
        settings: "endpoint=https://s3,region=r,pathStyle=false,bucketName.api=a,bucketName.pluginDaemon=p",
        secrets: &[("accessKey", "S3_ACCESS_KEY"), ("secretKey", "S3_SECRET_KEY")],
        api: &[
            ("STORAGE_TYPE", "s3"),
            ("S3_ENDPOINT", "https://s3"),
            ("S3_REGION", "r"),
            ("S3_BUCKET_NAME", "a"),
            ("S3_ADDRESS_STYLE", "auto"),
            ("S3_USE_AWS_MANAGED_IAM", "false"),
            ("S3_ACCESS_KEY", "mine/S3_ACCESS_KEY"),
            ("S3_SECRET_KEY", "mine/S3_SECRET_KEY"),
        ],
        daemon: &[
            ("PLUGIN_STORAGE_TYPE", "aws_s3"),
            ("PLUGIN_STORAGE_OSS_BUCKET", "p"),
            ("S3_USE_AWS", "false"),
            ("S3_USE_AWS_MANAGED_IAM", "false"),
            ("S3_ENDPOINT", "https://s3"),
            ("S3_USE_PATH_STYLE", "false"),
            ("AWS_REGION", "r"),
            ("AWS_ACCESS_KEY", "mine/S3_ACCESS_KEY"),
            ("AWS_SECRET_KEY", "mine/S3_SECRET_KEY"),
        ],
    },
    Store {
        section: "externalAzureBlobStorage",
        settings: "url=https://u,account=n,container=c",
        secrets: &[
            ("key", "AZURE_BLOB_ACCOUNT_KEY"),
            ("connectionString", "AZURE_BLOB_STORAGE_CONNECTION_STRING"),
        ],
        api: &[
            ("STORAGE_TYPE", "azure-blob"),
            ("AZURE_BLOB_ACCOUNT_URL", "https://u"),
            ("AZURE_BLOB_ACCOUNT_NAME", "n"),
            ("AZURE_BLOB_CONTAINER_NAME", "c"),
            ("AZURE_BLOB_ACCOUNT_KEY", "mine/AZURE_BLOB_ACCOUNT_KEY"),
        ],
        daemon: &[
            ("PLUGIN_STORAGE_TYPE", "azure_blob"),
            ("AZURE_BLOB_STORAGE_CONTAINER_NAME", "c"),
            ("AZURE_BLOB_STORAGE_USE_MANAGED_IDENTITY", "false"),
            ("AZURE_BLOB_STORAGE_ACCOUNT_URL", "https://u"),
            ("AZURE_BLOB_STORAGE_CONNECTION_STRING", "mine/AZURE_BLOB_STORAGE_CONNECTION_STRING"),
        ],
    },
    Store {
        section: "externalOSS",
        settings: "endpoint=https://e,region=r,bucketName.api=a,bucketName.pluginDaemon=p,path=x,cloudBoxId=b",
        secrets: &[("accessKey", "ALIYUN_OSS_ACCESS_KEY"), ("secretKey", "ALIYUN_OSS_SECRET_KEY")],
        api: &[
            ("STORAGE_TYPE", "aliyun-oss"),
            ("ALIYUN_OSS_ENDPOINT", "https://e"),
            ("ALIYUN_OSS_REGION", "r"),
            ("ALIYUN_OSS_BUCKET_NAME", "a"),
            ("ALIYUN_OSS_AUTH_VERSION", "v4"),
            ("ALIYUN_OSS_PATH", "x"),
            ("ALIYUN_CLOUDBOX_ID", "b"),
            ("ALIYUN_OSS_ACCESS_KEY", "mine/ALIYUN_OSS_ACCESS_KEY"),
            ("ALIYUN_OSS_SECRET_KEY", "mine/ALIYUN_OSS_SECRET_KEY"),
        ],
        daemon: &[
            ("PLUGIN_STORAGE_TYPE", "aliyun_oss"),
            ("PLUGIN_STORAGE_OSS_BUCKET", "p"),
            ("ALIYUN_OSS_ENDPOINT", "https://e"),
            ("ALIYUN_OSS_REGION", "r"),
            ("ALIYUN_OSS_AUTH_VERSION", "v4"),
            ("ALIYUN_OSS_PATH", "x"),
            ("ALIYUN_OSS_CLOUDBOX_ID", "b"),
            ("ALIYUN_OSS_ACCESS_KEY_ID", "mine/ALIYUN_OSS_ACCESS_KEY"),
            ("ALIYUN_OSS_ACCESS_KEY_SECRET", "mine/ALIYUN_OSS_SECRET_KEY"),
        ],
    },
    Store {
        section: "externalGCS",
        settings: "bucketName.api=a,bucketName.pluginDaemon=p",
        secrets: &[("serviceAccountJsonBase64", "GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64")],
        api: &[
            ("STORAGE_TYPE", "google-storage"),
            ("GOOGLE_STORAGE_BUCKET_NAME", "a"),
            ("GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64", "mine/GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64"),
        ],
        daemon: &[
            ("PLUGIN_STORAGE_TYPE", "gcs"),
            ("PLUGIN_STORAGE_OSS_BUCKET", "p"),
            ("GCS_CREDENTIALS", "mine/GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64"),
        ],
    },
    Store {
        section: "externalCOS",
        settings: "region=ap-guangzhou,bucketName.api=a-1,bucketName.pluginDaemon=p-1",
        secrets: &[("secretId", "TENCENT_COS_SECRET_ID"), ("secretKey", "TENCENT_COS_SECRET_KEY")],
        api: &[
            ("STORAGE_TYPE", "tencent-cos"),
            ("TENCENT_COS_REGION", "ap-guangzhou"),
            ("TENCENT_COS_BUCKET_NAME", "a-1"),
            ("TENCENT_COS_SCHEME", "https"),
            ("TENCENT_COS_SECRET_ID", "mine/TENCENT_COS_SECRET_ID"),
            ("TENCENT_COS_SECRET_KEY", "mine/TENCENT_COS_SECRET_KEY"),
        ],
        daemon: &[
            ("PLUGIN_STORAGE_TYPE", "tencent_cos"),
            ("PLUGIN_STORAGE_OSS_BUCKET", "p-1"),
            ("TENCENT_COS_REGION", "ap-guangzhou"),
            ("TENCENT_COS_SECRET_ID", "mine/TENCENT_COS_SECRET_ID"),
            ("TENCENT_COS_SECRET_KEY", "mine/TENCENT_COS_SECRET_KEY"),
        ],
    },
    Store {
        section: "externalOBS",
        settings: "endpoint=https://e,bucketName.api=a,bucketName.pluginDaemon=p,pathStyle=true",
        secrets: &[("accessKey", "HUAWEI_OBS_ACCESS_KEY"), ("secretKey", "HUAWEI_OBS_SECRET_KEY")],
        api: &[
            ("STORAGE_TYPE", "huawei-obs"),
            ("HUAWEI_OBS_SERVER", "https://e"),
            ("HUAWEI_OBS_BUCKET_NAME", "a"),
            ("HUAWEI_OBS_PATH_STYLE", "true"),
            ("HUAWEI_OBS_ACCESS_KEY", "mine/HUAWEI_OBS_ACCESS_KEY"),
            ("HUAWEI_OBS_SECRET_KEY", "mine/HUAWEI_OBS_SECRET_KEY"),
        ],
        daemon: &[
            ("PLUGIN_STORAGE_TYPE", "huawei_obs"),
            ("PLUGIN_STORAGE_OSS_BUCKET", "p"),
            ("HUAWEI_OBS_SERVER", "https://e"),
            ("HUAWEI_OBS_PATH_STYLE", "true"),
            ("HUAWEI_OBS_ACCESS_KEY", "mine/HUAWEI_OBS_ACCESS_KEY"),
            ("HUAWEI_OBS_SECRET_KEY", "mine/HUAWEI_OBS_SECRET_KEY"),
        ],
    },
    Store {
        section: "externalTOS",
        settings: "endpoint=https://e,region=r,bucketName.api=a,bucketName.pluginDaemon=p",
        secrets: &[("accessKey", "VOLCENGINE_TOS_ACCESS_KEY"), ("secretKey", "VOLCENGINE_TOS_SECRET_KEY")],
        api: &[
            ("STORAGE_TYPE", "volcengine-tos"),
            ("VOLCENGINE_TOS_ENDPOINT", "https://e"),
            ("VOLCENGINE_TOS_REGION", "r"),
            ("VOLCENGINE_TOS_BUCKET_NAME", "a"),
            ("VOLCENGINE_TOS_ACCESS_KEY", "mine/VOLCENGINE_TOS_ACCESS_KEY"),
            ("VOLCENGINE_TOS_SECRET_KEY", "mine/VOLCENGINE_TOS_SECRET_KEY"),
        ],
        daemon: &[
            ("PLUGIN_STORAGE_TYPE", "volcengine_tos"),
            ("PLUGIN_STORAGE_OSS_BUCKET", "p"),
            ("VOLCENGINE_TOS_ENDPOINT", "https://e"),
            ("VOLCENGINE_TOS_REGION", "r"),
            ("VOLCENGINE_TOS_ACCESS_KEY", "mine/VOLCENGINE_TOS_ACCESS_KEY"),
            ("VOLCENGINE_TOS_SECRET_KEY", "mine/VOLCENGINE_TOS_SECRET_KEY"),
        ],
    },
];

/// The settings of a store without its secrets, for `--set`.
fn settings(store: &Store) -> String {
    let own: Vec<String> =
        store.settings.split(',').map(|setting| format!("{}.{setting}", store.section)).collect();
    format!("{}.enabled=true,{}", store.section, own.join(","))
}

/// The same with every secret in the Secret `mine`.
fn complete(store: &Store) -> String {
    let secret = |(name, _): &(&str, &str)| format!("{}.{name}.existingSecret.name=mine", store.section);
    let secrets: Vec<String> = store.secrets.iter().map(secret).collect();
    format!("{},{}", settings(store), secrets.join(","))
}

fn rendered(settings: &str) -> Vec<Object> {
    objects(&Helm::Newest.render(&["--set", settings]))
}

/// What a container is told of files.
fn told(objects: &[Object], (component, container): (&str, &str)) -> BTreeMap<String, String> {
    const OF_FILES: [&str; 12] = [
        "STORAGE_",
        "PLUGIN_STORAGE_",
        "S3_",
        "AWS_",
        "AZURE_",
        "ALIYUN_",
        "GOOGLE_",
        "GCS_",
        "TENCENT_COS_",
        "HUAWEI_OBS_",
        "VOLCENGINE_TOS_",
        "OPENDAL_",
    ];
    let mut all = support::environment(objects, component, container);
    all.retain(|name, _| OF_FILES.iter().any(|prefix| name.starts_with(prefix)) && name != "AWS_CA_BUNDLE");
    all
}

fn map(rows: &[(&str, &str)]) -> BTreeMap<String, String> {
    rows.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn every_store_is_told_to_all_and_nothing_else() {
    in_parallel(STORES, |store| {
        let objects = rendered(&complete(store));
        for (containers, rows) in [(&APPLICATION[..], store.api), (&DAEMON[..], store.daemon)] {
            for place in containers {
                assert_eq!(told(&objects, *place), map(rows), "{place:?}, {}", store.section);
            }
        }
        let both = map(&[store.api, store.daemon].concat());
        assert_eq!(told(&objects, BOTH), both, "{}", store.section);
    });
}

#[test]
fn a_store_of_objects_leaves_no_volume() {
    in_parallel(STORES, |store| {
        for object in rendered(&complete(store)) {
            let files = ["api", "plugin-daemon"].contains(&object.component());
            assert!(object.kind != "PersistentVolumeClaim" || !files, "{}", object.key());
            for claim in ["claimName: demo-dify-api", "claimName: demo-dify-plugin-daemon"] {
                assert!(!object.text.contains(claim), "{} of {}", object.key(), store.section);
            }
            assert!(!object.text.contains("name: storage, mountPath"), "{}", object.key());
        }
    });
}

#[test]
fn every_key_may_have_another_name_in_ones_own_secret_or_be_literal() {
    in_parallel(STORES, |store| {
        for (name, key) in store.secrets {
            let secret = format!("{}.{name}", store.section);
            let renamed = format!("{},{secret}.existingSecret.key=other", complete(store));
            let all = told(&rendered(&renamed), BOTH);
            assert!(all.values().any(|value| value == "mine/other"), "{secret}: {all:?}");
            assert!(!all.values().any(|value| *value == format!("mine/{key}")), "{secret}: {all:?}");
            let literal = format!("{},{secret}.existingSecret.name=,{secret}.value=secret", complete(store));
            let objects = rendered(&literal);
            let holders: Vec<&str> = objects
                .iter()
                .filter(|object| object.text.contains("\"secret\""))
                .map(|object| object.kind.as_str())
                .collect();
            assert_eq!(holders, ["Secret"], "{secret}");
        }
    });
}

#[test]
fn identities_take_the_place_of_keys() {
    let objects = rendered("externalS3.enabled=true,externalS3.useIAM=true");
    assert_eq!(told(&objects, ("api", "api"))["S3_USE_AWS_MANAGED_IAM"], "true");
    assert!(!told(&objects, BOTH).keys().any(|name| name.ends_with("_KEY")));
    // Only of AWS itself does the daemon take an identity.
    assert_eq!(told(&objects, DAEMON[0])["S3_USE_AWS"], "true");

    let azure = "externalAzureBlobStorage.enabled=true,externalAzureBlobStorage.url=https://u,\
                 externalAzureBlobStorage.useManagedIdentity=true";
    let objects = rendered(azure);
    for place in APPLICATION.into_iter().chain([BOTH]) {
        let told = told(&objects, place);
        assert_eq!(told["AZURE_BLOB_ACCOUNT_KEY"], "managedidentity", "{place:?}");
        assert!(!told.contains_key("AZURE_BLOB_ACCOUNT_NAME"), "{place:?}");
    }
    for place in DAEMON.into_iter().chain([BOTH]) {
        let told = told(&objects, place);
        assert_eq!(told["AZURE_BLOB_STORAGE_USE_MANAGED_IDENTITY"], "true", "{place:?}");
        assert!(!told.contains_key("AZURE_BLOB_STORAGE_CONNECTION_STRING"), "{place:?}");
    }

    let google = "externalGCS.enabled=true,externalGCS.useWorkloadIdentity=true,externalGCS.project=mine";
    let objects = rendered(google);
    assert_eq!(told(&objects, BOTH)["GOOGLE_CLOUD_PROJECT"], "mine");
    for place in [("api", "api"), ("api", "gate"), DAEMON[0], DAEMON[1], BOTH] {
        let names: Vec<String> = told(&objects, place).into_keys().collect();
        assert!(!names.iter().any(|name| name.contains("JSON") || name.contains("CREDENTIALS")), "{names:?}");
    }
}

#[test]
fn a_literal_key_of_azure_is_enough_for_both() {
    let settings = "externalAzureBlobStorage.enabled=true,externalAzureBlobStorage.url=https://n.blob.core.windows.net,\
                    externalAzureBlobStorage.account=n,externalAzureBlobStorage.key.value=a2V5==";
    let objects = rendered(settings);
    let values = "demo-dify-values/AZURE_BLOB_STORAGE_CONNECTION_STRING";
    for place in DAEMON.into_iter().chain([BOTH]) {
        assert_eq!(told(&objects, place)["AZURE_BLOB_STORAGE_CONNECTION_STRING"], values, "{place:?}");
    }
    let secret = objects.iter().find(|object| object.key() == "Secret/demo-dify-values").expect("the Secret");
    assert_eq!(
        secret.value["stringData"]["AZURE_BLOB_STORAGE_CONNECTION_STRING"],
        "AccountName=n;AccountKey=a2V5==;BlobEndpoint=https://n.blob.core.windows.net"
    );
}

#[test]
fn a_store_without_a_key_is_refused_by_its_name() {
    in_parallel(STORES, |store| {
        for (missing, _) in store.secrets {
            let others: Vec<String> = store
                .secrets
                .iter()
                .filter(|(name, _)| name != missing)
                .map(|(name, _)| format!("{}.{name}.existingSecret.name=mine", store.section))
                .collect();
            let given = [vec![settings(store)], others].concat().join(",");
            let complaint = Helm::Newest.refusal(&["--set", &given]);
            assert!(complaint.contains(&format!("{}.{missing} is missing", store.section)), "{complaint}");
        }
        // Whatever has no default.
        for setting in ["endpoint", "url", "account", "region"] {
            if !store.settings.contains(&format!("{setting}=")) || store.section == "externalS3" {
                continue;
            }
            let path = format!("{}.{setting}", store.section);
            let complaint = Helm::Newest.refusal(&["--set", &format!("{},{path}=", complete(store))]);
            assert!(complaint.contains(&format!("set {path}")), "{path}: {complaint}");
        }
    });
    let one = complete(&STORES[0]);
    in_parallel(&STORES[1..], |store| {
        let complaint = Helm::Newest.refusal(&["--set", &format!("{one},{}", complete(store))]);
        let sentence = format!("externalS3 and {} are enabled: Dify keeps files in one store", store.section);
        assert!(complaint.contains(&sentence), "{complaint}");
    });
    let bucket = format!("{},externalCOS.bucketName.api=dify", complete(&STORES[4]));
    assert!(Helm::Newest.refusal(&["--set", &bucket]).contains("lacks the number of the account"));
    let container = format!("{},externalAzureBlobStorage.container=", complete(&STORES[1]));
    assert!(Helm::Newest.refusal(&["--set", &container]).contains("container"));
}

#[test]
fn one_account_is_shared_by_all_that_open_stores() {
    let accounts = |settings: &str| -> BTreeMap<String, String> {
        let pods = rendered(settings);
        let pods = pods.iter().filter_map(|object| Some((object.component().to_owned(), object.pod()?)));
        let account = |pod: &serde_json::Value| pod["serviceAccountName"].as_str().map(str::to_owned);
        pods.filter_map(|(component, pod)| Some((component, account(pod)?))).collect()
    };
    let keys = ("keys", "demo-dify-keys");
    let all = |name: &'static str| -> BTreeMap<String, String> {
        let sharing = ["api", "worker", "beat", "plugin-daemon", "migrate", "bootstrap", "test"];
        map(&sharing.map(|component| (component, name))).into_iter().chain(map(&[keys])).collect()
    };
    assert_eq!(accounts(""), map(&[keys]));
    assert_eq!(accounts("serviceAccount.name=mine"), all("mine"));
    assert_eq!(accounts("serviceAccount.create=true"), all("demo-dify"));
    let own = accounts("serviceAccount.create=true,pluginDaemon.serviceAccountName=other");
    assert_eq!((own["plugin-daemon"].as_str(), own["bootstrap"].as_str()), ("other", "demo-dify"));
    let made = |settings: &str| rendered(settings).iter().any(|object| object.key() == "ServiceAccount/mine");
    assert!(!made("serviceAccount.name=mine") && made("serviceAccount.name=mine,serviceAccount.create=true"));
}

#[test]
fn a_claim_is_made_as_it_is_asked_for() {
    let claim = |settings: &str| {
        let found = rendered(settings)
            .into_iter()
            .find(|object| object.key() == "PersistentVolumeClaim/demo-dify-api");
        found.expect("the claim").value
    };
    let plain = claim("");
    assert_eq!(plain["metadata"]["annotations"], serde_json::json!({"helm.sh/resource-policy": "keep"}));
    assert!(plain["spec"].get("storageClassName").is_none());
    assert_eq!(claim("api.persistence.storageClass=-")["spec"]["storageClassName"], "");
    assert_eq!(claim("api.persistence.storageClass=fast")["spec"]["storageClassName"], "fast");
    let annotated =
        claim("api.persistence.annotations.a=b,api.persistence.annotations.helm\\.sh/resource-policy=delete");
    assert_eq!(
        annotated["metadata"]["annotations"],
        serde_json::json!({"a": "b", "helm.sh/resource-policy": "delete"})
    );
}

#[test]
fn a_folder_of_a_volume_is_mounted_wherever_the_volume_is() {
    let objects = rendered("api.persistence.subPath=dify/files,pluginDaemon.persistence.subPath=plugins");
    let mut found = BTreeMap::new();
    for object in &objects {
        for line in object.text.lines().filter(|line| line.contains("storage, subPath:")) {
            let folder = if line.contains("/app/storage") { "plugins" } else { "dify/files" };
            assert!(line.contains(&format!("subPath: \"{folder}\"}}")), "{}: {line}", object.key());
            *found.entry(object.component().to_owned()).or_insert(0) += 1;
        }
    }
    let expected = [
        ("api", 2),
        ("beat", 1),
        ("bootstrap", 2),
        ("migrate", 2),
        ("plugin-daemon", 2),
        ("test", 1),
        ("worker", 2),
    ];
    assert_eq!(found, expected.map(|(component, mounts)| (component.to_owned(), mounts)).into());
}

/// What storage-bootstrap reads, as its own list has it.
const READ: &str = include_str!("../../storage-bootstrap/src/variables.rs");

#[test]
fn storage_bootstrap_reads_what_the_chart_says_of_files() {
    let of_files = |variable: &&topology::Variable| {
        use topology::When::{LocalStorage, ObjectStore, ObjectStoreKeys};
        matches!(variable.when, LocalStorage | ObjectStore(_) | ObjectStoreKeys(_))
    };
    let names: Vec<&str> = topology::variables().filter(of_files).map(|variable| variable.name).collect();
    assert!(names.len() > 60, "{}", names.len());
    for name in names {
        assert!(READ.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn the_environments_of_plugins_are_kept_where_the_user_says() {
    let cwd = |settings: &str| -> (serde_json::Value, serde_json::Value) {
        let mut all = rendered(settings);
        all.retain(|object| object.key() == "Deployment/demo-dify-plugin-daemon");
        let daemon = all.pop().expect("the daemon");
        let volumes = daemon.pod().and_then(|pod| pod["volumes"].as_array()).cloned().unwrap_or_default();
        let volume = volumes.into_iter().find(|volume| volume["name"] == "cwd").unwrap_or_default();
        (volume, daemon.value["spec"]["strategy"]["type"].clone())
    };
    let empty = serde_json::json!({"name": "cwd", "emptyDir": {}});
    assert_eq!(cwd("beat.enabled=true"), (empty, "RollingUpdate".into()));
    let claim = serde_json::json!({"name": "cwd", "persistentVolumeClaim": {"claimName": "plugins"}});
    // Two daemons never work in one folder.
    let kept = cwd("pluginDaemon.workingVolume.persistentVolumeClaim.claimName=plugins");
    assert_eq!(kept, (claim, "Recreate".into()));
}
