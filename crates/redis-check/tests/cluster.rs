//! Six real nodes of a Cluster, in every state.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::{Seen, check, look};
use testbed::prove;
use testbed::redis::{Cluster, Redis, RedisPlan, until};

const PASSWORD: &str = "cluster-pw";

fn at(nodes: &str, more: &[(&str, &str)]) -> Seen {
    let mut variables = vec![("REDIS_USE_CLUSTERS", "true"), ("REDIS_CLUSTERS", nodes)];
    variables.extend_from_slice(more);
    check(&variables)
}

fn of(cluster: &Cluster, more: &[(&str, &str)]) -> Seen {
    let mut variables = vec![("REDIS_CLUSTERS_PASSWORD", PASSWORD)];
    variables.extend_from_slice(more);
    at(&cluster.addresses(), &variables)
}

#[test]
fn a_whole_cluster() {
    let cluster = Cluster::start(PASSWORD);
    let keys =
        |cluster: &Cluster| -> Vec<String> { (0..6).map(|node| cluster.ask(node, &["DBSIZE"])).collect() };
    prove!("cluster/ready", &of(&cluster, &[]));
    assert_eq!(keys(&cluster), [":0"; 6], "a scratch key was left");
    prove!("cluster/wrong-password", &at(&cluster.addresses(), &[("REDIS_CLUSTERS_PASSWORD", "wrong")]));
    prove!("cluster/password-missing", &at(&cluster.addresses(), &[]));
    prove!("cluster/wrong-variable", &at(&cluster.addresses(), &[("REDIS_PASSWORD", PASSWORD)]));
    let ignored = [("REDIS_USE_SSL", "true"), ("REDIS_USERNAME", "somebody"), ("REDIS_DB", "3")];
    let seen = of(&cluster, &ignored);
    prove!("cluster/ignored", &seen);
    assert_eq!(seen.warnings.iter().filter(|warning| warning.starts_with("Dify ignores")).count(), 3);
    // A node knows all the others.
    let one = format!("127.0.0.1:{}", cluster.nodes[0].port());
    prove!("cluster/ready", &at(&one, &[("REDIS_CLUSTERS_PASSWORD", PASSWORD)]));
    prove!("redis/is-cluster-node", &check(&[("REDIS_PORT", &one[10..]), ("REDIS_PASSWORD", PASSWORD)]));
    let daemon = [
        ("REDIS_USE_CLUSTERS", "true"),
        ("REDIS_HOST", "127.0.0.1"),
        ("REDIS_PORT", &one[10..]),
        ("REDIS_PASSWORD", PASSWORD),
    ];
    prove!("daemon/cluster", &look(&["check", "--target", "daemon"], &daemon));
    // The event bus needs one node too, and its channels alone.
    let bus = format!("redis://:{PASSWORD}@{one}");
    let sharded = [
        ("EVENT_BUS_REDIS_URL", bus.as_str()),
        ("EVENT_BUS_REDIS_USE_CLUSTERS", "true"),
        ("EVENT_BUS_REDIS_CHANNEL_TYPE", "sharded"),
    ];
    let target = ["check", "--target", "event-bus"];
    prove!("cluster/event-bus", &look(&target, &sharded));
    prove!("cluster/event-bus", &look(&target, &sharded[..2]));
    for node in 0..6 {
        let rights = ["ACL", "SETUSER", "default", "-@write"];
        assert_eq!(cluster.ask(node, &rights), "+OK");
    }
    prove!("cluster/acl", &of(&cluster, &[]));
}

#[test]
fn a_cluster_that_loses_its_nodes() {
    let mut cluster = Cluster::start(PASSWORD);
    let master = cluster.masters()[0];
    let replica = cluster.replicas_of(master)[0];
    cluster.nodes[replica].process.kill();
    let seen = of(&cluster, &[]);
    prove!("cluster/replica-gone", &seen);
    prove!("cluster/start-node-gone", &seen);
    cluster.nodes[master].process.kill();
    let other = cluster_survivor(&cluster, &[master, replica]);
    until(|| cluster.ask(other, &["CLUSTER", "INFO"]).contains("cluster_state:fail"));
    prove!("cluster/slots-lost", &of(&cluster, &[]));
    // The others may be told to go on alone.
    for node in (0..6).filter(|node| ![master, replica].contains(node)) {
        let settings = ["CONFIG", "SET", "cluster-require-full-coverage", "no"];
        assert_eq!(cluster.ask(node, &settings), "+OK");
    }
    let up = |node: usize| cluster.ask(node, &["CLUSTER", "INFO"]).contains("cluster_state:ok");
    until(|| (0..6).filter(|node| ![master, replica].contains(node)).all(up));
    prove!("cluster/part-of-slots", &of(&cluster, &[]));
}

fn cluster_survivor(cluster: &Cluster, gone: &[usize]) -> usize {
    (0..cluster.nodes.len()).find(|node| !gone.contains(node)).unwrap()
}

/// One node that serves every slot is a cluster too.
fn alone(plan: RedisPlan) -> Redis {
    let node = plan.node().start();
    assert_eq!(node.ask(&[&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]]), "+OK");
    until(|| node.ask(&[&["CLUSTER", "INFO"]]).contains("cluster_state:ok"));
    node
}

#[test]
fn what_is_no_cluster_or_not_this_one() {
    let nodes = RedisPlan::new().node().start();
    prove!("cluster/not-made", &at(&format!("127.0.0.1:{}", nodes.port()), &[]));
    let redis = Redis::start();
    prove!("cluster/no-cluster", &at(&format!("127.0.0.1:{}", redis.port()), &[]));
    let dead = testbed::free_port();
    prove!("cluster/nobody", &at(&format!("127.0.0.1:{dead}"), &[]));
    let (one, other) = (alone(RedisPlan::new()), alone(RedisPlan::new()));
    let both = format!("127.0.0.1:{},127.0.0.1:{}", one.port(), other.port());
    prove!("cluster/two-clusters", &at(&both, &[]));
    at(&format!("127.0.0.1:{}", one.port()), &[]).expect_ready(&["1 masters, 0 replicas"]);
}

#[test]
fn an_announced_address_that_leads_nowhere() {
    let node = alone(RedisPlan::new().set("cluster-announce-port", testbed::free_port()));
    prove!("cluster/unreachable-node", &at(&format!("127.0.0.1:{}", node.port()), &[]));
}

#[test]
fn what_dify_cannot_do_with_a_cluster() {
    let cluster = ("REDIS_USE_CLUSTERS", "true");
    let nodes = ("REDIS_CLUSTERS", "127.0.0.1:1");
    let broker = look(&["check", "--target", "broker"], &[cluster, nodes, ("PREFLIGHT_BROKER_DB", "1")]);
    prove!("cluster/broker", &broker);
    let bus = [("EVENT_BUS_REDIS_URL", "redis://127.0.0.1:1/2"), ("EVENT_BUS_REDIS_USE_CLUSTERS", "true")];
    prove!("cluster/event-bus-database", &look(&["check", "--target", "event-bus"], &bus));
}
