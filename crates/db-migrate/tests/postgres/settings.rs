//! Values that Dify itself would stumble over, or that it reads in another way than they look: told before it starts.

use testbed::prove;

use crate::at_port;

fn refused(variables: &[(&str, &str)]) -> crate::Seen {
    at_port(1, variables)
}

#[test]
fn what_the_api_would_stumble_over() {
    prove!("settings/space-in-password", &refused(&[("DB_PASSWORD", "a b")]));
    prove!("settings/url-as-host", &refused(&[("DB_HOST", "postgresql://db")]));
    prove!("settings/port-in-host", &refused(&[("DB_HOST", "db:5432")]));
    prove!("settings/empty-port", &refused(&[("DB_PORT", "")]));
    prove!("settings/pgbouncer-is-no-type", &refused(&[("DB_TYPE", "pgbouncer")]));
    prove!("settings/unknown-type", &refused(&[("DB_TYPE", "mssql")]));
    prove!("settings/question-mark", &refused(&[("DB_DATABASE", "dify?sslmode=require")]));
    prove!("settings/charset-of-mysql", &refused(&[("DB_CHARSET", "utf8mb4")]));
    prove!("settings/unknown-extra", &refused(&[("DB_EXTRAS", "sslmod=require")]));
    prove!("settings/extra-twice", &refused(&[("DB_EXTRAS", "sslmode=require&sslmode=disable")]));
    prove!("settings/unknown-sslmode", &refused(&[("DB_EXTRAS", "sslmode=maybe")]));
    prove!("settings/no-root", &refused(&[("DB_EXTRAS", "sslmode=verify-full")]));
    prove!("settings/user-in-extras", &refused(&[("DB_EXTRAS", "user=postgres")]));
    prove!("settings/read-only-wanted", &refused(&[("DB_EXTRAS", "target_session_attrs=read-only")]));
    prove!("settings/options", &refused(&[("DB_EXTRAS", "options=search_path")]));
}

#[test]
fn what_the_plugin_daemon_would_stumble_over() {
    let daemon = |variables: &[(&str, &str)]| {
        let all: Vec<_> = [("DB_SSL_MODE", "disable")].iter().chain(variables).copied().collect();
        refused(&all)
    };
    prove!("daemon/verify-full", &daemon(&[("DB_SSL_MODE", "verify-full")]));
    prove!("daemon/no-password", &daemon(&[("DB_PASSWORD", "")]));
    prove!("daemon/space-in-password", &daemon(&[("DB_PASSWORD", "a b")]));
    prove!("daemon/quote-in-password", &daemon(&[("DB_PASSWORD", "'quoted'")]));
    prove!("daemon/backslash-in-password", &daemon(&[("DB_PASSWORD", "a\\")]));
    prove!("daemon/extras-of-the-api", &daemon(&[("DB_EXTRAS", "sslmode=require")]));
    prove!("daemon/quote-in-extras", &daemon(&[("DB_EXTRAS", "-c search_path='a'")]));
}
