//! The stores by their names in `VECTOR_STORE`.
//!
//! A new one is a file here, its `mod` line, and a line in [`STORES`].

mod alibabacloud_mysql;
mod analyticdb;
mod baidu;
mod chroma;
mod clickzetta;
mod connect_string;
mod couchbase;
mod digest;
mod dsn;
mod elasticsearch;
mod grpc;
mod hologres;
mod http;
mod iris;
mod lindorm;
mod matrixone;
mod milvus;
mod myscale;
mod mysqlwire;
mod oceanbase;
mod opengauss;
mod opensearch;
mod oracle;
mod pgvecto_rs;
mod pgvector;
mod pgwire;
mod qdrant;
#[allow(dead_code, reason = "the stores that use it come next")]
mod reach;
mod relyt;
mod replies;
mod search;
mod signing;
mod sigv4;
mod store;
mod tablestore;
mod tencent;
mod tidb_on_qdrant;
mod tidb_vector;
mod tns;
mod upstash;
mod valkey;
mod vastbase;
mod vikingdb;
mod weaviate;

use preflight::{Check, ConfigError, Env};

pub(crate) use replies::read_all;
use store::{Call, probed};

const KEY: &str = "VECTOR_STORE";
const FLAG: &str = "--store (PREFLIGHT_VECTOR_STORES)";

/// Reads a store's variables.
type Open = fn(&Env, Call) -> Result<Box<dyn Check>, ConfigError>;

/// Every store that can be probed, by name.
const STORES: &[(&str, Open)] = &[
    ("alibabacloud_mysql", |env, call| probed(alibabacloud_mysql::AliSql::new(env), call)),
    ("analyticdb", |env, call| probed(analyticdb::AnalyticDb::new(env), call)),
    ("baidu", |env, call| probed(baidu::Baidu::new(env), call)),
    ("chroma", |env, call| probed(chroma::Chroma::new(env), call)),
    ("clickzetta", |env, call| probed(clickzetta::Clickzetta::new(env), call)),
    ("couchbase", |env, call| probed(couchbase::Couchbase::new(env), call)),
    ("elasticsearch", |env, call| probed(elasticsearch::Elasticsearch::new(env, "elasticsearch"), call)),
    ("elasticsearch-ja", |env, call| {
        probed(elasticsearch::Elasticsearch::new(env, "elasticsearch-ja"), call)
    }),
    ("hologres", |env, call| probed(hologres::Hologres::new(env), call)),
    ("huawei_cloud", |env, call| probed(lindorm::Relative::huawei_cloud(env), call)),
    ("iris", |env, call| probed(iris::Iris::new(env), call)),
    ("lindorm", |env, call| probed(lindorm::Relative::lindorm(env), call)),
    ("matrixone", |env, call| probed(matrixone::Matrixone::new(env), call)),
    ("milvus", |env, call| probed(milvus::Milvus::new(env), call)),
    ("myscale", |env, call| probed(myscale::MyScale::new(env), call)),
    ("oceanbase", |env, call| probed(oceanbase::OceanBase::new(env, "oceanbase"), call)),
    ("opengauss", |env, call| probed(opengauss::OpenGauss::new(env), call)),
    ("opensearch", |env, call| probed(opensearch::OpenSearch::new(env), call)),
    ("oracle", |env, call| probed(oracle::Oracle::new(env), call)),
    ("pgvecto-rs", |env, call| probed(pgvecto_rs::PgvectoRs::new(env), call)),
    ("pgvector", |env, call| probed(pgvector::Pgvector::new(env), call)),
    ("qdrant", |env, call| probed(qdrant::Qdrant::new(env), call)),
    ("relyt", |env, call| probed(relyt::Relyt::new(env), call)),
    ("seekdb", |env, call| probed(oceanbase::OceanBase::new(env, "seekdb"), call)),
    ("tablestore", |env, call| probed(tablestore::Tablestore::new(env), call)),
    ("tencent", |env, call| probed(tencent::Tencent::new(env), call)),
    ("tidb_on_qdrant", |env, call| probed(tidb_on_qdrant::TidbOnQdrant::new(env), call)),
    ("tidb_vector", |env, call| probed(tidb_vector::TidbVector::new(env), call)),
    ("upstash", |env, call| probed(upstash::Upstash::new(env), call)),
    ("valkey", |env, call| probed(valkey::Valkey::new(env), call)),
    ("vastbase", |env, call| probed(vastbase::Vastbase::new(env), call)),
    ("vikingdb", |env, call| probed(vikingdb::VikingDb::new(env), call)),
    ("weaviate", |env, call| probed(weaviate::Weaviate::new(env), call)),
];

/// Names that Dify's own development has and none of the releases that this program was made for.
const NEWER: &[&str] = &["cos_vectors", "mongodb"];

/// The stores that are asked for, or the one that the environment names.
pub(crate) fn configured(
    env: &Env,
    asked: &[String],
    strict: bool,
) -> Result<Vec<Box<dyn Check>>, ConfigError> {
    if asked.iter().all(|name| name.trim().is_empty()) {
        let (_, open) = find(KEY, &env.text_or(KEY, "")?)?;
        return Ok(vec![open(env, Call { name: "", strict })?]);
    }
    let mut names: Vec<&str> = asked.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|name| {
            let (name, open) = find(FLAG, name)?;
            open(env, Call { name, strict })
        })
        .collect()
}

/// Dify checks the name only at the first upload, and compares it exactly.
fn find(key: &str, name: &str) -> Result<(&'static str, Open), ConfigError> {
    if let Some((name, open)) = STORES.iter().find(|(known, _)| *known == name) {
        return Ok((name, *open));
    }
    if name.is_empty() {
        return Err(ConfigError::new(key, "is not set or empty")
            .hint("set it to the store that Dify shall use, for example pgvector, qdrant or weaviate"));
    }
    if NEWER.contains(&name) {
        return Err(ConfigError::new(
            key,
            format!("{name:?} is a store of a Dify that is newer than this vector-probe"),
        )
        .hint("use a newer vector-probe, or leave the probe out for this store"));
    }
    let known: Vec<&str> = STORES.iter().map(|(name, _)| *name).collect();
    Err(ConfigError::new(key, format!("{name:?} is no vector store that Dify knows"))
        .hint(format!("use one of {}", known.join(", "))))
}

/// Feeds bytes to everything that reads what a server sent or a file holds, for property tests and fuzzing: none of it
/// may panic, whatever the bytes are.
#[doc(hidden)]
pub fn untrusted(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = tns::read(bytes);
    let _ = grpc::fields(bytes);
    let _ = (connect_string::parse(&text), connect_string::look_up(&text, "dify"));
    if let Some(challenge) = digest::Challenge::parse(&text) {
        let _ = challenge.answer("GET", "/", "user", "password");
    }
    let _ = (mysqlwire::numbers(&text, "-v"), pgwire::shorten(&text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_unknown_and_missing_names_are_told_apart() {
        for (name, text) in [
            ("Weaviate", "no vector store that Dify knows"),
            ("mongodb", "newer than this vector-probe"),
            ("", "is not set or empty"),
        ] {
            let error = configured(&Env::of([(KEY, name)]), &[], false).err().unwrap();
            assert_eq!(error.key, KEY);
            assert!(error.problem.contains(text), "{error}");
        }
        assert!(configured(&Env::of([]), &[], false).is_err());
    }

    #[test]
    fn every_name_leads_to_a_store() {
        for (name, _) in STORES {
            // Dify has a default for everything that some stores need.
            let refused = configured(&Env::of([(KEY, name)]), &[], false).err();
            assert!(refused.is_none_or(|error| error.key != KEY), "{name}");
        }
    }

    #[test]
    fn no_name_stands_twice() {
        let mut names: Vec<&str> = STORES.iter().map(|(name, _)| *name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!((names.len(), all), (33, 33));
    }

    #[test]
    fn several_are_opened_once_each() {
        let env = Env::of([("QDRANT_URL", "http://q"), ("WEAVIATE_ENDPOINT", "http://w")]);
        let asked = ["weaviate", "qdrant", "weaviate"].map(str::to_owned);
        let names: Vec<_> =
            configured(&env, &asked, false).unwrap().iter().map(|check| check.name()).collect();
        assert_eq!(names, ["qdrant", "weaviate"]);
    }
}
