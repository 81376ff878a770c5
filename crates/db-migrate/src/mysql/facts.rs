//! What is read from a server of MySQL's family in one look.

use std::collections::BTreeMap;

use preflight::mysql::{Session, read_only};
use preflight::{Finding, Hop};

use super::grants::Grants;
use super::product::Product;
use super::{lock, quote};
use crate::engine::Server;
use crate::lineage;

/// Tables that Dify's first revisions create. If one of them is there without a revision, a migration would stop
/// at it, whoever made it.
const TABLES: [&str; 7] = ["accounts", "apps", "datasets", "dify_setups", "end_users", "messages", "tenants"];

/// What is asked for; a server of the family knows some of them.
const VARIABLES: &[&str] = &[
    "character_set_database",
    "disabled_storage_engines",
    "innodb_read_only",
    "lower_case_table_names",
    "max_allowed_packet",
    "read_only",
    "sql_mode",
    "sql_require_primary_key",
    "super_read_only",
    "transaction_read_only",
    "tx_read_only",
    "version_comment",
    "wsrep_on",
];

/// Dify's largest values, such as workflow runs, go beyond the servers' small defaults of old.
const SMALL_PACKET: u64 = 4 << 20;

/// What is particular to this family.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Which of the family it is.
    pub product: Product,
    /// Rights that Dify needs and this user lacks.
    pub missing: Vec<&'static str>,
    /// Roles that were granted but are not in force.
    pub idle_roles: Vec<String>,
    /// Whether tables with transactions can be made.
    pub has_innodb: bool,
}

/// Looks at it.
pub async fn read(session: &mut Session) -> Result<Server, Finding> {
    let answer = session.ask("SELECT VERSION(), DATABASE(), @@read_only").await?;
    let mut row = answer.into_iter().next().unwrap_or_default().into_iter();
    let mut next = || row.next().flatten().unwrap_or_default();
    let (product, version) = Product::of(&next());
    let database = next();
    let read_only = next() != "0";
    let variables = variables(session).await?;
    let mut server = Server { product: product.name(), version, read_only, ..Server::default() };
    let is_on = |name: &str| variables.get(name).is_some_and(|value| value == "ON" || value == "1");
    server.read_only |= ["super_read_only", "transaction_read_only", "tx_read_only", "innodb_read_only"]
        .into_iter()
        .any(is_on);
    let has_lock_row = tables(session, &mut server).await?;
    server.holder = match (product.keeps_locks(), has_lock_row) {
        (false, _) => first(session, &lock::holder(&database)).await?,
        (true, true) => lock::row_holder(session).await,
        (true, false) => None,
    };
    let mut facts = Facts { product, has_innodb: has_innodb(session, product).await?, ..Facts::default() };
    (facts.missing, facts.idle_roles) = rights(session, &database).await?;
    server.may_create = facts.missing.is_empty() && facts.has_innodb;
    server.warnings = warnings(&server, product, &variables);
    server.schema = Some(database);
    server.mysql = facts;
    Ok(server)
}

async fn first(session: &mut Session, sql: &str) -> Result<Option<String>, Finding> {
    Ok(session.ask(sql).await?.into_iter().flatten().next().flatten())
}

async fn variables(session: &mut Session) -> Result<BTreeMap<String, String>, Finding> {
    let names: Vec<String> = VARIABLES.iter().map(|name| quote::text(name)).collect();
    let sql = format!("SHOW VARIABLES WHERE Variable_name IN ({})", names.join(", "));
    let rows = session.ask(&sql).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let mut row = row.into_iter();
            Some((row.next()??.to_ascii_lowercase(), row.next()??))
        })
        .collect())
}

/// Which of the tables that matter are there; true if the one of the lock is among them.
async fn tables(session: &mut Session, server: &mut Server) -> Result<bool, Finding> {
    let mut has_lock_row = false;
    let names: Vec<String> = TABLES
        .iter()
        .chain(&["alembic_version", lineage::TABLE, lock::TABLE])
        .map(|name| quote::text(name))
        .collect();
    let sql = format!(
        "SELECT table_schema, table_name, IF(table_schema = DATABASE(), 'here', 'there') \
         FROM information_schema.tables WHERE table_name IN ({}) \
         AND (table_schema = DATABASE() OR table_name = 'alembic_version') ORDER BY 1, 2",
        names.join(", ")
    );
    let mut elsewhere = Vec::new();
    for row in session.ask(&sql).await? {
        let [schema, table, place] = row.as_slice() else { continue };
        let table = table.clone().unwrap_or_default();
        match (place.as_deref(), table.as_str()) {
            (Some("here"), "alembic_version") => server.version_table = Some(table),
            (Some("here"), lineage::TABLE) => server.has_lineage = true,
            (Some("here"), lock::TABLE) => has_lock_row = true,
            (Some("here"), _) => server.tables.push(table),
            _ => elsewhere.extend(schema.clone()),
        }
    }
    server.elsewhere = (!elsewhere.is_empty()).then(|| elsewhere.join(", "));
    Ok(has_lock_row)
}

async fn has_innodb(session: &mut Session, product: Product) -> Result<bool, Finding> {
    if !matches!(product, Product::Mysql | Product::MariaDb) {
        return Ok(true);
    }
    let sql =
        "SELECT 1 FROM information_schema.ENGINES WHERE engine = 'InnoDB' AND support IN ('YES', 'DEFAULT')";
    Ok(first(session, sql).await?.is_some())
}

/// What is missing of what Dify needs, and the roles that were granted without being in force.
async fn rights(session: &mut Session, database: &str) -> Result<(Vec<&'static str>, Vec<String>), Finding> {
    let mut lines = first_column(session, "SHOW GRANTS").await?;
    let grants = Grants::of(lines.iter().map(String::as_str), database);
    if grants.roles.is_empty() || grants.missing().is_empty() {
        return Ok((grants.missing(), Vec::new()));
    }
    let active = first(session, "SELECT CURRENT_ROLE()").await?.filter(|role| role != "NONE");
    let Some(active) = active else { return Ok((grants.missing(), grants.roles)) };
    // MariaDB tells the rights of the role in force without being asked, MySQL does not.
    let using = format!("SHOW GRANTS FOR CURRENT_USER() USING {active}");
    if let Ok(rows) = session.try_ask(&using).await {
        lines.extend(rows.into_iter().filter_map(|row| row.into_iter().next().flatten()));
    }
    let grants = Grants::of(lines.iter().map(String::as_str), database);
    Ok((grants.missing(), Vec::new()))
}

async fn first_column(session: &mut Session, sql: &str) -> Result<Vec<String>, Finding> {
    let rows = session.ask(sql).await?;
    Ok(rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect())
}

/// What will be felt later.
fn warnings(server: &Server, product: Product, variables: &BTreeMap<String, String>) -> Vec<String> {
    let value = |name: &str| variables.get(name).map(String::as_str).unwrap_or_default();
    let is_on = |name: &str| matches!(value(name), "ON" | "1");
    let (name, version) = (server.product, &server.version);
    let mut found = Vec::new();
    if product.is_too_old(version) {
        let (major, minor, patch) = product.floor().unwrap_or_default();
        found.push(format!(
            "{name} {version} is older than {major}.{minor}.{patch}, the oldest that Dify's migrations are known to work with"
        ));
    }
    if product == Product::TiDb {
        found.push("TiDB is not among the databases that Dify is made for".to_owned());
    }
    let charset = value("character_set_database");
    if !charset.is_empty() && charset != "utf8mb4" {
        found.push(format!(
            "the database's character set is {charset}: texts with emoji or rare letters will fail; execute while it is empty: ALTER DATABASE ... CHARACTER SET utf8mb4"
        ));
    }
    let packet = value("max_allowed_packet").parse().unwrap_or(u64::MAX);
    if packet < SMALL_PACKET {
        found.push(format!(
            "max_allowed_packet is {packet} bytes: long documents and workflow runs will fail; set 16M or more"
        ));
    }
    if is_on("sql_require_primary_key") {
        found.push(
            "sql_require_primary_key is on: a revision that makes a table without a primary key will fail"
                .to_owned(),
        );
    }
    if is_on("wsrep_on") {
        found.push(
            "this is a Galera cluster: the migration lock holds at one node alone, so let DB_HOST always lead to the same one"
                .to_owned(),
        );
    }
    let mode = value("sql_mode");
    for word in ["ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "PIPES_AS_CONCAT"] {
        if mode.split(',').any(|found| found == word) {
            found.push(format!(
                "sql_mode holds {word}, which changes what Dify's own statements mean; take it out"
            ));
        }
    }
    if !mode.split(',').any(|word| matches!(word, "STRICT_TRANS_TABLES" | "STRICT_ALL_TABLES")) {
        found.push(
            "sql_mode is not strict: values that are too long are cut off silently; add STRICT_TRANS_TABLES"
                .to_owned(),
        );
    }
    found
}

/// The first thing that would stop Dify from writing, or a migration from making tables.
pub(crate) fn refusal(server: &Server, session: &Session, creates: bool) -> Option<Finding> {
    let login = session.login();
    let (user, database) = (&login.user, &login.database);
    if server.read_only {
        return Some(read_only(login.place()));
    }
    if !creates {
        return None;
    }
    let facts = &server.mysql;
    if !facts.has_innodb {
        return Some(
            Finding::suspect(
                Hop::State,
                format!("{} has no InnoDB, in which Dify keeps its tables", login.address),
            )
            .code("innodb")
            .hint("turn it on at the server, and read the server's log for why it is off"),
        );
    }
    if facts.missing.is_empty() {
        return None;
    }
    let missing = facts.missing.join(", ");
    let finding = Finding::suspect(
        Hop::Permission,
        format!("user {user:?} lacks {missing} in database {database:?} of {}", login.address),
    )
    .code("1142");
    Some(if facts.idle_roles.is_empty() {
        finding.hint(format!(
            "execute as an administrator: GRANT ALL ON {}.* TO the account (db-migrate bootstrap does)",
            quote::pattern(database)
        ))
    } else {
        finding.hint(format!(
            "the role {} is granted but not in force: SET DEFAULT ROLE ALL TO the account, or grant the rights themselves",
            facts.idle_roles.join(", ")
        ))
    })
}
