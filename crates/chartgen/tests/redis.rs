//! Which Redis each component is told of, in every mode: the main container, and the checks before it.

mod support;

use support::{Helm, environment, objects};

const API: (&str, &str) = ("api", "api");
const GATE: (&str, &str) = ("api", "gate");
const WORKER: (&str, &str) = ("worker", "worker");
const MIGRATE: (&str, &str) = ("migrate", "migrate");
const DAEMON: [(&str, &str); 2] = [("plugin-daemon", "plugin-daemon"), ("plugin-daemon", "gate")];
const AGENT: [(&str, &str); 2] = [("agent-backend", "agent-backend"), ("agent-backend", "gate")];

const ONE: &str =
    "externalRedis.enabled=true,externalRedis.host=one,externalRedis.password.existingSecret.name=one";
const SENTINEL: &str = "externalRedis.enabled=true,externalRedis.sentinel.enabled=true,\
                        externalRedis.sentinel.sentinels={a:26379,b:26379},externalRedis.username=user,\
                        externalRedis.password.existingSecret.name=one,\
                        externalRedis.sentinel.password.existingSecret.name=two,\
                        externalRedis.eventBusUrl.existingSecret.name=bus";
const CLUSTER: &str = "externalRedis.cluster.enabled=true,externalRedis.cluster.nodes={a:6379,b:6379},\
                       externalRedis.cluster.password.existingSecret.name=nodes";

/// Each row: the variable, and its value; `-` where it must not be.
fn expect(settings: &str, containers: &[(&str, &str)], rows: &[(&str, &str)]) {
    let objects = objects(&Helm::Newest.render(&["--set", settings]));
    for (component, container) in containers {
        let environment = environment(&objects, component, container);
        for (name, value) in rows {
            let found = environment.get(*name).map_or("-", String::as_str);
            assert_eq!(found, *value, "{name} in {container} of {component}, {settings}");
        }
    }
}

#[test]
fn one_server_is_told_to_all() {
    let rows = [
        ("REDIS_HOST", "one"),
        ("REDIS_DB", "0"),
        ("REDIS_USE_SSL", "false"),
        ("REDIS_PASSWORD", "one/REDIS_PASSWORD"),
        ("REDIS_USE_CLUSTERS", "-"),
        ("REDIS_USE_SENTINEL", "-"),
    ];
    let settings = format!("{ONE},agentBackend.enabled=true");
    expect(&settings, &[API, GATE, WORKER, MIGRATE], &rows);
    expect(&settings, &DAEMON, &rows);
    expect(&settings, &AGENT, &rows);
    let broker = "redis://:$(REDIS_PASSWORD)@one:6379/1";
    expect(&settings, &[API, WORKER], &[("CELERY_BROKER_URL", broker), ("EVENT_BUS_REDIS_URL", "-")]);
    expect(&settings, &AGENT[..1], &[("DIFY_AGENT_REDIS_URL", "redis://:$(REDIS_PASSWORD)@one:6379/2")]);
    expect(&settings, &[GATE], &[("PREFLIGHT_BROKER_DB", "1")]);
}

#[test]
fn behind_sentinels_each_has_its_own_credentials() {
    let rows = [
        ("REDIS_USE_SENTINEL", "true"),
        ("REDIS_SENTINELS", "a:26379,b:26379"),
        ("REDIS_PASSWORD", "one/REDIS_PASSWORD"),
        ("REDIS_SENTINEL_PASSWORD", "two/REDIS_SENTINEL_PASSWORD"),
        ("REDIS_HOST", "-"),
    ];
    expect(SENTINEL, &[API, GATE, WORKER, MIGRATE], &rows);
    expect(SENTINEL, &DAEMON, &rows);
    let broker = "sentinel://user:$(REDIS_PASSWORD)@a:26379/1;sentinel://user:$(REDIS_PASSWORD)@b:26379/1";
    let rows = [
        ("CELERY_BROKER_URL", broker),
        ("CELERY_SENTINEL_PASSWORD", "two/REDIS_SENTINEL_PASSWORD"),
        ("EVENT_BUS_REDIS_URL", "bus/EVENT_BUS_REDIS_URL"),
    ];
    expect(SENTINEL, &[API, WORKER], &rows);
}

#[test]
fn a_cluster_holds_caches_and_locks_and_nothing_else() {
    let settings = format!("{ONE},{CLUSTER},agentBackend.enabled=true");
    let rows = [
        ("REDIS_USE_CLUSTERS", "true"),
        ("REDIS_CLUSTERS", "a:6379,b:6379"),
        ("REDIS_CLUSTERS_PASSWORD", "nodes/REDIS_CLUSTERS_PASSWORD"),
    ];
    expect(&settings, &[API, GATE, WORKER, MIGRATE], &rows);
    let one = [("REDIS_HOST", "one"), ("REDIS_PASSWORD", "one/REDIS_PASSWORD")];
    // Events follow REDIS_HOST unless they are sent elsewhere.
    expect(&settings, &[API, GATE, WORKER], &one);
    expect(&settings, &[API, WORKER], &[("CELERY_BROKER_URL", "redis://:$(REDIS_PASSWORD)@one:6379/1")]);
    let none = [("REDIS_USE_CLUSTERS", "-"), ("REDIS_CLUSTERS", "-"), ("REDIS_CLUSTERS_PASSWORD", "-")];
    for place in [&DAEMON, &AGENT] {
        expect(&settings, place, &one);
        expect(&settings, place, &none);
    }
}

#[test]
fn a_prefix_keeps_the_daemons_keys_apart() {
    let settings = "externalRedis.keyPrefix=team,agentBackend.enabled=true";
    expect(settings, &[API, GATE, WORKER, MIGRATE], &[("REDIS_KEY_PREFIX", "team")]);
    expect(settings, &DAEMON, &[("REDIS_KEY_PREFIX", "team-plugin-daemon")]);
    expect(settings, &AGENT[..1], &[("DIFY_AGENT_REDIS_PREFIX", "team-agent")]);
    expect("", &[API, DAEMON[0]], &[("REDIS_KEY_PREFIX", "-"), ("DIFY_AGENT_REDIS_PREFIX", "-")]);
}

#[test]
fn the_event_bus_goes_the_way_that_is_chosen() {
    let (kind, kept) = ("EVENT_BUS_REDIS_CHANNEL_TYPE", "EVENT_BUS_STREAMS_RETENTION_SECONDS");
    expect("", &[API, GATE], &[(kind, "-"), (kept, "-"), ("EVENT_BUS_REDIS_USE_CLUSTERS", "-")]);
    let streams = "externalRedis.eventBus.channelType=streams,externalRedis.eventBus.retentionSeconds=60";
    expect(streams, &[API, GATE, WORKER], &[(kind, "streams"), (kept, "60")]);
    let cluster = "externalRedis.eventBus.cluster=true,externalRedis.eventBus.channelType=sharded,\
                   externalRedis.eventBusUrl.existingSecret.name=bus";
    let rows = [(kind, "sharded"), (kept, "-"), ("EVENT_BUS_REDIS_USE_CLUSTERS", "true")];
    expect(cluster, &[API, GATE, WORKER], &rows);
    expect(cluster, &[GATE], &[("EVENT_BUS_REDIS_URL", "bus/EVENT_BUS_REDIS_URL")]);
}

#[test]
fn limits_of_clients_are_said_only_where_they_are_given() {
    let names = ["REDIS_MAX_CONNECTIONS", "REDIS_SOCKET_TIMEOUT"];
    expect("", &[API, WORKER], &names.map(|name| (name, "-")));
    let settings = "externalRedis.maxConnections=50,externalRedis.socketTimeout=7";
    expect(settings, &[API, WORKER], &[(names[0], "50"), (names[1], "7")]);
}

#[test]
fn the_built_in_redis_throws_no_key_away_and_keeps_to_its_memory() {
    let script = |settings: &str| -> String {
        let objects = objects(&Helm::Newest.render(&["--set", settings]));
        let redis =
            objects.iter().find(|object| object.key() == "StatefulSet/demo-dify-redis").expect("redis");
        redis.value.pointer("/spec/template/spec/containers/0/args/0").expect("a script").to_string()
    };
    let plain = script("");
    assert!(plain.contains("maxmemory-policy noeviction\\nrequirepass"), "{plain}");
    assert!(plain.contains("appendonly yes"), "{plain}");
    let limited = script("redis.maxMemory=400mb");
    assert!(limited.contains("maxmemory-policy noeviction\\nmaxmemory 400mb\\nrequirepass"), "{limited}");
}
