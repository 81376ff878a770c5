//! What the stores have in common that speak MySQL's protocol.

use preflight::mysql::{Fault, Keys, Login, Session, Tls};
use preflight::{ConfigError, Env, Finding, Hop};

use super::{dsn, pgwire};

/// One such product, the variables that hold its login, and what holds where they are not set.
pub(super) struct Product {
    /// Its name in messages.
    pub(super) title: &'static str,
    pub(super) keys: Keys,
    pub(super) port: (&'static str, u16),
    /// Host, user, password and database of Dify's own; empty where one must be given.
    pub(super) defaults: [&'static str; 4],
    /// Whether Dify refuses to open the store without a password.
    pub(super) wants_password: bool,
    /// Whether Dify writes user and password into a URL without quoting them.
    pub(super) in_url: bool,
}

/// Where to log in, as Dify would.
pub(super) fn login(env: &Env, product: &Product, tls: Tls) -> Result<Login, ConfigError> {
    let Keys { host, user, password, database } = product.keys;
    let [default_host, default_user, default_password, default_database] = product.defaults;
    let text = |key: &str, default: &str| {
        if default.is_empty() {
            return env.required(key);
        }
        let text = env.text_or(key, default)?;
        if text.is_empty() {
            return Err(
                ConfigError::new(key, "is empty").hint(format!("set {key}, or leave it unset for {default}"))
            );
        }
        Ok(text)
    };
    let (port_key, default_port) = product.port;
    let address =
        pgwire::parsed(&text(host, default_host)?, env.number(port_key, default_port)?, host, port_key)?;
    let mut secret = if env.is_set(password)? || default_password.is_empty() {
        env.secret(password)?
    } else {
        Some(preflight::Secret::new(default_password))
    };
    if product.wants_password && secret.is_none() {
        return Err(ConfigError::new(password, "is not set or empty")
            .hint(format!("set {password} or {password}_FILE; Dify refuses an empty one")));
    }
    let mut name = text(user, default_user)?;
    if product.in_url {
        name = dsn::user(user, &name)?;
        secret = secret.map(|secret| dsn::password(env, password, &secret)).transpose()?;
    }
    Ok(Login {
        address,
        user: name,
        password: secret,
        database: text(database, default_database)?,
        tls,
        keys: product.keys,
        warnings: Vec::new(),
    })
}

/// One answer in one column.
pub(super) async fn ask(session: &mut Session, title: &str, question: &str) -> Result<String, Finding> {
    let rows = session.ask(question).await.map_err(|finding| words(finding, session.login(), title))?;
    Ok(rows.into_iter().flatten().next().flatten().unwrap_or_default())
}

/// Whether a function that only this product has is there.
pub(super) async fn has(session: &mut Session, title: &str, call: &str) -> Result<bool, Finding> {
    match session.try_ask(&format!("SELECT {call}")).await {
        Ok(_) => Ok(true),
        // No such function, an expression that cannot be parsed, a type that is not known.
        Err(fault) if matches!(fault.code, Some(1064 | 1105 | 1128 | 1305 | 1370 | 4161 | 20101..=20299)) => {
            Ok(false)
        }
        Err(fault) => Err(words(fault.finding, session.login(), title)),
    }
}

/// Whether tables may be created, asked for without creating one: the table to copy does not exist. What cannot be told
/// is told as a warning.
pub(super) async fn may_create(session: &mut Session, title: &str) -> Result<Option<String>, Finding> {
    const QUESTION: &str = "CREATE TABLE preflight_asks_only LIKE preflight_is_not_there";
    let answer = session.try_ask(QUESTION).await;
    let login = session.login();
    let unknown =
        |text: &str| format!("whether tables may be created in {} was not told: {text}", login.database);
    let Err(Fault { finding, code, .. }) = answer else { return Ok(Some(unknown("an unexpected answer"))) };
    match code {
        Some(1146) => Ok(None),
        Some(1142 | 1044 | 1227 | 1370) => {
            let message = format!("user {:?} may not create tables in {}", login.user, login.target());
            let code = code.map(|code| code.to_string()).unwrap_or_default();
            let cure = format!("GRANT ALL ON {}.* TO the user, or check {}", login.database, login.keys.user);
            Err(Finding::suspect(Hop::Permission, message).code(code).hint(cure))
        }
        None | Some(1290 | 1836 | 3100 | 4008) => Err(words(finding, login, title)),
        Some(_) => Ok(Some(unknown(&finding.message))),
    }
}

/// A server of another kind behind the same protocol.
pub(super) fn stranger(login: &Login, title: &str, version: &str) -> Finding {
    let Keys { host, .. } = login.keys;
    let message = format!("{} is {version:?}, which is no {title}", login.address);
    Finding::suspect(Hop::State, message).hint(format!("check {host} and its port"))
}

/// A refusal in the words of a store: the hints of a database of Dify's own do not fit.
pub(super) fn words(finding: Finding, login: &Login, title: &str) -> Finding {
    let Keys { user, database, .. } = login.keys;
    match finding.code.as_deref() {
        Some("1049") => finding.hint(format!("create it, or check {database}")),
        Some("1044") => finding.hint(format!(
            "create it and GRANT ALL ON {}.* TO the user, or check {database} and {user}",
            login.database
        )),
        Some("1040") => {
            finding.hint("raise max_connections at the server, or let fewer processes of Dify use it")
        }
        Some("1203" | "1226") => {
            finding.hint("raise max_user_connections of the account, or let fewer processes of Dify use it")
        }
        _ if finding.message.contains("does not speak MySQL's protocol") => {
            finding.hint(format!("check the host and the port of {title}"))
        }
        _ => finding,
    }
}

/// The numbers of a version behind a mark, such as `4.3.5.1` in `5.7.25-OceanBase_CE-v4.3.5.1`.
pub(super) fn numbers(version: &str, mark: &str) -> Option<Vec<u32>> {
    let (_, rest) = version.split_once(mark)?;
    let end = rest.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(rest.len());
    let numbers: Vec<u32> = rest.get(..end)?.split('.').map_while(|part| part.parse().ok()).collect();
    (!numbers.is_empty()).then_some(numbers)
}

/// Numbers as a version is written.
pub(super) fn dotted(numbers: &[u32]) -> String {
    numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_stands_behind_the_mark_of_its_product() {
        for (version, mark, found) in [
            ("5.7.25-OceanBase_CE-v4.3.5.1", "-v", Some(vec![4, 3, 5, 1])),
            ("8.0.11-TiDB-v8.5.2-serverless", "TiDB-v", Some(vec![8, 5, 2])),
            ("8.0.30-MatrixOne-v2.1.0", "MatrixOne-v", Some(vec![2, 1, 0])),
            ("9.7.0", "TiDB-v", None),
            ("TiDB-v", "TiDB-v", None),
        ] {
            assert_eq!(numbers(version, mark), found, "{version}");
        }
    }
}
