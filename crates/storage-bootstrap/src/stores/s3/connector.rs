//! How the SDK's requests are sent: by `preflight::http`.
//!
//! The SDK's own client would bring its own trust store and its own errors. Ours works in an image without
//! CA files and names the hop where a request failed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::config::http::{HttpRequest, HttpResponse};
use aws_sdk_s3::config::{RuntimeComponents, SharedHttpClient};
use aws_sdk_s3::error::{BoxError, ConnectorError};
use aws_sdk_s3::primitives::SdkBody;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::http::StatusCode;
use preflight::Finding;
use preflight::http::{Http, Method, Reply, Url};
use preflight::tls::TlsOptions;

/// A finding on its way through the SDK's error types.
#[derive(Debug)]
pub(super) struct Fault(pub(super) Finding);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Fault {}

/// Our own header on a reply that had a body: the SDK takes the body away where it cannot read it.
pub(super) const HAD_BODY: &str = "x-dify-preflight-had-body";

/// One client for each origin; there is one origin, or two with the bucket in the host name.
#[derive(Clone)]
pub(super) struct Connector {
    key: &'static str,
    tls: TlsOptions,
    origins: Arc<Mutex<BTreeMap<String, Arc<Http>>>>,
}

impl Connector {
    /// `key` is the variable that holds the endpoint, for messages.
    pub(super) fn client(key: &'static str, tls: &TlsOptions) -> SharedHttpClient {
        let connector = Self { key, tls: tls.clone(), origins: Arc::default() };
        let connector = SharedHttpConnector::new(connector);
        http_client_fn(move |_: &HttpConnectorSettings, _: &RuntimeComponents| connector.clone())
    }

    fn http(&self, url: &Url) -> Result<Arc<Http>, Finding> {
        let origin = url.origin().ascii_serialization();
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(http) = origins.get(&origin) {
            return Ok(Arc::clone(http));
        }
        let http = Arc::new(Http::new(self.key, &origin, &self.tls)?);
        origins.insert(origin, Arc::clone(&http));
        Ok(http)
    }

    async fn send(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let url = Url::parse(request.uri()).map_err(user)?;
        let method = Method::from_bytes(request.method().as_bytes()).map_err(user)?;
        let http = self.http(&url).map_err(|finding| ConnectorError::io(Box::new(Fault(finding))))?;
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let mut sending = http.request(method, &path);
        for (name, value) in request.headers() {
            sending = sending.header(name, value);
        }
        if let Some(body) = request.body().bytes() {
            sending = sending.body(body.to_vec());
        }
        let reply = http.send(sending).await;
        response(reply.map_err(|finding| ConnectorError::io(Box::new(Fault(finding))))?)
    }
}

fn response(reply: Reply) -> Result<HttpResponse, ConnectorError> {
    let status = StatusCode::try_from(reply.status).map_err(user)?;
    let had_body = !reply.body.is_empty();
    let mut response = HttpResponse::new(status, SdkBody::from(reply.body));
    for (name, value) in &reply.headers {
        // A header that is no text is none that is looked at.
        if let Ok(value) = value.to_str() {
            response.headers_mut().append(name.as_str().to_owned(), value.to_owned());
        }
    }
    // Whatever the server called so.
    response.headers_mut().remove(HAD_BODY);
    if had_body {
        response.headers_mut().insert(HAD_BODY, "yes");
    }
    Ok(response)
}

fn user(error: impl Into<BoxError>) -> ConnectorError {
    ConnectorError::user(error.into())
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().send(request))
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector")
    }
}
