//! Which variables name a container, on each side and through OpenDAL.

use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Secret};

use super::connection;
use super::identity::Identity;
use super::sign::AccountKey;
use super::{Account, Azure, Credential};
use crate::cli::Side;
use crate::stores::token::Kept;
use crate::stores::{Names, requests_tls};

/// The word that the api takes in place of a key.
const MANAGED: &str = "managedidentity";

/// The api's `STORAGE_TYPE=azure-blob`.
pub(crate) fn api(env: &Env) -> Result<Azure, ConfigError> {
    let names = Names {
        endpoint: "AZURE_BLOB_ACCOUNT_URL",
        bucket: "AZURE_BLOB_CONTAINER_NAME",
        access_key: "AZURE_BLOB_ACCOUNT_NAME",
        secret_key: "AZURE_BLOB_ACCOUNT_KEY",
        ..Names::default()
    };
    let (url, container, tls) =
        (env.required(names.endpoint)?, env.required(names.bucket)?, requests_tls(env)?);
    let key = env.required_secret(names.secret_key)?;
    let (credential, names) = if key.reveal() == MANAGED {
        (of_identity(env, &tls)?, without_key(names))
    } else {
        let key = account_key(names.secret_key, env.required(names.access_key)?, &key)?;
        (Credential::AccountSas(key), names)
    };
    Azure::new(Account { side: Side::Api, url, container, prefix: String::new(), credential, names, tls })
}

/// The api's `OPENDAL_SCHEME=azblob`.
pub(crate) fn opendal(env: &Env) -> Result<Azure, ConfigError> {
    let names = Names {
        endpoint: "OPENDAL_AZBLOB_ENDPOINT",
        bucket: "OPENDAL_AZBLOB_CONTAINER",
        access_key: "OPENDAL_AZBLOB_ACCOUNT_NAME",
        secret_key: "OPENDAL_AZBLOB_ACCOUNT_KEY",
        ..Names::default()
    };
    let tls = TlsOptions::default();
    let (url, container) = (env.required(names.endpoint)?, env.required(names.bucket)?);
    let prefix = env.text_or("OPENDAL_AZBLOB_ROOT", "")?.trim_matches('/').to_owned();
    let sas_name = "OPENDAL_AZBLOB_SAS_TOKEN";
    let (credential, names) = match (env.secret(names.secret_key)?, env.secret(sas_name)?) {
        (_, Some(sas)) => {
            learn_signature(env, &sas);
            (Credential::Sas(sas), Names { access_key: sas_name, secret_key: sas_name, ..names })
        }
        (Some(key), None) => {
            let key = account_key(names.secret_key, env.required(names.access_key)?, &key)?;
            (Credential::SharedKey(key), names)
        }
        (None, None) => (of_identity(env, &tls)?, without_key(names)),
    };
    Azure::new(Account { side: Side::Api, url, container, prefix, credential, names, tls })
}

/// The daemon's `PLUGIN_STORAGE_TYPE=azure_blob`.
pub(crate) fn daemon(env: &Env) -> Result<Azure, ConfigError> {
    let string = "AZURE_BLOB_STORAGE_CONNECTION_STRING";
    let names = Names {
        endpoint: string,
        bucket: "AZURE_BLOB_STORAGE_CONTAINER_NAME",
        access_key: string,
        secret_key: string,
        ..Names::default()
    };
    let (container, tls, prefix) = (env.required(names.bucket)?, TlsOptions::default(), String::new());
    if env.boolean("AZURE_BLOB_STORAGE_USE_MANAGED_IDENTITY", false)? {
        let names = Names { endpoint: "AZURE_BLOB_STORAGE_ACCOUNT_URL", ..without_key(names) };
        let (url, credential) = (env.required(names.endpoint)?, of_identity(env, &tls)?);
        return Azure::new(Account { side: Side::Daemon, url, container, prefix, credential, names, tls });
    }
    let found = connection::parse(string, env.required_secret(string)?.reveal())?;
    for secret in found.key.iter().chain(&found.sas) {
        env.learn(secret);
    }
    let credential = match (found.key, found.sas) {
        (Some(key), _) => Credential::SharedKey(account_key(string, found.account, &key)?),
        (None, Some(sas)) => {
            learn_signature(env, &sas);
            Credential::Sas(sas)
        }
        (None, None) => return Err(ConfigError::new(string, "holds no credential")),
    };
    Azure::new(Account { side: Side::Daemon, url: found.url, container, prefix, credential, names, tls })
}

fn account_key(variable: &str, account: String, key: &preflight::Secret) -> Result<AccountKey, ConfigError> {
    AccountKey::new(account, key).ok_or_else(|| {
        ConfigError::new(variable, "does not hold a key: it is not base64")
            .hint("copy the key whole, with the = at its end")
    })
}

/// The part of a shared access signature that nobody may see stays out of all output by itself too.
fn learn_signature(env: &Env, sas: &Secret) {
    let pairs = sas.reveal().trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    for (_, value) in pairs.filter(|(name, _)| *name == "sig") {
        env.learn(&Secret::new(value));
        env.learn(&Secret::new(percent_encoding::percent_decode_str(value).decode_utf8_lossy()));
    }
}

fn of_identity(env: &Env, tls: &TlsOptions) -> Result<Credential, ConfigError> {
    Ok(Credential::Identity(Box::new(Identity::of(env, tls)?), Kept::default()))
}

/// An identity has no key that a variable could hold.
fn without_key(names: Names) -> Names {
    Names { access_key: "", secret_key: "", ..names }
}
