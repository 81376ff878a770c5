use std::collections::VecDeque;

use super::*;
use crate::check::ProbeFuture;

/// Answers from a list, the last answer for ever.
struct Scripted {
    name: &'static str,
    answers: VecDeque<Finding>,
}

impl Scripted {
    fn boxed(name: &'static str, answers: impl IntoIterator<Item = Finding>) -> Box<dyn Check> {
        Box::new(Self { name, answers: answers.into_iter().collect() })
    }
}

impl Check for Scripted {
    fn name(&self) -> &'static str {
        self.name
    }

    fn target(&self) -> String {
        "server:1".to_owned()
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async {
            if self.answers.len() > 1 { self.answers.pop_front() } else { self.answers.front().cloned() }
                .unwrap_or_else(|| Finding::ready("nothing scripted"))
        })
    }
}

/// Accepts and never answers.
struct Hanging;

impl Check for Hanging {
    fn name(&self) -> &'static str {
        "hanging"
    }

    fn target(&self) -> String {
        "server:1".to_owned()
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(std::future::pending())
    }
}

fn refused() -> Finding {
    Finding::not_yet(Hop::Tcp, "refused").code("ECONNREFUSED")
}

fn wrong_password() -> Finding {
    Finding::suspect(Hop::Auth, "wrong password").code("WRONGPASS")
}

fn run(checks: &mut [Box<dyn Check>], deadline_ms: u64, grace_ms: u64) -> Vec<Outcome> {
    let policy =
        Policy { deadline: Duration::from_millis(deadline_ms), grace: Duration::from_millis(grace_ms) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(until_ready(checks, policy, &Reporter::silent()))
}

#[test]
fn waits_through_not_yet_and_remembers_for_what() {
    let outcomes = run(&mut [Scripted::boxed("a", [refused(), refused(), Finding::ready("fine")])], 5000, 0);
    assert_eq!(outcomes[0].exit, Exit::Ready);
    assert_eq!(outcomes[0].tries, 3);
    assert_eq!(outcomes[0].waited.as_ref().unwrap().finding.code.as_deref(), Some("ECONNREFUSED"));
}

#[test]
fn the_deadline_ends_with_the_last_real_finding() {
    let outcomes = run(&mut [Scripted::boxed("a", [refused()])], 200, 0);
    assert_eq!(outcomes[0].exit, Exit::Deadline);
    assert_eq!(outcomes[0].finding.code.as_deref(), Some("ECONNREFUSED"));
}

#[test]
fn the_deadline_holds_while_a_server_never_answers() {
    let outcomes = run(&mut [Box::new(Hanging)], 200, 0);
    assert_eq!(outcomes[0].exit, Exit::Deadline);
    assert_eq!(outcomes[0].finding.code.as_deref(), Some("ETIMEDOUT"));
}

#[test]
fn a_suspect_is_given_its_grace_and_can_recover() {
    let outcomes = run(&mut [Scripted::boxed("a", [wrong_password(), Finding::ready("fine")])], 5000, 1000);
    assert_eq!(outcomes[0].exit, Exit::Ready);
    let outcomes = run(&mut [Scripted::boxed("a", [wrong_password()])], 5000, 100);
    assert_eq!(outcomes[0].exit, Exit::Permanent);
}

#[test]
fn a_hopeless_check_ends_the_others() {
    let never = Finding::never(Hop::Config, "unknown scheme");
    let outcomes =
        run(&mut [Scripted::boxed("a", [refused()]), Scripted::boxed("b", [never])], 60_000, 60_000);
    assert_eq!(exit_of(&outcomes), Exit::Permanent);
    assert_eq!(outcomes[0].exit, Exit::Deadline);
    assert_eq!(outcomes[0].finding.code.as_deref(), Some("ECONNREFUSED"));
}

#[test]
fn times_read_as_people_write_them() {
    assert_eq!(seconds(Duration::from_millis(400)), "0.4s");
    assert_eq!(seconds(Duration::from_secs(5)), "5s");
    assert_eq!(seconds(Duration::from_secs(605)), "10m 5s");
}
