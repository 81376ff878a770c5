//! gRPC, as far as a probe needs it: one call with a small message, and the fields of a small answer.
//!
//! The messages are few and have not changed in years, so they are written and read by hand here.

use std::sync::Arc;

use bytes::{BufMut as _, Bytes, BytesMut};
use h2::RecvStream;
use h2::client::SendRequest;
use http::{HeaderMap, Request};
use percent_encoding::percent_decode_str;
use preflight::tls::{self, TlsOptions};
use preflight::{Address, ConfigError, Finding, Hop, net};
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// More than this of an answer is never needed.
const ANSWER_LIMIT: usize = 256 * 1024;

/// A port that speaks gRPC.
pub(super) struct Grpc {
    address: Address,
    tls: Option<(Arc<ClientConfig>, String)>,
    /// What to check where the port does not answer as it should.
    hint: String,
}

/// How a call ended.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// The status code of gRPC; 0 is success.
    pub(super) status: u32,
    /// Its text.
    pub(super) message: String,
    /// The message, without its frame.
    pub(super) body: Bytes,
}

impl Answer {
    /// The status as its documentation names it.
    pub(super) fn name(&self) -> &'static str {
        match self.status {
            0 => "OK",
            1 => "CANCELLED",
            3 => "INVALID_ARGUMENT",
            4 => "DEADLINE_EXCEEDED",
            5 => "NOT_FOUND",
            7 => "PERMISSION_DENIED",
            8 => "RESOURCE_EXHAUSTED",
            9 => "FAILED_PRECONDITION",
            12 => "UNIMPLEMENTED",
            13 => "INTERNAL",
            14 => "UNAVAILABLE",
            16 => "UNAUTHENTICATED",
            _ => "UNKNOWN",
        }
    }
}

impl Grpc {
    /// Without TLS.
    pub(super) fn plain(address: Address, hint: impl Into<String>) -> Self {
        Self { address, tls: None, hint: hint.into() }
    }

    /// With TLS; the certificate must be for `name`.
    pub(super) fn secure(
        address: Address,
        options: &TlsOptions,
        name: impl Into<String>,
        hint: impl Into<String>,
    ) -> Result<Self, ConfigError> {
        let mut config = (*tls::client_config(options)?).clone();
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Self { address, tls: Some((Arc::new(config), name.into())), hint: hint.into() })
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// Calls a method, such as `/grpc.health.v1.Health/Check`, with headers and a message.
    pub(super) async fn call(
        &self,
        method: &str,
        headers: &[(&'static str, String)],
        message: &[u8],
    ) -> Result<Answer, Finding> {
        let stream = net::connect(&self.address).await.map_err(|finding| self.told(finding))?;
        let Some((config, name)) = &self.tls else {
            let answer = self.exchange(stream, method, headers, message).await;
            return match answer {
                // A server of HTTP/1 may take the connection back before its answer is read.
                Err(_) if self.speaks_http1().await => Err(self.of_http1()),
                answer => answer,
            };
        };
        let stream = tls::handshake(stream, Arc::clone(config), name, &self.address).await;
        self.exchange(stream.map_err(|finding| self.told(finding))?, method, headers, message).await
    }

    /// Whether the port answers what no port of gRPC would.
    async fn speaks_http1(&self) -> bool {
        let Ok(mut stream) = net::connect(&self.address).await else { return false };
        let request = format!("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        let mut begin = [0; 7];
        stream.write_all(request.as_bytes()).await.is_ok()
            && stream.read_exact(&mut begin).await.is_ok()
            && &begin == b"HTTP/1."
    }

    fn of_http1(&self) -> Finding {
        let message = format!("gRPC: {} is a port for HTTP/1", self.address);
        Finding::suspect(Hop::State, message).hint(self.hint.clone())
    }

    async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        method: &str,
        headers: &[(&'static str, String)],
        message: &[u8],
    ) -> Result<Answer, Finding> {
        let (sender, connection) = h2::client::handshake(stream).await.map_err(|error| self.fault(&error))?;
        let request = self.request(method, headers)?;
        tokio::select! {
            answer = ask(sender, request, frame(message)) => answer.map_err(|error| self.fault(&error))?.map_err(|status| self.stranger(status)),
            ended = connection => Err(match ended {
                Err(error) => self.fault(&error),
                Ok(()) => self.told(net::from_io(&std::io::ErrorKind::UnexpectedEof.into(), &self.address)),
            }),
        }
    }

    fn request(&self, method: &str, headers: &[(&'static str, String)]) -> Result<Request<()>, Finding> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let mut request = Request::post(format!("{scheme}://{}{method}", self.address))
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        request.body(()).map_err(|_| {
            let message =
                format!("no request can be made for {}: a value cannot stand in a header", self.address);
            Finding::never(Hop::Config, message)
        })
    }

    /// The fault of a connection.
    fn fault(&self, error: &h2::Error) -> Finding {
        if let Some(error) = error.get_io() {
            return match net::from_io(error, &self.address) {
                finding if self.tls.is_some() || finding.hop == Hop::Tcp => self.told(finding),
                finding => finding,
            };
        }
        let message = format!("gRPC: {} does not speak HTTP/2: {error}", self.address);
        Finding::suspect(Hop::State, message).hint(self.hint.clone())
    }

    /// HTTP/2, but not gRPC.
    fn stranger(&self, status: u16) -> Finding {
        let message = format!("gRPC: {} answers in HTTP/2, but not like gRPC", self.address);
        let finding = Finding::suspect(Hop::Proxy, message).code(format!("HTTP {status}"));
        match status {
            502..=504 | 429 => Finding { class: preflight::Class::NotYet, ..finding },
            _ => finding,
        }
        .hint(self.hint.clone())
    }

    /// A finding that says that it was this port, and what to check.
    fn told(&self, finding: Finding) -> Finding {
        // A hint about a certificate is the better one.
        let hint = match (finding.hop, finding.hint) {
            (Hop::Tls, Some(hint)) => hint,
            _ => self.hint.clone(),
        };
        Finding { message: format!("gRPC: {}", finding.message), hint: Some(hint), ..finding }
    }
}

/// One call. What is answered without being gRPC is told by its HTTP status.
async fn ask(
    mut sender: SendRequest<Bytes>,
    request: Request<()>,
    body: Bytes,
) -> Result<Result<Answer, u16>, h2::Error> {
    let (response, mut stream) = sender.send_request(request, false)?;
    stream.send_data(body, true)?;
    let response = response.await?;
    let status = response.status().as_u16();
    let grpc = response
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
    if status != 200 || !grpc {
        return Ok(Err(status));
    }
    let (head, mut body) = response.into_parts();
    let bytes = read(&mut body).await?;
    let trailers = if bytes.len() < ANSWER_LIMIT { body.trailers().await? } else { None };
    let (status, message) =
        trailers.as_ref().and_then(result).or_else(|| result(&head.headers)).unwrap_or((2, String::new()));
    match unframed(&bytes) {
        Some(body) => Ok(Ok(Answer { status, message, body })),
        None if status != 0 => Ok(Ok(Answer { status, message, body: Bytes::new() })),
        // Success without the message that was asked for.
        None => Ok(Err(200)),
    }
}

async fn read(body: &mut RecvStream) -> Result<Bytes, h2::Error> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.data().await {
        let chunk = chunk?;
        let _ = body.flow_control().release_capacity(chunk.len());
        bytes.extend_from_slice(&chunk);
        if bytes.len() >= ANSWER_LIMIT {
            break;
        }
    }
    Ok(bytes.freeze())
}

/// Status and text of a call; those of one without an answer are in its headers.
fn result(headers: &HeaderMap) -> Option<(u32, String)> {
    let status = headers.get("grpc-status")?.to_str().ok()?.parse().ok()?;
    let text = headers.get("grpc-message").and_then(|text| text.to_str().ok()).unwrap_or_default();
    Some((status, percent_decode_str(text).decode_utf8_lossy().chars().take(200).collect()))
}

/// A message in its frame.
fn frame(message: &[u8]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(message.len() + 5);
    bytes.put_u8(0);
    bytes.put_u32(u32::try_from(message.len()).unwrap_or_default());
    bytes.put_slice(message);
    bytes.freeze()
}

/// The message of the first frame, if it is whole and not compressed.
pub(super) fn unframed(bytes: &Bytes) -> Option<Bytes> {
    let (head, rest) = (bytes.get(..5)?, bytes.slice(5.min(bytes.len())..));
    let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
    (head[0] == 0 && rest.len() >= length).then(|| rest.slice(..length))
}

/// A value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl Value<'_> {
    /// The text, or the beginning of it that is text.
    pub(super) fn text(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    pub(super) fn number(self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Bytes(_) => None,
        }
    }
}

/// The fields of a message, by number; ends where it is not a message any more.
pub(super) fn fields(mut bytes: &[u8]) -> Vec<(u64, Value<'_>)> {
    let mut fields = Vec::new();
    while let Some((key, rest)) = varint(bytes) {
        let number = key >> 3;
        let (value, rest) = match key & 7 {
            0 => match varint(rest) {
                Some((value, rest)) => (Value::Number(value), rest),
                None => break,
            },
            2 => {
                let Some((length, rest)) = varint(rest) else { break };
                let Some((value, rest)) =
                    usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length))
                else {
                    break;
                };
                (Value::Bytes(value), rest)
            }
            kind @ (1 | 5) => {
                let Some((value, rest)) = rest.split_at_checked(if kind == 1 { 8 } else { 4 }) else { break };
                (Value::Bytes(value), rest)
            }
            _ => break,
        };
        fields.push((number, value));
        bytes = rest;
    }
    fields
}

/// The first field of this number.
pub(super) fn field(bytes: &[u8], number: u64) -> Option<Value<'_>> {
    fields(bytes).into_iter().find(|(found, _)| *found == number).map(|(_, value)| value)
}

/// A field that is text.
pub(super) fn text_field(number: u8, text: &str) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    let mut length = text.len();
    while length >= 0x80 {
        bytes.push(u8::try_from(length & 0x7f).unwrap_or_default() | 0x80);
        length >>= 7;
    }
    bytes.push(u8::try_from(length).unwrap_or_default());
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).checked_shl(u32::try_from(index * 7).ok()?)?;
        if byte & 0x80 == 0 {
            return Some((value, &bytes[index + 1..]));
        }
    }
    None
}

/// The message of `grpc.health.v1.Health/Check`: whether it says that it serves.
pub(super) fn is_serving(body: &[u8]) -> bool {
    field(body, 1).and_then(Value::number) == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_out_of_its_frame() {
        let framed = frame(b"abc");
        assert_eq!(&framed[..], b"\0\0\0\0\x03abc");
        assert_eq!(unframed(&framed).as_deref(), Some(&b"abc"[..]));
        for bad in [&b""[..], b"\0\0\0\0", b"\0\0\0\0\x04abc", b"\x01\0\0\0\x03abc", b"\0\xff\xff\xff\xffa"] {
            assert_eq!(unframed(&Bytes::copy_from_slice(bad)), None, "{bad:?}");
        }
    }

    #[test]
    fn fields_are_read_until_the_message_ends() {
        let long = "x".repeat(300);
        let mut bytes = vec![0x08, 0x96, 0x01];
        bytes.extend(text_field(2, &long));
        bytes.extend([0x25, 1, 2, 3, 4, 0x29, 1, 2, 3, 4, 5, 6, 7, 8]);
        let found = fields(&bytes);
        assert_eq!(found[0], (1, Value::Number(150)));
        assert_eq!(found[1], (2, Value::Bytes(long.as_bytes())));
        assert_eq!(found.len(), 4);
        for cut in 0..bytes.len() {
            assert!(fields(&bytes[..cut]).len() < 4);
        }
        assert!(fields(&[0xff; 32]).is_empty() && fields(&[0x0b]).is_empty());
    }

    #[test]
    fn only_serving_is_serving() {
        assert!(is_serving(&[0x08, 1]));
        assert!(!is_serving(&[0x08, 2]) && !is_serving(&[]) && !is_serving(b"hello"));
    }

    #[test]
    fn the_result_of_a_call_is_read_from_its_headers() {
        let mut headers = HeaderMap::new();
        assert_eq!(result(&headers), None);
        headers.insert("grpc-status", http::HeaderValue::from_static("16"));
        headers.insert("grpc-message", http::HeaderValue::from_static("no%20key"));
        assert_eq!(result(&headers), Some((16, "no key".to_owned())));
    }
}
