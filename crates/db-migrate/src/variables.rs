//! Every variable that is read; the docs are made from it.

use preflight::Variable;

/// What `db-migrate` reads.
pub const VARIABLES: &[Variable] = &[
    // The database, as api and worker read it.
    Variable::plain(
        "DB_TYPE",
        "postgresql",
        "postgresql, mysql, oceanbase or seekdb; the plugin daemon also knows pgbouncer",
    ),
    Variable::plain("DB_HOST", "localhost", "Host name or address; on PostgreSQL several, with commas"),
    Variable::plain("DB_PORT", "5432", "Port; Dify's default is PostgreSQL's, whatever DB_TYPE says"),
    Variable::plain("DB_USERNAME", "postgres", "The role or user"),
    Variable::secret("DB_PASSWORD", "Its password"),
    Variable::plain("DB_DATABASE", "dify", "The database; dify_plugin for the plugin daemon"),
    Variable::plain(
        "DB_EXTRAS",
        "",
        "What Dify appends to its database URL, such as sslmode=verify-full&sslrootcert=/ca.crt; in the plugin daemon the value of libpq's options",
    ),
    Variable::plain(
        "DB_CHARSET",
        "",
        "The encoding that PostgreSQL is asked for, or the character set of the plugin daemon's MySQL",
    ),
    Variable::plain(
        "DB_SESSION_TIMEZONE_OVERRIDE",
        "UTC",
        "Time zone that Dify asks for as a start-up option; empty where a pooler takes none",
    ),
    // What libpq reads by itself where DB_EXTRAS says nothing.
    Variable::plain("PGSSLMODE", "prefer", "sslmode, where DB_EXTRAS has none, and of the vector store"),
    Variable::plain(
        "PGSSLROOTCERT",
        "",
        "File with the CA, where DB_EXTRAS names none, and of the vector store",
    ),
    Variable::plain("PGSSLCERT", "", "File with the client certificate, where DB_EXTRAS names none"),
    Variable::plain("PGSSLKEY", "", "File with its key, where DB_EXTRAS names none"),
    // The plugin daemon.
    Variable::plain(
        "DB_SSL_MODE",
        "disable",
        "disable or require; where it is set, the variables are read as the plugin daemon reads them",
    ),
    Variable::plain(
        "SSL_CERT_FILE",
        "",
        "File with the CAs that the plugin daemon's client of MySQL trusts, in place of its image's own",
    ),
    Variable::plain(
        "DB_PLUGIN_DATABASE",
        "dify_plugin",
        "The plugin daemon's database, where DB_DATABASE is the api's; bootstrap makes it, unless empty",
    ),
    Variable::plain(
        "DB_DEFAULT_DATABASE",
        "postgres",
        "From where the plugin daemon makes its database when that is not there",
    ),
    // bootstrap.
    Variable::plain(
        "PREFLIGHT_ADMIN_DB_USERNAME",
        "",
        "Who creates what is missing in bootstrap; without it Dify's own user does",
    ),
    Variable::secret("PREFLIGHT_ADMIN_DB_PASSWORD", "The password of that administrator"),
    Variable::plain("VECTOR_STORE", "", "With pgvector, bootstrap makes that database and its extension too"),
    Variable::plain("PGVECTOR_HOST", "pgvector", "Host of the vector store"),
    Variable::plain("PGVECTOR_PORT", "5432", "Its port"),
    Variable::plain("PGVECTOR_USER", "postgres", "Its role"),
    Variable::secret("PGVECTOR_PASSWORD", "The password of that role"),
    Variable::plain("PGVECTOR_DATABASE", "dify", "Its database"),
];
