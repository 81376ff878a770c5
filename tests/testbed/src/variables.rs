//! Comparing the variables that a crate's source names with those that it documents.

use std::collections::BTreeSet;
use std::path::Path;

use crate::states::sources;

/// Beginnings of names that are variables of the environment and never something else, such as a server's code.
const STEMS: &[&str] = &[
    "DB_",
    "REDIS_",
    "CELERY_",
    "S3_",
    "AWS_",
    "PREFLIGHT_",
    "PLUGIN_",
    "DIFY_",
    "STORAGE_",
    // Vector stores.
    "ALIBABACLOUD_MYSQL_",
    "ANALYTICDB_",
    "BAIDU_VECTOR_",
    "CHROMA_",
    "CLICKZETTA_",
    "COUCHBASE_",
    "ELASTICSEARCH_",
    "HOLOGRES_",
    "HUAWEI_CLOUD_",
    "IRIS_",
    "LINDORM_",
    "MATRIXONE_",
    "MILVUS_",
    "MYSCALE_",
    "OCEANBASE_",
    "OPENGAUSS_",
    "OPENSEARCH_",
    "ORACLE_",
    "PGVECTOR_",
    "PGVECTO_RS_",
    "QDRANT_",
    "RELYT_",
    "TABLESTORE_",
    "TENCENT_VECTOR_",
    "TIDB_",
    "UPSTASH_",
    "VALKEY_",
    "VASTBASE_",
    "VIKINGDB_",
    "WEAVIATE_",
];

/// Asserts that every upper-case string of a crate's source that looks like a variable is documented, and that
/// every documented variable is named in the source. A name that is put together from parts counts by its parts:
/// list it in `built`.
///
/// # Panics
/// Naming the variables that are missing on one side.
pub fn all_documented(folder: &str, documented: &[&str], built: &[&str]) {
    let mut named = BTreeSet::new();
    for path in sources(&Path::new(folder).join("src")) {
        if path.file_name().is_some_and(|name| name == "variables.rs" || name == "tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        named.extend(code.lines().filter(|line| is_read(line)).flat_map(names));
    }
    let documented: BTreeSet<&str> = documented.iter().copied().collect();
    let missing: Vec<&String> = named
        .iter()
        .filter(|name| STEMS.iter().any(|stem| name.starts_with(stem)) && !documented.contains(name.as_str()))
        .collect();
    assert!(missing.is_empty(), "read but not documented: {missing:#?}");
    let stale: Vec<&&str> =
        documented.iter().filter(|name| !named.contains(**name) && !built.contains(*name)).collect();
    assert!(stale.is_empty(), "documented but not read: {stale:#?}");
}

/// Not a comment, and not the variable of a flag: the table of flags names that.
fn is_read(line: &str) -> bool {
    !line.trim_start().starts_with("//") && !line.contains("env = \"")
}

/// The strings of a line that consist of capitals, digits and underscores, with one underscore at least.
fn names(line: &str) -> Vec<String> {
    let name = |text: &&str| {
        text.contains('_')
            && !text.starts_with('_')
            && !text.ends_with('_')
            && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    line.split('"').skip(1).step_by(2).filter(name).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_of_variables_are_found_in_a_line() {
        assert_eq!(
            names(r#"let a = env.text("DB_HOST")?.or("db_host"); // "NOAUTH" "A_B""#),
            ["DB_HOST", "A_B"]
        );
    }
}
