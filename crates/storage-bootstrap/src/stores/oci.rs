//! Oracle Cloud's object storage, which Dify speaks to as S3: a region and a namespace in the endpoint, and a customer
//! secret key.

use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env};

use super::s3::{Bucket, Key, S3, Source, Style};
use crate::cli::Side;
use crate::stores::{Names, ca_bundle};

/// The api's `STORAGE_TYPE=oci-storage`.
pub(crate) fn api(env: &Env) -> Result<S3, ConfigError> {
    let names = Names {
        endpoint: "OCI_ENDPOINT",
        region: "OCI_REGION",
        bucket: "OCI_BUCKET_NAME",
        access_key: "OCI_ACCESS_KEY",
        secret_key: "OCI_SECRET_KEY",
        style: "OCI_ENDPOINT",
    };
    let endpoint = env.required(names.endpoint)?;
    let region = env.text_or(names.region, "us-ashburn-1")?;
    if endpoint.contains("oraclecloud.com") && !endpoint.contains(".compat.objectstorage.") {
        return Err(ConfigError::new(names.endpoint, "is not the endpoint for S3")
            .hint("write it like https://NAMESPACE.compat.objectstorage.REGION.oraclecloud.com"));
    }
    S3::new(Bucket {
        side: Side::Api,
        name: env.required(names.bucket)?,
        prefix: String::new(),
        endpoint: Some(endpoint),
        style: Style::Path,
        source: Source::Fixed(Key::fixed(
            env.required_secret(names.access_key)?,
            env.required_secret(names.secret_key)?,
            None,
        )),
        region,
        tls: TlsOptions { ca: ca_bundle(env)?, ..TlsOptions::default() },
        names,
        must_head: false,
    })
}
