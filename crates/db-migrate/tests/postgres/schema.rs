//! The schema and the image.

use testbed::postgres::Postgres;
use testbed::prove;

use crate::common::{call, image, look, migration, stamp, stamped};

const IMAGE: &str = "aaa bbb:aaa ccc:bbb";

#[test]
fn image_and_schema() {
    let server = Postgres::start();
    let (image, none, forked) = (image(IMAGE), image(""), image("aaa bbb:aaa ccc:aaa"));
    let check = || look(&server, image.path(), &["check"]);
    let fails = || look(&server, image.path(), &["check", "--on-ahead", "fail"]);
    let run = || look(&server, image.path(), &["--grace", "0s", "run", "--", "false"]);

    prove!("schema/no-revisions", &look(&server, none.path(), &["check"]));
    prove!("schema/several-heads", &look(&server, forked.path(), &["check"]));
    prove!("schema/empty", &check());
    let _ = server.sql("dify", &format!("CREATE SCHEMA other; SET search_path = other; {}", stamp("ccc")));
    prove!("schema/elsewhere", &check());
    let _ = server.sql("dify", "CREATE TABLE accounts (id int); CREATE TABLE tenants (id int)");
    prove!("schema/unversioned", &check());
    prove!("schema/unversioned-refused", &run());
    stamped(&server, "aaa");
    prove!("schema/behind", &check());
    stamped(&server, "ccc");
    prove!("schema/at-head", &check());
    prove!("schema/nothing-to-do", &run());
    stamped(&server, "zzz");
    prove!("schema/unknown-revision", &check());
    prove!("schema/unknown-revision-refused", &fails());
    prove!("schema/unknown-revision-kept", &run());
    stamped(&server, "bbb zzz");
    prove!("schema/diverged", &check());
}

#[test]
fn a_newer_schema_that_is_proven() {
    let server = Postgres::start();
    let (old, new) = (image(IMAGE), image("aaa bbb:aaa ccc:bbb ddd:ccc"));
    let shell = migration(&server, "ddd");
    prove!("run/migrated", &look(&server, new.path(), &["run", "--", "sh", "-c", &shell]));
    prove!("schema/ahead", &look(&server, old.path(), &["check"]));
    prove!("schema/ahead-refused", &look(&server, old.path(), &["check", "--on-ahead", "fail"]));
    prove!("schema/ahead-kept", &look(&server, old.path(), &["run", "--", "false"]));
}

/// `status` ends as `check` does.
#[test]
fn status_ends_as_check_does() {
    let server = Postgres::start();
    let image = image(IMAGE);
    for (rows, code) in [("", 75), ("aaa", 75), ("ccc", 0), ("bbb zzz", 69)] {
        stamped(&server, rows);
        assert_eq!(look(&server, image.path(), &["check"]).exit, code, "{rows}");
        assert_eq!(call(&server, image.path(), &["status"]).run().code, code, "{rows}");
    }
}
