//! MySQL of your own.

use schemars::JsonSchema;
use serde::Serialize;

use super::database::Admin;
use super::secrets::Secret;

/// A MySQL, OceanBase or seekdb of your own.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalMysql {
    /// Whether to use it in place of PostgreSQL. It cannot keep vectors, so one of the vector stores must be enabled.
    pub enabled: bool,
    /// Which of the family it is.
    #[serde(rename = "type")]
    pub kind: MysqlKind,
    /// Host name or address.
    pub address: String,
    /// Port: 3306 of MySQL, 2881 of OceanBase and seekdb.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// The user that Dify logs in as; at OceanBase with its tenant, as in root@tenant.
    #[schemars(length(min = 1))]
    pub username: String,
    /// Its password, without a space. In a Secret of yours its key is MYSQL_PASSWORD unless you name another.
    pub password: Secret,
    /// The databases; missing ones are made if the user (or admin below) may.
    pub database: MysqlDatabases,
    /// TLS: require encrypts, verify-full also checks who signed the server's certificate and its name; it needs
    /// global.caBundle. The plugin daemon does so with require too. A server that demands a certificate of its clients cannot
    /// be used: the plugin daemon has none.
    pub ssl_mode: MysqlSslMode,
    /// More arguments for PyMySQL, as they stand in a URL, such as connect_timeout=10. The plugin daemon has no such thing.
    #[schemars(regex(pattern = r"^([A-Za-z_]+=[^&=?#\s]+(&[A-Za-z_]+=[^&=?#\s]+)*)?$"))]
    pub extra_parameters: String,
    /// A user that may create databases, if the one above may not. Only the bootstrap job uses it. In a Secret of yours the
    /// key of its password is PREFLIGHT_ADMIN_MYSQL_PASSWORD unless you name another.
    pub admin: Admin,
}

impl Default for ExternalMysql {
    fn default() -> Self {
        Self {
            enabled: false,
            kind: MysqlKind::Mysql,
            address: String::new(),
            port: 3306,
            username: "root".to_owned(),
            password: Secret::default(),
            database: MysqlDatabases::default(),
            ssl_mode: MysqlSslMode::Disable,
            extra_parameters: String::new(),
            admin: Admin::default(),
        }
    }
}

/// A server of MySQL's family.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are those of DB_TYPE")]
pub enum MysqlKind {
    Mysql,
    Oceanbase,
    Seekdb,
}

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are those of externalPostgres")]
pub enum MysqlSslMode {
    Disable,
    Require,
    VerifyFull,
}

/// Names of databases.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MysqlDatabases {
    /// The application's.
    #[schemars(regex(pattern = r"^[^?/\s]+$"))]
    pub api: String,
    /// The plugin daemon's; it writes the name unquoted, so without a dash.
    #[schemars(regex(pattern = r"^[A-Za-z_][A-Za-z0-9_]*$"))]
    pub plugin_daemon: String,
}

impl Default for MysqlDatabases {
    fn default() -> Self {
        Self { api: "dify".to_owned(), plugin_daemon: "dify_plugin".to_owned() }
    }
}
