//! The databases that the old release ran itself: PostgreSQL, Redis and Weaviate.

use serde_json::Value;

use super::Move;
use super::output::at;
use super::report::Fate;

const GUIDE: &str = "docs/guides/move-from-the-reference-chart.md";

/// The rules of the switches: `carry` speaks about them, whether the file names them or not.
pub(super) fn postgresql(moving: &mut Move<'_>, path: &str, _: &Value) {
    moving
        .report
        .dropped(path, format!("built in here too; the data are moved by dump and restore: {GUIDE}"));
}

/// Queues and caches are not worth moving.
pub(super) fn redis(moving: &mut Move<'_>, path: &str, _: &Value) {
    moving
        .report
        .dropped(path, "built in here too; let the old workers finish, queues and caches are not moved");
}

/// Vectors stay where they are, or are indexed anew.
pub(super) fn weaviate(moving: &mut Move<'_>, path: &str, _: &Value) {
    if moving.options.release.is_some() && moving.options.keep_stores {
        return moving.report.dropped(path, "externalWeaviate names the old release's");
    }
    let why = format!(
        "the chart keeps vectors in PostgreSQL; knowledge bases of a live release stay in its Weaviate: say --keep-stores, or {GUIDE}"
    );
    if moving.options.release.is_some() {
        moving.report.refused_key(path, why);
    } else {
        moving.report.dropped(path, why);
    }
}

/// Points the new release at the old one's databases.
pub(super) fn carry(moving: &mut Move<'_>) {
    let Some(release) = moving.options.release.clone().filter(|_| moving.options.keep_stores) else { return };
    if super::choices::in_use(&moving.old, "postgresql").is_ok() {
        keep_postgresql(moving, &release);
    }
    if super::choices::in_use(&moving.old, "weaviate").is_ok() {
        keep_weaviate(moving);
    }
}

fn text(moving: &Move<'_>, paths: &[&str]) -> Option<String> {
    paths
        .iter()
        .find_map(|path| at(&moving.old, path).and_then(Value::as_str).filter(|text| !text.is_empty()))
        .map(str::to_owned)
}

fn add(moving: &mut Move<'_>, path: &str, value: impl Into<Value>, note: &str) {
    if moving.output.set(path, &value.into()).is_ok() {
        moving.report.add(path, Fate::Added, note);
    }
}

/// The sub-chart's one server has another name if it has read replicas, as it does by default.
fn keep_postgresql(moving: &mut Move<'_>, release: &str) {
    let note = "the old release's PostgreSQL";
    let server =
        if release.contains("postgresql") { release.to_owned() } else { format!("{release}-postgresql") };
    let alone = text(moving, &["postgresql.architecture"]).is_some_and(|kind| kind == "standalone");
    add(moving, "externalPostgres.enabled", true, note);
    add(
        moving,
        "externalPostgres.address",
        if alone { server.clone() } else { format!("{server}-primary") },
        note,
    );
    let user = text(moving, &["postgresql.global.postgresql.auth.username", "postgresql.auth.username"]);
    let database = text(moving, &["postgresql.global.postgresql.auth.database", "postgresql.auth.database"]);
    let database = database.unwrap_or_else(|| "dify".to_owned());
    add(moving, "externalPostgres.username", user.clone().unwrap_or_else(|| "postgres".to_owned()), note);
    add(moving, "externalPostgres.database.api", database.clone(), note);
    let same = "the old chart kept the plugin daemon's tables in the application's database";
    add(moving, "externalPostgres.database.pluginDaemon", database, same);
    let secret =
        text(moving, &["postgresql.global.postgresql.auth.existingSecret", "postgresql.auth.existingSecret"]);
    let key = if user.is_some() { "password" } else { "postgres-password" };
    let inline = ["postgresql.global.postgresql.auth", "postgresql.auth"]
        .map(|auth| format!("{auth}.{}", if user.is_some() { "password" } else { "postgresPassword" }));
    let inline = text(moving, &[&inline[0], &inline[1]]);
    match (secret, inline) {
        (Some(name), _) => moving.output.refer("externalPostgres.password", &name, key),
        (None, Some(password)) => {
            moving.output.set_secret("externalPostgres.password", "DB_PASSWORD", &password);
        }
        // The sub-chart's own Secret: it holds what was set, and the old chart's published default otherwise.
        (None, None) => moving.output.refer("externalPostgres.password", &server, key),
    }
    moving.report.add("externalPostgres.password", Fate::Added, note);
}

fn keep_weaviate(moving: &mut Move<'_>) {
    let note = "the old release's Weaviate";
    let service = text(moving, &["weaviate.service.name"]).unwrap_or_else(|| "weaviate".to_owned());
    let grpc = text(moving, &["weaviate.grpcService.name"]).unwrap_or_else(|| "weaviate-grpc".to_owned());
    add(moving, "externalWeaviate.enabled", true, note);
    add(moving, "externalWeaviate.endpoint.http", format!("http://{service}:80"), note);
    add(moving, "externalWeaviate.endpoint.grpc", format!("grpc://{grpc}:50051"), note);
    let keys = at(&moving.old, "weaviate.authentication.apikey.allowed_keys").and_then(Value::as_array);
    match keys.and_then(|keys| keys.first()).and_then(Value::as_str).map(str::to_owned) {
        Some(key) => {
            moving.output.set_secret("externalWeaviate.apiKey", "WEAVIATE_API_KEY", &key);
            moving.report.add("externalWeaviate.apiKey", Fate::Added, note);
        }
        None => super::keys::copied(moving, "externalWeaviate.apiKey"),
    }
}
