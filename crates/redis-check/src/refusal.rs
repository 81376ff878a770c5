//! The one table of what a server's refusal means.

use preflight::{Finding, Hop};

use crate::connection::{Fault, Refusal};
use crate::server::{Part, Server};

/// What the reply of `server` to `command` means.
pub(crate) fn finding(refusal: &Refusal, command: &str, server: &Server) -> Finding {
    let who = server.who();
    let found = match refusal.code.as_str() {
        "LOADING" => late(format!("{who} is loading its dataset into memory")),
        "MASTERDOWN" => late(format!("{who} is a replica that has lost its master")),
        "BUSY" | "UNKILLABLE" => {
            late(format!("{who} is busy running a script")).hint("it ends by itself or with SCRIPT KILL")
        }
        "TRYAGAIN" => late(format!("{who} asks to try again")),
        "NOREPLICAS" => late(format!("{who} takes no writes because too few replicas follow it"))
            .hint("check min-replicas-to-write and the replicas"),
        "CLUSTERDOWN" if server.part == Part::Node => late(format!("{who} says that the cluster is down"))
            .hint("a failover is under way, or masters are missing: look at CLUSTER INFO and CLUSTER NODES there"),
        "MOVED" | "ASK" if server.part == Part::Node => {
            late(format!("{who} has handed its slots to another node")).hint("slots are being moved")
        }
        "CLUSTERDOWN" | "MOVED" | "ASK" | "CROSSSLOT" => cluster(server),
        "NOAUTH" => Finding::suspect(Hop::Auth, format!("{who} wants a password, and none is set"))
            .hint(format!("set {}", server.login.password_key)),
        "WRONGPASS" => wrong_password(server),
        "NOPERM" => not_permitted(refusal, command, server),
        "READONLY" => read_only(server, &Following::default()),
        "OOM" => {
            Finding::suspect(Hop::State, format!("{who} has used all of its maxmemory and takes no writes"))
                .hint("raise maxmemory, or find what fills it")
        }
        "MISCONF" => {
            Finding::suspect(Hop::State, format!("{who} cannot save to its disk and takes no writes"))
                .hint("check the disk of that server and its log")
        }
        "DENIED" => Finding::suspect(
            Hop::Auth,
            format!("{who} is in protected mode: it has no password and turns strangers away"),
        )
        .hint(format!("give the server a password and set {}", server.login.password_key)),
        _ => by_text(refusal, command, server),
    };
    found.code(&refusal.code)
}

/// Error replies that share the code `ERR`.
fn by_text(refusal: &Refusal, command: &str, server: &Server) -> Finding {
    let who = server.who();
    let text = refusal.text.as_str();
    let login = &server.login;
    if text.contains("max number of clients") {
        return late(format!("{who} has reached its maxclients limit"))
            .hint("raise maxclients, or find who holds the connections");
    }
    if text.contains("without any password configured") || text.contains("no password is set") {
        return Finding::never(Hop::Auth, format!("{who} has no password, but one is sent"))
            .hint(format!("unset {}, or give the server that password", login.password_key));
    }
    if text.contains("invalid password") {
        return wrong_password(server);
    }
    if command == "AUTH" && text.contains("wrong number of arguments") {
        return too_old(server, "it knows no user names").hint(format!("unset {}", login.user_key));
    }
    if command == "HELLO" && text.contains("unknown command") {
        return too_old(server, "it does not know HELLO");
    }
    if text.contains("DB index is out of range") {
        return Finding::never(Hop::Config, format!("{who} has no database with that number"))
            .hint(format!("check {}, or raise the server's setting databases", server.keys.database));
    }
    if text.contains("not allowed in cluster mode") {
        return cluster(server);
    }
    if text.contains("cluster support disabled") {
        return no_cluster(server);
    }
    if command == "SPUBLISH" && text.contains("unknown command") {
        return Finding::never(
            Hop::State,
            format!("{who} is older than Redis 7: it has no sharded channels"),
        )
        .hint("set EVENT_BUS_REDIS_CHANNEL_TYPE to pubsub or streams, or use Redis 7 or newer");
    }
    if text.contains("unknown command") && server.part == Part::Sentinel {
        return Finding::suspect(Hop::State, format!("{} is a Redis, not a Sentinel", server.address))
            .hint(format!("check {}: Sentinels listen on port 26379", server.keys.address));
    }
    Finding::suspect(Hop::State, format!("{who} refused {command}: {text}"))
}

/// A server older than what Dify's client can greet.
pub(crate) fn too_old(server: &Server, why: &str) -> Finding {
    Finding::never(Hop::State, format!("{} is older than Redis 6: {why}", server.who()))
        .hint("Dify greets with HELLO 3: use Redis 6 or newer")
}

/// A Sentinel where a Redis was expected.
pub(crate) fn is_sentinel(server: &Server) -> Finding {
    Finding::never(Hop::State, format!("{} is a Sentinel, not a Redis", server.who()))
        .hint(format!("point {} at the Redis, or use Sentinel mode", server.keys.address))
}

/// A node of a cluster where a single server was expected.
pub(crate) fn cluster(server: &Server) -> Finding {
    Finding::never(Hop::State, format!("{} is a node of a Redis Cluster", server.who()))
        .hint("Celery, the plugin daemon and the event bus need a Redis that is no cluster")
}

/// A server that stands alone where a node of a cluster was expected.
pub(crate) fn no_cluster(server: &Server) -> Finding {
    Finding::never(Hop::State, format!("{} is no node of a Redis Cluster", server.address))
        .hint(format!("check {}, or unset REDIS_USE_CLUSTERS", server.keys.address))
}

/// What a replica says of its master.
#[derive(Debug, Default)]
pub(crate) struct Following {
    /// The master's address.
    pub(crate) master: Option<String>,
    /// Whether it said that its link to the master is not up.
    pub(crate) cut_off: bool,
}

/// A replica. Behind Sentinels, or without its master, that is a failover under way; elsewhere the address is
/// probably wrong.
pub(crate) fn read_only(server: &Server, following: &Following) -> Finding {
    let of = following.master.as_ref().map(|master| format!(" of {master}")).unwrap_or_default();
    let message = format!("{} is a read-only replica{of}", server.who());
    match server.part {
        Part::Master | Part::Node => late(message).hint("a failover is under way"),
        Part::Data | Part::Sentinel if following.cut_off => late(format!("{message}, which it cannot reach"))
            .hint(format!("a failover is under way, or {} is not the master's", server.keys.address)),
        Part::Data | Part::Sentinel => Finding::suspect(Hop::State, message)
            .hint(format!("point {} at the master, or use Sentinel mode", server.keys.address)),
    }
}

/// No reply at all.
pub(crate) fn fault(fault: &Fault, command: &str, server: &Server) -> Finding {
    let who = server.who();
    match fault {
        Fault::Io(error) => server.named(preflight::net::from_io(error, &server.address)),
        Fault::TimedOut => {
            let limit = preflight::wait::seconds(crate::connection::REPLY_LIMIT);
            Finding::not_yet(
                Hop::Tcp,
                format!("{who} accepts connections but does not answer {command} within {limit}"),
            )
            .code("ETIMEDOUT")
            .hint("the server hangs or is overloaded")
        }
        Fault::NotRedis(beginning) => {
            Finding::suspect(Hop::State, format!("{who} is no Redis: it answers {beginning:?}"))
                .hint(format!("check {}", server.keys.address))
        }
    }
}

fn late(message: String) -> Finding {
    Finding::not_yet(Hop::State, message)
}

fn wrong_password(server: &Server) -> Finding {
    let (login, who) = (&server.login, server.who());
    let message = format!("{who} refuses the password of user {:?}, or knows no such user", login.user());
    let user = login.user.as_ref().map(|_| format!(" and {}", login.user_key)).unwrap_or_default();
    Finding::suspect(Hop::Auth, message).hint(format!("check {}{user}", login.password_key))
}

fn not_permitted(refusal: &Refusal, command: &str, server: &Server) -> Finding {
    let (user, who) = (server.login.user(), server.who());
    // Redis before 7 does not say which key or channel it was.
    let (what, hint) = if refusal.text.contains("key") {
        (
            format!("may not use Dify's keys ({command})"),
            "allow its keys in the ACL, for example ~*".to_owned(),
        )
    } else if refusal.text.contains("channel") {
        (
            format!("may not use Dify's channels ({command})"),
            "allow its channels in the ACL, for example &*".to_owned(),
        )
    } else {
        (format!("may not run {command}"), format!("allow it in the ACL: +{}", command.to_lowercase()))
    };
    Finding::suspect(Hop::Permission, format!("user {user:?} {what} at {who}")).hint(hint)
}

#[cfg(test)]
mod tests {
    use preflight::Address;
    use preflight::Class::{self, Never, NotYet, Suspect};

    use super::*;
    use crate::endpoint::{Keys, Login};

    fn server(part: Part) -> Server {
        Server {
            address: Address::new("redis", 6379),
            part,
            login: Login {
                user: None,
                password: None,
                user_key: "REDIS_USERNAME",
                password_key: "REDIS_PASSWORD",
            },
            tls: None,
            keys: Keys { address: "REDIS_HOST", database: "REDIS_DB", tls: "REDIS_USE_SSL" },
            service: "mymaster".to_owned(),
        }
    }

    fn of(part: Part, command: &str, reply: &str) -> Finding {
        let (code, text) = reply.split_once(' ').unwrap();
        let refusal = Refusal { code: code.to_owned(), text: text.to_owned() };
        finding(&refusal, command, &server(part))
    }

    #[test]
    fn the_servers_own_words_are_classed() {
        let cases: &[(&str, &str, Class, Hop)] = &[
            ("PING", "LOADING Redis is loading the dataset in memory", NotYet, Hop::State),
            (
                "PING",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
                NotYet,
                Hop::State,
            ),
            (
                "PING",
                "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
                NotYet,
                Hop::State,
            ),
            ("AUTH", "ERR max number of clients reached", NotYet, Hop::State),
            (
                "HELLO",
                "NOAUTH HELLO must be called with the client already authenticated, otherwise ...",
                Suspect,
                Hop::Auth,
            ),
            ("AUTH", "WRONGPASS invalid username-password pair or user is disabled.", Suspect, Hop::Auth),
            (
                "AUTH",
                "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
                Never,
                Hop::Auth,
            ),
            ("AUTH", "ERR Client sent AUTH, but no password is set", Never, Hop::Auth),
            ("AUTH", "ERR wrong number of arguments for 'auth' command", Never, Hop::State),
            ("HELLO", "ERR unknown command `HELLO`, with args beginning with: `2`, ", Never, Hop::State),
            (
                "PING",
                "NOPERM this user has no permissions to run the 'ping' command",
                Suspect,
                Hop::Permission,
            ),
            ("SELECT", "ERR DB index is out of range", Never, Hop::Config),
            ("SELECT", "ERR SELECT is not allowed in cluster mode", Never, Hop::State),
            ("SET", "MOVED 15495 127.0.0.1:21402", Never, Hop::State),
            ("SET", "OOM command not allowed when used memory > 'maxmemory'.", Suspect, Hop::State),
            ("SET", "READONLY You can't write against a read only replica.", Suspect, Hop::State),
            ("SET", "MISCONF Redis is configured to save RDB snapshots, but ...", Suspect, Hop::State),
            ("SET", "SOMETHING new", Suspect, Hop::State),
        ];
        for (command, reply, class, hop) in cases {
            let found = of(Part::Data, command, reply);
            assert_eq!((found.class, found.hop), (*class, *hop), "{reply}");
            assert_eq!(found.code.as_deref(), reply.split(' ').next());
        }
    }

    #[test]
    fn a_replica_behind_sentinels_is_a_failover() {
        let found = of(Part::Master, "SET", "READONLY You can't write against a read only replica.");
        assert_eq!(found.class, NotYet);
    }

    #[test]
    fn a_redis_that_is_asked_as_a_sentinel_is_named() {
        let found =
            of(Part::Sentinel, "SENTINEL", "ERR unknown command 'SENTINEL', with args beginning with: ...");
        assert!(found.message.contains("is a Redis, not a Sentinel"), "{found}");
    }
}
