//! PgBouncer in front: what it says itself, and what it passes on, in the words of an old release and of a new one.

use testbed::pgbouncer::{PgBouncer, Release};
use testbed::postgres::{self, Postgres, PostgresPlan};
use testbed::prove;

use crate::common::{image, migration, result, tool};
use crate::{at_port, database};

/// Proves a row of PgBouncer 1.26 and that of 1.18.
macro_rules! prove_both {
    ($release:expr, $new:literal, $old:literal, $seen:expr) => {
        match $release {
            Release::New => prove!($new, $seen),
            Release::Old => prove!($old, $seen),
        }
    };
}

/// What Dify 1.16 is told to leave out for a pooler's sake.
const NO_ZONE: (&str, &str) = ("DB_SESSION_TIMEZONE_OVERRIDE", "");

#[test]
fn both_dialects() {
    let server = Postgres::start();
    let _ = server.sql("postgres", "CREATE ROLE guest LOGIN PASSWORD 'another'");
    for release in Release::ALL {
        let pooler = PgBouncer::start(release, server.port(), &[]);
        let look = |more: &[(&str, &str)]| {
            let all: Vec<_> = [NO_ZONE].iter().chain(more).copied().collect();
            at_port(pooler.port, &all)
        };
        prove_both!(release, "pgbouncer/ready", "pgbouncer-1.18/ready", &look(&[]));
        let wrong = look(&[("DB_PASSWORD", "not-the-one")]);
        prove_both!(release, "pgbouncer/wrong-password", "pgbouncer-1.18/wrong-password", &wrong);
        let unlisted = look(&[("DB_DATABASE", "unlisted")]);
        prove_both!(
            release,
            "pgbouncer/database-not-listed",
            "pgbouncer-1.18/database-not-listed",
            &unlisted
        );
        let behind = look(&[("DB_USERNAME", "guest")]);
        prove_both!(release, "pgbouncer/password-behind-it", "pgbouncer-1.18/password-behind-it", &behind);
        let none = look(&[("DB_DATABASE", "none")]);
        prove_both!(
            release,
            "pgbouncer/no-database-behind-it",
            "pgbouncer-1.18/no-database-behind-it",
            &none
        );
        let down = look(&[("DB_DATABASE", "down")]);
        prove_both!(release, "pgbouncer/server-down", "pgbouncer-1.18/server-down", &down);
        let option = look(&[("DB_EXTRAS", "options=-c%20search_path%3Dpublic")]);
        prove_both!(release, "pgbouncer/start-up-option", "pgbouncer-1.18/start-up-option", &option);
        let zone = at_port(pooler.port, &[]);
        prove_both!(release, "pgbouncer/time-zone", "pgbouncer-1.18/time-zone", &zone);
        let console = look(&[("DB_DATABASE", "pgbouncer")]);
        prove_both!(release, "pgbouncer/console", "pgbouncer-1.18/console", &console);
    }
}

/// A lock of a session is no lock where the sessions are shared, and is not taken for one.
#[test]
fn a_migration_through_a_pool_of_transactions() {
    let server = Postgres::start();
    let image = image("aaa");
    let pooler = PgBouncer::start(Release::New, server.port(), &[]);
    let run = |more: &[&str], shell: &str| {
        tool()
            .args(["--output", "json"])
            .args(more.iter().copied())
            .args(["run", "--", "sh", "-c", shell])
            .envs(server.env())
            .env("DB_PORT", pooler.port)
            .env(NO_ZONE.0, NO_ZONE.1)
            .env("PREFLIGHT_MIGRATIONS", image.path().display())
    };
    let folder = tempfile::tempdir().unwrap();
    let (begun, go) = (folder.path().join("begun"), folder.path().join("go"));
    let slow = format!(
        "touch {}; until test -e {}; do sleep 0.1; done; {}",
        begun.display(),
        go.display(),
        migration(&server, "aaa")
    );
    let first = run(&[], &slow).spawn();
    while !begun.exists() {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    prove!("pgbouncer/locked", &result(&run(&["--deadline", "4s"], "true").run()));
    std::fs::write(go, "").unwrap();
    prove!("pgbouncer/migrated", &result(&first.wait()));
    let held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'";
    assert_eq!(server.sql("dify", held), "0", "the lock is left at a connection of the pool");
}

#[test]
fn the_postgresql_of_difys_compose_file() {
    let server = PostgresPlan::of(postgres::Release::V15).start();
    let _ = server.sql("postgres", "CREATE ROLE guest LOGIN PASSWORD 'secret'");
    prove!("postgresql-15/ready", &database(&server, &[]));
    prove!("postgresql-15/wrong-password", &database(&server, &[("DB_PASSWORD", "not-the-one")]));
    prove!("postgresql-15/no-database", &database(&server, &[("DB_DATABASE", "none")]));
    prove!("postgresql-15/no-create", &database(&server, &[("DB_USERNAME", "guest")]));
    let image = image("aaa");
    let shell = migration(&server, "aaa");
    let run = crate::call(&server, image.path(), &["run", "--", "sh", "-c", &shell]).run();
    prove!("postgresql-15/migrated", &result(&run));
}
