//! A Redis Cluster: its state, its slots, and every one of its masters.
//!
//! One node that answers says nothing of the others: it goes on with `PONG` while the cluster is down. So the nodes that
//! are configured are asked for the state and the table of slots, then every master that the table names has to be
//! reachable from here, under the address that it announces, and to take a write in one of its own slots.

use futures_util::future::join_all;
use preflight::{Address, Class, Finding, Hop, net};
use redis::Value;

use crate::connection::text;
use crate::endpoint::{Endpoint, Usage};
use crate::information::{Information, complaints, product};
use crate::open::Session;
use crate::proof;
use crate::server::Server;

/// All slots of a cluster.
const SLOTS: u32 = 16_384;
/// Names that are tried until each master has one of its own: with a hundred masters the last still finds one.
const NAMES: u32 = 2_000;

/// A master, the slots that it serves, and who follows it.
#[derive(Debug, PartialEq, Eq)]
struct Shard {
    master: Address,
    slots: Vec<(u32, u32)>,
    replicas: Vec<Address>,
}

/// What a node says of its cluster.
struct View {
    session: Session,
    shards: Vec<Shard>,
    is_up: bool,
    served: u32,
}

/// Asks all that can be asked.
pub(crate) async fn prove(endpoint: &Endpoint, nodes: &[Address]) -> Result<Finding, Finding> {
    let mut warnings = endpoint.warnings.clone();
    let (mut views, faults) = views(endpoint, nodes).await;
    let Some(mut view) = views.pop() else { return Err(nobody(endpoint, faults)) };
    warnings.extend(faults.into_iter().map(|fault| fault.message));
    let stranger = views.iter().find(|other| !related(&view.shards, &other.shards));
    if let Some(other) = stranger {
        let [one, other] = [&view, other].map(|view| &view.session.server.address);
        return Err(Finding::suspect(Hop::Config, format!("{one} and {other} belong to different clusters"))
            .hint(format!("check {}", endpoint.keys.address)));
    }
    is_whole(&view)?;
    let mut masters = masters(endpoint, &view.shards).await?;
    write(&mut view, &mut masters, endpoint).await?;
    for master in &mut masters {
        proof::be_master(master, Ok(()), &mut warnings).await?;
    }
    warnings.extend(silent_replicas(&view.shards).await);
    let information = Information::of(&mut view.session, &mut warnings).await?;
    proof::judge_version(&view.session, &information, endpoint, &mut warnings)?;
    warnings.extend(complaints(&information, &view.session, endpoint));
    let what = match endpoint.usage {
        Usage::Channels { .. } => "takes messages",
        _ => "takes writes in every shard",
    };
    let replicas: usize = view.shards.iter().map(|shard| shard.replicas.len()).sum();
    let version = product(&information, &view.session);
    let ready = Finding::ready(format!(
        "the cluster of {} {what} ({version}{} masters, {replicas} replicas, {SLOTS} slots)",
        view.session.server.address,
        masters.len(),
    ));
    Ok(Finding { warnings, ..ready })
}

/// Asks every node that is configured, side by side.
async fn views(endpoint: &Endpoint, nodes: &[Address]) -> (Vec<View>, Vec<Finding>) {
    let asked = join_all(nodes.iter().map(|node| view(endpoint, node))).await;
    let (mut views, mut faults) = (Vec::new(), Vec::new());
    for answer in asked {
        match answer {
            Ok(view) => views.push(view),
            Err(finding) => faults.push(finding),
        }
    }
    (views, faults)
}

async fn view(endpoint: &Endpoint, node: &Address) -> Result<View, Finding> {
    let mut session = Session::open(Server::node(endpoint, node), endpoint.usage.needs_hello()).await?;
    let info = session.ask(redis::cmd("CLUSTER").arg("INFO")).await?;
    let info = text(&info).unwrap_or_default();
    let value = |name: &str| {
        info.lines().find_map(|line| line.trim_end().strip_prefix(name)?.strip_prefix(':').map(str::to_owned))
    };
    let (state, served) = (value("cluster_state"), value("cluster_slots_ok"));
    let slots = session.ask(redis::cmd("CLUSTER").arg("SLOTS")).await?;
    Ok(View {
        shards: shards(&slots, node),
        is_up: state.as_deref() == Some("ok"),
        served: served.and_then(|count| count.parse().ok()).unwrap_or(0),
        session,
    })
}

/// The table of slots by master. A node that does not know its own address leaves it out: it is the one that was asked.
fn shards(reply: &Value, asked: &Address) -> Vec<Shard> {
    let list = |value: &Value| match value {
        Value::Array(items) => items.clone(),
        _ => Vec::new(),
    };
    let number = |value: Option<&Value>| value.and_then(text).and_then(|text| text.parse::<u32>().ok());
    let address = |node: &Value| {
        let node = list(node);
        let port = number(node.get(1)).and_then(|port| u16::try_from(port).ok())?;
        let host = node.first().and_then(text).filter(|host| !host.is_empty() && host != "?");
        Some(Address::new(host.unwrap_or_else(|| asked.host.clone()), port))
    };
    let mut shards: Vec<Shard> = Vec::new();
    for range in list(reply) {
        let range = list(&range);
        let (Some(first), Some(end)) = (number(range.first()), number(range.get(1))) else { continue };
        let mut nodes = range.iter().skip(2).filter_map(address);
        let Some(master) = nodes.next() else { continue };
        let replicas: Vec<Address> = nodes.collect();
        match shards.iter_mut().find(|shard| shard.master == master) {
            Some(shard) => shard.slots.push((first, end)),
            None => shards.push(Shard { master, slots: vec![(first, end)], replicas }),
        }
    }
    shards
}

/// Whether two tables are of one cluster: one of them may be older, but they have nodes in common.
fn related(one: &[Shard], other: &[Shard]) -> bool {
    let nodes = |shards: &[Shard]| -> Vec<Address> {
        shards
            .iter()
            .flat_map(|shard| std::iter::once(&shard.master).chain(&shard.replicas))
            .cloned()
            .collect()
    };
    let (one, other) = (nodes(one), nodes(other));
    one.is_empty() || other.is_empty() || one.iter().any(|node| other.contains(node))
}

/// The first that says more than "not there".
fn nobody(endpoint: &Endpoint, faults: Vec<Finding>) -> Finding {
    let telling = faults.iter().position(|fault| fault.class != Class::NotYet).unwrap_or(0);
    let key = endpoint.keys.address;
    faults.into_iter().nth(telling).unwrap_or_else(|| {
        Finding::suspect(Hop::Config, "no node of the cluster is known").hint(format!("set {key}"))
    })
}

fn is_whole(view: &View) -> Result<(), Finding> {
    let address = &view.session.server.address;
    let down = |message: String| Finding::not_yet(Hop::State, message).code("CLUSTERDOWN");
    if view.is_up && view.served == SLOTS {
        return Ok(());
    }
    if view.shards.is_empty() {
        return Err(down(format!("{address} is in cluster mode, but no slots are assigned yet"))
            .hint("the nodes have not been joined to a cluster: redis-cli --cluster create"));
    }
    let served = view.served;
    let message = if view.is_up {
        format!("the cluster of {address} serves {served} of {SLOTS} slots alone")
    } else {
        format!("the cluster of {address} is down: {served} of {SLOTS} slots are served")
    };
    Err(down(message).hint(
        "a failover is under way, or a master and all of its replicas are gone: look at CLUSTER NODES, and mend it with redis-cli --cluster fix",
    ))
}

/// A session with every master, under the address that the cluster announces.
async fn masters(endpoint: &Endpoint, shards: &[Shard]) -> Result<Vec<Session>, Finding> {
    let open = |shard: &Shard| {
        let server = Server::node(endpoint, &shard.master);
        async move { Session::open(server, endpoint.usage.needs_hello()).await }
    };
    let opened = join_all(shards.iter().map(open)).await;
    opened.into_iter().map(|session| session.map_err(announced)).collect()
}

/// A master that cannot be reached although its cluster is up is reachable for its fellows.
fn announced(finding: Finding) -> Finding {
    if matches!(finding.hop, Hop::Dns | Hop::Tcp) {
        return finding.hint(
            "the cluster announces this address: every node must be reachable from here, see cluster-announce-ip and cluster-announce-hostname",
        );
    }
    finding
}

/// One write, or one message, at every master. Which slot a name belongs to, the server tells.
async fn write(view: &mut View, masters: &mut [Session], endpoint: &Endpoint) -> Result<(), Finding> {
    // An ordinary channel is one for the whole cluster.
    let everywhere = !matches!(endpoint.usage, Usage::Channels { sharded: false, .. });
    let needed = if everywhere { masters.len() } else { 1 };
    let mut open: Vec<usize> = (0..masters.len()).collect();
    for _ in 0..NAMES {
        if masters.len() - open.len() >= needed {
            return Ok(());
        }
        let name = proof::scratch(endpoint.usage.prefix());
        let slot = view.session.ask(redis::cmd("CLUSTER").arg("KEYSLOT").arg(&name)).await?;
        let Some(slot) = text(&slot).and_then(|slot| slot.parse::<u32>().ok()) else { continue };
        let owns = |shard: &Shard| shard.slots.iter().any(|(first, last)| (*first..=*last).contains(&slot));
        let Some(owner) = view.shards.iter().position(owns) else { continue };
        if let Some(position) = open.iter().position(|shard| *shard == owner) {
            proof::write(&mut masters[owner], &endpoint.usage, &name).await?;
            open.remove(position);
        }
    }
    let left = open.first().map(|shard| view.shards[*shard].master.to_string()).unwrap_or_default();
    Err(Finding::not_yet(Hop::State, format!("no name was found in the few slots of cluster node {left}"))
        .hint("it serves very few slots: rebalance the cluster with redis-cli --cluster rebalance"))
}

/// Replicas that do not answer cost nothing today, and a failover tomorrow.
async fn silent_replicas(shards: &[Shard]) -> Vec<String> {
    let replicas = shards.iter().flat_map(|shard| &shard.replicas);
    let asked = join_all(replicas.map(|replica| async move {
        net::connect(replica)
            .await
            .err()
            .map(|finding| format!("a replica of the cluster: {}", finding.message))
    }));
    asked.await.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(host: &str, port: i64) -> Value {
        Value::Array(vec![
            Value::BulkString(host.as_bytes().to_vec()),
            Value::Int(port),
            Value::BulkString(b"id".to_vec()),
        ])
    }

    fn range(first: i64, last: i64, nodes: &[Value]) -> Value {
        let mut range = vec![Value::Int(first), Value::Int(last)];
        range.extend_from_slice(nodes);
        Value::Array(range)
    }

    #[test]
    fn ranges_are_gathered_by_master_and_an_empty_host_is_the_one_that_was_asked() {
        let reply = Value::Array(vec![
            range(0, 99, &[node("a", 1), node("b", 2)]),
            range(100, 199, &[node("", 7)]),
            range(200, 16_383, &[node("a", 1), node("b", 2)]),
            Value::Nil,
        ]);
        let shards = shards(&reply, &Address::new("asked", 6379));
        assert_eq!(shards.len(), 2);
        assert_eq!(shards[0].slots, [(0, 99), (200, 16_383)]);
        assert_eq!(shards[0].replicas, [Address::new("b", 2)]);
        assert_eq!(shards[1].master, Address::new("asked", 7));
    }

    #[test]
    fn tables_without_a_node_in_common_are_of_two_clusters() {
        let table =
            |host: &str| shards(&Value::Array(vec![range(0, 1, &[node(host, 1)])]), &Address::new("x", 1));
        assert!(related(&table("a"), &table("a")));
        assert!(!related(&table("a"), &table("b")));
        assert!(related(&table("a"), &[]));
    }
}
