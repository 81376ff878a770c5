//! Which refusal of a server is which finding: the one table, for every tool that logs in to PostgreSQL.
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
//! Observed on PostgreSQL 15 and 17 and on PgBouncer 1.18 and 1.26. PgBouncer before 1.21 gives every error the code
//! 08P01, so the text counts too.

use std::io;

use sqlx::Error;
use sqlx::postgres::PgDatabaseError;

use super::Keys;
use crate::address::Address;
use crate::finding::{Finding, Hop};
use crate::{driver, net};

/// Who logs in where, and which variables say so: what a sentence about a refusal needs.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Host and port.
    pub address: &'a Address,
    /// The role.
    pub user: &'a str,
    /// The database.
    pub database: &'a str,
    /// Where all this was read.
    pub keys: Keys,
}

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
    pub fn of(error: &Error, place: Place<'_>) -> Self {
        if let Error::Database(database) = error
            && let Some(refusal) = database.try_downcast_ref::<PgDatabaseError>()
        {
            let code = refusal.code();
            let is_broken = code.starts_with("57P") || code.starts_with("08");
            let finding = of_server(code, refusal.message(), place);
            return Self { finding: finding.code(code), code: Some(code.to_owned()), is_broken };
        }
        Self { finding: of_connection(error, place), code: None, is_broken: true }
    }
}

/// A refusal with a code.
fn of_server(code: &str, message: &str, place: Place<'_>) -> Finding {
    let Place { address, user, keys, .. } = place;
    match (code, message) {
        ("28P01", _) => wrong_password(place),
        ("28000", text) if text.contains("pg_hba.conf") => {
            Finding::suspect(Hop::Auth, format!("{address} does not let user {user:?} in: {text}"))
                .hint("allow this host, user and database in pg_hba.conf, or check the sslmode")
        }
        ("28000", text) if text.contains("client certificate") => {
            Finding::suspect(Hop::Tls, format!("{address}: {text}"))
                .hint("give the client certificate that the server wants (sslcert, sslkey)")
        }
        ("28000", text) if text.contains("certificate authentication failed") => {
            Finding::suspect(Hop::Auth, format!("{address} refuses user {user:?}: {text}"))
                .hint(format!("give a certificate whose common name is that user, or check {}", keys.user))
        }
        ("28000", text) => Finding::suspect(Hop::Auth, format!("{address} refuses user {user:?}: {text}"))
            .hint(format!("check {}", keys.user)),
        ("3D000", _) => no_database(Hop::State, place),
        ("42501", text) => Finding::suspect(Hop::Permission, format!("user {user:?} at {address}: {text}"))
            .hint("grant it, or let db-migrate bootstrap do so with an administrator's login"),
        ("25006", _) => read_only(place),
        ("53300", text) if text.contains("connections for ") => {
            Finding::not_yet(Hop::State, format!("{address} lets nobody in any more: {text}"))
                .hint("raise CONNECTION LIMIT of the role or database, or lower SQLALCHEMY_POOL_SIZE and the number of replicas")
        }
        ("53300", text) => Finding::not_yet(Hop::State, format!("{address} has no connection left: {text}"))
            .hint("raise max_connections, or lower SQLALCHEMY_POOL_SIZE and the number of replicas"),
        ("57P03", text) => Finding::not_yet(Hop::State, format!("{address}: {text}"))
            .hint("wait; if it stays so, read the server's log"),
        ("55000", text) if text.contains("not currently accepting connections") => {
            Finding::suspect(Hop::State, format!("{address}: {text}"))
                .hint("an administrator has closed it: ALTER DATABASE ... ALLOW_CONNECTIONS true opens it")
        }
        ("22023" | "42704", text) if text.contains("parameter \"") => {
            Finding::suspect(Hop::Config, format!("{address} does not take a setting of the session: {text}"))
                .hint("check DB_SESSION_TIMEZONE_OVERRIDE, and options in DB_EXTRAS")
        }
        ("08P01", text) => of_pooler(text, place),
        (code, text) if ["08", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => {
            Finding::not_yet(Hop::State, format!("{address}: {text}"))
        }
        (_, text) => Finding::suspect(Hop::State, format!("{address}: {text}")),
    }
}

/// PgBouncer's own errors, and the server's as it passes them on.
fn of_pooler(text: &str, place: Place<'_>) -> Finding {
    let address = place.address;
    if text.contains("SASL authentication failed") || text.contains("password authentication failed") {
        wrong_password(place)
    } else if text.contains("does not exist") && text.contains("database") {
        no_database(Hop::State, place)
    } else if text.contains("no such database") {
        no_database(Hop::Proxy, place).hint("add it to [databases] of PgBouncer")
    } else if text.contains("startup parameter") {
        Finding::never(Hop::Proxy, format!("the pooler at {address} refuses a start-up option: {text}")).hint(
            "set DB_SESSION_TIMEZONE_OVERRIDE to nothing (Dify 1.16 or later) and leave options out of DB_EXTRAS, or add options to ignore_startup_parameters of PgBouncer",
        )
    } else if place.database == "pgbouncer" {
        Finding::suspect(
            Hop::Proxy,
            format!("database \"pgbouncer\" at {address} is the pooler's console: {text}"),
        )
        .hint(format!("check {}", place.keys.database))
    } else if text.contains("is disabled") || text.contains("not allowed") {
        Finding::suspect(Hop::Proxy, format!("the pooler at {address}: {text}"))
            .hint("enable the database in PgBouncer")
    } else {
        Finding::not_yet(Hop::Proxy, format!("the pooler at {address} gets no server connection: {text}"))
            .hint("check the server behind PgBouncer and the size of its pool")
    }
}

fn wrong_password(place: Place<'_>) -> Finding {
    let Place { address, user, keys, .. } = place;
    Finding::suspect(Hop::Auth, format!("wrong password for user {user:?} at {address}, or no such user"))
        .hint(format!("check {} and {}", keys.user, keys.password))
}

fn no_database(hop: Hop, place: Place<'_>) -> Finding {
    let Place { address, database, keys, .. } = place;
    Finding::suspect(hop, format!("database {database:?} does not exist at {address}"))
        .hint(format!("create it (db-migrate bootstrap does), or check {}", keys.database))
}

/// A standby, or a server told to take no writes.
#[must_use]
pub fn read_only(place: Place<'_>) -> Finding {
    let Place { address, database, keys, .. } = place;
    Finding::not_yet(
        Hop::State,
        format!("{address}/{database} takes no writes: it is read-only, perhaps a standby"),
    )
    .code("25006")
    .hint(format!("point {} at the primary; during a failover this passes by itself", keys.host))
}

/// No answer, or none that is PostgreSQL's.
fn of_connection(error: &Error, place: Place<'_>) -> Finding {
    let hint = "turn TLS on at the server, or check the sslmode";
    driver::finding(error, place.address, hint, |text| of_protocol(text, place))
}

/// The driver read something else than what it expected, and says which byte at the end.
fn of_protocol(text: &str, place: Place<'_>) -> Finding {
    let Place { address, keys, .. } = place;
    match text.rsplit(' ').next() {
        // Nothing was read: the connection was closed.
        Some("0x00") => net::from_io(&io::ErrorKind::UnexpectedEof.into(), address),
        // The first byte of an error message: the server is there, but could not start a session for us.
        Some("0x45") => Finding::not_yet(Hop::State, format!("{address} cannot start a session"))
            .hint("read the server's log"),
        _ => Finding::suspect(Hop::Tcp, format!("{address} does not speak PostgreSQL's protocol: {text}"))
            .hint(format!("check {} and its port", keys.host)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Class;

    #[test]
    fn codes_and_texts_mean_what_the_table_says() {
        let address = Address::new("pg", 5432);
        let keys =
            Keys { host: "DB_HOST", user: "DB_USERNAME", password: "DB_PASSWORD", database: "DB_DATABASE" };
        let place = Place { address: &address, user: "dify", database: "dify", keys };
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
            let finding = of_server(code, text, place);
            assert_eq!((finding.class, finding.hop), (class, hop), "{code} {text}");
        }
    }
}
