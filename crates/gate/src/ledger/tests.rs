use std::ffi::OsString;

use proptest::prelude::*;

use super::*;
use crate::command::find;

fn ledger(command: &str) -> Ledger {
    let words: Vec<OsString> = command.split(' ').map(OsString::from).collect();
    Ledger::new(&find(&words, "/bin").unwrap())
}

fn line(event: &str, check: &str, class: &str, exit: Option<u8>) -> Line {
    let exit = exit.map(|code| format!(r#","exit":{code}"#)).unwrap_or_default();
    let text = format!(
        r#"{{"schema":1,"time":"","tool":"sh","event":"{event}","check":"{check}","target":"host:1",
            "finding":{{"class":"{class}","hop":"auth","code":"X","message":"m"}},"elapsed_ms":5{exit}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn exited(code: i32) -> ExitStatus {
    ExitStatus::from_raw(code << 8)
}

fn exit(ledger: Ledger) -> Exit {
    preflight::wait::exit_of(&ledger.outcomes())
}

#[test]
fn results_become_outcomes_under_the_name_of_the_tool() {
    let mut ledger = ledger("sh wait");
    ledger.note(&line("change", "app", "suspect", None));
    ledger.note(&line("result", "app", "ready", Some(0)));
    ledger.note_end(Ok(exited(0)));
    let outcomes = ledger.outcomes();
    assert_eq!(outcomes.len(), 1);
    assert_eq!((outcomes[0].check.as_str(), outcomes[0].exit), ("sh app", Exit::Ready));
    assert_eq!(outcomes[0].target, "host:1");
}

#[test]
fn a_command_that_checks_nothing_needs_only_to_end_well() {
    let mut good = ledger("sh install /x");
    good.note_end(Ok(exited(0)));
    assert_eq!(exit(good), Exit::Ready);
    let mut bad = ledger("sh install /x");
    bad.note_end(Ok(exited(3)));
    assert_eq!(exit(bad), Exit::Internal);
}

#[test]
fn a_check_without_a_result_is_never_ready() {
    let mut silent = ledger("sh wait");
    silent.note_end(Ok(exited(0)));
    assert_eq!(exit(silent), Exit::Internal);

    let mut half = ledger("sh wait");
    half.note(&line("result", "app", "ready", Some(0)));
    half.note(&line("change", "broker", "not_yet", None));
    half.note_end(Ok(exited(0)));
    assert_eq!(exit(half), Exit::Internal);
}

#[test]
fn a_good_result_before_a_bad_end_is_not_believed() {
    for code in [1, 69, 75, 143] {
        let mut ledger = ledger("sh wait");
        ledger.note(&line("result", "", "ready", Some(0)));
        ledger.note_end(Ok(exited(code)));
        assert_eq!(exit(ledger), Exit::Internal, "{code}");
    }
}

#[test]
fn noise_is_never_ready() {
    let mut ledger = ledger("sh install");
    ledger.note_noise();
    ledger.note_end(Ok(exited(0)));
    assert_eq!(exit(ledger), Exit::Internal);
}

#[test]
fn a_signal_is_named() {
    let mut ledger = ledger("sh wait");
    ledger.note_end(Ok(ExitStatus::from_raw(9)));
    assert!(ledger.is_hopeless());
    let outcome = ledger.outcomes().remove(0);
    assert_eq!((outcome.finding.code.as_deref(), outcome.exit), (Some("SIGKILL"), Exit::Internal));
}

#[test]
fn what_was_said_last_is_kept_when_we_stop_it() {
    let mut ledger = ledger("sh wait");
    ledger.note(&line("change", "app", "not_yet", None));
    ledger.note_stop(Stop::Hopeless);
    ledger.note_end(Ok(exited(143)));
    assert!(!ledger.is_hopeless());
    let outcomes = ledger.outcomes();
    assert_eq!(outcomes.len(), 1);
    assert_eq!((outcomes[0].finding.message.as_str(), outcomes[0].exit), ("m", Exit::Deadline));
}

#[test]
fn a_deadline_is_no_reason_to_stop_the_others() {
    for (code, hopeless) in [(0, false), (75, false), (69, true), (2, true), (1, true)] {
        let mut ledger = ledger("sh wait");
        ledger.note_end(Ok(exited(code)));
        assert_eq!(ledger.is_hopeless(), hopeless, "{code}");
    }
}

/// Class and exit code of one line each, and whether it is a result.
fn lines() -> impl Strategy<Value = Vec<(usize, &'static str, &'static str, u8)>> {
    let classes = proptest::sample::select(vec!["ready", "not_yet", "suspect", "never"]);
    let events = proptest::sample::select(vec!["change", "heartbeat", "result"]);
    let exits = proptest::sample::select(vec![0_u8, 1, 2, 69, 75, 143]);
    proptest::collection::vec((0_usize..3, classes, events, exits), 0..8)
}

proptest! {
    /// Whatever is said in whatever order: all is ready only if it ended with 0 and each check said so last.
    #[test]
    fn nothing_is_ready_that_did_not_say_so(lines in lines(), code in 0_u8..4, noise in any::<bool>()) {
        let mut ledger = ledger("sh wait");
        let mut last = [None; 3];
        for (check, class, event, exit) in &lines {
            let exit = (*event == "result").then_some(*exit);
            ledger.note(&line(event, ["a", "b", "c"][*check], class, exit));
            last[*check] = Some(exit == Some(0) && *class == "ready");
        }
        if noise {
            ledger.note_noise();
        }
        ledger.note_end(Ok(exited(i32::from(code))));
        let said = last.iter().flatten();
        let good = !lines.is_empty() && said.copied().all(|ready| ready) && code == 0 && !noise;
        prop_assert_eq!(exit(ledger) == Exit::Ready, good);
    }

    #[test]
    fn no_line_breaks_it(bytes in proptest::collection::vec(any::<u8>(), 0..200), code in any::<u8>()) {
        let lines = bytes.iter().any(|byte| *byte != b'\n');
        prop_assert!(!lines || read(&bytes, code) != Exit::Ready);
    }
}
