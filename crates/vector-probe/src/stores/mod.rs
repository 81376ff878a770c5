//! The stores by their names in `VECTOR_STORE`.

mod grpc;
mod http;
mod pgvector;
mod qdrant;
mod store;
mod weaviate;

use preflight::{Check, ConfigError, Env};

use store::Probed;

const KEY: &str = "VECTOR_STORE";

/// The stores that can be probed. A new one is a file here and a line in [`configured`].
const PROBED: [&str; 3] = ["pgvector", "qdrant", "weaviate"];

/// The other names that some release of Dify from 1.10.1 on knows.
const NOT_PROBED: [&str; 30] = [
    "alibabacloud_mysql",
    "analyticdb",
    "baidu",
    "chroma",
    "clickzetta",
    "couchbase",
    "elasticsearch",
    "elasticsearch-ja",
    "hologres",
    "huawei_cloud",
    "iris",
    "lindorm",
    "matrixone",
    "milvus",
    "myscale",
    "oceanbase",
    "opengauss",
    "opensearch",
    "oracle",
    "pgvecto-rs",
    "relyt",
    "seekdb",
    "tablestore",
    "tencent",
    "tidb_on_qdrant",
    "tidb_vector",
    "upstash",
    "valkey",
    "vastbase",
    "vikingdb",
];

/// The store that the environment names.
pub(crate) fn configured(env: &Env) -> Result<Box<dyn Check>, ConfigError> {
    let name = env.text_or(KEY, "")?;
    Ok(match name.as_str() {
        "pgvector" => Box::new(Probed(pgvector::Pgvector::new(env)?)),
        "qdrant" => Box::new(Probed(qdrant::Qdrant::new(env)?)),
        "weaviate" => Box::new(Probed(weaviate::Weaviate::new(env)?)),
        name => return Err(refusal(name)),
    })
}

/// Dify checks the name only at the first upload, and compares it exactly.
fn refusal(name: &str) -> ConfigError {
    let probed = PROBED.join(", ");
    if name.is_empty() {
        return ConfigError::new(KEY, "is not set or empty")
            .hint(format!("set it to the store that Dify shall use, for example one of {probed}"));
    }
    if NOT_PROBED.contains(&name) {
        return ConfigError::new(KEY, format!("{name:?} is not supported by vector-probe yet"))
            .hint(format!("it can probe {probed}; leave the probe out for other stores"));
    }
    let mut known: Vec<_> = PROBED.iter().chain(&NOT_PROBED).copied().collect();
    known.sort_unstable();
    ConfigError::new(KEY, format!("{name:?} is no vector store that Dify knows"))
        .hint(format!("use one of {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_unknown_and_missing_names_are_told_apart() {
        for (name, text) in [
            ("milvus", "not supported by vector-probe yet"),
            ("Weaviate", "no vector store that Dify knows"),
            ("", "is not set or empty"),
        ] {
            let error = configured(&Env::of([(KEY, name)])).err().unwrap();
            assert_eq!(error.key, KEY);
            assert!(error.problem.contains(text), "{error}");
        }
        assert!(configured(&Env::of([])).is_err());
    }

    #[test]
    fn every_probed_name_leads_to_a_store() {
        for name in PROBED {
            let error = configured(&Env::of([(KEY, name)])).err().unwrap();
            assert_ne!(error.key, KEY, "{error}");
        }
    }
}
