//! Which refusal of a server is which finding.
//!
//! | what | class | hop |
//! |---|---|---|
//! | nothing listens, no answer, connection cut | not yet | dns, tcp, tls |
//! | starting, stopping, out of connections (57P0x, 53xxx) | not yet | state |
//! | pooler cannot reach its server (08P01 with such a text) | not yet | proxy |
//! | read-only (25006) | not yet | state |
//! | password, role, host rule (28xxx) | suspect | auth |
//! | database missing (3D000) | suspect | state |
//! | privilege missing (42501) | suspect | permission |
//! | certificate | suspect | tls |
//! | start-up options refused by a pooler | never | proxy |
//!
//! PgBouncer before 1.21 gives every error the code 08P01, so the text counts too.

use std::error::Error as _;
use std::io;

use preflight::{Finding, Hop, net, tls};
use sqlx::Error;
use sqlx::postgres::PgDatabaseError;

use crate::settings::Settings;

/// An error of the driver, understood.
#[derive(Debug)]
pub struct Fault {
    /// What a user is told.
    pub finding: Finding,
    /// The server's code, if a server answered.
    pub code: Option<String>,
    /// Whether the connection cannot be used any more.
    pub is_broken: bool,
}

impl Fault {
    /// Understands it.
    #[must_use]
    pub fn of(error: &Error, settings: &Settings) -> Self {
        if let Error::Database(database) = error
            && let Some(refusal) = database.try_downcast_ref::<PgDatabaseError>()
        {
            let code = refusal.code();
            let is_broken = code.starts_with("57P") || code.starts_with("08");
            let finding = of_server(code, refusal.message(), settings);
            return Self { finding: finding.code(code), code: Some(code.to_owned()), is_broken };
        }
        Self { finding: of_connection(error, settings), code: None, is_broken: true }
    }
}

/// A refusal with a code. Public for the classification's own tests.
fn of_server(code: &str, message: &str, settings: &Settings) -> Finding {
    let Settings { address, login, database, .. } = settings;
    let (user, user_key, key) = (&login.user, login.user_key, login.password_key);
    let wrong_password = || {
        Finding::suspect(Hop::Auth, format!("wrong password for user {user:?} at {address}, or no such user"))
            .hint(format!("check {user_key} and {key}"))
    };
    let no_database = |hop| {
        Finding::suspect(hop, format!("database {database:?} does not exist at {address}"))
            .hint(format!("create it (db-migrate bootstrap does), or check {}", settings.database_key))
    };
    match (code, message) {
        ("28P01", _) => wrong_password(),
        ("28000", text) if text.contains("pg_hba.conf") => {
            Finding::suspect(Hop::Auth, format!("{address} does not let user {user:?} in: {text}"))
                .hint("allow this host, user and database in pg_hba.conf, or check DB_EXTRAS (sslmode)")
        }
        ("28000", text) if text.contains("client certificate") => {
            Finding::suspect(Hop::Tls, format!("{address}: {text}"))
                .hint("give sslcert and sslkey in DB_EXTRAS")
        }
        ("28000", text) => Finding::suspect(Hop::Auth, format!("{address} refuses user {user:?}: {text}"))
            .hint(format!("check {user_key}")),
        ("3D000", _) => no_database(Hop::State),
        ("42501", text) => Finding::suspect(Hop::Permission, format!("user {user:?} at {address}: {text}"))
            .hint("grant it, or let db-migrate bootstrap do so with an administrator's login"),
        ("25006", _) => read_only(settings),
        ("53300", text) => Finding::not_yet(Hop::State, format!("{address} has no connection left: {text}"))
            .hint("raise max_connections, or lower SQLALCHEMY_POOL_SIZE and the number of replicas"),
        ("57P03", text) => Finding::not_yet(Hop::State, format!("{address}: {text}"))
            .hint("wait; if it stays so, read the server's log"),
        ("08P01", text) => of_pooler(text, settings, wrong_password, no_database),
        (code, text) if ["08", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => {
            Finding::not_yet(Hop::State, format!("{address}: {text}"))
        }
        (_, text) => Finding::suspect(Hop::State, format!("{address}: {text}")),
    }
}

fn of_pooler(
    text: &str,
    settings: &Settings,
    wrong_password: impl Fn() -> Finding,
    no_database: impl Fn(Hop) -> Finding,
) -> Finding {
    let address = &settings.address;
    if text.contains("SASL authentication failed") || text.contains("password authentication failed") {
        wrong_password()
    } else if text.contains("does not exist") && text.contains("database") {
        no_database(Hop::State)
    } else if text.contains("no such database") {
        let finding = no_database(Hop::Proxy);
        finding.hint("add it to [databases] of PgBouncer")
    } else if text.contains("startup parameter") {
        Finding::never(Hop::Proxy, format!("the pooler at {address} refuses a start-up option: {text}")).hint(
            "set DB_SESSION_TIMEZONE_OVERRIDE to nothing (Dify 1.16 or later) and leave options out of DB_EXTRAS, or add options to ignore_startup_parameters of PgBouncer",
        )
    } else if text.contains("is disabled") || text.contains("not allowed") {
        Finding::suspect(Hop::Proxy, format!("the pooler at {address}: {text}"))
            .hint("enable the database in PgBouncer")
    } else {
        Finding::not_yet(Hop::Proxy, format!("the pooler at {address} gets no server connection: {text}"))
            .hint("check the server behind PgBouncer and the size of its pool")
    }
}

/// A standby, or a server told to take no writes.
#[must_use]
pub fn read_only(settings: &Settings) -> Finding {
    Finding::not_yet(Hop::State, format!("{} takes no writes: it is read-only", settings.target()))
        .code("25006")
        .hint("connect to the primary; during a failover this passes by itself")
}

/// No answer, or none that is PostgreSQL's.
fn of_connection(error: &Error, settings: &Settings) -> Finding {
    let address = &settings.address;
    match error {
        Error::Io(error) => net::from_io(error, address),
        Error::Tls(inner) => {
            let mut source: Option<&(dyn std::error::Error + 'static)> = Some(inner.as_ref());
            while let Some(inner) = source {
                if let Some(error) = inner.downcast_ref::<rustls::Error>() {
                    return tls::from_rustls(error, address);
                }
                if let Some(error) = inner.downcast_ref::<io::Error>() {
                    return Finding { hop: Hop::Tls, ..net::from_io(error, address) };
                }
                source = inner.source();
            }
            if inner.to_string().contains("does not support TLS") {
                return Finding::suspect(Hop::Tls, format!("{address} does not offer TLS"))
                    .hint("turn TLS on at the server, or check sslmode in DB_EXTRAS");
            }
            Finding::suspect(Hop::Tls, format!("TLS with {address} failed: {inner}"))
        }
        Error::Protocol(text) => {
            // The driver adds its own place in brackets.
            let text = text.split(" (sqlx").next().unwrap_or(text);
            match text.rsplit(' ').next() {
                // Nothing was read: the connection was closed.
                Some("0x00") => net::from_io(&io::ErrorKind::UnexpectedEof.into(), address),
                // The first byte of an error message: the server is there, but could not start a session for us.
                Some("0x45") => Finding::not_yet(Hop::State, format!("{address} cannot start a session"))
                    .hint("read the server's log"),
                _ => Finding::suspect(
                    Hop::Tcp,
                    format!("{address} does not speak PostgreSQL's protocol: {text}"),
                )
                .hint("check DB_HOST and DB_PORT"),
            }
        }
        other => {
            let mut text = other.to_string();
            let mut source = other.source();
            while let Some(inner) = source {
                text = inner.to_string();
                source = inner.source();
            }
            Finding::suspect(Hop::State, format!("{address}: {text}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use preflight::{Class, Env};

    use super::*;

    #[test]
    fn codes_and_texts_mean_what_the_table_says() {
        let settings = Settings::from_env(&Env::of([("DB_HOST", "pg")])).unwrap();
        for (code, text, class, hop) in [
            ("57P03", "the database system is starting up", Class::NotYet, Hop::State),
            ("57P01", "terminating connection", Class::NotYet, Hop::State),
            ("53300", "sorry, too many clients already", Class::NotYet, Hop::State),
            ("28P01", "password authentication failed for user \"x\"", Class::Suspect, Hop::Auth),
            ("28000", "no pg_hba.conf entry for host", Class::Suspect, Hop::Auth),
            ("28000", "connection requires a valid client certificate", Class::Suspect, Hop::Tls),
            ("3D000", "database \"dify\" does not exist", Class::Suspect, Hop::State),
            ("42501", "permission denied for schema public", Class::Suspect, Hop::Permission),
            ("25006", "cannot execute CREATE TABLE in a read-only transaction", Class::NotYet, Hop::State),
            ("08P01", "SASL authentication failed", Class::Suspect, Hop::Auth),
            ("08P01", "password authentication failed for user \"gone\"", Class::Suspect, Hop::Auth),
            ("08P01", "no such database: zz", Class::Suspect, Hop::Proxy),
            ("08P01", "database \"nosuch\" does not exist", Class::Suspect, Hop::State),
            ("08P01", "query_wait_timeout", Class::NotYet, Hop::Proxy),
            ("08P01", "database \"dify\" is disabled", Class::Suspect, Hop::Proxy),
            ("08P01", "unsupported startup parameter: options", Class::Never, Hop::Proxy),
            ("XX000", "anything", Class::Suspect, Hop::State),
        ] {
            let finding = of_server(code, text, &settings);
            assert_eq!((finding.class, finding.hop), (class, hop), "{code} {text}");
        }
    }
}
