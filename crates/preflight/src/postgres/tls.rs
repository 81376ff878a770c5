//! TLS as libpq names it.

use std::os::unix::fs::MetadataExt as _;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::env::{ConfigError, Env};
use crate::tls::{NamedFile, TlsOptions, Verify, client_config};

/// libpq's `sslmode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SslMode {
    /// Never TLS.
    Disable,
    /// Without TLS where the server lets us in like that, else with it.
    Allow,
    /// TLS where the server has it, else without; libpq's default.
    #[default]
    Prefer,
    /// TLS, with anybody.
    Require,
    /// TLS with a server whose certificate is signed by a trusted CA.
    VerifyCa,
    /// The same, and the certificate is for this host name.
    VerifyFull,
}

impl SslMode {
    /// Reads libpq's word.
    pub fn parse(key: &str, word: &str) -> Result<Self, ConfigError> {
        Ok(match word {
            "disable" => Self::Disable,
            "allow" => Self::Allow,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => {
                return Err(ConfigError::new(key, format!("has the unknown sslmode {word:?}"))
                    .hint("use disable, allow, prefer, require, verify-ca or verify-full"));
            }
        })
    }
}

/// TLS settings of a login.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    mode: SslMode,
    root_cert: Option<NamedFile>,
    client: Option<(NamedFile, NamedFile)>,
}

impl Tls {
    /// Takes `sslmode`, `sslrootcert` (a file, or `system` for the trusted CAs), and `sslcert` with `sslkey`, as libpq
    /// does. Looks into the files now, so that one that is not what it should be is named by its variable and not by
    /// a handshake.
    pub fn new(
        mode: SslMode,
        root_cert: Option<NamedFile>,
        client: Option<(NamedFile, NamedFile)>,
    ) -> Result<Self, ConfigError> {
        // libpq verifies the chain as soon as it is given a CA.
        let mode = if mode == SslMode::Require && root_cert.is_some() { SslMode::VerifyCa } else { mode };
        let root_cert = root_cert.filter(|file| file.path.as_os_str() != "system");
        if mode != SslMode::Disable {
            if let Some((_, key)) = &client {
                refuse_key(key)?;
            }
            let (ca, client) = (root_cert.clone(), client.clone());
            client_config(&TlsOptions { verify: Verify::Chain, ca, client })?;
        }
        Ok(Self { mode, root_cert, client })
    }

    /// What libpq's own variables say, for a login that has none of its own: `PGSSLMODE`, `PGSSLROOTCERT`, `PGSSLCERT` and
    /// `PGSSLKEY`.
    pub fn of_libpq(env: &Env) -> Result<Self, ConfigError> {
        let mode = match env.text_or("PGSSLMODE", "")?.as_str() {
            "" => SslMode::default(),
            word => SslMode::parse("PGSSLMODE", word)?,
        };
        Self::with_files_of_libpq(env, mode)
    }

    /// The same for a login that says how much TLS it wants, but has no variables for files.
    pub fn with_files_of_libpq(env: &Env, mode: SslMode) -> Result<Self, ConfigError> {
        let file = |key: &str| -> Result<Option<NamedFile>, ConfigError> {
            let path = env.text_or(key, "")?;
            Ok((!path.is_empty()).then(|| NamedFile { key: key.to_owned(), path: path.into() }))
        };
        Self::new(mode, file("PGSSLROOTCERT")?, file("PGSSLCERT")?.zip(file("PGSSLKEY")?))
    }

    /// How much TLS it comes to.
    #[must_use]
    pub fn mode(&self) -> SslMode {
        self.mode
    }

    /// The ways to try, one after the other, as libpq does: where the first is refused, the second may be let in.
    pub(super) fn ways(&self) -> (SslMode, Option<SslMode>) {
        match self.mode {
            SslMode::Allow => (SslMode::Disable, Some(SslMode::Require)),
            SslMode::Prefer => (SslMode::Prefer, Some(SslMode::Disable)),
            mode => (mode, None),
        }
    }

    pub(super) fn apply(&self, options: PgConnectOptions, mode: SslMode) -> PgConnectOptions {
        let mut options = options.ssl_mode(match mode {
            SslMode::Disable | SslMode::Allow => PgSslMode::Disable,
            SslMode::Prefer => PgSslMode::Prefer,
            SslMode::Require => PgSslMode::Require,
            SslMode::VerifyCa => PgSslMode::VerifyCa,
            SslMode::VerifyFull => PgSslMode::VerifyFull,
        });
        if let Some(file) = &self.root_cert {
            options = options.ssl_root_cert(&file.path);
        }
        if let Some((cert, key)) = &self.client {
            options = options.ssl_client_cert(&cert.path).ssl_client_key(&key.path);
        }
        options
    }
}

/// libpq refuses a private key that others could read, and so would Dify: a Secret is mounted readable by everyone
/// unless its mode is given. What cannot be looked at is refused by whoever reads it next.
fn refuse_key(key: &NamedFile) -> Result<(), ConfigError> {
    let shown = key.path.display();
    let Ok(metadata) = std::fs::metadata(&key.path) else { return Ok(()) };
    // A key of root may be readable by its group, which is how Kubernetes mounts one for fsGroup.
    let open_to_others = if metadata.uid() == 0 { 0o037 } else { 0o077 };
    if metadata.mode() & open_to_others != 0 {
        let mode = metadata.mode() & 0o777;
        return Err(ConfigError::new(
            &key.key,
            format!("{shown} has mode {mode:04o}, and libpq refuses a key that others can read"),
        )
        .hint("mount the Secret with defaultMode 0400, or 0440 and an fsGroup"));
    }
    if std::fs::read(&key.path).is_ok_and(|text| contains(&text, b"ENCRYPTED")) {
        return Err(ConfigError::new(&key.key, format!("{shown} is encrypted, which this tool cannot read"))
            .hint("use a key without a passphrase; the Secret that holds it protects it as well"));
    }
    Ok(())
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}
