//! The ten rows of the decision table, against a real PostgreSQL.

mod common;

use common::{call, image, look, migration, result, stamp, stamped};
use testbed::postgres::Postgres;

const IMAGE: &str = "aaa bbb:aaa ccc:bbb";

/// `run` with a migration that would bring the database to the head; whether it ran is seen from the result.
fn migrate(server: &Postgres, image: &std::path::Path, more: &[&str]) -> common::Seen {
    let shell = migration(server, "ccc");
    let mut arguments = vec!["run"];
    arguments.extend(more);
    arguments.extend(["--", "sh", "-c", &shell]);
    look(server, image, &arguments)
}

fn rows(server: &Postgres) -> String {
    server.sql("dify", "SELECT string_agg(version_num, ' ' ORDER BY 1) FROM alembic_version")
}

#[test]
fn row_1_an_empty_or_missing_set_of_revisions_is_an_error() {
    let server = Postgres::start();
    stamped(&server, "ccc");
    let empty = image("");
    let missing = empty.path().join("none");
    for folder in [empty.path(), missing.as_path()] {
        for arguments in [&["check"][..], &["wait"], &["run", "--", "true"], &["status"]] {
            look(&server, folder, arguments).expect(69, "never", "config", None, &["PREFLIGHT_MIGRATIONS"]);
        }
    }
}

#[test]
fn row_2_several_heads_are_an_error_unless_the_database_is_at_them() {
    let server = Postgres::start();
    let forked = image("aaa bbb:aaa ccc:aaa");
    for arguments in [&["check"][..], &["wait"], &["run", "--", "true"]] {
        look(&server, forked.path(), arguments).expect(
            69,
            "never",
            "config",
            None,
            &["several heads (bbb, ccc)"],
        );
    }
    stamped(&server, "bbb ccc");
    look(&server, forked.path(), &["check"]).expect_ready(&["bbb, ccc"]);
    look(&server, forked.path(), &["run", "--", "false"]).expect_ready(&[]);
}

#[test]
fn row_3_an_empty_database_is_migrated() {
    let server = Postgres::start();
    let image = image(IMAGE);
    look(&server, image.path(), &["check"]).expect(
        75,
        "not_yet",
        "state",
        Some("empty"),
        &["ccc", "no migration is running"],
    );
    migrate(&server, image.path(), &[]).expect_ready(&["migrated; the schema is at ccc"]);
    look(&server, image.path(), &["wait"]).expect_ready(&["the schema is at ccc"]);
    assert_eq!(rows(&server), "ccc");
    assert_eq!(
        server.sql("dify", "SELECT revision, ancestors FROM dify_preflight_lineage"),
        "ccc|aaa bbb ccc"
    );
}

#[test]
fn row_4_tables_without_a_revision_are_left_alone() {
    let server = Postgres::start();
    let _ = server.sql("dify", "CREATE TABLE accounts (id int); CREATE TABLE tenants (id int)");
    let image = image(IMAGE);
    look(&server, image.path(), &["check"]).expect(
        75,
        "not_yet",
        "state",
        Some("unversioned"),
        &["accounts, tenants"],
    );
    migrate(&server, image.path(), &[]).expect(69, "never", "state", Some("unversioned"), &["stamp"]);
    assert_eq!(server.sql("dify", "SELECT to_regclass('alembic_version') IS NULL"), "t");
}

#[test]
fn row_5_at_head_nothing_is_run() {
    let server = Postgres::start();
    stamped(&server, "ccc");
    let image = image(IMAGE);
    look(&server, image.path(), &["check", "--on-ahead", "fail"]).expect_ready(&[]);
    look(&server, image.path(), &["run", "--", "false"]).expect_ready(&["the schema is at ccc"]);
    // The lineage is recorded although somebody else has migrated.
    assert_eq!(server.sql("dify", "SELECT count(*) FROM dify_preflight_lineage"), "1");
}

#[test]
fn row_6_behind_is_migrated() {
    let server = Postgres::start();
    stamped(&server, "aaa");
    let image = image(IMAGE);
    look(&server, image.path(), &["check"]).expect(
        75,
        "not_yet",
        "state",
        Some("aaa"),
        &["2 revision(s) behind ccc"],
    );
    migrate(&server, image.path(), &[]).expect_ready(&["migrated"]);
}

#[test]
fn row_7_a_proven_newer_schema_is_passed_and_never_downgraded() {
    let server = Postgres::start();
    let (old, new) = (image(IMAGE), image("aaa bbb:aaa ccc:bbb ddd:ccc"));
    let shell = migration(&server, "ddd");
    look(&server, new.path(), &["run", "--", "sh", "-c", &shell]).expect_ready(&["ddd"]);
    look(&server, old.path(), &["wait"]).expect_ready(&["ahead", "ddd", "ccc"]);
    look(&server, old.path(), &["wait", "--on-ahead", "fail"]).expect(
        69,
        "never",
        "state",
        Some("ddd"),
        &["newer image"],
    );
    for policy in ["allow", "fail"] {
        migrate(&server, old.path(), &["--on-ahead", policy]).expect_ready(&["ahead", "nothing was changed"]);
    }
    assert_eq!(rows(&server), "ddd");
}

#[test]
fn row_8_an_unknown_revision_follows_the_policy() {
    let server = Postgres::start();
    stamped(&server, "zzz");
    let image = image(IMAGE);
    let remedies = ["zzz", "ccc", "roll forward", "restore"];
    look(&server, image.path(), &["wait"]).expect_ready(&remedies);
    look(&server, image.path(), &["wait", "--on-ahead", "fail"]).expect(
        69,
        "never",
        "state",
        Some("zzz"),
        &remedies,
    );
    migrate(&server, image.path(), &[]).expect_ready(&remedies);
    migrate(&server, image.path(), &["--on-ahead", "fail"]).expect(
        69,
        "never",
        "state",
        Some("zzz"),
        &remedies,
    );
    assert_eq!(rows(&server), "zzz");
}

#[test]
fn row_9_a_diverged_schema_is_refused() {
    let server = Postgres::start();
    stamped(&server, "bbb zzz");
    let image = image(IMAGE);
    look(&server, image.path(), &["wait"]).expect(
        69,
        "never",
        "state",
        Some("bbb, zzz"),
        &["diverged", "does not know zzz"],
    );
    migrate(&server, image.path(), &[]).expect(69, "never", "state", Some("bbb, zzz"), &["diverged"]);
    assert_eq!(rows(&server), "bbb zzz");
}

/// Each of the known windows; the repair that is told must be the one that helps.
#[test]
fn row_10_a_half_applied_revision_is_named_with_its_repair() {
    for (at, applying, made, repair) in [
        (
            "2adcbe1f5dfb",
            "4474872b0ee6",
            "CREATE TABLE t (i int); CREATE INDEX workflow_node_executions_tenant_id_idx ON t (i)",
            "DROP INDEX workflow_node_executions_tenant_id_idx",
        ),
        (
            "0ec65df55790",
            "6b5f9f8b1a2c",
            "CREATE TABLE workflow_draft_variables (user_id int)",
            "ALTER TABLE workflow_draft_variables DROP COLUMN user_id",
        ),
        (
            "7a1c2d9e4b60",
            "3c9f8e2a1d7b",
            "CREATE TABLE t (i int); CREATE INDEX workflow_run_archive_bundle_month_id_idx ON t (i)",
            "DROP INDEX IF EXISTS workflow_run_archive_bundle_month_id_idx, workflow_run_archive_bundle_month_shard_id_idx",
        ),
        (
            "",
            "64b051264f32",
            "CREATE SEQUENCE task_id_sequence",
            "DROP SEQUENCE IF EXISTS task_id_sequence, taskset_id_sequence",
        ),
    ] {
        let server = Postgres::start();
        let words = if at.is_empty() { applying.to_owned() } else { format!("{at} {applying}:{at}") };
        let image = image(&words);
        stamped(&server, at);
        let _ = server.sql("dify", made);
        look(&server, image.path(), &["check"]).expect(
            75,
            "not_yet",
            "state",
            Some("stuck"),
            &[applying, repair],
        );
        let run = ["--grace", "0s", "run", "--", "false"];
        look(&server, image.path(), &run).expect(69, "suspect", "state", Some("stuck"), &[repair]);
        let _ = server.sql("dify", repair);
        let shell = migration(&server, applying);
        look(&server, image.path(), &["run", "--", "sh", "-c", &shell]).expect_ready(&["migrated"]);
    }
}

/// A migration that stops at what an earlier one left: the repair is told even where the sign was not there before.
#[test]
fn a_migration_that_ends_in_a_known_window_says_so_at_once() {
    let server = Postgres::start();
    let image = image("2adcbe1f5dfb 4474872b0ee6:2adcbe1f5dfb");
    stamped(&server, "2adcbe1f5dfb");
    let half =
        server.shell("CREATE TABLE t (i int); CREATE INDEX workflow_node_executions_tenant_id_idx ON t (i)");
    let shell = format!("{half}; exit 1");
    look(&server, image.path(), &["run", "--", "sh", "-c", &shell]).expect(
        69,
        "never",
        "state",
        Some("stuck"),
        &["DROP INDEX workflow_node_executions_tenant_id_idx"],
    );
}

#[test]
fn a_version_table_off_the_search_path_is_pointed_out() {
    let server = Postgres::start();
    let _ = server.sql("dify", &format!("CREATE SCHEMA other; SET search_path = other; {}", stamp("ccc")));
    let image = image(IMAGE);
    look(&server, image.path(), &["check"]).expect(75, "not_yet", "state", Some("empty"), &["schema other"]);
    let _ = server
        .sql("dify", "GRANT USAGE ON SCHEMA other TO dify; GRANT SELECT ON other.alembic_version TO dify");
    let run =
        call(&server, image.path(), &["check"]).env("DB_EXTRAS", "options=-c%20search_path%3Dother").run();
    result(&run).expect_ready(&["ccc"]);
}
