//! Workers, pools of them, their queues, and how KEDA scales them.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use support::{Helm, Object, kubeconform, objects};

const RELEASE: &str = "1.16.1";

/// The Deployments of workers by name.
fn workers(objects: &[Object]) -> BTreeMap<&str, &Object> {
    let of = |object: &&Object| object.kind == "Deployment" && object.component() == "worker";
    objects.iter().filter(of).map(|object| (object.name.as_str(), object)).collect()
}

fn variable(worker: &Object, name: &str) -> Option<String> {
    let env = worker.value.pointer("/spec/template/spec/containers/0/env")?.as_array()?;
    env.iter().find(|entry| entry["name"] == name)?["value"].as_str().map(str::to_owned)
}

fn example() -> Vec<Object> {
    let rendered = Helm::Newest.render(&["--values", "examples/worker-pools.yaml"]);
    assert_eq!(rendered, Helm::Oldest.render(&["--values", "examples/worker-pools.yaml"]));
    objects(&rendered)
}

#[test]
fn every_queue_is_taken_by_one_worker() {
    let objects = example();
    let mut taken = Vec::new();
    for worker in workers(&objects).values() {
        taken.extend(variable(worker, "CELERY_QUEUES").expect("queues").split(',').map(str::to_owned));
    }
    taken.sort();
    let mut all: Vec<String> = topology::queues(RELEASE).map(|queue| queue.name.to_owned()).collect();
    all.sort();
    assert_eq!(taken, all);
}

#[test]
fn without_pools_the_image_s_own_list_holds() {
    let objects = objects(&Helm::Newest.render(&[]));
    let workers = workers(&objects);
    assert_eq!(workers.len(), 1);
    let worker = workers["demo-dify-worker"];
    assert_eq!(variable(worker, "CELERY_QUEUES"), None, "a list of ours would lack what a newer image adds");
    assert_eq!(variable(worker, "CELERY_WORKER_AMOUNT").as_deref(), Some("1"));
}

#[test]
fn a_pool_is_a_worker_with_its_own_values() {
    let objects = example();
    let workers = workers(&objects);
    let names: Vec<&str> = workers.keys().copied().collect();
    assert_eq!(
        names,
        ["demo-dify-worker", "demo-dify-worker-indexing", "demo-dify-worker-mail", "demo-dify-worker-runs"]
    );
    let [plain, indexing, mail, runs] = names.map_each(|name| workers[name]);
    assert_eq!(runs.value["spec"]["template"]["spec"]["terminationGracePeriodSeconds"], 900);
    assert_eq!(plain.value["spec"]["template"]["spec"]["terminationGracePeriodSeconds"], 300);
    assert_eq!(variable(runs, "CELERY_WORKER_AMOUNT").as_deref(), Some("8"));
    assert_eq!(variable(mail, "CELERY_WORKER_AMOUNT").as_deref(), Some("4"), "the worker's own");
    let resources = "/spec/template/spec/containers/0/resources/limits/memory";
    assert_eq!(indexing.value.pointer(resources), Some(&json!("4Gi")));
    assert_eq!(mail.value["spec"]["replicas"], 2);
    assert!(plain.value["spec"].get("replicas").is_none(), "KEDA's to choose");
    // Checks, volumes and all the rest are those of the worker.
    assert_eq!(
        mail.value.pointer("/spec/template/spec/initContainers"),
        plain.value.pointer("/spec/template/spec/initContainers")
    );
    let selectors: BTreeSet<String> =
        workers.values().map(|worker| worker.value["spec"]["selector"].to_string()).collect();
    assert_eq!(selectors.len(), 4, "no pool counts the pods of another");
    for budget in objects.iter().filter(|object| object.kind == "PodDisruptionBudget") {
        assert_eq!(budget.value["spec"]["selector"], workers[budget.name.as_str()].value["spec"]["selector"]);
    }
}

trait MapEach<'n> {
    fn map_each<'o>(self, each: impl Fn(&'n str) -> &'o Object) -> [&'o Object; 4];
}

impl<'n> MapEach<'n> for Vec<&'n str> {
    fn map_each<'o>(self, each: impl Fn(&'n str) -> &'o Object) -> [&'o Object; 4] {
        let found: Vec<&Object> = self.into_iter().map(each).collect();
        found.try_into().expect("four")
    }
}

#[test]
fn keda_looks_at_the_queues_that_the_worker_takes() {
    let objects = example();
    let workers = workers(&objects);
    let scaled: Vec<&Object> = objects.iter().filter(|object| object.kind == "ScaledObject").collect();
    assert_eq!(scaled.len(), 3, "mail has a fixed number");
    for scaler in scaled {
        let target = scaler.value["spec"]["scaleTargetRef"]["name"].as_str().expect("a name");
        let queues = variable(workers[target], "CELERY_QUEUES").expect("queues");
        let triggers = scaler.value["spec"]["triggers"].as_array().expect("triggers");
        let watched: Vec<&str> =
            triggers.iter().filter_map(|trigger| trigger["metadata"]["listName"].as_str()).collect();
        assert_eq!(watched.join(","), queues);
        for trigger in triggers {
            let metadata = &trigger["metadata"];
            assert_eq!(metadata["address"], "demo-dify-redis.dify.svc.cluster.local:6379");
            assert_eq!(metadata["databaseIndex"], "1", "Celery's, not the caches'");
            let login = trigger["authenticationRef"]["name"].as_str().expect("a login");
            assert!(objects.iter().any(|object| object.key() == format!("TriggerAuthentication/{login}")));
        }
    }
}

/// The first trigger, and what it logs in with.
fn keda(settings: &[&str]) -> (Value, Value) {
    let mut arguments = vec!["--set", "worker.keda.enabled=true"];
    for setting in settings {
        arguments.extend(["--set", setting]);
    }
    let rendered = Helm::Newest.render(&arguments);
    if let Err(complaint) = kubeconform("1.30.0", &rendered) {
        panic!("{complaint}");
    }
    let objects = objects(&rendered);
    let of = |kind: &str| {
        objects.iter().find(|object| object.kind == kind).map(|object| object.value["spec"].clone())
    };
    let scaled = of("ScaledObject").expect("it");
    assert_eq!(
        scaled["triggers"].as_array().map(Vec::len),
        Some(topology::queues(RELEASE).count()),
        "without pools all queues of the release"
    );
    (scaled["triggers"][0].clone(), of("TriggerAuthentication").unwrap_or_default())
}

#[test]
fn keda_logs_in_as_celery_does() {
    let external =
        "externalRedis.enabled=true,externalRedis.host=redis.example.com,externalRedis.db.celery=7";
    let secret =
        "externalRedis.password.existingSecret.name=mine,externalRedis.password.existingSecret.key=pw";
    let tls = "externalRedis.useSSL=true,externalRedis.username=dify,global.caBundle.existingConfigMap=ca";
    let (trigger, login) = keda(&[external, secret, tls]);
    assert_eq!(trigger["type"], "redis");
    let metadata = &trigger["metadata"];
    assert_eq!(metadata["address"], "redis.example.com:6379");
    assert_eq!(metadata["databaseIndex"], "7");
    assert_eq!(metadata["username"], "dify");
    assert_eq!((&metadata["enableTLS"], &metadata["unsafeSsl"]), (&json!("true"), &json!("false")));
    assert_eq!(login["secretTargetRef"], json!([{"parameter": "password", "name": "mine", "key": "pw"}]));
    assert_eq!(login["configMapTargetRef"], json!([{"parameter": "ca", "name": "ca", "key": "ca.crt"}]));

    let sentinel = "externalRedis.enabled=true,externalRedis.sentinel.enabled=true,externalRedis.sentinel.sentinels={a:26379,b:26379}";
    let passwords = "externalRedis.sentinel.password.value=s,externalRedis.eventBusUrl.value=redis://x";
    let (trigger, login) = keda(&[sentinel, passwords, secret]);
    assert_eq!(trigger["type"], "redis-sentinel");
    assert_eq!(trigger["metadata"]["addresses"], "a:26379,b:26379");
    assert_eq!(trigger["metadata"]["sentinelMaster"], "mymaster");
    assert_eq!(login["secretTargetRef"][1]["key"], "REDIS_SENTINEL_PASSWORD");

    let (trigger, login) = keda(&[external]);
    assert!(trigger.get("authenticationRef").is_none() && login.is_null(), "a Redis without a password");
}

#[test]
fn queues_that_nobody_has_or_nobody_takes_are_refused() {
    let pool = "workerPools.a.queues={mail}";
    for (settings, sentence) in [
        ("workerPools.a.queues={mial}", "Dify has no queue mial"),
        ("worker.queues={mail}", "no worker takes tasks from the queue dataset"),
        ("workerPools.default.queues={mail}", "the worker itself has this name"),
        ("workerPools.a.replicas=2", "queues"),
        ("workerPools.A_b.queues={mail}", "A_b"),
        ("workerPools.a.queues={mail},workerPools.a.replica=2", "replica"),
        (
            "workerPools.a.queues={mail},image.api.tag=1.99.0",
            "the queues of this version of Dify are not known",
        ),
        ("worker.keda.enabled=true,worker.autoscaling.enabled=true", "both enabled"),
        ("worker.keda.enabled=true,worker.keda.minReplicas=11", "minReplicas is more than"),
        ("worker.keda.enabled=true,externalRedis.brokerUrl.value=redis://x", "set worker.keda.address"),
    ] {
        let complaint = Helm::Newest.refusal(&["--set", settings]);
        assert!(complaint.contains(sentence), "{settings}: {complaint}");
    }
    Helm::Newest.render(&["--set", pool, "--set", "image.api.tag=1.99.0,worker.queues={new,dataset}"]);
    Helm::Newest.render(&["--set", "workerPools.a.queues={mine},worker.ownQueues={mine}"]);
    Helm::Newest.render(&[
        "--set",
        "worker.keda.enabled=true,externalRedis.brokerUrl.value=redis://x,worker.keda.address=x:1",
    ]);
}

#[test]
fn requests_have_until_shortly_before_the_end_of_the_pod() {
    let objects = objects(&Helm::Newest.render(&["--set", "api.terminationGracePeriodSeconds=400"]));
    let api = objects.iter().find(|object| object.key() == "Deployment/demo-dify-api").expect("the api");
    assert_eq!(variable(api, "GUNICORN_CMD_ARGS").as_deref(), Some("--graceful-timeout=390"));
}
