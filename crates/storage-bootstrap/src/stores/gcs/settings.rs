//! Which variables name a bucket, on each side and through OpenDAL.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env};

use super::credentials::Source;
use super::{Gcs, Settings};
use crate::cli::Side;
use crate::stores::{Names, requests_tls};

/// What Google's own libraries take another server from.
const EMULATOR: &str = "STORAGE_EMULATOR_HOST";

/// The api's `STORAGE_TYPE=google-storage`.
pub(crate) fn api(env: &Env) -> Result<Gcs, ConfigError> {
    let tls = requests_tls(env)?;
    let json = "GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64";
    build(env, Side::Api, "GOOGLE_STORAGE_BUCKET_NAME", json, String::new(), tls)
}

/// The daemon's `PLUGIN_STORAGE_TYPE=gcs`.
pub(crate) fn daemon(env: &Env) -> Result<Gcs, ConfigError> {
    let tls = TlsOptions::default();
    build(env, Side::Daemon, "PLUGIN_STORAGE_OSS_BUCKET", "GCS_CREDENTIALS", String::new(), tls)
}

/// The api's `OPENDAL_SCHEME=gcs`.
pub(crate) fn opendal(env: &Env) -> Result<Gcs, ConfigError> {
    let prefix = env.text_or("OPENDAL_GCS_ROOT", "")?.trim_matches('/').to_owned();
    let (bucket, json) = ("OPENDAL_GCS_BUCKET", "OPENDAL_GCS_CREDENTIAL");
    build(env, Side::Api, bucket, json, prefix, TlsOptions::default())
}

fn build(
    env: &Env,
    side: Side,
    bucket: &'static str,
    json: &'static str,
    prefix: String,
    tls: TlsOptions,
) -> Result<Gcs, ConfigError> {
    let emulator = env.text(EMULATOR)?.filter(|url| !url.is_empty());
    let emulator = emulator.map(|url| if url.contains("://") { url } else { format!("http://{url}") });
    let name = env.required(bucket)?;
    let key = env.secret(json)?;
    let names = Names { endpoint: EMULATOR, bucket, ..Names::default() };
    let (source, project, names) = match key {
        Some(key) => {
            let text = decode(json, key.reveal())?;
            let (source, project) = Source::of_json(json, &text, env, &tls)?;
            (source, project, Names { access_key: json, secret_key: json, ..names })
        }
        None if emulator.is_some() => (Source::Anonymous, None, names),
        None => {
            let (source, project) = Source::default(env, &tls)?;
            (source, project, names)
        }
    };
    let project = env.text("GOOGLE_CLOUD_PROJECT")?.filter(|project| !project.is_empty()).or(project);
    // Another way to Google's own server, such as a private endpoint: tokens are wanted there.
    let other = env.text("API_ENDPOINT_OVERRIDE")?.filter(|url| !url.is_empty());
    let emulator = other.or(emulator);
    Gcs::new(Settings { side, emulator, bucket: name, prefix, source, project, names, tls })
}

/// The JSON inside.
fn decode(variable: &str, text: &str) -> Result<String, ConfigError> {
    let hint = "encode the whole JSON file of the key: base64 -w0 key.json";
    if text.trim_start().starts_with('{') {
        return Err(ConfigError::new(variable, "holds the JSON itself, not its base64").hint(hint));
    }
    let plain: String = text.split_whitespace().collect();
    let bytes = STANDARD.decode(plain);
    let json = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
    json.ok_or_else(|| ConfigError::new(variable, "is not base64").hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem<const N: usize>(pairs: [(&str, &str); N]) -> String {
        api(&Env::of(pairs)).err().unwrap().to_string()
    }

    #[test]
    fn what_is_no_credential_is_refused_by_name() {
        let told = |text: &str| {
            problem([
                ("GOOGLE_STORAGE_BUCKET_NAME", "dify"),
                ("GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64", text),
            ])
        };
        assert!(told("{\"type\": 1}").contains("not its base64"));
        assert!(told("%%%").contains("is not base64"));
        let of = |text: &str| told(&STANDARD.encode(text));
        assert!(of("canary").contains("does not hold the JSON"));
        assert!(of("{}").contains("no type"));
        assert!(of("{\"type\": \"service_account\"}").contains("without token_uri"));
        assert!(of("{\"type\": \"gdch_service_account\"}").contains("gdch"));
        let key = r#"{"type": "service_account", "token_uri": "https://x", "client_email": "a@b", "private_key": "x"}"#;
        assert!(of(key).contains("not in PEM form"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in ".*") {
            let _ = decode("X", &text);
            let _ = Source::of_json("X", &text, &Env::of([]), &TlsOptions::default());
        }
    }
}
