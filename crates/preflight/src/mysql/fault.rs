//! Which refusal of a server is which finding: the one table, for every tool that logs in to a MySQL.
//!
//! | what | class | hop |
//! |---|---|---|
//! | nothing listens, no answer, connection cut | not yet | dns, tcp, tls |
//! | starting, stopping, offline, out of connections, deadlock | not yet | state |
//! | read-only (1290, 1836, 3100) | not yet | state |
//! | `OceanBase` has no leader, is switching, or is out of memory (4xxx) | not yet | state |
//! | password, user, locked account (1045, 3118, 4151) | suspect | auth |
//! | expired password (1820, 1862) | suspect | auth |
//! | authentication plugin not there (1251, 1524, 2059) | suspect | auth |
//! | database missing (1049), or perhaps missing (1044) | suspect | state, permission |
//! | privilege missing (1142, 1143, 1227, 1370) | suspect | permission |
//! | TLS demanded (3159), certificate | suspect | tls |
//! | this host is blocked or not allowed (1129, 1130) | suspect | auth |
//!
//! Observed on MySQL 9.7, `MariaDB` 10.11 and 11.8, and `OceanBase` seekdb 1.4, as far as these can be brought to it.

use sqlx::Error;
use sqlx::mysql::MySqlDatabaseError;

use super::Keys;
use crate::address::Address;
use crate::driver;
use crate::finding::{Finding, Hop};

/// Who logs in where, and which variables say so: what a sentence about a refusal needs.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Host and port.
    pub address: &'a Address,
    /// The user.
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
    /// The server's number, if a server answered.
    pub code: Option<u16>,
    /// Whether the connection cannot be used any more.
    pub is_broken: bool,
}

/// After these the server closes the connection.
const BREAKS: [u16; 8] = [1053, 1077, 1080, 1152, 1184, 1927, 3032, 4031];

impl Fault {
    /// Understands it.
    #[must_use]
    pub fn of(error: &Error, place: Place<'_>) -> Self {
        if let Error::Database(database) = error
            && let Some(refusal) = database.try_downcast_ref::<MySqlDatabaseError>()
        {
            let number = refusal.number();
            let finding = of_server(number, refusal.message(), place);
            let finding = finding.code(number.to_string());
            return Self { finding, code: Some(number), is_broken: BREAKS.contains(&number) };
        }
        Self { finding: of_connection(error, place), code: None, is_broken: true }
    }
}

/// A refusal with a number.
fn of_server(number: u16, text: &str, place: Place<'_>) -> Finding {
    of_login(number, text, place).unwrap_or_else(|| of_state(number, text, place))
}

/// Refusals to let somebody in, or to let them do something.
fn of_login(number: u16, text: &str, place: Place<'_>) -> Option<Finding> {
    let Place { address, user, database, keys } = place;
    let auth = |message: String| Finding::suspect(Hop::Auth, message);
    Some(match number {
        1045 | 1698 => {
            auth(format!("wrong password for user {user:?} at {address}, or no such user for this host")).hint(
                format!(
                    "check {} and {}; an account that demands TLS or a client certificate is refused with the same words",
                    keys.user, keys.password
                ),
            )
        }
        1044 => Finding::suspect(
            Hop::Permission,
            format!("user {user:?} has no right in database {database:?} at {address}, or it does not exist"),
        )
        .hint(format!(
            "create it and GRANT ALL ON {database}.* (db-migrate bootstrap does both), or check {}",
            keys.database
        )),
        1049 => Finding::suspect(Hop::State, format!("database {database:?} does not exist at {address}"))
            .hint(format!("create it (db-migrate bootstrap does), or check {}", keys.database)),
        3118 | 4151 => auth(format!("the account of user {user:?} at {address} is locked"))
            .hint("execute as an administrator: ALTER USER ... ACCOUNT UNLOCK"),
        3955 => auth(format!("the account of user {user:?} at {address} is locked after too many failed logins"))
            .hint(format!("check {}, then ALTER USER ... ACCOUNT UNLOCK as an administrator", keys.password)),
        1820 | 1862 => auth(format!("the password of user {user:?} at {address} has expired"))
            .hint("set it anew: ALTER USER ... IDENTIFIED BY ... PASSWORD EXPIRE NEVER"),
        1251 | 1524 | 2059 => {
            auth(format!("{address} cannot authenticate user {user:?}: {text}")).hint(
                "give the account the plugin caching_sha2_password: ALTER USER ... IDENTIFIED WITH caching_sha2_password BY ...",
            )
        }
        1129 => auth(format!("{address} has blocked this host after too many broken connections: {text}"))
            .hint("execute as an administrator: TRUNCATE TABLE performance_schema.host_cache (FLUSH HOSTS at MariaDB), and find what probes its port without logging in"),
        1130 => auth(format!("{address} has no account for connections from this host: {text}"))
            .hint("make the account for a host pattern that fits, such as 'dify'@'%'"),
        3159 => Finding::suspect(Hop::Tls, format!("{address} demands TLS (require_secure_transport)"))
            .hint("turn TLS on in DB_EXTRAS (ssl_ca=... with ssl_check_hostname), or turn require_secure_transport off"),
        1142 | 1143 | 1227 | 1370 | 1419 => {
            Finding::suspect(Hop::Permission, format!("user {user:?} at {address}: {text}"))
                .hint("grant it, or let db-migrate bootstrap do so with an administrator's login")
        }
        _ => return None,
    })
}

/// Refusals that come from the state that the server is in.
fn of_state(number: u16, text: &str, place: Place<'_>) -> Finding {
    let address = place.address;
    let later = |message: String| Finding::not_yet(Hop::State, message);
    match number {
        1040 => later(format!("{address} has no connection left: {text}"))
            .hint("raise max_connections, or lower SQLALCHEMY_POOL_SIZE and the number of replicas"),
        1203 | 1226 => later(format!("{address} lets user {:?} have no more connections: {text}", place.user))
            .hint("raise max_user_connections of the account, or lower SQLALCHEMY_POOL_SIZE and the number of replicas"),
        1290 if is_read_only(text) => read_only(place),
        1836 | 3100 | 4008 => read_only(place),
        3032 => later(format!("{address} is in offline mode"))
            .hint("turn offline_mode off at the server; a replica that lags behind may have done so by itself"),
        1053 | 1077 | 1080 | 1927 | 4031 => later(format!("{address}: {text}"))
            .hint("wait; if it stays so, read the server's log"),
        1152 | 1184 | 1159 | 1161 => later(format!("{address} broke the connection: {text}")),
        1205 | 1213 | 1317 | 3024 | 4012 => later(format!("{address}: {text}"))
            .hint("another session is in the way; if it stays so, look at SHOW PROCESSLIST"),
        // OceanBase: no leader, switching roles, not yet started, out of memory or of log disk.
        4006 | 4013 | 4023 | 4030 | 4038 | 4103 | 4119 | 4250 | 4654 | 4721 | 4722 | 4725 | 4733 | 5150 => {
            later(format!("{address}: {text}"))
                .hint("the tenant is starting, switching its leader, or short of memory; if it stays so, read observer.log")
        }
        1036 | 1015 | 1021 | 1041 | 1114 | 1135 => {
            later(format!("{address} is short of something: {text}")).hint("read the server's log")
        }
        _ => Finding::suspect(Hop::State, format!("{address}: {text}")),
    }
}

/// 1290 names the option that is in the way; only some of them pass by themselves.
fn is_read_only(text: &str) -> bool {
    text.contains("read-only") || text.contains("read_only")
}

/// A replica, or a server told to take no writes.
#[must_use]
pub fn read_only(place: Place<'_>) -> Finding {
    let Place { address, keys, .. } = place;
    Finding::not_yet(Hop::State, format!("{address} takes no writes: it is read-only, perhaps a replica"))
        .code("1290")
        .hint(format!("point {} at the primary; during a failover this passes by itself", keys.host))
}

/// No answer, or none that is MySQL's.
fn of_connection(error: &Error, place: Place<'_>) -> Finding {
    let hint = "turn TLS on at the server, or off in the settings";
    driver::finding(error, place.address, hint, |text| of_protocol(text, place))
}

fn of_protocol(text: &str, place: Place<'_>) -> Finding {
    let Place { address, user, keys, .. } = place;
    let plugin = text.strip_prefix("unknown authentication plugin: ");
    if let Some(plugin) = plugin.or_else(|| text.contains("cleartext").then_some("mysql_clear_password")) {
        return Finding::suspect(
            Hop::Auth,
            format!("{address} wants user {user:?} to authenticate with {plugin}, which this client cannot"),
        )
        .hint("give the account a password of the usual kind: caching_sha2_password, or mysql_native_password at MariaDB");
    }
    Finding::suspect(Hop::Tcp, format!("{address} does not speak MySQL's protocol: {text}"))
        .hint(format!("check {} and its port", keys.host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Class;

    #[test]
    fn numbers_and_texts_mean_what_the_table_says() {
        let address = Address::new("mysql", 3306);
        let keys =
            Keys { host: "DB_HOST", user: "DB_USERNAME", password: "DB_PASSWORD", database: "DB_DATABASE" };
        let place = Place { address: &address, user: "dify", database: "dify", keys };
        for (number, text, class, hop) in [
            (1040, "Too many connections", Class::NotYet, Hop::State),
            (1044, "Access denied for user 'dify'@'%' to database 'dify'", Class::Suspect, Hop::Permission),
            (1045, "Access denied for user 'dify'@'%' (using password: YES)", Class::Suspect, Hop::Auth),
            (1049, "Unknown database 'dify'", Class::Suspect, Hop::State),
            (1129, "Host 'x' is blocked because of many connection errors", Class::Suspect, Hop::Auth),
            (1130, "Host 'x' is not allowed to connect", Class::Suspect, Hop::Auth),
            (1146, "Table 'dify.alembic_version' doesn't exist", Class::Suspect, Hop::State),
            (1203, "User dify already has more than 'max_user_connections'", Class::NotYet, Hop::State),
            (1205, "Lock wait timeout exceeded", Class::NotYet, Hop::State),
            (1227, "Access denied; you need SUPER", Class::Suspect, Hop::Permission),
            (1290, "The MySQL server is running with the --read-only option", Class::NotYet, Hop::State),
            (1290, "... running with the --secure-file-priv option", Class::Suspect, Hop::State),
            (1524, "Plugin 'mysql_native_password' is not loaded", Class::Suspect, Hop::Auth),
            (1820, "You must SET PASSWORD", Class::Suspect, Hop::Auth),
            (1836, "Running in read-only mode", Class::NotYet, Hop::State),
            (1862, "Your password has expired", Class::Suspect, Hop::Auth),
            (3032, "The server is currently in offline mode", Class::NotYet, Hop::State),
            (3118, "Access denied. Account is locked.", Class::Suspect, Hop::Auth),
            (3159, "--require_secure_transport=ON", Class::Suspect, Hop::Tls),
            (4151, "Access denied, this account is locked", Class::Suspect, Hop::Auth),
            (4012, "Timeout", Class::NotYet, Hop::State),
            (9999, "anything", Class::Suspect, Hop::State),
        ] {
            let finding = of_server(number, text, place);
            assert_eq!((finding.class, finding.hop), (class, hop), "{number} {text}");
        }
    }
}
