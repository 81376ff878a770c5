//! Connecting as libpq does: host after host, and with or without TLS as `sslmode` allows.

use std::io;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Row as _};

use super::{Fault, Hosts, Login, SslMode, Want};
use crate::address::Address;
use crate::finding::{Class, Finding, Hop};
use crate::net;

/// What all hosts of a list may take together; a try ends shortly after it.
const ALL_HOSTS: Duration = Duration::from_secs(4);

/// A connection with the first host that will do.
pub(super) async fn any(login: &Login) -> Result<(PgConnection, Address), Fault> {
    if login.hosts == Hosts::default() {
        return Ok((open(login, &login.address).await?, login.address.clone()));
    }
    let hosts: Vec<&Address> = login.addresses().collect();
    let rounds = login.hosts.want.rounds();
    let turns = u32::try_from(hosts.len() * rounds.len()).unwrap_or(u32::MAX).max(1);
    let share = ALL_HOSTS / turns;
    let mut faults: Vec<(Address, Fault)> = Vec::new();
    for want in rounds {
        for host in &hosts {
            match tokio::time::timeout(share, wanted(login, host, *want)).await {
                Ok(Ok(connection)) => return Ok((connection, (*host).clone())),
                // A host that is not there is passed over; one that refuses us speaks for all.
                Ok(Err(fault)) if is_passed_over(&fault) => faults.push(((*host).clone(), fault)),
                Ok(Err(fault)) => return Err(fault),
                Err(_) => {
                    let finding = net::from_io(&io::ErrorKind::TimedOut.into(), host);
                    faults.push(((*host).clone(), Fault { finding, code: None, is_broken: true }));
                }
            }
        }
    }
    Err(together(faults, login.hosts.want))
}

fn is_passed_over(fault: &Fault) -> bool {
    matches!(fault.code.as_deref(), None | Some("57P03" | "25006"))
}

/// A connection with one host, if that is the kind of server that is wanted.
async fn wanted(login: &Login, host: &Address, want: Want) -> Result<PgConnection, Fault> {
    let mut connection = open(login, host).await?;
    if want == Want::Any {
        return Ok(connection);
    }
    let sql = "SELECT (NOT (pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool))::text, \
               pg_is_in_recovery()::text";
    let answer = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_one(&mut connection).await;
    let row = answer.map_err(|error| Fault::of(&error, login.place_at(host)))?;
    let Some(kind) = want.refuses(is_true(&row, 0), is_true(&row, 1)) else { return Ok(connection) };
    let _ = connection.close().await;
    let message = format!("{host} is {kind}");
    let finding = Finding::not_yet(Hop::State, message).code("25006");
    Err(Fault { finding, code: Some("25006".to_owned()), is_broken: true })
}

fn is_true(row: &PgRow, column: usize) -> bool {
    row.try_get_unchecked::<String, _>(column).is_ok_and(|text| text == "true")
}

/// A connection with one host, with TLS or without as far as both are allowed.
async fn open(login: &Login, host: &Address) -> Result<PgConnection, Fault> {
    let (first, second) = login.tls.ways();
    let fault = match by(login, host, first).await {
        Ok(connection) => return Ok(connection),
        Err(fault) => fault,
    };
    let is_about_tls = fault.finding.hop == Hop::Tls || fault.code.as_deref() == Some("28000");
    match second {
        // libpq asks again after every refusal; only these can have another answer.
        Some(way) if is_about_tls => by(login, host, way).await.map_err(|_| fault),
        _ => Err(fault),
    }
}

async fn by(login: &Login, host: &Address, mode: SslMode) -> Result<PgConnection, Fault> {
    let connection = PgConnection::connect_with(&login.options(host, mode)).await;
    connection.map_err(|error| Fault::of(&error, login.place_at(host)))
}

/// What is said when no host would do.
fn together(mut faults: Vec<(Address, Fault)>, want: Want) -> Fault {
    if faults.len() == 1
        && let Some((_, fault)) = faults.pop()
    {
        return said_by(fault, want);
    }
    let each: Vec<String> = faults.iter().map(|(_, fault)| fault.finding.message.clone()).collect();
    let waits = faults.iter().any(|(_, fault)| fault.finding.class == Class::NotYet);
    let Some((_, first)) = faults.into_iter().next() else {
        let finding = Finding::not_yet(Hop::Config, "there is no host to connect to");
        return Fault { finding, code: None, is_broken: true };
    };
    let finding = Finding {
        class: if waits { Class::NotYet } else { first.finding.class },
        message: format!("no host will do: {}", each.join("; ")),
        ..first.finding
    };
    said_by(Fault { finding, ..first }, want)
}

/// Adds what was asked for, where a server was there and was of another kind.
fn said_by(fault: Fault, want: Want) -> Fault {
    if fault.code.as_deref() != Some("25006") {
        return fault;
    }
    let hint = format!(
        "target_session_attrs={} asks for another kind of server; during a failover this passes by itself",
        want.word()
    );
    Fault { finding: fault.finding.hint(hint), ..fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(host: &str, finding: Finding) -> (Address, Fault) {
        let code = finding.code.clone();
        (Address::new(host, 5432), Fault { finding, code, is_broken: true })
    }

    #[test]
    fn every_host_is_named_when_none_will_do() {
        let faults = vec![
            fault("a", Finding::not_yet(Hop::State, "a:5432 is a standby").code("25006")),
            fault("b", Finding::not_yet(Hop::Tcp, "connection refused by b:5432").code("ECONNREFUSED")),
        ];
        let finding = together(faults, Want::Primary).finding;
        assert_eq!(finding.message, "no host will do: a:5432 is a standby; connection refused by b:5432");
        assert!(finding.hint.unwrap_or_default().starts_with("target_session_attrs=primary"));
    }

    #[test]
    fn a_server_is_of_the_wanted_kind_or_not() {
        for (want, takes_writes, is_standby, refused) in [
            (Want::Any, false, true, false),
            (Want::ReadWrite, true, false, false),
            (Want::ReadWrite, false, false, true),
            (Want::ReadOnly, true, false, true),
            (Want::ReadOnly, false, false, false),
            (Want::Primary, false, false, false),
            (Want::Primary, false, true, true),
            (Want::Standby, false, true, false),
            (Want::Standby, true, false, true),
        ] {
            assert_eq!(want.refuses(takes_writes, is_standby).is_some(), refused, "{want:?}");
        }
    }
}
