//! The shared credentials file of the AWS SDKs.

use std::collections::BTreeMap;

use preflight::{ConfigError, Env, Secret};

use super::Key;

const FILE: &str = "AWS_SHARED_CREDENTIALS_FILE";

/// What stands in a profile and leads elsewhere.
const ELSEWHERE: [&str; 4] = ["role_arn", "credential_process", "sso_session", "sso_start_url"];

/// The key of the profile, if there is such a file.
pub(super) fn key(env: &Env) -> Result<Option<Key>, ConfigError> {
    let (named, home) = (env.text(FILE)?.filter(|path| !path.is_empty()), env.text("HOME")?);
    let Some(path) = named.clone().or_else(|| home.map(|home| format!("{home}/.aws/credentials"))) else {
        return Ok(None);
    };
    let profile = env.text_or("AWS_PROFILE", "default")?;
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        // The SDKs pass over a file that is not there, even one that is named.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ConfigError::new(FILE, format!("cannot read {path}: {}", error.kind()))),
    };
    let Some(values) = section(&text, &profile) else {
        if env.is_set("AWS_PROFILE")? {
            return Err(ConfigError::new(
                "AWS_PROFILE",
                format!("there is no profile {profile:?} in {path}"),
            ));
        }
        return Ok(None);
    };
    let secret = |name: &str| {
        let value = values.get(name).filter(|value| !value.is_empty())?;
        let secret = Secret::new(value.clone());
        env.learn(&secret);
        Some(secret)
    };
    match (secret("aws_access_key_id"), secret("aws_secret_access_key")) {
        (Some(id), Some(key)) => Ok(Some(Key::fixed(id, key, secret("aws_session_token")))),
        _ => match ELSEWHERE.iter().find(|name| values.contains_key(**name)) {
            Some(name) => Err(ConfigError::new(
                "AWS_PROFILE",
                format!("profile {profile:?} gets its key by {name}, which storage-bootstrap does not do"),
            )
            .hint("give the service account a role (IRSA or pod identity), which Dify takes too")),
            None => Err(ConfigError::new(
                "AWS_PROFILE",
                format!("profile {profile:?} in {path} holds no whole key"),
            )
            .hint("it needs aws_access_key_id and aws_secret_access_key")),
        },
    }
}

/// The values below `[name]`.
pub(super) fn section(text: &str, name: &str) -> Option<BTreeMap<String, String>> {
    let mut found: Option<BTreeMap<String, String>> = None;
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(header) = line.strip_prefix('[').and_then(|line| line.split(']').next()) {
            inside = header.trim().trim_start_matches("profile ").trim() == name;
            if inside {
                found.get_or_insert_default();
            }
        } else if let (true, Some((key, value))) = (inside, line.split_once('=')) {
            let values = found.get_or_insert_default();
            values.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    found
}
