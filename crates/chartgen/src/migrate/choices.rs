//! Which sections of the old file were in use, and what the old chart assumed in them.

use serde_json::Value;

use super::Move;
use super::output::{at, put};

/// Sections of which the old chart used the first that was enabled.
const FIRST_OF: &[&[&str]] = &[
    &["externalPostgres", "externalMysql", "postgresql"],
    &["externalRedis", "redis"],
    &[
        "externalS3",
        "externalAzureBlobStorage",
        "externalOSS",
        "externalGCS",
        "externalCOS",
        "externalOBS",
        "externalTOS",
    ],
    &[
        "externalWeaviate",
        "externalQdrant",
        "externalMilvus",
        "externalPgvector",
        "externalTencentVectorDB",
        "externalMyScaleDB",
        "externalTableStore",
        "externalElasticsearch",
        "weaviate",
    ],
    &["ingress"],
    &["httproute"],
    &["externalSecret"],
];

/// Sub-charts that ran unless they were switched off.
const SUBCHARTS: &[&str] = &["postgresql", "redis", "weaviate"];

/// What the old chart assumed where its values were silent, if this chart assumes something else.
const ASSUMED: &[(&str, &str)] = &[
    ("externalS3.pathStyle", "false"),
    ("externalS3.bucketName.api", "\"difyai\""),
    ("externalWeaviate.endpoint.http", "\"http://weaviate:8080\""),
    ("externalWeaviate.endpoint.grpc", "\"grpc://weaviate:50051\""),
    ("externalMyScaleDB.host", "\"myscale\""),
    ("externalPgvector.address", "\"pgvector\""),
    ("externalPgvector.dbName", "\"dify\""),
];

/// Whether a section was in use; if not, why.
pub(super) fn in_use(old: &Value, section: &str) -> Result<(), String> {
    let Some(order) = FIRST_OF.iter().find(|order| order.contains(&section)) else { return Ok(()) };
    if !enabled(old, section) {
        return Err(format!("{section}.enabled is not true"));
    }
    match order.iter().take_while(|other| **other != section).find(|other| enabled(old, other)) {
        Some(before) => Err(format!("{before} is enabled and goes before it")),
        None => Ok(()),
    }
}

fn enabled(old: &Value, section: &str) -> bool {
    match at(old, &format!("{section}.enabled")) {
        Some(Value::Bool(enabled)) => *enabled,
        Some(Value::String(text)) => !matches!(text.as_str(), "" | "false"),
        _ => SUBCHARTS.contains(&section),
    }
}

/// Sections below the top that were off unless they were switched on.
const OFF: &[&str] = &[
    "autoscaling",
    "api.otel",
    "apiWebsocket",
    "sandbox.persistence",
    "log.persistence",
    "externalRedis.sentinel",
];

/// Why nothing in a section was in use, if so.
pub(super) fn switched_off(old: &Value, path: &str, section: &Value) -> Option<String> {
    if path == "api.mail" && !sends_mail(old, section) {
        return Some("no mail was set up: these are the old chart's placeholders".to_owned());
    }
    let decided =
        super::rules::exact(&format!("{path}.enabled")).is_some() || path.ends_with("SecurityContext");
    let off = match section.get("enabled") {
        Some(Value::Bool(enabled)) => !enabled && !decided,
        Some(_) => false,
        None => OFF.iter().any(|one| path == *one || path.ends_with(&format!(".{one}"))),
    };
    off.then(|| format!("{path}.enabled is not true"))
}

fn sends_mail(old: &Value, mail: &Value) -> bool {
    let outside = at(old, "externalSecret.enabled") == Some(&Value::Bool(true));
    let text = |path: &str| at(mail, path).and_then(Value::as_str).unwrap_or_default();
    match text("type") {
        "smtp" => !matches!(text("smtp.server"), "" | "smtp.server.com"),
        _ => outside || !matches!(text("resend.apiKey"), "" | "xxxx"),
    }
}

/// Fills in what the old chart assumed.
pub(super) fn assume(moving: &mut Move<'_>) {
    for (path, json) in ASSUMED {
        let section = path.split('.').next().unwrap_or_default();
        let parent = path.rsplit_once('.').and_then(|(parent, _)| at(&moving.old, parent));
        let room = parent.is_none_or(Value::is_object);
        if in_use(&moving.old, section).is_err() || at(&moving.old, path).is_some() || !room {
            continue;
        }
        if let Ok(value) = serde_json::from_str(json) {
            put(&mut moving.old, path, value);
            moving.assumed.push((*path).to_owned());
        }
    }
}
