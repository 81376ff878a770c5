//! What the database driver says by itself, where no word of the server's explains a failure.

use std::error::Error as StdError;
use std::io;

use sqlx::Error;

use crate::address::Address;
use crate::finding::{Finding, Hop};
use crate::{net, tls};

/// A network, TLS or protocol error as a finding. The protocol's own text is left to `of_protocol`.
pub(crate) fn finding(
    error: &Error,
    address: &Address,
    tls_hint: &str,
    of_protocol: impl FnOnce(&str) -> Finding,
) -> Finding {
    match error {
        Error::Io(error) => net::from_io(error, address),
        Error::Tls(inner) => of_tls(inner.as_ref(), address, tls_hint),
        // The driver adds its own place in brackets.
        Error::Protocol(text) => {
            of_protocol(text.split(" (sqlx").next().unwrap_or(text).trim_end_matches('.'))
        }
        other => {
            let mut text = other.to_string();
            let mut source = other.source();
            while let Some(inner) = source {
                text = inner.to_string();
                source = inner.source();
            }
            Finding::suspect(Hop::State, format!("{address}: {text}"))
        }
    }
}

fn of_tls(error: &(dyn StdError + 'static), address: &Address, hint: &str) -> Finding {
    let mut source = Some(error);
    while let Some(inner) = source {
        if let Some(error) = inner.downcast_ref::<rustls::Error>() {
            return tls::from_rustls(error, address);
        }
        if let Some(error) = inner.downcast_ref::<io::Error>() {
            return Finding { hop: Hop::Tls, ..net::from_io(error, address) };
        }
        source = inner.source();
    }
    if error.to_string().contains("does not support TLS") {
        return Finding::suspect(Hop::Tls, format!("{address} does not offer TLS")).hint(hint);
    }
    Finding::suspect(Hop::Tls, format!("TLS with {address} failed: {error}"))
}
