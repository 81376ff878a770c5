//! The real servers behind the doors.

use testbed::Tool;
use testbed::postgres::Postgres;
use testbed::redis::Redis;
use testbed::s3::{S3, variables};

use crate::doors::Ports;
use crate::{ours, revisions};

/// The role and the database of every testbed PostgreSQL.
pub(crate) const USER: &str = "dify";
/// The role's password.
pub(crate) const PASSWORD: &str = "secret";
/// The bucket.
pub(crate) const BUCKET: &str = "dify";

/// Servers in which everything is ready.
pub(crate) struct Servers {
    /// With Dify's schema, as far as `alembic_version` tells, and pgvector.
    pub(crate) postgres: Postgres,
    redis: Redis,
    s3: S3,
}

impl Servers {
    /// Starts them. Whoever calls this has to live as long as they are needed.
    pub(crate) fn start() -> Result<Self, String> {
        let servers = Self { postgres: Postgres::start(), redis: Redis::start(), s3: S3::start() };
        let _ = servers.postgres.sql(USER, "CREATE EXTENSION vector");
        schema(&servers.postgres, USER, &revisions::head());
        let made = bucket(servers.s3.port).run();
        if made.code != 0 {
            return Err(format!("the bucket cannot be made: {}", made.output()));
        }
        Ok(servers)
    }

    /// Where they listen.
    pub(crate) fn ports(&self) -> Ports {
        Ports { postgres: self.postgres.port(), redis: self.redis.port(), s3: self.s3.port }
    }
}

fn bucket(port: u16) -> Tool {
    let binary = ours::path("storage-bootstrap");
    Tool::new(binary).args(["ensure"]).envs(variables(&format!("http://127.0.0.1:{port}"), BUCKET))
}

/// Writes down a revision as the schema's, as Alembic does.
pub(crate) fn schema(postgres: &Postgres, database: &str, revision: &str) {
    let sql = format!(
        "SET ROLE {USER}; CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); \
         INSERT INTO alembic_version VALUES ('{revision}')"
    );
    let _ = postgres.sql(database, &sql);
}
