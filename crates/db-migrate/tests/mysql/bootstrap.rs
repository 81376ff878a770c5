//! `bootstrap`: databases, user and rights, made once and never changed.

use testbed::mysql::Mysql;

use crate::common::{Seen, result, tool};
use crate::{each, prove_both};

fn bootstrap(server: &Mysql, variables: &[(&str, &str)]) -> testbed::Tool {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    tool().args(["--output", "json", "--grace", "0s", "bootstrap"]).envs(server.env()).envs(variables)
}

fn done(server: &Mysql, variables: &[(&str, &str)]) -> Seen {
    result(&bootstrap(server, variables).run())
}

const ADMIN: [(&str, &str); 2] =
    [("PREFLIGHT_ADMIN_DB_USERNAME", "admin"), ("PREFLIGHT_ADMIN_DB_PASSWORD", "admin")];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    ADMIN.iter().chain(more).copied().collect()
}

#[test]
fn an_administrator_creates_everything_and_a_second_run_nothing() {
    each(|server| {
        let product = server.product();
        let names = [
            ("DB_USERNAME", "it's-\"new\""),
            ("DB_PASSWORD", "pa'ss\\word\"`%"),
            ("DB_DATABASE", "dify_new-`x"),
            ("DB_PLUGIN_DATABASE", "plugin \"new\""),
        ];
        let first = done(server, &with(&names));
        first.expect_ready(&[
            "user it's-\"new\"",
            "database dify_new-`x",
            "privileges on dify_new-`x",
            "database plugin \"new\"",
        ]);
        prove_both!(product, "mysql/bootstrapped", "mariadb/bootstrapped", &first);
        prove_both!(
            product,
            "mysql/nothing-missing",
            "mariadb/nothing-missing",
            &done(server, &with(&names))
        );
        // From here on the application needs nobody.
        done(server, &names).expect_ready(&["nothing was missing"]);
        let charset = server.sql(
            "SELECT default_character_set_name FROM information_schema.schemata WHERE schema_name LIKE 'dify%new-%'",
        );
        assert_eq!(charset, "utf8mb4");
        // An underscore in the name gives no right in a database that looks alike.
        let _ = server.sql("CREATE DATABASE `difyAnew-``x`");
        let seen = done(
            server,
            &[&names[..2], &[("DB_DATABASE", "difyAnew-`x"), ("DB_PLUGIN_DATABASE", "")]].concat(),
        );
        seen.expect(69, "suspect", "permission", Some("1044"), &["PREFLIGHT_ADMIN_DB_USERNAME"]);
    });
}

#[test]
fn who_may_not_create() {
    each(|server| {
        let product = server.product();
        let seen = done(server, &[]);
        prove_both!(product, "mysql/may-not-create-database", "mariadb/may-not-create-database", &seen);
        let _ = server
            .sql("GRANT CREATE ON *.* TO 'dify'@'%'; CREATE USER 'boss'@'%' IDENTIFIED BY 'key-of-boss'");
        let boss = [
            ("PREFLIGHT_ADMIN_DB_USERNAME", "boss"),
            ("PREFLIGHT_ADMIN_DB_PASSWORD", "key-of-boss"),
            ("DB_USERNAME", "fresh"),
            ("DB_PASSWORD", "key-of-fresh"),
        ];
        let seen = done(server, &boss);
        prove_both!(product, "mysql/may-not-create-user", "mariadb/may-not-create-user", &seen);
        let wrong = [("PREFLIGHT_ADMIN_DB_USERNAME", "boss"), ("PREFLIGHT_ADMIN_DB_PASSWORD", "not-the-one")];
        let seen = done(server, &wrong);
        prove_both!(product, "mysql/administrator-refused", "mariadb/administrator-refused", &seen);
        // The password of a user who is there is never changed.
        let other = with(&[("DB_PASSWORD", "not-the-one")]);
        prove_both!(product, "mysql/wrong-password", "mariadb/wrong-password", &done(server, &other));
    });
}

#[test]
fn several_at_once() {
    each(|server| {
        let names =
            with(&[("DB_USERNAME", "fresh"), ("DB_PASSWORD", "key-of-fresh"), ("DB_DATABASE", "fresh")]);
        let running: Vec<_> =
            (0..3).map(|_| bootstrap(server, &names).args(["--grace", "10s"]).spawn()).collect();
        for run in running {
            result(&run.wait()).expect_ready(&["fresh, dify_plugin are ready"]);
        }
    });
}
