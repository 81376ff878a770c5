//! What the stores have in common that speak PostgreSQL's protocol and bring a vector type of their own.

use preflight::postgres::{Hosts, Keys, Login, Session, Tls, read_only};
use preflight::{Address, ConfigError, Env, Finding, Hop, Secret};

use super::dsn;

/// One such product, and the variables that hold its login.
pub(super) struct Product {
    /// Its name in `VECTOR_STORE`.
    pub(super) name: &'static str,
    /// Its name in messages.
    pub(super) title: &'static str,
    pub(super) keys: Keys,
    pub(super) port: (&'static str, u16),
    /// The database where none is named; empty if one must be.
    pub(super) database: &'static str,
    /// Whether Dify writes user and password into a URL without quoting them.
    pub(super) in_url: bool,
}

/// Where to log in, as Dify would.
pub(super) fn login(env: &Env, product: &Product) -> Result<Login, ConfigError> {
    let Keys { host, user, password, database } = product.keys;
    let (port_key, default_port) = product.port;
    let address = address(env, host, port_key, default_port)?;
    let name = match product.database {
        "" => env.required(database)?,
        default => env.text_or(database, default)?,
    };
    if name.is_empty() {
        return Err(ConfigError::new(database, "is empty").hint(format!("set {database}")));
    }
    let (name_of_user, secret) = (env.required(user)?, env.required_secret(password)?);
    let (name_of_user, secret) = if product.in_url {
        (dsn::user(user, &name_of_user)?, dsn::password(env, password, &secret)?)
    } else {
        (name_of_user, secret)
    };
    Ok(Login {
        address,
        hosts: Hosts::default(),
        user: name_of_user,
        password: Some(secret).filter(|secret: &Secret| !secret.is_empty()),
        database: name,
        tls: Tls::of_libpq(env)?,
        options: Vec::new(),
        application: "vector-probe".to_owned(),
        keys: product.keys,
        warnings: Vec::new(),
    })
}

/// A host and a port in two variables.
pub(super) fn address(
    env: &Env,
    host_key: &str,
    port_key: &str,
    default: u16,
) -> Result<Address, ConfigError> {
    let host = env.required(host_key)?;
    parsed(&host, env.number(port_key, default)?, host_key, port_key)
}

/// A host that holds no port, with one.
pub(super) fn parsed(host: &str, port: u16, host_key: &str, port_key: &str) -> Result<Address, ConfigError> {
    if port == 0 {
        return Err(ConfigError::new(port_key, "0 is not a port (1 to 65535)"));
    }
    let address = Address::parse(host, Some(port)).map_err(|problem| ConfigError::new(host_key, problem))?;
    if address.port != port || address.to_string() == host {
        return Err(
            ConfigError::new(host_key, "holds a port").hint(format!("write the port into {port_key}"))
        );
    }
    Ok(address)
}

/// Dify refuses a pool whose smallest size is above its largest.
pub(super) fn pool(env: &Env, least: &str, most: &str, defaults: (u32, u32)) -> Result<(), ConfigError> {
    let (smallest, largest) = (env.number(least, defaults.0)?, env.number(most, defaults.1)?);
    for (key, size) in [(least, smallest), (most, largest)] {
        if size == 0 {
            return Err(ConfigError::new(key, "is 0, which Dify refuses").hint("set it to 1 or more"));
        }
    }
    if smallest > largest {
        return Err(ConfigError::new(least, format!("is above {most}, which Dify refuses"))
            .hint(format!("set {least} to {largest} or less")));
    }
    Ok(())
}

/// What one question tells about a database in which the vector type is built in.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is the answer to one part of the question")]
pub(super) struct State {
    /// What the server calls itself.
    pub(super) version: String,
    is_read_only: bool,
    schema: Option<String>,
    may_create: bool,
    /// Whether the type is found without its schema, and whether it is anywhere.
    type_is_visible: bool,
    type_is_anywhere: bool,
    has_index_method: bool,
}

/// A vector type and the index method that Dify names for it.
#[derive(Clone, Copy)]
pub(super) struct Vectors {
    pub(super) column: &'static str,
    pub(super) index: &'static str,
    /// What to do where they are missing.
    pub(super) cure: &'static str,
}

/// Asks in words that PostgreSQL 9.2 knows, which is what openGauss descends from.
pub(super) async fn ask(session: &mut Session, vectors: Vectors) -> Result<State, Finding> {
    let Vectors { column, index, .. } = vectors;
    let question = format!(
        "SELECT version(), \
         CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' THEN 1 ELSE 0 END, \
         current_schema(), \
         CASE WHEN has_schema_privilege(current_schema(), 'CREATE') THEN 1 ELSE 0 END, \
         (SELECT count(*) FROM pg_type t WHERE t.typname = '{column}' AND pg_type_is_visible(t.oid)), \
         (SELECT count(*) FROM pg_type t WHERE t.typname = '{column}'), \
         (SELECT count(*) FROM pg_am WHERE amname = '{index}')"
    );
    let rows = session.ask(&question).await?;
    Ok(rows.first().map(|row| read(row)).unwrap_or_default())
}

fn read(row: &[Option<String>]) -> State {
    let text = |column: usize| row.get(column).cloned().flatten();
    let truth = |column: usize| text(column).is_some_and(|number| number != "0");
    State {
        version: shorten(&text(0).unwrap_or_default()),
        is_read_only: truth(1),
        schema: text(2),
        may_create: truth(3),
        type_is_visible: truth(4),
        type_is_anywhere: truth(5),
        has_index_method: truth(6),
    }
}

/// The first thing that is in the way of a table with vectors.
pub(super) fn judge(state: &State, login: &Login, vectors: Vectors) -> Result<(), Finding> {
    let (at, user) = (login.target(), &login.user);
    if state.is_read_only {
        return Err(read_only(login.place()));
    }
    let Some(schema) = &state.schema else {
        let message = format!("user {user:?} has no schema at {at} to create tables in");
        return Err(Finding::suspect(Hop::Permission, message)
            .code("3F000")
            .hint("check the search_path of the role, and that schema public exists"));
    };
    if !state.may_create {
        let message = format!("user {user:?} may not create tables in schema {schema:?} of {at}");
        return Err(Finding::suspect(Hop::Permission, message)
            .code("42501")
            .hint(format!("GRANT CREATE ON SCHEMA {schema} TO the role, or check {}", login.keys.user)));
    }
    let Vectors { column, index, cure } = vectors;
    if !state.type_is_visible {
        let found = if state.type_is_anywhere {
            Finding::suspect(
                Hop::State,
                format!("the type {column} is at {at} in a schema that is not searched for user {user:?}"),
            )
            .hint("add its schema: ALTER ROLE ... SET search_path TO \"$user\", public, vectors")
        } else {
            Finding::suspect(Hop::State, format!("{at} ({}) has no type {column}", state.version)).hint(cure)
        };
        return Err(found.code("42704"));
    }
    if !state.has_index_method {
        let message = format!("{at} ({}) has no index method {index}", state.version);
        return Err(Finding::suspect(Hop::State, message).code("42704").hint(cure));
    }
    Ok(())
}

/// What was proven.
pub(super) fn ready(state: &State, login: &Login, title: &str, vectors: Vectors) -> Finding {
    let Vectors { column, index, .. } = vectors;
    Finding::ready(format!(
        "{title} at {} ({}) is writable, has the type {column} and the index method {index}, tables may be created",
        login.target(),
        state.version
    ))
}

/// A refusal in the words of this product: the hints of a database of Dify's own do not fit.
pub(super) fn words(finding: Finding, login: &Login, title: &str) -> Finding {
    let Keys { user, database, .. } = login.keys;
    let at = &login.address;
    let text = finding.message.as_str();
    if text.contains("unsupported SASL authentication mechanisms") {
        let message =
            format!("{at} wants openGauss's own sha256 login, which Dify's client library does not know");
        return Finding::suspect(Hop::Auth, message).hint(
            "set password_encryption_type = 1 and the method md5 for this host in pg_hba.conf, then set the role's password anew",
        );
    }
    if text.contains("Forbid remote connection with initial user") {
        return finding.hint(format!(
            "{title} lets its first user in from its own machine alone: create another role and set {user}"
        ));
    }
    if text.contains("has been locked") {
        return finding.hint("execute as an administrator: ALTER USER ... ACCOUNT UNLOCK");
    }
    match finding.code.as_deref() {
        Some("3D000") => finding.hint(format!("create it, or check {database}")),
        Some("53300") => {
            finding.hint("raise max_connections at the server, or let fewer processes of Dify use it")
        }
        Some("42501") => finding.hint(format!("grant it, or check {user}")),
        _ => finding,
    }
}

/// The product and its version, without the compiler.
pub(super) fn shorten(version: &str) -> String {
    let mut end = version.len();
    for word in [" on ", " compiled ", " build ", ", "] {
        end = version.find(word).map_or(end, |at| at.min(end));
    }
    version.get(..end).unwrap_or(version).trim_start_matches('(').trim().chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_told_without_its_compiler() {
        for (version, short) in [
            (
                "PostgreSQL 17.6 (Debian 17.6-0+deb13u1) on x86_64-pc-linux-gnu, compiled by gcc",
                "PostgreSQL 17.6 (Debian 17.6-0+deb13u1)",
            ),
            ("(openGauss 7.0.0-RC1 build 1b2ac7b8) compiled at 2025-03-31 on x86_64", "openGauss 7.0.0-RC1"),
            ("", ""),
        ] {
            assert_eq!(shorten(version), short);
        }
    }

    #[test]
    fn a_pool_that_dify_refuses_is_refused_by_name() {
        for (least, most, key) in [
            ("6", "5", Some("LEAST")),
            ("0", "5", Some("LEAST")),
            ("1", "0", Some("MOST")),
            ("", "5", Some("LEAST")),
            ("5", "5", None),
        ] {
            let refused = pool(&Env::of([("LEAST", least), ("MOST", most)]), "LEAST", "MOST", (1, 5));
            assert_eq!(refused.err().map(|error| error.key).as_deref(), key, "{least} {most}");
        }
    }

    #[test]
    fn what_is_in_the_way_comes_in_the_order_of_its_cure() {
        let login_of = |env: &Env| {
            login(
                env,
                &Product {
                    name: "relyt",
                    title: "Relyt",
                    keys: Keys { host: "H", user: "U", password: "P", database: "D" },
                    port: ("PORT", 9200),
                    database: "",
                    in_url: false,
                },
            )
        };
        let login = login_of(&Env::of([("H", "h"), ("U", "u"), ("P", "p"), ("D", "d")])).unwrap();
        let vectors = Vectors { column: "vector", index: "hnsw", cure: "cure" };
        let whole = || State {
            schema: Some("public".to_owned()),
            may_create: true,
            type_is_visible: true,
            type_is_anywhere: true,
            has_index_method: true,
            ..State::default()
        };
        assert!(judge(&whole(), &login, vectors).is_ok());
        for (state, code) in [
            (State { is_read_only: true, ..whole() }, "25006"),
            (State { schema: None, ..whole() }, "3F000"),
            (State { may_create: false, ..whole() }, "42501"),
            (State { type_is_visible: false, ..whole() }, "42704"),
            (State { has_index_method: false, ..whole() }, "42704"),
        ] {
            assert_eq!(judge(&state, &login, vectors).unwrap_err().code.as_deref(), Some(code), "{state:?}");
        }
    }
}
