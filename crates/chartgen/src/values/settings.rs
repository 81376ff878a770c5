//! Settings of the application that concern api, worker and beat alike.

use schemars::JsonSchema;
use serde::Serialize;

use super::secrets::Secret;

/// Settings of the application that concern api, worker and beat alike.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// In which form api, worker and beat log. Dify 1.13 and later can write JSON.
    pub log_format: LogFormat,
    /// A password that must be typed before the first administrator can be made: keeps strangers from taking a new installation.
    pub init_password: Secret,
    /// How the application sends mail: invitations, forgotten passwords.
    pub mail: Mail,
    /// Traces and metrics by OpenTelemetry.
    pub otel: Otel,
    /// Errors reported to Sentry.
    pub sentry: Sentry,
    /// Which other web pages may call the application from a browser.
    pub cors: Cors,
    /// How much users may upload. proxy.clientMaxBodySize must allow it.
    pub uploads: Uploads,
    /// Seconds that a request may take before its process is ended; streamed answers count too.
    #[schemars(range(min = 30, max = 86400))]
    pub request_timeout: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            log_format: LogFormat::Text,
            init_password: Secret::default(),
            mail: Mail::default(),
            otel: Otel::default(),
            sentry: Sentry::default(),
            cors: Cors::default(),
            uploads: Uploads::default(),
            request_timeout: 360,
        }
    }
}

/// In which form something is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are Dify's own")]
pub enum LogFormat {
    Text,
    Json,
}

/// How mail is sent.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// By which service; empty sends none.
    #[serde(rename = "type")]
    pub kind: MailKind,
    /// The sender, as in Dify <dify@example.com>.
    pub default_sender: String,
    /// resend.com.
    pub resend: Resend,
    /// A mail server.
    pub smtp: Smtp,
    /// SendGrid.
    pub sendgrid: Sendgrid,
}

/// By which service mail is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are Dify's own")]
pub enum MailKind {
    #[default]
    #[serde(rename = "")]
    None,
    Resend,
    Smtp,
    Sendgrid,
}

/// resend.com.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resend {
    /// The API key.
    pub api_key: Secret,
    /// Where the service is.
    #[schemars(regex(pattern = r"^https?://[^\s]+$"))]
    pub api_url: String,
}

impl Default for Resend {
    fn default() -> Self {
        Self { api_key: Secret::default(), api_url: "https://api.resend.com".to_owned() }
    }
}

/// A mail server.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Smtp {
    /// Its host name.
    pub server: String,
    /// Its port: 465 speaks TLS from the start, 587 begins without and goes over to it.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u32,
    /// The user; empty logs in nobody.
    pub username: String,
    /// The user's password.
    pub password: Secret,
    /// TLS.
    pub tls: SmtpTls,
}

impl Default for Smtp {
    fn default() -> Self {
        Self {
            server: String::new(),
            port: 465,
            username: String::new(),
            password: Secret::default(),
            tls: SmtpTls::default(),
        }
    }
}

/// TLS of a mail server.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SmtpTls {
    /// Whether TLS is spoken.
    pub enabled: bool,
    /// Begin without TLS and go over to it, as port 587 wants it.
    pub optimistic: bool,
}

impl Default for SmtpTls {
    fn default() -> Self {
        Self { enabled: true, optimistic: false }
    }
}

/// SendGrid.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sendgrid {
    /// The API key.
    pub api_key: Secret,
}

/// Traces and metrics by OpenTelemetry.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Otel {
    /// Whether they are sent.
    pub enabled: bool,
    /// The collector, as in http://collector.example.com:4318.
    #[schemars(regex(pattern = r"^https?://[^\s]+$"))]
    pub base_endpoint: String,
    /// Where traces go, if not below the collector's address.
    pub trace_endpoint: String,
    /// Where metrics go, if not below the collector's address.
    pub metric_endpoint: String,
    /// By which protocol.
    pub protocol: OtelProtocol,
    /// Sent to the collector as a bearer token.
    pub api_key: Secret,
    /// The share of requests that are traced, from 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub sampling_rate: f64,
}

impl Default for Otel {
    fn default() -> Self {
        Self {
            enabled: false,
            base_endpoint: "http://localhost:4318".to_owned(),
            trace_endpoint: String::new(),
            metric_endpoint: String::new(),
            protocol: OtelProtocol::Http,
            api_key: Secret::default(),
            sampling_rate: 0.1,
        }
    }
}

/// By which protocol traces and metrics are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are Dify's own")]
pub enum OtelProtocol {
    Http,
    Grpc,
}

/// Errors reported to Sentry.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sentry {
    /// The address of the project, which is its key too.
    pub dsn: Secret,
    /// The share of requests that are traced, from 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub traces_sample_rate: f64,
    /// The share of traced requests that are profiled, from 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub profiles_sample_rate: f64,
}

impl Default for Sentry {
    fn default() -> Self {
        Self { dsn: Secret::default(), traces_sample_rate: 1.0, profiles_sample_rate: 1.0 }
    }
}

/// Which other web pages may call the application from a browser.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cors {
    /// Pages that may call the console's API, as in https://console.example.com; empty means global.consoleWebDomain alone.
    #[schemars(inner(regex(pattern = r"^(\*|https?://[^\s,/]+)$")))]
    pub console_origins: Vec<String>,
    /// Pages that may call the apps' API. Apps are made to be embedded in other pages, so all may.
    #[schemars(inner(regex(pattern = r"^(\*|https?://[^\s,/]+)$")))]
    pub web_origins: Vec<String>,
}

impl Default for Cors {
    fn default() -> Self {
        Self { console_origins: Vec::new(), web_origins: vec!["*".to_owned()] }
    }
}

/// How much users may upload.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_field_names, reason = "the names are the keys of the values")]
pub struct Uploads {
    /// The largest document in megabytes.
    #[schemars(range(min = 1, max = 10000))]
    pub file_size_limit: u32,
    /// The largest image in megabytes.
    #[schemars(range(min = 1, max = 10000))]
    pub image_size_limit: u32,
    /// The largest video in megabytes.
    #[schemars(range(min = 1, max = 10000))]
    pub video_size_limit: u32,
    /// The largest sound file in megabytes.
    #[schemars(range(min = 1, max = 10000))]
    pub audio_size_limit: u32,
    /// How many files at once.
    #[schemars(range(min = 1, max = 1000))]
    pub batch_limit: u32,
}

impl Default for Uploads {
    fn default() -> Self {
        Self {
            file_size_limit: 15,
            image_size_limit: 10,
            video_size_limit: 100,
            audio_size_limit: 50,
            batch_limit: 5,
        }
    }
}
