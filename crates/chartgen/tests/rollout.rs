//! A changed value restarts the pods that read it, and no others.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use support::{Helm, objects};

/// The pod templates of all that runs for ever, by the name of the object.
fn pods(arguments: &[&str]) -> BTreeMap<String, Value> {
    objects(&Helm::Newest.render(arguments))
        .into_iter()
        .filter(|object| ["Deployment", "StatefulSet"].contains(&object.kind.as_str()))
        .map(|object| (object.name.clone(), object.value["spec"]["template"].clone()))
        .collect()
}

#[test]
fn a_changed_value_restarts_those_who_read_it() {
    let literals = "secrets.codeExecutionApiKey.value=a-literal-key-a00,secrets.agentServerSecretKey.value=a-literal-key-b00,\
                    secrets.pluginDaemonKey.value=a-literal-key-c00,secrets.secretKey.value=a-literal-key-d00";
    let before = pods(&["--set", literals]);
    let application = &["api", "beat", "worker"];
    for (setting, wanted) in [
        ("web.replicas=3", &[] as &[&str]),
        ("service.type=LoadBalancer", &[]),
        ("networkPolicy.enabled=true", &[]),
        ("web.podDisruptionBudget.enabled=false", &[]),
        ("proxy.clientMaxBodySize=1g", &["nginx"]),
        ("ssrfProxy.allowPrivateDomains={.example.com}", &["ssrf-proxy"]),
        ("sandbox.workerTimeout=20", &["sandbox"]),
        ("image.web.tag=1.16.2", &["web"]),
        ("global.marketplace.url=https://market.example.com", &["web"]),
        ("worker.concurrency=3", &["worker"]),
        ("api.terminationGracePeriodSeconds=90", &["api"]),
        // The default worker leaves the queue to the pool.
        ("workerPools.post.queues={mail}", &["worker"]),
        ("redis.resources.limits.memory=3Gi", &["redis"]),
        ("api.logLevel=DEBUG", application),
        ("secrets.codeExecutionApiKey.value=another-literal-key", &["api", "beat", "worker", "sandbox"]),
        ("secrets.pluginDaemonKey.value=another-literal-key", &["api", "beat", "worker", "plugin-daemon"]),
        ("secrets.secretKey.value=another-literal-key", application),
        ("externalRedis.password.value=new", &["api", "beat", "worker", "plugin-daemon", "redis"]),
    ] {
        let after = pods(&["--set", literals, "--set", setting]);
        let restarted: BTreeSet<&str> = before
            .iter()
            .filter(|(name, pod)| after.get(*name) != Some(pod))
            .map(|(name, _)| name.as_str())
            .collect();
        let wanted: Vec<String> = wanted.iter().map(|name| format!("demo-dify-{name}")).collect();
        assert_eq!(restarted, wanted.iter().map(String::as_str).collect(), "{setting}");
    }
}
