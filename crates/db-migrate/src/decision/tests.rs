//! The ten rows of the decision table, and what each says.

use preflight::Class;

use super::*;
use crate::graph::tests::{graph, ids};
use crate::stuck::Case;

/// `a <- b <- c`, the image of most cases.
const IMAGE: &str = "a b:a c:b";

fn database(rows: &str, tables: &str, lineage: &str) -> Database {
    let tables = tables.split_whitespace().map(str::to_owned).collect();
    Database { rows: ids(rows), tables, lineage: ids(lineage), stuck: None }
}

/// State, what the migrator does, what the waiter finds.
fn decide(image: &str, database: &Database, on_ahead: OnAhead) -> (&'static str, String, Class, Finding) {
    let graph = graph(image).unwrap();
    let state = State::of(&graph, database);
    let migrator = match state.for_migrator(&graph, &database.rows, on_ahead) {
        Action::Run(_) => "run".to_owned(),
        Action::Nothing(finding) => format!("nothing, {} warnings", finding.warnings.len()),
        Action::Refuse(finding) => format!("refuse: {}", finding.class),
    };
    let waiter = state.for_waiter(&graph, &database.rows, on_ahead, None);
    (state.word(), migrator, waiter.class, waiter)
}

fn expect(image: &str, database: &Database, on_ahead: OnAhead, expected: (&str, &str, Class)) -> Finding {
    let (state, migrator, class, waiter) = decide(image, database, on_ahead);
    assert_eq!((state, migrator.as_str(), class), expected, "{waiter}");
    waiter
}

#[test]
fn row_1_an_image_without_revisions_is_no_graph() {
    assert!(graph("").is_err());
}

#[test]
fn row_2_several_heads_are_an_error_unless_the_database_is_there() {
    let forked = "a b:a c:a";
    let never = ("several_heads", "refuse: never", Class::Never);
    expect(forked, &database("a", "", ""), OnAhead::Allow, never);
    expect(forked, &database("", "", ""), OnAhead::Allow, never);
    expect(forked, &database("b", "", ""), OnAhead::Allow, never);
    expect(
        forked,
        &database("b c", "", ""),
        OnAhead::Allow,
        ("at_head", "nothing, 0 warnings", Class::Ready),
    );
}

#[test]
fn row_3_an_empty_database_is_migrated() {
    expect(IMAGE, &database("", "", ""), OnAhead::Allow, ("empty", "run", Class::NotYet));
}

#[test]
fn row_4_tables_without_a_revision_are_left_alone() {
    let expected = ("unversioned", "refuse: never", Class::NotYet);
    let waiter = expect(IMAGE, &database("", "accounts", ""), OnAhead::Allow, expected);
    assert!(waiter.message.contains("accounts"));
}

#[test]
fn row_5_at_head_there_is_nothing_to_do() {
    let expected = ("at_head", "nothing, 0 warnings", Class::Ready);
    expect(IMAGE, &database("c", "accounts", ""), OnAhead::Fail, expected);
}

#[test]
fn row_6_behind_is_migrated() {
    let waiter =
        expect(IMAGE, &database("a", "accounts", ""), OnAhead::Fail, ("behind", "run", Class::NotYet));
    assert!(waiter.message.contains("2 revision(s) behind c"), "{waiter}");
    assert_eq!(waiter.code.as_deref(), Some("a"));
}

#[test]
fn row_7_proven_ahead_is_never_downgraded() {
    let ahead = database("x", "accounts", "a b c w");
    expect(IMAGE, &ahead, OnAhead::Allow, ("ahead", "nothing, 1 warnings", Class::Ready));
    expect(IMAGE, &ahead, OnAhead::Fail, ("ahead", "nothing, 1 warnings", Class::Never));
}

#[test]
fn row_8_an_unknown_revision_follows_the_option() {
    for lineage in ["", "a b"] {
        let unknown = database("x", "accounts", lineage);
        let waiter = expect(
            IMAGE,
            &unknown,
            OnAhead::Allow,
            ("unknown_revision", "nothing, 1 warnings", Class::Ready),
        );
        for text in ["x", "c", "roll forward", "restore"] {
            assert!(waiter.warnings[0].contains(text), "{waiter:?}");
        }
        expect(IMAGE, &unknown, OnAhead::Fail, ("unknown_revision", "refuse: never", Class::Never));
    }
}

#[test]
fn row_9_partly_known_revisions_have_diverged() {
    let expected = ("diverged", "refuse: never", Class::Never);
    expect(IMAGE, &database("b x", "accounts", "a b c"), OnAhead::Allow, expected);
}

#[test]
fn row_10_a_half_applied_revision_is_named_with_its_repair() {
    let image = "2adcbe1f5dfb 4474872b0ee6:2adcbe1f5dfb";
    let mut database = database("2adcbe1f5dfb", "accounts", "");
    let graph = graph(image).unwrap();
    database.stuck = Case::possible(&graph, &database.rows);
    let waiter = expect(image, &database, OnAhead::Allow, ("stuck", "refuse: suspect", Class::NotYet));
    assert!(waiter.hint.unwrap().contains("DROP INDEX workflow_node_executions_tenant_id_idx"));
    // While somebody migrates, it is only on its way.
    let waiting =
        State::of(&graph, &database).for_waiter(&graph, &database.rows, OnAhead::Allow, Some("pid 1"));
    assert_eq!(waiting.code.as_deref(), Some("2adcbe1f5dfb"));
}

#[test]
fn a_stuck_case_needs_its_revisions() {
    let graph = graph(IMAGE).unwrap();
    assert_eq!(Case::possible(&graph, &ids("2adcbe1f5dfb")), None);
    assert_eq!(Case::possible(&graph, &Ids::new()), None);
}
