//! What the chart refuses, and in which words.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use serde_json::Value;
use support::{Helm, in_parallel, objects, root};

/// Every path of the schema, and one of a list's items.
fn paths() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("chart/values.schema.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let mut paths = vec!["ingress.hosts[0].host".to_owned(), "ingress.hosts[0].paths[0].pathType".to_owned()];
    collect("", &schema, &mut paths);
    paths
}

fn collect(parent: &str, schema: &Value, paths: &mut Vec<String>) {
    for (key, child) in schema["properties"].as_object().into_iter().flatten() {
        // Keys of the reference chart, which are there to be refused; their sections require nothing.
        if child.get("const").is_some()
            || (child.get("properties").is_some() && child.get("required").is_none())
        {
            continue;
        }
        let path = if parent.is_empty() { key.clone() } else { format!("{parent}.{key}") };
        collect(&path, child, paths);
        paths.push(path);
    }
}

/// Paths that do not lie inside each other, so that all of a batch can be set to null at once: Helm names every one.
fn batches(paths: &[String]) -> Vec<Vec<&str>> {
    let mut batches: Vec<Vec<&str>> = Vec::new();
    let inside =
        |one: &str, other: &str| one.strip_prefix(other).is_some_and(|rest| rest.starts_with(['.', '[']));
    for path in paths {
        let fits = |batch: &&mut Vec<&str>| {
            batch.len() < 24 && batch.iter().all(|other| !inside(path, other) && !inside(other, path))
        };
        match batches.iter_mut().find(fits) {
            Some(batch) => batch.push(path),
            None => batches.push(vec![path]),
        }
    }
    batches
}

/// Whether a complaint names the key where it belongs, in the words of either of Helm's two validators. In a list, null
/// stays; elsewhere Helm takes the key away.
fn names(complaint: &str, path: &str) -> bool {
    let path = path.replace('[', ".").replace(']', "");
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", &path));
    let pointer = |path: &str| {
        if path.is_empty() { "at ''".to_owned() } else { format!("at '/{}'", path.replace('.', "/")) }
    };
    let older = if parent.is_empty() { "(root)" } else { parent };
    complaint.lines().any(|line| {
        (line.contains(&pointer(parent)) && line.contains(&format!("'{key}'")))
            || line.contains(&format!("{older}: {key} is required"))
            || line.contains(&format!("{}: got null", pointer(&path)))
            || line.contains(&format!("{path}: Invalid type"))
    })
}

/// A sound chart says which key is missing; a nil pointer says which line of which template tripped over it.
#[test]
fn a_value_set_to_null_is_refused_by_name() {
    let paths = paths();
    assert!(paths.len() > 300, "{}", paths.len());
    in_parallel(&batches(&paths), |batch| {
        let nulls: Vec<String> = batch.iter().map(|path| format!("{path}=null")).collect();
        for helm in [Helm::Oldest, Helm::Newest] {
            let complaint = helm.refusal(&["--set", &nulls.join(",")]);
            assert!(
                complaint.contains("don't meet the specifications of the schema"),
                "{batch:?}: {complaint}"
            );
            for path in batch {
                assert!(names(&complaint, path), "{path} on {helm:?}: {complaint}");
            }
        }
    });
}

#[test]
fn what_is_misspelt_or_of_the_wrong_type_is_named() {
    let cases = [
        ("api.replica=2", "replica"),
        ("externalPostgress.enabled=true", "externalPostgress"),
        ("api.replicas=many", "replicas"),
        ("service.port=70000", "port"),
        ("preflight.mode=none", "mode"),
        ("preflight.deadline=soon", "deadline"),
        ("preflight.deadline=", "deadline"),
        ("preflight.deadline=0s", "deadline"),
        ("image.api.digest=sha256:12", "digest"),
        ("image.api.tag=", "tag"),
        ("image.api.repository=langgenius/", "repository"),
        ("externalS3.endpoint=s3.example.com", "endpoint"),
        ("proxy.clientMaxBodySize=100 MB", "clientMaxBodySize"),
        ("externalRedis.cluster.nodes={redis}", "nodes"),
        ("externalRedis.username=a@b", "username"),
        ("externalRedis.keyPrefix=a b", "keyPrefix"),
        ("redis.maxMemory=400", "maxMemory"),
        ("externalPostgres.extraParameters=a b", "extraParameters"),
        ("externalPostgres.sslMode=prefer", "sslMode"),
        ("externalMysql.type=mariadb", "type"),
        ("externalMysql.database.pluginDaemon=dify-plugin", "pluginDaemon"),
    ];
    in_parallel(&cases, |(setting, key)| {
        for helm in [Helm::Oldest, Helm::Newest] {
            let complaint = helm.refusal(&["--set", setting]);
            assert!(complaint.contains("schema") && complaint.contains(key), "{setting}: {complaint}");
        }
    });
}

/// Keys of the reference chart: Helm's own words say what has taken their place.
#[test]
fn an_old_key_is_refused_naming_its_replacement() {
    let cases = [
        ("api.secretKey=abc", "secretKey", "unset: it is now secrets.secretKey.value or .existingSecret"),
        ("api.url.consoleApi=https://a", "consoleApi", "unset: it is now global.consoleApiDomain"),
        ("api.migration=false", "migration", "unset: the migrate job does it"),
        ("httproute.enabled=true", "httproute", "unset: it is now httpRoute.enabled"),
        ("pluginDaemon.auth.difyApiKey=a", "difyApiKey", "unset: it is now secrets.innerApiKey.value"),
        ("api.persistence.persistentVolumeClaim.size=9Gi", "size", "unset: it is now api.persistence.size"),
        ("redis.enabled=false", "redis", "unset: the built-in Redis runs unless externalRedis is enabled"),
        ("labels.team=a", "labels", "unset: it is now commonLabels"),
    ];
    in_parallel(&cases, |(setting, key, words)| {
        for helm in [Helm::Oldest, Helm::Newest] {
            let complaint = helm.refusal(&["--set", setting]);
            let line = complaint.lines().find(|line| line.contains(words));
            assert!(line.is_some_and(|line| line.contains(key)), "{setting} on {helm:?}: {complaint}");
        }
    });
}

#[test]
fn contradictions_are_refused_with_one_sentence() {
    let redis = "externalRedis.enabled=true,externalRedis.sentinel.enabled=true,externalRedis.sentinel.sentinels={a:26379}";
    let bus = format!("{redis},externalRedis.eventBusUrl.value=redis://a");
    let mysql = "externalMysql.enabled=true,externalMysql.address=db,externalMysql.password.value=p";
    let postgres =
        "externalPostgres.enabled=true,externalPostgres.address=db,externalPostgres.password.value=p";
    let cases = [
        ("externalPostgres.enabled=true".to_owned(), "set externalPostgres.address"),
        (
            "externalPostgres.enabled=true,externalPostgres.address=db".to_owned(),
            "externalPostgres.password is missing",
        ),
        ("externalMysql.enabled=true".to_owned(), "set externalMysql.address"),
        (
            "externalMysql.enabled=true,externalMysql.address=db".to_owned(),
            "externalMysql.password is missing",
        ),
        (mysql.to_owned(), "MySQL cannot keep vectors: enable a vector store"),
        (format!("{mysql},{postgres}"), "externalPostgres and externalMysql are both enabled"),
        (
            format!("{postgres},externalPostgres.extraParameters=sslmode=allow"),
            "use externalPostgres.sslMode",
        ),
        (format!("{mysql},externalMysql.extraParameters=a=b&ssl_ca=c"), "use externalMysql.sslMode"),
        (format!("{postgres},externalPostgres.sslMode=verify-ca"), "set global.caBundle"),
        (format!("{postgres},externalPostgres.sslMode=verify-full"), "set global.caBundle"),
        (format!("{mysql},externalMysql.sslMode=verify-full"), "set global.caBundle"),
        (format!("{postgres},externalPostgres.clientCertificate=c"), "is never shown without TLS"),
        (
            "global.caBundle.existingSecret=a,global.caBundle.existingConfigMap=b".to_owned(),
            "global.caBundle has both",
        ),
        (
            "externalRedis.enabled=true,externalRedis.host=r,externalRedis.useSSL=true,externalRedis.sslVerify=false"
                .to_owned(),
            "Dify's event bus verifies",
        ),
        ("externalRedis.cluster.enabled=true".to_owned(), "set externalRedis.enabled to true as well"),
        ("externalRedis.enabled=true,externalRedis.cluster.enabled=true".to_owned(), "cannot carry Celery's queues"),
        (
            "externalRedis.enabled=true,externalRedis.cluster.enabled=true,externalRedis.host=r".to_owned(),
            "list host:port of some nodes",
        ),
        (format!("{redis},externalRedis.cluster.enabled=true"), "are both enabled: keep one"),
        ("externalRedis.eventBus.cluster=true".to_owned(), "externalRedis.eventBusUrl is missing"),
        ("externalRedis.enabled=true".to_owned(), "set externalRedis.host or externalRedis.sentinel.enabled"),
        ("externalRedis.sentinel.enabled=true".to_owned(), "set externalRedis.enabled to true as well"),
        (redis.to_owned(), "externalRedis.eventBusUrl is missing"),
        (format!("{bus},externalRedis.useSSL=true"), "externalRedis.useSSL has no effect"),
        (format!("{bus},agentBackend.enabled=true"), "the agent backend cannot ask Sentinels"),
        ("externalS3.enabled=true".to_owned(), "externalS3.accessKey is missing"),
        ("service.nodePort=30080".to_owned(), "service.nodePort needs service.type"),
        ("service.loadBalancerClass=a".to_owned(), "need service.type LoadBalancer"),
        ("service.loadBalancerSourceRanges={10.0.0.0/8}".to_owned(), "needs service.type LoadBalancer"),
        ("proxy.enabled=false,service.type=LoadBalancer".to_owned(), "service is nginx's"),
        (
            "proxy.enabled=false,ingress.enabled=true,ingress.hosts[0].host=a,ingress.hosts[0].paths[0].path=/,\
             ingress.hosts[0].paths[0].pathType=Prefix"
                .to_owned(),
            "which only nginx can serve",
        ),
        ("apiWebsocket.enabled=true".to_owned(), "set global.consoleApiDomain, or apiWebsocket.socketUrl"),
        ("agentBackend.enabled=true,pluginDaemon.enabled=false".to_owned(), "agents call models by plugins"),
        ("networkPolicy.defaultDeny=true".to_owned(), "set networkPolicy.enabled to true"),
        (
            "secrets.secretKey.value=sixteen-letters.,secrets.secretKey.existingSecret.name=b".to_owned(),
            "secrets.secretKey has both a value and an existingSecret",
        ),
        ("secrets.secretKey.existingSecret.key=a".to_owned(), "existingSecret has a key but no name"),
        (
            "externalRedis.enabled=true,externalRedis.host=r,externalRedis.password.value=a@b".to_owned(),
            "externalRedis.password.value has characters that end a URL",
        ),
        (
            "worker.autoscaling.enabled=true,worker.autoscaling.targetCPUUtilizationPercentage=0".to_owned(),
            "worker.autoscaling looks at neither CPU nor memory",
        ),
        (
            "web.autoscaling.enabled=true,web.autoscaling.minReplicas=11".to_owned(),
            "web.autoscaling.minReplicas is more than web.autoscaling.maxReplicas",
        ),
        ("httpRoute.enabled=true".to_owned(), "name the Gateway in httpRoute.parentRefs"),
        ("api.replicas=2".to_owned(), "need api.persistence.accessMode ReadWriteMany"),
        ("worker.autoscaling.enabled=true".to_owned(), "need api.persistence.accessMode ReadWriteMany"),
        ("pluginDaemon.replicas=2".to_owned(), "more than one plugin daemon would corrupt"),
        ("pluginDaemon.autoscaling.enabled=true".to_owned(), "more than one plugin daemon would corrupt"),
        (
            "externalS3.enabled=true,externalS3.useIAM=true,pluginDaemon.replicas=2,\
             pluginDaemon.workingVolume.persistentVolumeClaim.claimName=plugins"
                .to_owned(),
            "more than one plugin daemon cannot work in one folder",
        ),
    ];
    let cases: Vec<(&str, &str)> =
        cases.iter().map(|(settings, words)| (settings.as_str(), *words)).collect();
    are_refused(&cases);
}

#[test]
fn settings_of_the_application_that_contradict_each_other_are_refused() {
    are_refused(&[
        ("api.mail.type=smtp,api.mail.smtp.server=m", "set api.mail.defaultSender"),
        ("api.mail.type=smtp,api.mail.defaultSender=a@b", "set api.mail.smtp.server"),
        ("api.mail.type=resend,api.mail.defaultSender=a@b", "api.mail.resend.apiKey is missing"),
        ("api.mail.type=sendgrid,api.mail.defaultSender=a@b", "api.mail.sendgrid.apiKey is missing"),
        ("api.mail.smtp.username=u", "api.mail.smtp.password is missing"),
        (
            "api.mail.smtp.tls.enabled=false,api.mail.smtp.tls.optimistic=true",
            "api.mail.smtp.tls.optimistic has no effect",
        ),
        ("api.uploads.videoSizeLimit=101", "more megabytes than proxy.clientMaxBodySize"),
    ]);
}

#[test]
fn a_vector_store_is_not_verified_without_a_ca() {
    let store = "externalPgvector.enabled=true,externalPgvector.address=p,externalPgvector.password.value=a,\
                 externalPgvector.sslMode=verify-full";
    are_refused(&[(store, "externalPgvector.sslMode asks to verify the server")]);
    let rendered = Helm::Newest.render(&["--set", store, "--set", "global.caBundle.existingSecret=ca"]);
    let config =
        objects(&rendered).into_iter().find(|one| one.kind == "ConfigMap" && one.component() == "api");
    let data = &config.expect("the api's settings").value["data"];
    assert_eq!(data["PGSSLMODE"], "verify-full");
    assert_eq!(data["PGSSLROOTCERT"], "/run/dify/tls/ca.crt");
    // The database that the chart brings speaks no TLS.
    assert_eq!(data["DB_EXTRAS"], "sslmode=disable");
}

#[test]
fn a_variable_that_only_the_container_would_see_is_refused() {
    are_refused(&[
        (
            "api.extraEnv[0].name=DB_HOST,api.extraEnv[0].value=other",
            "api.extraEnv sets DB_HOST, which the checks before a start would not see: use externalMysql or externalPostgres",
        ),
        ("global.extraEnv[0].name=MODE,global.extraEnv[0].value=worker", "it is the chart's to set"),
        (
            "pluginDaemon.extraEnv[0].name=SERVER_KEY,pluginDaemon.extraEnv[0].value=a",
            "use secrets.pluginDaemonKey",
        ),
        (
            "workerPools.x.queues={mail},workerPools.x.extraEnv[0].name=VECTOR_STORE,workerPools.x.extraEnv[0].value=a",
            "workerPools.x.extraEnv sets VECTOR_STORE",
        ),
    ]);
    // A plugin's own, and a setting that no check reads.
    let region = "pluginDaemon.extraEnv[0].name=AWS_REGION,pluginDaemon.extraEnv[0].value=eu-west-1";
    let level = "api.extraEnv[0].name=LOG_FORMAT,api.extraEnv[0].value=x";
    Helm::Newest.render(&["--set", region, "--set", level]);
}

/// That of Dify's compose files, put together so that it does not lie about here.
const PUBLISHED: &str = concat!("sk-9f73s3ljTXVcMT3Blb3ljT", "qtsKiGHXVcMT3BlbkFJLK7U");

#[test]
fn a_key_that_everybody_can_read_is_refused() {
    let given = |setting: &str| format!("secrets.{setting}.value={PUBLISHED}");
    let (session, inner) = (given("secretKey"), given("innerApiKey"));
    are_refused(&[
        (&session, "secrets.secretKey.value is published where everybody can read it"),
        (&inner, "secrets.innerApiKey.value is published where everybody can read it"),
    ]);
    Helm::Newest.render(&["--set", &session, "--set", "secrets.acceptPublishedSecretKey=true"]);
    let short = "secrets.secretKey.value=fifteen-letters";
    are_refused(&[
        (short, "has fewer than 16 characters"),
        ("secrets.innerApiKey.value=x1", "can be guessed"),
    ]);
    Helm::Newest.render(&["--set", short, "--set", "secrets.acceptPublishedSecretKey=true"]);
    Helm::Newest.render(&["--set", "secrets.secretKey.value=sixteen-letters."]);
}

#[test]
fn what_a_release_cannot_do_is_refused() {
    let redis = "externalRedis.enabled=true,externalRedis.host=r";
    let unverified = format!(
        "image.api.tag=1.10.1,{redis},externalRedis.useSSL=true,externalRedis.sslVerify=false,\
         externalRedis.eventBusUrl.value=a"
    );
    let prefix = format!("image.api.tag=1.13.3,{redis},externalRedis.keyPrefix=a");
    are_refused(&[
        ("image.api.tag=1.9.2", "older than Dify 1.10.1"),
        ("image.api.tag=1.10.1,agentBackend.enabled=true", "agentBackend.enabled needs Dify 1.16.0"),
        ("image.api.tag=1.14.0,apiWebsocket.enabled=true", "apiWebsocket.enabled needs Dify 1.14.1"),
        ("image.api.tag=1.12.1,api.logFormat=json", "needs Dify 1.13.0"),
        (&unverified, "verifies all the same before Dify 1.12.1"),
        (&prefix, "externalRedis.keyPrefix needs Dify 1.14.0"),
    ]);
}

fn are_refused(cases: &[(&str, &str)]) {
    in_parallel(cases, |(settings, sentence)| {
        let complaint = Helm::Newest.refusal(&["--set", settings]);
        assert!(complaint.contains(sentence), "{settings}: {complaint}");
    });
}

#[test]
fn an_ingress_without_a_host_is_refused() {
    let complaint =
        Helm::Newest.refusal(&["--set-json", "ingress.hosts=[]", "--set", "ingress.enabled=true"]);
    assert!(complaint.contains("name a host in ingress.hosts"), "{complaint}");
}

#[test]
fn the_example_of_every_refusal_can_be_put_right() {
    Helm::Newest.render(&[
        "--set",
        "externalRedis.enabled=true,externalRedis.host=r,externalRedis.password.value=a@b",
        "--set",
        "externalRedis.brokerUrl.value=redis://:a%40b@r:6379/1",
    ]);
    let s3 = "externalS3.enabled=true,externalS3.useIAM=true";
    Helm::Newest.render(&["--set", s3]);
    Helm::Newest.render(&["--set", s3, "--set", "api.replicas=2,worker.autoscaling.enabled=true"]);
    Helm::Newest.render(&["--set", "api.replicas=2,api.persistence.accessMode=ReadWriteMany"]);
    Helm::Newest.render(&["--set", s3, "--set", "pluginDaemon.replicas=2"]);
    Helm::Newest.render(&["--set", "externalRedis.enabled=true,externalRedis.host=no-password"]);
}
