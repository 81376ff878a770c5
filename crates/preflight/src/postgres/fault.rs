//! What PostgreSQL's error codes mean for somebody who waits.
//!
//! Observed on PostgreSQL 15 and 17 and on PgBouncer 1.18 and 1.26. PgBouncer 1.18 gives every refusal the code
//! 08P01, so there the text decides.

use sqlx::Error;
use sqlx::error::DatabaseError;

use super::Login;
use crate::finding::{Class, Finding, Hop};
use crate::net;

/// The class and hop of a SQLSTATE with its text.
#[must_use]
#[allow(clippy::match_same_arms, reason = "each line of the table has a reason of its own")]
pub fn judge(code: &str, text: &str) -> (Class, Hop) {
    match code {
        // Starting up, shutting down, recovering; killed by an administrator; crash of another session.
        "57P01" | "57P02" | "57P03" => (Class::NotYet, Hop::State),
        "28P01" | "28000" => (Class::Suspect, Hop::Auth),
        "3D000" => (Class::Suspect, Hop::State),
        "42501" => (Class::Suspect, Hop::Permission),
        // A standby, or a primary that is being demoted: a failover may be under way.
        "25006" => (Class::NotYet, Hop::State),
        "08P01" => pooler(text),
        _ => match code.get(..2) {
            // Too many connections, out of memory, disk full.
            Some("53") => (Class::NotYet, Hop::State),
            Some("08") => (Class::NotYet, Hop::Proxy),
            _ => (Class::Suspect, Hop::State),
        },
    }
}

/// PgBouncer's 08P01, and PostgreSQL's own for a startup packet that it does not understand.
fn pooler(text: &str) -> (Class, Hop) {
    if text.contains("authentication failed") {
        (Class::Suspect, Hop::Auth)
    } else if text.contains("does not exist") || text.contains("no such database") {
        (Class::Suspect, Hop::State)
    } else if text.contains("unsupported startup parameter") {
        (Class::Never, Hop::Proxy)
    } else {
        (Class::NotYet, Hop::Proxy)
    }
}

pub(super) fn of(error: &Error, login: &Login) -> Finding {
    match error {
        Error::Database(refused) => refusal(refused.as_ref(), login),
        Error::Io(io) => net::from_io(io, &login.address),
        Error::Tls(inner) => tls(inner.as_ref(), login),
        Error::Configuration(inner) => Finding::never(
            Hop::Config,
            format!("the login to {} cannot be put together: {inner}", login.target()),
        ),
        Error::Protocol(text) => Finding::suspect(
            Hop::Proxy,
            format!("{} does not speak PostgreSQL's protocol: {text}", login.address),
        )
        .hint("check the port"),
        other => Finding::not_yet(Hop::State, format!("the session with {} broke: {other}", login.target())),
    }
}

fn tls(inner: &(dyn std::error::Error + 'static), login: &Login) -> Finding {
    let mut source = Some(inner);
    while let Some(error) = source {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return crate::tls::from_rustls(tls, &login.address);
        }
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && let Some(tls) = io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>())
        {
            return crate::tls::from_rustls(tls, &login.address);
        }
        source = error.source();
    }
    let finding = Finding::suspect(Hop::Tls, format!("TLS with {} failed: {inner}", login.address));
    if inner.to_string().contains("does not support TLS")
        || inner.to_string().contains("server does not support")
    {
        return finding.hint("turn TLS on at the server, or set sslmode=disable");
    }
    finding
}

fn refusal(refused: &dyn DatabaseError, login: &Login) -> Finding {
    let code = refused.code().unwrap_or_default().into_owned();
    let text = refused.message();
    let (class, hop) = judge(&code, text);
    let (address, keys) = (&login.address, login.keys);
    let (message, hint) = match (code.as_str(), hop) {
        ("28000", _) => (
            format!(
                "{address} does not admit user {:?} to database {:?}: {text}",
                login.user, login.database
            ),
            "check pg_hba.conf, and whether the server wants TLS or a client certificate".to_owned(),
        ),
        (_, Hop::Auth) => (
            format!("wrong password for user {:?} at {address}", login.user),
            format!(
                "check {} and {}; the answer is the same for a role that does not exist",
                keys.user, keys.password
            ),
        ),
        ("3D000", _) => (
            format!("database {:?} does not exist at {address}", login.database),
            format!("create it with db-migrate bootstrap, or check {}", keys.database),
        ),
        ("53300", _) => (
            format!("{address} has no free connection: {text}"),
            "raise max_connections or close sessions".to_owned(),
        ),
        ("57P03", _) => (
            format!("{address} is not accepting connections: {text}"),
            "it will when it has started".to_owned(),
        ),
        ("25006", _) => (
            format!("{address} is read-only"),
            "it is a standby or being demoted; connect to the primary".to_owned(),
        ),
        ("42501", _) => (
            format!(
                "user {:?} lacks a right in database {:?} at {address}: {text}",
                login.user, login.database
            ),
            format!("make the role of {} the owner of the database", keys.user),
        ),
        (_, Hop::Proxy) => (
            format!("the pooler at {address} answered: {text}"),
            "look at PgBouncer's log; the server behind it may be down".to_owned(),
        ),
        _ => (format!("{address} answered: {text}"), String::new()),
    };
    let mut finding = Finding { class, hop, code: None, message, hint: None, warnings: Vec::new() };
    if !code.is_empty() {
        finding = finding.code(code);
    }
    if hint.is_empty() { finding } else { finding.hint(hint) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_pooler_is_judged_by_its_text() {
        for (text, expected) in [
            ("SASL authentication failed", (Class::Suspect, Hop::Auth)),
            ("password authentication failed for user \"gone\"", (Class::Suspect, Hop::Auth)),
            ("database \"nosuch\" does not exist", (Class::Suspect, Hop::State)),
            ("no such database: zz", (Class::Suspect, Hop::State)),
            ("query_wait_timeout", (Class::NotYet, Hop::Proxy)),
            ("unsupported startup parameter: options", (Class::Never, Hop::Proxy)),
        ] {
            assert_eq!(judge("08P01", text), expected, "{text}");
        }
    }

    #[test]
    fn a_server_that_starts_or_is_full_is_waited_for() {
        for code in ["57P03", "57P01", "53300", "53100", "25006", "08006"] {
            assert_eq!(judge(code, "").0, Class::NotYet, "{code}");
        }
        for code in ["28P01", "28000", "3D000", "42501"] {
            assert_eq!(judge(code, "").0, Class::Suspect, "{code}");
        }
    }
}
