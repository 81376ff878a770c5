//! Reaching a server, and naming the hop where it failed.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};

use crate::address::Address;
use crate::finding::{Finding, Hop};
use crate::surroundings::{LookUp, Mesh, Resolver};
use crate::tls;

/// Limit for establishing one connection, over all addresses of a name.
pub const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// Limit for looking a name up. A C library asks a second time after 2.5 s (musl) or 5 s (glibc).
pub const LOOK_UP_LIMIT: Duration = Duration::from_secs(4);

/// Looks a name up anew; nothing is cached in the process.
pub async fn resolve(address: &Address) -> Result<Vec<SocketAddr>, Finding> {
    let look_up = lookup_host((address.host.as_str(), address.port));
    match tokio::time::timeout(LOOK_UP_LIMIT, look_up).await {
        Ok(Ok(found)) => {
            let found: Vec<_> = found.collect();
            if found.is_empty() { Err(unresolved(address, "no address")) } else { Ok(found) }
        }
        Ok(Err(error)) => Err(unresolved(address, &error.to_string())),
        Err(_) => Err(look_up_failed(address, LookUp::Silent, "no answer")),
    }
}

/// Connects to the first address of a name that accepts. If none does, every address' own fault is told.
pub async fn connect(address: &Address) -> Result<TcpStream, Finding> {
    let candidates = resolve(address).await?;
    let share = CONNECT_LIMIT / u32::try_from(candidates.len()).unwrap_or(u32::MAX).max(1);
    let mut faults: Vec<(SocketAddr, Error)> = Vec::new();
    for candidate in candidates {
        match tokio::time::timeout(share, TcpStream::connect(candidate)).await {
            Ok(Ok(stream)) => {
                // Requests are small and each waits for its answer.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => faults.push((candidate, error)),
            Err(_) => faults.push((candidate, Error::from(ErrorKind::TimedOut))),
        }
    }
    let Some((_, first)) = faults.first() else { return Err(unresolved(address, "no address")) };
    let mut finding = from_io(first, address);
    if faults.len() > 1 {
        let each: Vec<_> = faults.iter().map(|(at, error)| format!("{at} {}", word(error))).collect();
        finding.message = format!("cannot connect to {address}: {}", each.join(", "));
    }
    Err(finding)
}

/// Names what an I/O error of a connection to `address` means.
#[must_use]
pub fn from_io(error: &Error, address: &Address) -> Finding {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return tls::from_rustls(tls, address);
    }
    // The standard library has no kind for a failed look-up, only this text.
    if error.to_string().contains("failed to lookup address") {
        return unresolved(address, &error.to_string());
    }
    let finding = |message: String| Finding::not_yet(Hop::Tcp, message);
    let found = match error.kind() {
        ErrorKind::ConnectionRefused => finding(format!("connection refused by {address}"))
            .hint(in_mesh(address).unwrap_or_else(|| "nothing listens there yet, or the port is wrong".to_owned())),
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted => {
            finding(format!("connection reset by {address}"))
                .hint("the server is starting or stopping, or expects TLS on this port")
        }
        ErrorKind::UnexpectedEof => finding(format!("{address} closed the connection without an answer"))
            .hint("the server is starting or stopping, or expects TLS on this port"),
        ErrorKind::TimedOut => {
            finding(format!("no answer from {address} within {}s", CONNECT_LIMIT.as_secs()))
                .hint("the address is wrong, or a firewall or NetworkPolicy drops the packets: it must let this pod out and \
                       the server's pod in")
        }
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            finding(format!("no route to {address}")).hint("the address is wrong, or its network is down")
        }
        _ => finding(format!("cannot talk to {address}: {error}")),
    };
    match code(error) {
        Some(code) => found.code(code),
        None => found,
    }
}

fn unresolved(address: &Address, detail: &str) -> Finding {
    // getaddrinfo's text is the same for every name; the part behind the colon says which way it failed.
    let detail = detail.rsplit(": ").next().unwrap_or(detail);
    look_up_failed(address, LookUp::of(detail), detail)
}

fn look_up_failed(address: &Address, failure: LookUp, detail: &str) -> Finding {
    Finding::not_yet(Hop::Dns, format!("{} does not resolve: {detail}", address.host))
        .code(failure.code())
        .hint(Resolver::of_this_pod().hint(&address.host, failure))
}

/// A hint for a connection that a mesh's proxy may have refused: never one within the pod.
fn in_mesh(address: &Address) -> Option<String> {
    let loopback = address.host == "localhost" || address.host.starts_with("127.") || address.host == "::1";
    Mesh::of_this_pod().filter(|_| !loopback).map(|mesh| mesh.hint(address.port))
}

/// The operating system's name for the fault.
fn code(error: &Error) -> Option<&'static str> {
    Some(match error.kind() {
        ErrorKind::ConnectionRefused => "ECONNREFUSED",
        ErrorKind::ConnectionReset => "ECONNRESET",
        ErrorKind::ConnectionAborted => "ECONNABORTED",
        ErrorKind::BrokenPipe => "EPIPE",
        ErrorKind::TimedOut => "ETIMEDOUT",
        ErrorKind::HostUnreachable => "EHOSTUNREACH",
        ErrorKind::NetworkUnreachable => "ENETUNREACH",
        ErrorKind::AddrNotAvailable => "EADDRNOTAVAIL",
        ErrorKind::UnexpectedEof => "EOF",
        _ => return None,
    })
}

fn word(error: &Error) -> String {
    code(error).map_or_else(|| error.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block_on<F: Future>(future: F) -> F::Output {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    #[test]
    fn a_refused_connect_is_not_yet() {
        let port = {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            free.local_addr().unwrap().port()
        };
        let finding = block_on(connect(&Address::new("127.0.0.1", port))).unwrap_err();
        assert_eq!((finding.hop, finding.code.as_deref()), (Hop::Tcp, Some("ECONNREFUSED")));
    }

    #[test]
    fn a_name_that_does_not_exist_is_not_yet() {
        let finding = block_on(connect(&Address::new("no-such-host.invalid", 1))).unwrap_err();
        assert_eq!(finding.hop, Hop::Dns);
        assert!(finding.message.starts_with("no-such-host.invalid does not resolve"), "{finding}");
    }
}
