//! `alembic_version`, the lock, and what a migration proves.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use testbed::mysql::Mysql;

use crate::common::{add_revision, image, result, stamp};
use crate::{call, each, look, prove_both};

/// Brings `alembic_version` to these revisions.
fn stamped(server: &Mysql, revisions: &str) {
    let _ = server.sql(&format!("USE dify; {}", stamp(revisions)));
}

/// A migration for `run`: shell that stamps.
fn migration(server: &Mysql, revisions: &str) -> String {
    server.shell(&stamp(revisions))
}

pub(crate) fn until(path: &Path) {
    let start = Instant::now();
    while !path.exists() {
        assert!(start.elapsed() < Duration::from_secs(30), "{} does not appear", path.display());
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn every_state_of_the_version_table() {
    each(|server| {
        let product = server.product();
        let image = image("aaa bbb:aaa");
        let check = || look(server, image.path(), &["check"]);
        prove_both!(product, "mysql/empty", "mariadb/empty", &check());
        let _ =
            server.sql("CREATE DATABASE other; CREATE TABLE other.alembic_version (version_num varchar(32))");
        let _ = server.sql("GRANT SELECT ON other.* TO 'dify'@'%'");
        prove_both!(product, "mysql/elsewhere", "mariadb/elsewhere", &check());
        let _ = server.sql("CREATE TABLE dify.accounts (id int)");
        prove_both!(product, "mysql/unversioned", "mariadb/unversioned", &check());
        let _ = server.sql("DROP TABLE dify.accounts");
        stamped(server, "aaa");
        prove_both!(product, "mysql/behind", "mariadb/behind", &check());
        stamped(server, "bbb");
        prove_both!(product, "mysql/at-head", "mariadb/at-head", &check());
        stamped(server, "zzz");
        prove_both!(product, "mysql/unknown-revision", "mariadb/unknown-revision", &check());
        let fails = look(server, image.path(), &["check", "--on-ahead", "fail"]);
        prove_both!(product, "mysql/ahead-refused", "mariadb/ahead-refused", &fails);
        stamped(server, "aaa zzz");
        prove_both!(product, "mysql/diverged", "mariadb/diverged", &check());
    });
}

#[test]
fn a_migration_is_proven_and_recorded() {
    each(|server| {
        let product = server.product();
        let image = image("aaa bbb:aaa");
        let run = |words: &[&str]| look(server, image.path(), words);
        let shell = migration(server, "bbb");
        let seen = run(&["run", "--", "sh", "-c", &shell]);
        prove_both!(product, "mysql/migrated", "mariadb/migrated", &seen);
        run(&["run", "--", "false"]).expect_ready(&["the schema is at bbb"]);
        add_revision(image.path(), "ccc:bbb");
        let old = crate::common::image("aaa bbb:aaa");
        let shell = migration(server, "ccc");
        run(&["run", "--", "sh", "-c", &shell]).expect_ready(&["migrated"]);
        let ahead = look(server, old.path(), &["check"]);
        prove_both!(product, "mysql/ahead", "mariadb/ahead", &ahead);
        let status = call(server, image.path(), &["status"]).run();
        status.expect(
            0,
            &["\"state\":\"at_head\"", "\"revision\":\"ccc\"", "\"revisions\":\"3\"", "\"lock_holder\":null"],
        );
        let nothing = run(&["--deadline", "2s", "run", "--", "true"]);
        nothing.expect_ready(&["ccc"]);
        add_revision(image.path(), "ddd:ccc");
        let nothing = run(&["--deadline", "2s", "run", "--", "true"]);
        prove_both!(product, "mysql/not-migrated", "mariadb/not-migrated", &nothing);
        let failed = run(&["--grace", "0s", "run", "--", "sh", "-c", "echo it broke >&2; exit 1"]);
        prove_both!(product, "mysql/migration-failed", "mariadb/migration-failed", &failed);
    });
}

#[test]
fn one_migrates_and_the_others_wait() {
    each(|server| {
        let product = server.product();
        let (image, folder) = (image("aaa"), tempfile::tempdir().unwrap());
        let begun = folder.path().join("begun");
        let slow = format!("touch {}; sleep 3; {}", begun.display(), migration(server, "aaa"));
        let first = call(server, image.path(), &["run", "--", "sh", "-c", &slow]).spawn();
        until(&begun);
        let seen = look(server, image.path(), &["check"]);
        prove_both!(product, "mysql/migrating", "mariadb/migrating", &seen);
        let seen = look(server, image.path(), &["--deadline", "1s", "run", "--", "true"]);
        prove_both!(product, "mysql/locked", "mariadb/locked", &seen);
        let second = call(server, image.path(), &["run", "--", "false"]).run();
        result(&first.wait()).expect_ready(&["migrated"]);
        result(&second).expect_ready(&["the schema is at aaa"]);
    });
}

/// The lock is one of the whole server: it must not keep two databases from migrating at once.
#[test]
fn two_databases_do_not_wait_for_each_other() {
    each(|server| {
        let _ = server.sql("CREATE DATABASE other; GRANT ALL ON other.* TO 'dify'@'%'");
        let (image, folder) = (image("aaa"), tempfile::tempdir().unwrap());
        let begun = folder.path().join("begun");
        let slow = format!("touch {}; exec sleep 60", begun.display());
        let first =
            call(server, image.path(), &["run", "--", "sh", "-c", &slow]).env("DB_DATABASE", "other").spawn();
        until(&begun);
        let shell = migration(server, "aaa");
        look(server, image.path(), &["run", "--", "sh", "-c", &shell]).expect_ready(&["migrated"]);
        first.signal("KILL");
        let _ = first.wait();
        // The session ended with the process: nobody has the lock now.
        let shell = shell.replace("--database=dify", "--database=other");
        let run =
            call(server, image.path(), &["run", "--", "sh", "-c", &shell]).env("DB_DATABASE", "other").run();
        result(&run).expect_ready(&["migrated"]);
    });
}

/// A revision file that makes something.
fn making(folder: &Path, id: &str, down: &str, body: &str) {
    let text = format!(
        "revision = '{id}'\ndown_revision = {down}\n\ndef upgrade():\n{body}\n\ndef downgrade():\n    pass\n"
    );
    std::fs::write(folder.join(format!("{id}.py")), text).unwrap();
}

/// MySQL undoes nothing of a migration that broke off.
#[test]
fn half_a_migration_is_named() {
    each(|server| {
        let product = server.product();
        let folder = tempfile::tempdir().unwrap();
        making(
            folder.path(),
            "aaa",
            "None",
            "    op.create_table('accounts', sa.Column('id'))\n    op.create_table('apps')",
        );
        making(
            folder.path(),
            "bbb",
            "'aaa'",
            "    op.create_table('fresh')\n    with op.batch_alter_table('apps') as batch_op:\n        batch_op.add_column(sa.Column('mode'))",
        );
        let look = |words: &[&str]| look(server, folder.path(), words);
        // In the middle of the first revision.
        let _ = server.sql("CREATE TABLE dify.accounts (id int)");
        let seen = look(&["--grace", "0s", "run", "--", "true"]);
        prove_both!(product, "mysql/first-half-applied", "mariadb/first-half-applied", &seen);
        // In the middle of the second.
        let _ = server.sql("CREATE TABLE dify.apps (id int)");
        stamped(server, "aaa");
        let shell =
            format!("{}; exit 1", server.shell("CREATE TABLE fresh (id int); ALTER TABLE apps ADD mode int"));
        let seen = look(&["--grace", "0s", "run", "--", "sh", "-c", &shell]);
        prove_both!(product, "mysql/half-applied", "mariadb/half-applied", &seen);
        let seen = look(&["check"]);
        prove_both!(
            product,
            "mysql/half-applied-and-waited-for",
            "mariadb/half-applied-and-waited-for",
            &seen
        );
        // After the cure it works.
        let _ = server.sql("DROP TABLE dify.fresh; ALTER TABLE dify.apps DROP mode");
        let shell = migration(server, "bbb");
        look(&["run", "--", "sh", "-c", &shell]).expect_ready(&["migrated"]);
    });
}

/// No secret is in any output, whatever fails.
#[test]
fn no_secret_gets_out() {
    each(|server| {
        let canary = "canary-4711-secret";
        let admin = "canary-0815-admin";
        let image = image("aaa");
        let shell = "echo $DB_PASSWORD; exit 1";
        for words in [
            &["check"][..],
            &["-v", "check", "--for", "database"],
            &["--print-config", "check"],
            &["status"],
            &["--deadline", "1s", "--grace", "0s", "run", "--", "sh", "-c", shell],
            &["--deadline", "1s", "--grace", "0s", "-v", "bootstrap"],
        ] {
            for (name, value) in [
                ("X", ""),
                ("DB_USERNAME", "nobody"),
                ("DB_DATABASE", "nosuch"),
                ("DB_PORT", "1"),
                ("DB_EXTRAS", "password=canary-4711-secret"),
            ] {
                let run = call(server, image.path(), words)
                    .env("DB_PASSWORD", canary)
                    .env("PREFLIGHT_ADMIN_DB_USERNAME", "admin")
                    .env("PREFLIGHT_ADMIN_DB_PASSWORD", admin)
                    .env(name, value)
                    .run();
                run.expect_no(canary);
                run.expect_no(admin);
            }
        }
        let made = "canary-made-'here";
        let run = call(server, image.path(), &["-v", "bootstrap"])
            .env("DB_USERNAME", "made")
            .env("DB_PASSWORD", made)
            .env("PREFLIGHT_ADMIN_DB_USERNAME", "admin")
            .env("PREFLIGHT_ADMIN_DB_PASSWORD", "admin")
            .run();
        run.expect(0, &["user made"]);
        run.expect_no(made);
    });
}
