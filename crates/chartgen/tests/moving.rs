//! `chartgen migrate-values`: values of the reference chart become values of this one that Helm takes.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::{Helm, objects, root, text};

/// What the command answered.
struct Moved {
    code: Option<i32>,
    values: Value,
    file: PathBuf,
    secret: Value,
    report: String,
}

fn migrate(folder: &Path, fixture: &str, arguments: &[&str]) -> Moved {
    let (file, secret) = (folder.join("new.yaml"), folder.join("secret.yaml"));
    let output = Command::new(env!("CARGO_BIN_EXE_chartgen"))
        .arg("migrate-values")
        .arg(root().join("tests/chart/moving").join(fixture))
        .arg("--to")
        .arg(&file)
        .args(arguments)
        .args(if arguments.contains(&"--plain") {
            vec![]
        } else {
            vec!["--secret-out".into(), secret.clone().into_os_string()]
        })
        .output()
        .expect("chartgen runs");
    let read = |path: &Path| -> Value {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        if text.is_empty() { Value::Null } else { serde_saphyr::from_str(&text).expect("YAML") }
    };
    Moved {
        code: output.status.code(),
        values: read(&file),
        file,
        secret: read(&secret),
        report: text(&output.stderr),
    }
}

impl Moved {
    /// Both Helms take the values.
    fn renders(&self) -> String {
        let file = self.file.to_str().expect("a path");
        let rendered = Helm::Newest.render(&["--values", file]);
        assert_eq!(Helm::Oldest.render(&["--values", file]), rendered);
        rendered
    }

    fn says(&self, parts: &[&str]) {
        let found = self.report.lines().any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(found, "no line has {parts:?}:\n{}", self.report);
    }

    fn value(&self, path: &str) -> &Value {
        path.split('.').fold(&self.values, |value, key| &value[key])
    }
}

#[test]
fn the_first_names_are_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let moved = migrate(folder.path(), "first-names.yaml", &[]);
    moved.renders();
    assert_eq!(moved.code, Some(1), "{}", moved.report);
    assert_eq!(moved.value("global.consoleApiDomain"), "https://dify.example.org");
    assert_eq!(moved.value("global.filesDomain"), "https://files.example.org");
    assert_eq!(moved.value("global.marketplace.enabled"), false);
    assert_eq!(moved.value("global.imagePullSecrets"), &serde_json::json!([{"name": "registry-login"}]));
    assert_eq!(moved.value("api.persistence.storageClass"), "nfs");
    assert_eq!(moved.value("sandbox.workerTimeout"), 60);
    assert_eq!(moved.value("sandbox.extraVolumes")[0]["name"], "packages");
    assert_eq!(moved.value("global.tolerations")[0]["key"], "dify");
    assert_eq!(moved.value("secrets.secretKey.existingSecret.name"), "dify-moved");
    assert_eq!(moved.secret["stringData"]["SECRET_KEY"], "a-key-of-this-release-alone-0001");
    assert_eq!(moved.secret["stringData"]["INNER_API_KEY_FOR_PLUGIN"], "the-inner-key-0001");
    moved.says(&["renamed", "api.url.consoleApi -> global.consoleApiDomain"]);
    moved.says(&["refused", "api.extraEnv[MIGRATION_ENABLED]", "the chart's to set"]);
    moved.says(&["dropped", "api.migration", "the chart's own way"]);
    moved.says(&["refused", "proxy.log.persistence", "logs to its output"]);
    moved.says(&["dropped", "image.proxy.tag", "pins an image"]);
    assert!(!moved.report.contains("a-key-of-this-release-alone"), "{}", moved.report);
}

#[test]
fn everything_external_is_carried() {
    let folder = tempfile::tempdir().expect("a folder");
    let moved = migrate(folder.path(), "all-external.yaml", &[]);
    let rendered = moved.renders();
    assert_eq!(moved.value("externalPostgres.port"), 5433);
    assert_eq!(moved.value("externalPostgres.database.pluginDaemon"), "plugins");
    assert_eq!(moved.value("externalS3.pathStyle"), false, "the old chart's default is another");
    assert_eq!(moved.secret["stringData"]["DB_PASSWORD"], "p@ss-of-postgres");
    assert_eq!(moved.secret["stringData"]["INNER_API_KEY_FOR_PLUGIN"], "one-key-for-all-0002");
    assert_eq!(moved.value("httpRoute.parentRefs")[0]["name"], "public");
    assert_eq!(moved.value("externalWeaviate"), &Value::Null);
    moved.says(&["dropped", "externalWeaviate.apiKey", "externalWeaviate.enabled is not true"]);
    moved.says(&["dropped", "api.otel.samplingRate", "api.otel.enabled is not true"]);
    moved.says(&["added", "externalS3.pathStyle", "the old chart's default"]);
    let names: Vec<String> = objects(&rendered).iter().map(support::Object::key).collect();
    assert!(names.contains(&"HTTPRoute/demo-dify".to_owned()), "{names:?}");
    assert!(!rendered.contains("p@ss"), "no password of the old values is in what is rendered");
}

/// Celery takes the password as a part of a URL.
#[test]
fn a_redis_password_that_would_end_the_url_comes_with_a_url_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let moved = migrate(folder.path(), "all-external.yaml", &[]);
    let url = moved.secret["stringData"]["CELERY_BROKER_URL"].as_str().expect("a URL");
    assert_eq!(url, "rediss://:p%40ss%2Fof%23redis@redis.example.org:6379/5");
    moved.says(&["added", "externalRedis.brokerUrl"]);
    // In plain values it must be so too: the chart refuses such a password alone.
    Helm::Newest.render(&["--values", moved.file.to_str().expect("a path")]);
}

#[test]
fn external_secrets_become_one_object() {
    let folder = tempfile::tempdir().expect("a folder");
    let moved = migrate(folder.path(), "external-secrets.yaml", &["--release", "old"]);
    let rendered = moved.renders();
    let object =
        objects(&rendered).into_iter().find(|object| object.kind == "ExternalSecret").expect("the object");
    assert_eq!(object.value["spec"]["secretStoreRef"]["name"], "vault");
    let data = object.value["spec"]["data"].as_array().expect("entries");
    let mut keys: Vec<&str> = data.iter().filter_map(|one| one["secretKey"].as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["DB_PASSWORD", "SECRET_KEY"]);
    assert_eq!(moved.value("externalPostgres.password.existingSecret.name"), "dify-external");
    moved.says(&["refused", "externalSecret.api.remoteRefs.DB_USERNAME", "plain values"]);
    moved.says(&["dropped", "externalSecret.redis", "enabled is false"]);
}

#[test]
fn a_published_key_is_never_carried_without_a_word() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = folder.path().join("old.yaml");
    let public = ["dify-", "sandbox"].concat();
    std::fs::write(
        &old,
        format!("global: {{appSecretKey: {public}}}\nsandbox: {{auth: {{apiKey: {public}}}}}\n"),
    )
    .expect("a file");
    let new = migrate(folder.path(), old.to_str().expect("a path"), &[]);
    assert_eq!((new.code, new.value("secrets")), (Some(1), &Value::Null));
    new.says(&["refused", "global.appSecretKey", "published default", "--release NAME"]);
    new.says(&["dropped", "sandbox.auth.apiKey", "published default", "makes a new one"]);
    let live = migrate(folder.path(), old.to_str().expect("a path"), &["--release", "old"]);
    assert_eq!(live.secret["stringData"]["SECRET_KEY"], public.as_str());
    assert_eq!(live.value("secrets.acceptPublishedSecretKey"), true);
    let told = live.renders().matches("PREFLIGHT_ACCEPT_PUBLISHED: \"true\"").count();
    assert_eq!(told, 1, "in what api, worker and beat share");
    assert!(!Helm::Newest.render(&[]).contains("ACCEPT_PUBLISHED"));
    live.says(&["renamed", "global.appSecretKey", "published default", "encrypted with it"]);
}

#[test]
fn what_is_no_values_file_is_refused_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    for (content, fault) in [("- a\n", "not a map of values"), ("a: [\n", "")] {
        let old = folder.path().join("old.yaml");
        std::fs::write(&old, content).expect("a file");
        let moved = migrate(folder.path(), old.to_str().expect("a path"), &[]);
        assert_eq!(moved.code, Some(2), "{}", moved.report);
        assert!(moved.report.contains(fault) && moved.report.lines().count() == 1, "{}", moved.report);
    }
}

/// The volumes and Secrets that a live release has, as the reference chart names them.
#[test]
fn a_live_release_keeps_its_volumes_and_its_databases() {
    let folder = tempfile::tempdir().expect("a folder");
    let moved = migrate(folder.path(), "live.yaml", &["--release", "prod", "--keep-stores"]);
    let rendered = objects(&moved.renders());
    let api = rendered.iter().find(|object| object.key() == "Deployment/demo-dify-api").expect("the api");
    assert!(api.text.contains("claimName: \"prod-dify\"\n"), "{}", api.text);
    let daemon =
        rendered.iter().find(|object| object.key() == "Deployment/demo-dify-plugin-daemon").expect("it");
    assert!(daemon.text.contains("claimName: \"prod-dify-plugin-daemon\"\n"), "{}", daemon.text);
    let claims: Vec<&str> = rendered
        .iter()
        .filter(|one| one.kind == "PersistentVolumeClaim")
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(claims, ["demo-dify-redis"], "nothing but the new Redis asks for a volume");
    assert_eq!(moved.value("externalPostgres.address"), "prod-postgresql-primary");
    assert_eq!(moved.value("externalPostgres.database.pluginDaemon"), "dify");
    assert_eq!(moved.value("externalPostgres.password.existingSecret.name"), "prod-postgresql");
    assert_eq!(moved.value("externalWeaviate.endpoint.http"), "http://weaviate:80");
    moved.says(&[
        "refused",
        "secrets.secretKey",
        "copy SECRET_KEY from Secret prod-dify-api into Secret dify-moved",
    ]);
    moved.says(&["refused", "externalWeaviate.apiKey", "copy WEAVIATE_API_KEY from Secret prod-dify-api"]);
    assert!(api.text.contains("dify-moved"), "{}", api.text);
}

/// What the old chart had no values for: groups of variables that this one has.
#[test]
fn variables_that_were_added_by_hand_become_values() {
    let folder = tempfile::tempdir().expect("a folder");
    let variables = [
        ("MAIL_TYPE", "smtp"),
        ("SMTP_SERVER", "mail.example.org"),
        ("MAIL_DEFAULT_SEND_FROM", "dify@example.org"),
        ("ENABLE_OTEL", "true"),
        ("OTLP_BASE_ENDPOINT", "http://otel:4318"),
        ("UPLOAD_FILE_SIZE_LIMIT", "50"),
        ("NOBODY_KNOWS", "this"),
    ];
    let list: Vec<Value> =
        variables.iter().map(|(name, value)| serde_json::json!({"name": name, "value": value})).collect();
    // As people wrote it: the same for both.
    let old = serde_json::json!({"api": {"extraEnv": list}, "worker": {"extraEnv": list}});
    let file = folder.path().join("old.yaml");
    std::fs::write(&file, old.to_string()).expect("a file");
    let moved = migrate(folder.path(), &file.to_string_lossy(), &[]);
    let all = objects(&moved.renders());
    for component in ["api", "worker"] {
        let told = support::environment(&all, component, component);
        for (name, value) in variables {
            assert_eq!(
                told.get(name).map(String::as_str),
                Some(value),
                "{component}: {name}\n{}",
                moved.report
            );
        }
    }
    assert_eq!(moved.value("api.mail.type"), "smtp");
    assert_eq!(moved.value("api.otel.enabled"), true);
    for section in ["api", "worker"] {
        let left = moved.value(&format!("{section}.extraEnv"));
        assert_eq!(left, &serde_json::json!([{"name": "NOBODY_KNOWS", "value": "this"}]), "{}", moved.report);
    }
}

#[test]
fn the_variables_of_compose_become_values() {
    let folder = tempfile::tempdir().expect("a folder");
    let (env, file, secret) =
        (folder.path().join(".env"), folder.path().join("new.yaml"), folder.path().join("secret.yaml"));
    let old = "# a comment\nCONSOLE_API_URL=https://dify.example.org\nSECRET_KEY='a-key-of-this-installation-0003'\n\
               LOG_LEVEL=DEBUG\nDB_HOST=postgres.example.org\nDB_PORT=5433\nDB_USERNAME=dify # the role\n\
               DB_PASSWORD=\"p@ss word\"\nDB_DATABASE=dify\nREDIS_HOST=redis\nREDIS_PASSWORD=difference\nSTORAGE_TYPE=s3\n\
               S3_ENDPOINT=https://s3.example.org\nS3_BUCKET_NAME=files\nS3_ACCESS_KEY=one\nS3_SECRET_KEY=two\n\
               VECTOR_STORE=qdrant\nQDRANT_URL=http://qdrant.example.org:6333\nQDRANT_API_KEY=three\n\
               NGINX_CLIENT_MAX_BODY_SIZE=200M\nNGINX_PORT=80\nSANDBOX_API_KEY=four\nSANDBOX_WORKER_TIMEOUT=40\n\
               ENABLE_OTEL=true\nOTLP_BASE_ENDPOINT=http://otel:4318\nMAIL_TYPE=smtp\nSMTP_SERVER=mail.example.org\nMAIL_DEFAULT_SEND_FROM=dify@example.org\n\
               LOG_TZ=Europe/Vienna\nNOTION_CLIENT_SECRET=five\nSENTRY_DSN=\nCELERY_BROKER_URL=redis://:x@redis:6379/1\n\
               WORKFLOW_MAX_EXECUTION_STEPS=500\nPLUGIN_STDIO_BUFFER_SIZE=1024\n";
    std::fs::write(&env, old).expect("a file");
    std::fs::write(folder.path().join(".env.example"), "WORKFLOW_MAX_EXECUTION_STEPS=500\n").expect("a file");
    let run = |extra: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_chartgen"))
            .args(["migrate-values", "--compose"])
            .arg(&env)
            .arg("--to")
            .arg(&file)
            .args(extra)
            .output()
            .expect("chartgen runs");
        let values = std::fs::read_to_string(&file).expect("values");
        Moved {
            code: output.status.code(),
            values: serde_saphyr::from_str(&values).expect("YAML"),
            file: file.clone(),
            secret: std::fs::read_to_string(&secret)
                .map_or(Value::Null, |text| serde_saphyr::from_str(&text).expect("YAML")),
            report: text(&output.stderr),
        }
    };
    let moved = run(&["--secret-out", secret.to_str().expect("a path")]);
    let rendered = moved.renders();
    for word in ["p@ss word", "a-key-of-this-installation", "five"] {
        assert!(!rendered.contains(word) && !moved.report.contains(word), "{word}");
    }
    assert_eq!(moved.value("global.consoleApiDomain"), "https://dify.example.org");
    assert_eq!(moved.value("api.logLevel"), "DEBUG");
    assert_eq!(moved.value("externalPostgres.port"), 5433);
    assert_eq!(moved.value("externalPostgres.username"), "dify");
    assert_eq!(moved.value("externalRedis"), &Value::Null);
    assert_eq!(moved.value("externalS3.bucketName.api"), "files");
    assert_eq!(moved.value("externalQdrant.endpoint"), "http://qdrant.example.org:6333");
    assert_eq!(moved.value("proxy.clientMaxBodySize"), "200M");
    assert_eq!(moved.value("sandbox.workerTimeout"), 40);
    assert_eq!(moved.value("api.otel.enabled"), true);
    assert_eq!(moved.value("api.mail.smtp.server"), "mail.example.org");
    assert_eq!(moved.value("worker.extraEnv")[0]["name"], "LOG_TZ");
    assert_eq!(moved.secret["stringData"]["SECRET_KEY"], "a-key-of-this-installation-0003");
    assert_eq!(moved.secret["stringData"]["NOTION_CLIENT_SECRET"], "five");
    moved.says(&["dropped", "REDIS_PASSWORD", "externalRedis is not in use"]);
    moved.says(&["dropped", "WORKFLOW_MAX_EXECUTION_STEPS", "Dify's default"]);
    moved.says(&["dropped", "NGINX_PORT", "a container of the compose file"]);
    moved.says(&["refused", "PLUGIN_STDIO_BUFFER_SIZE", "pluginDaemon"]);
    for (name, _) in old.lines().filter_map(|line| line.split_once('=')) {
        moved.says(&[name]);
    }
    run(&[]).says(&["refused", "NOTION_CLIENT_SECRET", "--secret-out"]);
}
