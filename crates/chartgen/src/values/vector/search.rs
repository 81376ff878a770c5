//! Search engines as vector stores.

use schemars::JsonSchema;
use serde::Serialize;

use crate::values::secrets::Secret;

/// Elasticsearch, 8 or later.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalElasticsearch {
    /// Whether to use it.
    pub enabled: bool,
    /// Host, with https:// in front of it where it speaks TLS. The port goes below.
    #[schemars(regex(pattern = r"^(https?://)?[^\s/:]*$"))]
    pub host: String,
    /// Port.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// User.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// Whether to check the server's certificate, against global.caBundle where there is one.
    pub verify_certs: bool,
    /// Whether to use Dify's Japanese index in place of the usual one; it needs the plugins analysis-kuromoji and
    /// analysis-icu at the server.
    pub japanese: bool,
    /// Elastic Cloud, in place of host, user and password.
    pub cloud: ElasticCloud,
}

impl Default for ExternalElasticsearch {
    fn default() -> Self {
        Self {
            enabled: false,
            host: String::new(),
            port: 9200,
            username: "elastic".to_owned(),
            password: Secret::default(),
            verify_certs: false,
            japanese: false,
            cloud: ElasticCloud::default(),
        }
    }
}

/// Elastic Cloud.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ElasticCloud {
    /// Whether to use it.
    pub enabled: bool,
    /// Address of the deployment.
    #[schemars(regex(pattern = r"^(https?://[^\s]+)?$"))]
    pub url: String,
    /// Its API key.
    pub api_key: Secret,
}

/// OpenSearch with the k-NN plugin.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalOpenSearch {
    /// Whether to use it.
    pub enabled: bool,
    /// Host name or address alone.
    #[schemars(regex(pattern = r"^[^\s/:]*$"))]
    pub host: String,
    /// Port.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// Whether to speak TLS.
    pub secure: bool,
    /// Whether to check the server's certificate, where TLS is spoken.
    pub verify_certs: bool,
    /// How to log in: with user and password, or with the pod's rights at AWS.
    pub auth_method: OpenSearchAuth,
    /// User.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// The service at AWS.
    pub aws: AwsOpenSearch,
}

impl Default for ExternalOpenSearch {
    fn default() -> Self {
        Self {
            enabled: false,
            host: String::new(),
            port: 9200,
            secure: true,
            verify_certs: true,
            auth_method: OpenSearchAuth::Basic,
            username: "admin".to_owned(),
            password: Secret::default(),
            aws: AwsOpenSearch::default(),
        }
    }
}

/// How to log in to OpenSearch.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are Dify's own")]
pub enum OpenSearchAuth {
    Basic,
    AwsManagedIam,
}

/// OpenSearch at AWS.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AwsOpenSearch {
    /// Region.
    #[schemars(regex(pattern = r"^[a-z0-9-]*$"))]
    pub region: String,
    /// es for a domain, aoss for `OpenSearch` Serverless.
    pub service: AwsService,
}

impl Default for AwsOpenSearch {
    fn default() -> Self {
        Self { region: String::new(), service: AwsService::Es }
    }
}

/// The service at AWS.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are AWS's own")]
pub enum AwsService {
    Es,
    Aoss,
}
