//! Recorded answers of gRPC servers that cannot be run here, as `testbed::recorded` has them for HTTP.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use bytes::{BufMut as _, Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Response};
use tokio::io::{AsyncRead, AsyncWrite};

/// A recorded answer: the status of gRPC, its text, and the message.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    pub status: u32,
    pub text: &'static str,
    pub message: Vec<u8>,
}

impl Reply {
    /// Success with a message.
    pub fn of(message: &[u8]) -> Self {
        Self { message: message.to_vec(), ..Self::default() }
    }

    /// Failure with a text.
    pub fn failed(status: u32, text: &'static str) -> Self {
        Self { status, text, message: Vec::new() }
    }
}

/// Answers every call by this rule, from its method and its headers, on a port of 127.0.0.1; for as long as the test runs.
pub fn recorded(rule: impl Fn(&str, &BTreeMap<String, String>) -> Reply + Clone + Send + 'static) -> u16 {
    listen(None, rule)
}

/// The same with TLS.
pub fn secure(
    tls: Arc<rustls::ServerConfig>,
    rule: impl Fn(&str, &BTreeMap<String, String>) -> Reply + Clone + Send + 'static,
) -> u16 {
    listen(Some(tls), rule)
}

fn listen(
    tls: Option<Arc<rustls::ServerConfig>>,
    rule: impl Fn(&str, &BTreeMap<String, String>) -> Reply + Clone + Send + 'static,
) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    listener.set_nonblocking(true).unwrap();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let tasks = tokio::task::LocalSet::new();
        tasks.block_on(&runtime, async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let (rule, tls) = (rule.clone(), tls.clone());
                tokio::task::spawn_local(async move {
                    match tls {
                        None => serve(stream, rule).await,
                        Some(tls) => {
                            if let Ok(stream) = tokio_rustls::TlsAcceptor::from(tls).accept(stream).await {
                                serve(stream, rule).await;
                            }
                        }
                    }
                });
            }
        });
    });
    port
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    rule: impl Fn(&str, &BTreeMap<String, String>) -> Reply,
) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let headers = request.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
        let reply = rule(request.uri().path(), &headers.collect());
        let head = Response::builder().header("content-type", "application/grpc").body(()).unwrap();
        let mut stream = respond.send_response(head, false).unwrap();
        if reply.status == 0 {
            let mut frame = BytesMut::new();
            frame.put_u8(0);
            frame.put_u32(u32::try_from(reply.message.len()).unwrap());
            frame.put_slice(&reply.message);
            let _ = stream.send_data(Bytes::from(frame), false);
        }
        let mut trailers = HeaderMap::new();
        trailers.insert("grpc-status", HeaderValue::from(reply.status));
        trailers.insert("grpc-message", HeaderValue::from_static(reply.text));
        let _ = stream.send_trailers(trailers);
    }
}
