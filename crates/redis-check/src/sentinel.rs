//! Which server is the master, by a majority of the Sentinels.
//!
//! Sentinels go on naming a dead master for a while, and one that is cut off names an old one for ever. So all are
//! asked at once, answers about a master that its Sentinel holds for dead do not count, and what a majority agrees on
//! still has to prove that it is a master (`proof`).

use futures_util::future::join_all;
use preflight::{Address, Class, Finding, Hop};
use redis::Value;

use crate::connection::{field, text};
use crate::endpoint::{Endpoint, Sentinels};
use crate::open::Session;
use crate::refusal;
use crate::server::Server;

/// What the Sentinels agree on.
#[derive(Debug)]
pub(crate) struct Vote {
    pub(crate) master: Address,
    /// What some of them had to say against it.
    pub(crate) warnings: Vec<String>,
}

/// What one Sentinel says.
#[derive(Clone, Debug)]
enum Answer {
    /// The master is there; what is wrong with the Sentinel itself, if anything.
    Master(Address, Option<String>),
    /// It names a master that it cannot reach itself.
    Down(Address, String),
    /// It does not know the name.
    Unknown,
    /// It could not be asked.
    Fault(Finding),
}

/// Asks all Sentinels at once.
pub(crate) async fn find_master(endpoint: &Endpoint, sentinels: &Sentinels) -> Result<Vote, Finding> {
    let answers = join_all(sentinels.addresses.iter().map(|address| async move {
        let server = Server::sentinel(endpoint, sentinels, address);
        (address.clone(), ask(server, &sentinels.service).await)
    }));
    count(&answers.await, sentinels)
}

async fn ask(server: Server, service: &str) -> Answer {
    let reply = async {
        let mut session = Session::open(server, false).await?;
        let answer = match session.try_ask(redis::cmd("SENTINEL").arg("MASTER").arg(service)).await? {
            Err(refusal) if refusal.text.contains("No such master") => Answer::Unknown,
            Err(refusal) => return Err(refusal::finding(&refusal, "SENTINEL", &session.server)),
            Ok(reply) => read(&reply),
        };
        Ok(match answer {
            Answer::Master(master, _) => Answer::Master(master, impediment(&mut session, service).await?),
            other => other,
        })
    };
    match reply.await {
        Ok(answer) => answer,
        Err(finding) => Answer::Fault(finding),
    }
}

/// What keeps a Sentinel from acting when the master dies. Dify works all the same, until that day.
async fn impediment(session: &mut Session, service: &str) -> Result<Option<String>, Finding> {
    let quorum = session.try_ask(redis::cmd("SENTINEL").arg("CKQUORUM").arg(service)).await?;
    if let Err(refusal) = quorum
        && refusal.code == "NOQUORUM"
    {
        return Ok(Some(format!("could not replace the master: NOQUORUM {}", refusal.text)));
    }
    let info = session.try_ask(redis::cmd("INFO").arg("sentinel")).await?;
    let tilt = info.ok().and_then(|info| text(&info)).is_some_and(|info| info.contains("sentinel_tilt:1"));
    Ok(tilt
        .then(|| "is in TILT mode: it saw a jump of the clock, and acts on nothing for a while".to_owned()))
}

fn read(reply: &Value) -> Answer {
    let port = field(reply, "port").and_then(|port| port.parse().ok());
    let (Some(host), Some(port)) = (field(reply, "ip"), port) else { return Answer::Unknown };
    let address = Address::new(host, port);
    let flags = field(reply, "flags").unwrap_or_default();
    let down: Vec<_> =
        flags.split(',').filter(|flag| matches!(*flag, "s_down" | "o_down" | "disconnected")).collect();
    if down.is_empty() { Answer::Master(address, None) } else { Answer::Down(address, down.join(",")) }
}

fn count(answers: &[(Address, Answer)], sentinels: &Sentinels) -> Result<Vote, Finding> {
    let needed = answers.len() / 2 + 1;
    let votes = |master: &Address| {
        answers
            .iter()
            .filter(|(_, answer)| matches!(answer, Answer::Master(named, _) if named == master))
            .count()
    };
    let best = answers
        .iter()
        .filter_map(|(_, answer)| if let Answer::Master(master, _) = answer { Some(master) } else { None })
        .max_by_key(|master| votes(master));
    if let Some(master) = best
        && votes(master) >= needed
    {
        let against = |answer: &Answer| !matches!(answer, Answer::Master(named, _) if named == master);
        let impeded = |(at, answer): &(Address, Answer)| match answer {
            Answer::Master(_, Some(what)) => Some(format!("Sentinel {at} {what}")),
            answer if against(answer) => Some(complaint(at, answer)),
            _ => None,
        };
        let warnings = answers.iter().filter_map(impeded).collect();
        return Ok(Vote { master: master.clone(), warnings });
    }
    Err(no_majority(answers, sentinels, needed))
}

fn no_majority(answers: &[(Address, Answer)], sentinels: &Sentinels, needed: usize) -> Finding {
    let service = &sentinels.service;
    // A Sentinel that turns us away, or is none, says most about what to change.
    let faults = || {
        answers
            .iter()
            .filter_map(|(_, answer)| if let Answer::Fault(fault) = answer { Some(fault) } else { None })
    };
    if let Some(fault) = faults().find(|fault| fault.class != Class::NotYet) {
        return fault.clone();
    }
    if answers.iter().filter(|(_, answer)| matches!(answer, Answer::Unknown)).count() >= needed {
        return Finding::suspect(Hop::Config, format!("the Sentinels know no master named {service:?}"))
            .hint(format!("check {}", sentinels.service_key));
    }
    let each: Vec<_> = answers.iter().map(|(at, answer)| complaint(at, answer)).collect();
    if faults().count() == answers.len() {
        let hop = faults().map(|fault| fault.hop).next().unwrap_or(Hop::Tcp);
        let code = faults().find_map(|fault| fault.code.clone());
        let finding = Finding::not_yet(hop, format!("no Sentinel answers: {}", each.join("; ")))
            .hint(format!("check {}", sentinels.addresses_key));
        return match code {
            Some(code) => finding.code(code),
            None => finding,
        };
    }
    let message = format!(
        "{needed} of {} Sentinels do not agree on a living master {service:?}: {}",
        answers.len(),
        each.join("; ")
    );
    let finding = Finding::not_yet(Hop::Proxy, message);
    if answers.iter().any(|(_, answer)| matches!(answer, Answer::Down(..))) {
        return finding.code("s_down").hint(
            "the master is down and a failover has not happened yet, or the Sentinels have a wrong auth-pass for it",
        );
    }
    finding.code("NOQUORUM").hint("a Sentinel is missing or has just started")
}

fn complaint(at: &Address, answer: &Answer) -> String {
    match answer {
        Answer::Master(master, _) => format!("Sentinel {at} names {master}"),
        Answer::Down(master, flags) => format!("Sentinel {at} holds {master} for dead ({flags})"),
        Answer::Unknown => format!("Sentinel {at} does not know the master"),
        Answer::Fault(finding) => match &finding.code {
            Some(code) => format!("{} ({code})", finding.message),
            None => finding.message.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Login;

    fn sentinels() -> Sentinels {
        Sentinels {
            addresses: Vec::new(),
            service: "mymaster".to_owned(),
            login: Login {
                user: None,
                password: None,
                user_key: "REDIS_SENTINEL_USERNAME",
                password_key: "REDIS_SENTINEL_PASSWORD",
            },
            tls: None,
            addresses_key: "REDIS_SENTINELS",
            service_key: "REDIS_SENTINEL_SERVICE_NAME",
        }
    }

    fn result(answers: Vec<Answer>) -> Result<Vote, Finding> {
        let answers: Vec<_> =
            answers.into_iter().map(|answer| (Address::new("sentinel", 26379), answer)).collect();
        count(&answers, &sentinels())
    }

    fn master(port: u16) -> Answer {
        Answer::Master(Address::new("10.0.0.1", port), None)
    }

    fn down(port: u16) -> Answer {
        Answer::Down(Address::new("10.0.0.1", port), "s_down".to_owned())
    }

    #[test]
    fn a_majority_decides_and_the_minority_is_told() {
        let vote = result(vec![master(1), master(2), master(2)]).unwrap();
        assert_eq!(vote.master.port, 2);
        assert_eq!(vote.warnings.len(), 1);
    }

    #[test]
    fn a_master_that_is_held_for_dead_gets_no_vote() {
        let finding = result(vec![down(1), down(1), master(1)]).unwrap_err();
        assert_eq!((finding.class, finding.code.as_deref()), (Class::NotYet, Some("s_down")));
    }

    #[test]
    fn one_of_three_is_no_majority() {
        let gone = Answer::Fault(Finding::not_yet(Hop::Tcp, "connection refused"));
        let finding = result(vec![master(1), gone.clone(), gone]).unwrap_err();
        assert_eq!(finding.code.as_deref(), Some("NOQUORUM"));
    }

    #[test]
    fn an_unknown_name_is_a_suspect() {
        let finding = result(vec![Answer::Unknown, Answer::Unknown, Answer::Unknown]).unwrap_err();
        assert_eq!(finding.class, Class::Suspect);
        assert!(finding.hint.unwrap().contains("REDIS_SENTINEL_SERVICE_NAME"));
    }

    #[test]
    fn a_refused_password_outranks_a_missing_majority() {
        let refused = Answer::Fault(Finding::suspect(Hop::Auth, "wrong").code("WRONGPASS"));
        let finding = result(vec![master(1), refused.clone(), refused]).unwrap_err();
        assert_eq!(finding.code.as_deref(), Some("WRONGPASS"));
    }
}
