//! `AnalyticDB` for PostgreSQL, of Alibaba Cloud: by its own protocol where a host is named, else by Alibaba's API.

use preflight::postgres::{Fault, Hosts, Keys, Login, Session, Tls};
use preflight::{Address, ConfigError, Env, Finding, Hop};
use sqlx::Row as _;

use super::pgwire;
use super::reach::Reach;
use super::store::Store;

const HOST: &str = "ANALYTICDB_HOST";
const ACCOUNT: &str = "ANALYTICDB_ACCOUNT";
const PASSWORD: &str = "ANALYTICDB_PASSWORD";
/// The database that Dify makes, after a login to this one.
const FIRST: &str = "postgres";

/// Looks at one instance.
pub(super) enum AnalyticDb {
    Sql(Box<Session>),
    /// Signed by Alibaba's own client.
    Api(Reach),
}

/// One row: whether Dify's database is there or may be made, and whether the parser of Chinese text is to be had.
const QUESTION: &str = "
SELECT current_setting('server_version') AS server,
  EXISTS (SELECT 1 FROM pg_database WHERE datname = 'knowledgebase') AS made,
  coalesce((SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user), false) AS may,
  EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'zhparser') AS parser";

impl AnalyticDb {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        if env.text_or(HOST, "")?.is_empty() { Self::by_api(env) } else { Self::by_sql(env) }
    }

    fn by_sql(env: &Env) -> Result<Self, ConfigError> {
        let address = pgwire::address(env, HOST, "ANALYTICDB_PORT", 5432)?;
        let (user, password) = (env.required(ACCOUNT)?, env.required_secret(PASSWORD)?);
        pgwire::pool(env, "ANALYTICDB_MIN_CONNECTION", "ANALYTICDB_MAX_CONNECTION", (1, 5))?;
        Ok(Self::Sql(Box::new(Session::new(Login {
            address,
            hosts: Hosts::default(),
            user,
            password: Some(password),
            database: FIRST.to_owned(),
            tls: Tls::of_libpq(env)?,
            options: Vec::new(),
            application: "vector-probe".to_owned(),
            keys: Keys { host: HOST, user: ACCOUNT, password: PASSWORD, database: HOST },
            warnings: Vec::new(),
        }))))
    }

    fn by_api(env: &Env) -> Result<Self, ConfigError> {
        for name in ["ANALYTICDB_KEY_ID", "ANALYTICDB_REGION_ID", "ANALYTICDB_INSTANCE_ID", ACCOUNT] {
            env.required(name).map_err(|error| {
                error.hint(format!("set {name}, or {HOST} to speak to the instance itself"))
            })?;
        }
        for name in ["ANALYTICDB_KEY_SECRET", PASSWORD, "ANALYTICDB_NAMESPACE_PASSWORD"] {
            env.required_secret(name)?;
        }
        let region = env.required("ANALYTICDB_REGION_ID")?;
        let reach = Reach {
            product: "the API of AnalyticDB",
            address: Address::new(endpoint(&region), 443),
            variable: "ANALYTICDB_REGION_ID",
            client: "Alibaba's own client",
            tls: None,
        };
        Ok(Self::Api(reach.with_tls()?))
    }
}

/// Where the client of Alibaba finds the API of a region.
fn endpoint(region: &str) -> String {
    let central = [
        "cn-beijing",
        "cn-hangzhou",
        "cn-hongkong",
        "cn-qingdao",
        "cn-shanghai",
        "cn-shenzhen",
        "ap-southeast-1",
        "us-east-1",
        "us-west-1",
    ];
    if central.contains(&region) {
        "gpdb.aliyuncs.com".to_owned()
    } else {
        format!("gpdb.{region}.aliyuncs.com")
    }
}

impl Store for AnalyticDb {
    fn target(&self) -> String {
        match self {
            Self::Sql(session) => format!("analyticdb {}", session.login().target()),
            Self::Api(reach) => format!("analyticdb {}", reach.address),
        }
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let session = match self {
            Self::Api(reach) => return reach.look().await,
            Self::Sql(session) => session,
        };
        let rows = session.fetch(QUESTION).await.map_err(|fault| fault.finding)?;
        let place = session.login().place();
        let broken = |error: &sqlx::Error| Fault::of(error, place).finding;
        let row = rows.first().ok_or_else(|| broken(&sqlx::Error::RowNotFound))?;
        let truth = |name: &str| row.try_get::<bool, _>(name).map_err(|error| broken(&error));
        let server: String = row.try_get("server").map_err(|error| broken(&error))?;
        let (made, may, parser) = (truth("made")?, truth("may")?, truth("parser")?);
        let login = session.login();
        let at = &login.address;
        if !parser {
            let message = format!(
                "the extension zhparser is not to be had at {at}, so it is no AnalyticDB that Dify can use"
            );
            return Err(Finding::never(Hop::State, message).code("42704").hint(format!("check {HOST}")));
        }
        if !made && !may {
            let message = format!("user {:?} may not make the database knowledgebase at {at}", login.user);
            return Err(Finding::suspect(Hop::Permission, message)
                .code("42501")
                .hint(format!("make it, or check {ACCOUNT}: Dify wants the instance's first account")));
        }
        let message = format!(
            "AnalyticDB {server} at {at} takes the password, and its database is there or may be made"
        );
        session.close().await;
        Ok(Finding::ready(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_decides_how_it_is_asked() {
        let sql = Env::of([(HOST, "adb"), (ACCOUNT, "u"), (PASSWORD, "p")]);
        assert_eq!(AnalyticDb::new(&sql).unwrap().target(), "analyticdb adb:5432/postgres");
        let api = [
            ("ANALYTICDB_KEY_ID", "k"),
            ("ANALYTICDB_KEY_SECRET", "s"),
            ("ANALYTICDB_REGION_ID", "eu-central-1"),
            ("ANALYTICDB_INSTANCE_ID", "i"),
            (ACCOUNT, "u"),
            (PASSWORD, "p"),
            ("ANALYTICDB_NAMESPACE_PASSWORD", "n"),
        ];
        assert_eq!(
            AnalyticDb::new(&Env::of(api)).unwrap().target(),
            "analyticdb gpdb.eu-central-1.aliyuncs.com:443"
        );
        for missing in 0..api.len() {
            let mut variables = api;
            variables[missing].1 = "";
            assert_eq!(AnalyticDb::new(&Env::of(variables)).err().unwrap().key, api[missing].0);
        }
    }
}
