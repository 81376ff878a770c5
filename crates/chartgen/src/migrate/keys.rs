//! The keys that components share. The old chart publishes a default for most of them.

use serde_json::Value;

use super::Move;
use super::output::at;
use super::report::Fate;

/// A key: the value here, the name in a Secret, where the old chart kept it (the newest name first), and whether the old
/// chart had a default for it.
struct Held {
    setting: &'static str,
    key: &'static str,
    old: &'static [&'static str],
    /// The old chart used global.internalApiKey in place of an empty one.
    falls_back: bool,
}

const HELD: &[Held] = &[
    Held {
        setting: "secrets.secretKey",
        key: "SECRET_KEY",
        old: &["global.appSecretKey", "api.secretKey"],
        falls_back: false,
    },
    Held {
        setting: "secrets.innerApiKey",
        key: "INNER_API_KEY_FOR_PLUGIN",
        old: &["api.auth.internalApiKey", "pluginDaemon.auth.difyApiKey"],
        falls_back: true,
    },
    Held {
        setting: "secrets.pluginDaemonKey",
        key: "PLUGIN_DAEMON_KEY",
        old: &["pluginDaemon.auth.serverKey"],
        falls_back: true,
    },
    Held {
        setting: "secrets.codeExecutionApiKey",
        key: "CODE_EXECUTION_API_KEY",
        old: &["sandbox.auth.apiKey"],
        falls_back: true,
    },
    Held {
        setting: "secrets.agentBackendApiToken",
        key: "AGENT_BACKEND_API_TOKEN",
        old: &["agentBackend.auth.apiToken"],
        falls_back: true,
    },
    Held {
        setting: "secrets.agentServerSecretKey",
        key: "DIFY_AGENT_SERVER_SECRET_KEY",
        old: &["agentBackend.auth.serverSecretKey"],
        falls_back: false,
    },
    Held {
        setting: "secrets.shellctlAuthToken",
        key: "SHELLCTL_AUTH_TOKEN",
        old: &["agentBackend.auth.shellctlAuthToken"],
        falls_back: false,
    },
];

const FALLBACK: &str = "global.internalApiKey";

/// The rule of every path in the table: `carry` decides once all of them are known.
pub(super) fn held(_: &mut Move<'_>, _: &str, _: &Value) {}

fn text(moving: &Move<'_>, path: &str) -> Option<String> {
    match at(&moving.old, path)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Carries the keys.
pub(super) fn carry(moving: &mut Move<'_>) {
    let fallback = text(moving, FALLBACK).filter(|key| !key.is_empty());
    let mut used = false;
    for held in HELD {
        let given: Vec<(&str, String)> = held
            .old
            .iter()
            .filter_map(|path| at(&moving.old, path).map(|_| (*path, text(moving, path).unwrap_or_default())))
            .collect();
        let chosen = given.iter().find(|(_, key)| !key.is_empty()).cloned();
        for (path, key) in &given {
            match &chosen {
                Some((one, _)) if one == path => {}
                Some((one, same)) if same != key && !key.is_empty() => {
                    moving.report.refused_key(path, format!("{one} says otherwise and goes before it"));
                }
                Some((one, _)) => moving.report.dropped(path, format!("{one} goes before it")),
                None => moving.report.dropped(path, "empty: the chart makes one"),
            }
        }
        match (chosen, fallback.clone().filter(|_| held.falls_back && !given.is_empty())) {
            (Some((path, key)), _) => carry_one(moving, held, path, &key),
            (None, Some(key)) => {
                used = true;
                carry_one(moving, held, FALLBACK, &key);
            }
            (None, None) => {}
        }
    }
    if at(&moving.old, FALLBACK).is_some() && !used {
        moving.report.dropped(FALLBACK, "each component has a key of its own");
    }
    silent(moving);
}

/// What the chart refuses in its values.
fn is_weak(key: &str) -> bool {
    plugin_keys::is_published(key) || key.len() < plugin_keys::SHORT
}

fn carry_one(moving: &mut Move<'_>, held: &Held, path: &str, key: &str) {
    if !is_weak(key) {
        moving.output.set_secret(held.setting, held.key, key);
        let to = moving.output.secret_path(held.setting);
        return moving.report.add(path, Fate::Renamed(to), "");
    }
    if held.key == "SECRET_KEY" {
        return public_secret_key(moving, path, key);
    }
    moving
        .report
        .dropped(path, "a published default, or short enough to be guessed: the chart makes a new one");
}

/// The key of a live installation by docker compose, which is to keep it.
pub(super) fn secret_key(moving: &mut Move<'_>, name: &str, key: &str) {
    if is_weak(key) {
        return keep_public(moving, name, key);
    }
    moving.output.set_secret("secrets.secretKey", "SECRET_KEY", key);
    let to = moving.output.secret_path("secrets.secretKey");
    moving.report.add(name, Fate::Renamed(to), "");
}

/// A live release is to keep its key, whatever it is; a new one must not begin with it.
fn public_secret_key(moving: &mut Move<'_>, path: &str, key: &str) {
    if moving.options.release.is_none() {
        let why = "a published default, or short enough to be guessed: the chart makes a new one; for a live release say --release NAME, \
                   which keeps it: with another key all users are logged out and stored credentials of tools cannot be read";
        return moving.report.refused_key(path, why);
    }
    keep_public(moving, path, key);
}

fn keep_public(moving: &mut Move<'_>, path: &str, key: &str) {
    moving.output.set_secret("secrets.secretKey", "SECRET_KEY", key);
    accept(moving);
    let to = moving.output.secret_path("secrets.secretKey");
    let note = "a published default, or short enough to be guessed, kept because stored credentials of tools are encrypted with it: \
                give the tools their credentials anew under a new key when you can";
    moving.report.add(path, Fate::Renamed(to), note);
}

/// The checks before the start refuse a published key unless they are told of it.
fn accept(moving: &mut Move<'_>) {
    let path = "secrets.acceptPublishedSecretKey";
    if moving.output.set(path, &Value::Bool(true)).is_ok() {
        moving.report.add(
            path,
            Fate::Added,
            "without it the checks before the start refuse the published key",
        );
    }
}

/// Secrets that the old chart has a published default for, and the section that must be in use.
const SILENT: &[(&str, &str)] = &[
    ("externalPostgres", "externalPostgres.password"),
    ("externalMysql", "externalMysql.password"),
    ("externalRedis", "externalRedis.password"),
    ("externalWeaviate", "externalWeaviate.apiKey"),
    ("externalPgvector", "externalPgvector.password"),
];

/// What a release has that was not given a key: the default that everybody can read. This program does not hold it.
fn silent(moving: &mut Move<'_>) {
    if at(&moving.old, "externalSecret.enabled").and_then(Value::as_bool).unwrap_or_default() {
        return;
    }
    let named = HELD[0].old.iter().any(|path| at(&moving.old, path).is_some());
    if moving.options.release.is_some() && !named {
        copied(moving, "secrets.secretKey");
        accept(moving);
    }
    for (section, setting) in SILENT {
        let known = at(&moving.old, setting).is_some() || moving.output.get(setting).is_some();
        if !known && super::choices::in_use(&moving.old, section).is_ok() {
            copied(moving, setting);
        }
    }
}

/// Names a Secret for a key that only the old release's own Secret holds.
pub(super) fn copied(moving: &mut Move<'_>, setting: &str) {
    let Some(key) = super::secret_key(setting) else { return };
    let name = moving.options.secret.clone().unwrap_or_else(|| super::SECRET.to_owned());
    moving.output.refer(setting, &name, key);
    let from = match &moving.options.release {
        Some(release) => format!(
            "copy {key} from Secret {}-api into Secret {name}",
            super::release::fullname(&moving.old, release)
        ),
        None => format!("put {key} into Secret {name}"),
    };
    let why =
        format!("the file does not say it, so the release has the old chart's published default: {from}");
    moving.report.refused_key(setting, why);
}
