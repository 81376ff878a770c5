//! TLS towards stores: who is told of which file, and that the file is there.

mod support;

use serde_json::Value;
use support::{Helm, Object, environment, objects};

const CA: &str = "/run/dify/tls/ca.crt";
const POSTGRES: &str =
    "externalPostgres.enabled=true,externalPostgres.address=pg,externalPostgres.password.value=p";
const REDIS: &str = "externalRedis.enabled=true,externalRedis.host=r,externalRedis.useSSL=true";
const BUNDLE: &str = "global.caBundle.existingConfigMap=company-ca";

fn rendered(settings: &str) -> Vec<Object> {
    objects(&Helm::Newest.render(&["--set", settings]))
}

fn expect(settings: &str, places: &[(&str, &str)], rows: &[(&str, &str)]) {
    let objects = rendered(settings);
    for (component, container) in places {
        let environment = environment(&objects, component, container);
        for (name, value) in rows {
            let found = environment.get(*name).map_or("-", String::as_str);
            assert_eq!(found, *value, "{name} in {container} of {component}, {settings}");
        }
    }
}

fn list<'v>(value: &'v Value, key: &str) -> Vec<&'v Value> {
    value[key].as_array().into_iter().flatten().collect()
}

/// The containers of all pods that stay or run once, with their component.
fn containers(objects: &[Object]) -> Vec<(String, &Value, &Value)> {
    let mut all = Vec::new();
    for object in objects {
        let Some(pod) = object.pod() else { continue };
        for container in list(pod, "initContainers").into_iter().chain(list(pod, "containers")) {
            all.push((object.component().to_owned(), pod, container));
        }
    }
    all
}

#[test]
fn whoever_is_told_of_a_file_has_it_mounted() {
    let settings = format!(
        "{BUNDLE},{POSTGRES},{REDIS},agentBackend.enabled=true,externalPostgres.sslMode=verify-full,\
         externalPostgres.clientCertificate=client"
    );
    for preflight in ["gate", "separate"] {
        let objects = rendered(&format!("{settings},preflight.mode={preflight}"));
        let mut told = 0;
        for (component, pod, container) in containers(&objects) {
            let name = container["name"].as_str().expect("a name");
            let environment = environment(&objects, &component, name);
            if !environment.values().any(|value| value.contains("/run/dify/tls/")) {
                continue;
            }
            told += 1;
            let mounts = list(container, "volumeMounts");
            assert!(
                mounts.iter().any(|mount| mount["mountPath"] == "/run/dify/tls" && mount["readOnly"] == true),
                "{preflight}: {name} of {component} has no /run/dify/tls"
            );
            let volumes = list(pod, "volumes");
            let volume = volumes.iter().find(|volume| volume["name"] == "tls").expect("a volume");
            let sources = volume["projected"]["sources"].as_array().expect("sources");
            assert_eq!(sources[0]["configMap"]["name"], "company-ca", "{component}");
            // The agent backend opens no database.
            let client = sources.get(1).map(|source| source["secret"]["name"].as_str().unwrap_or_default());
            assert_eq!(client, (component != "agent-backend").then_some("client"), "{component}");
        }
        assert!(told >= 14, "{preflight}: {told}");
    }
}

#[test]
fn without_a_bundle_nothing_is_mounted_or_told() {
    for (component, pod, container) in containers(&rendered(&format!("{POSTGRES},{REDIS}"))) {
        assert!(!list(container, "volumeMounts").iter().any(|mount| mount["name"] == "tls"), "{component}");
        assert!(!list(pod, "volumes").iter().any(|volume| volume["name"] == "tls"), "{component}");
    }
    expect(REDIS, &[("api", "api"), ("plugin-daemon", "plugin-daemon")], &[("SSL_CERT_FILE", "-")]);
}

#[test]
fn a_bundle_is_told_to_every_client_by_its_own_name() {
    let all = [
        ("api", "api"),
        ("api", "gate"),
        ("worker", "worker"),
        ("beat", "wait-migrations"),
        ("migrate", "migrate"),
        ("bootstrap", "bootstrap"),
        ("plugin-daemon", "plugin-daemon"),
        ("plugin-daemon", "gate"),
        ("agent-backend", "agent-backend"),
    ];
    let rows = [("SSL_CERT_FILE", CA), ("REQUESTS_CA_BUNDLE", CA), ("AWS_CA_BUNDLE", CA)];
    for source in [BUNDLE, "global.caBundle.existingSecret=company-ca,global.caBundle.key=root.pem"] {
        expect(&format!("{source},agentBackend.enabled=true"), &all, &rows);
    }
    expect(BUNDLE, &[("web", "web"), ("sandbox", "sandbox")], &[("SSL_CERT_FILE", "-")]);
}

#[test]
fn postgresql_is_verified_by_each_client_as_far_as_it_can() {
    let application =
        [("api", "api"), ("api", "wait-migrations"), ("migrate", "migrate"), ("bootstrap", "bootstrap")];
    let daemon = [("plugin-daemon", "plugin-daemon"), ("plugin-daemon", "gate")];
    for mode in ["verify-ca", "verify-full"] {
        let settings = format!("{BUNDLE},{POSTGRES},externalPostgres.sslMode={mode}");
        let extras = format!("sslmode={mode}&sslrootcert={CA}");
        expect(&settings, &application, &[("DB_EXTRAS", &extras)]);
        // The vectors beside it have no DB_EXTRAS.
        expect(&settings, &application[..1], &[("PGSSLMODE", mode), ("PGSSLROOTCERT", CA)]);
        expect(&settings, &daemon, &[("DB_SSL_MODE", "require"), ("PGSSLROOTCERT", CA), ("PGSSLCERT", "-")]);
    }
    // With a CA, libpq would verify even where it is only asked to encrypt.
    let require = format!("{BUNDLE},{POSTGRES},externalPostgres.sslMode=require");
    expect(&require, &application, &[("DB_EXTRAS", "sslmode=require"), ("PGSSLROOTCERT", "-")]);
    expect(&require, &daemon, &[("DB_SSL_MODE", "require"), ("PGSSLROOTCERT", "-")]);
    let client = format!("{require},externalPostgres.clientCertificate=c");
    let (cert, key) = ("/run/dify/tls/postgres.crt", "/run/dify/tls/postgres.key");
    let extras = format!("sslmode=require&sslcert={cert}&sslkey={key}");
    expect(&client, &application, &[("DB_EXTRAS", &extras), ("PGSSLCERT", cert), ("PGSSLKEY", key)]);
    expect(&client, &daemon, &[("PGSSLCERT", cert), ("PGSSLKEY", key)]);
    // libpq refuses a key that everybody can read.
    let objects = rendered(&client);
    let api = objects.iter().filter(|object| object.component() == "api").find_map(Object::pod).expect("api");
    let items = "{key: tls.key, path: postgres.key, mode: 0440}";
    assert!(
        objects
            .iter()
            .any(|object| object.key() == "Deployment/demo-dify-api" && object.text.contains(items))
    );
    assert_eq!(api["securityContext"]["fsGroup"], 1001);
}

#[test]
fn mysql_is_verified_with_the_bundle() {
    let mysql = "externalMysql.enabled=true,externalMysql.address=my,externalMysql.password.value=p,\
                 externalMysql.sslMode=verify-full,externalQdrant.enabled=true,externalQdrant.endpoint=http://q:6333";
    let settings = format!("{BUNDLE},{mysql}");
    expect(&settings, &[("api", "api"), ("migrate", "migrate")], &[("DB_EXTRAS", &format!("ssl_ca={CA}"))]);
    // Go's driver has no setting for a CA, and reads this.
    expect(
        &settings,
        &[("plugin-daemon", "plugin-daemon"), ("plugin-daemon", "gate")],
        &[("DB_SSL_MODE", "require"), ("SSL_CERT_FILE", CA)],
    );
}

#[test]
fn redis_is_verified_unless_it_is_not_wished() {
    let application = [("api", "api"), ("worker", "worker"), ("migrate", "migrate"), ("api", "gate")];
    let daemon = [("plugin-daemon", "plugin-daemon"), ("plugin-daemon", "gate")];
    let (verify, ca) = ("REDIS_SSL_CERT_REQS", "REDIS_SSL_CA_CERTS");
    // Public CAs: the daemon insists on a file only with CERT_REQUIRED.
    expect(REDIS, &application, &[(verify, "CERT_REQUIRED"), (ca, "-")]);
    expect(REDIS, &daemon, &[(verify, "CERT_OPTIONAL"), (ca, "-")]);
    let private = format!("{BUNDLE},{REDIS}");
    expect(&private, &application, &[(verify, "CERT_REQUIRED"), (ca, CA)]);
    expect(&private, &daemon, &[(verify, "CERT_OPTIONAL"), (ca, CA)]);
    let bus = "externalRedis.eventBusUrl.value=rediss://r?ssl_cert_reqs=none";
    let none = format!("{REDIS},externalRedis.sslVerify=false,{bus},agentBackend.enabled=true");
    expect(&none, &application, &[(verify, "CERT_NONE")]);
    expect(&none, &daemon, &[(verify, "CERT_NONE")]);
    let agent = [("agent-backend", "agent-backend")];
    expect(&none, &agent, &[("DIFY_AGENT_REDIS_URL", "rediss://r:6379/2?ssl_cert_reqs=none")]);
    expect("externalRedis.enabled=true,externalRedis.host=r", &application, &[(verify, "-"), (ca, "-")]);
}
