//! `host:port`, as people write it.

use std::fmt;
use std::str::FromStr;

/// A host name or IP address with a port. IPv6 addresses are written in brackets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// Name, IPv4 or IPv6 address (without brackets).
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl Address {
    /// Puts a host and a port together; brackets around an IPv6 address are taken off.
    #[must_use]
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        let host: String = host.into();
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        Self { host: bare.unwrap_or(&host).to_owned(), port }
    }

    /// Reads `host`, `host:port`, `[v6]` or `[v6]:port`.
    pub fn parse(text: &str, default_port: Option<u16>) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("the address is empty".to_owned());
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '/' || c == '@') {
            return Err("an address is host:port, without a scheme, user or path".to_owned());
        }
        let (host, port) = if let Some(rest) = text.strip_prefix('[') {
            let (host, after) = rest.split_once(']').ok_or("an opening bracket without a closing one")?;
            match after.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if after.is_empty() => (host, None),
                None => return Err("after the closing bracket only :port may follow".to_owned()),
            }
        } else if text.matches(':').count() > 1 {
            // A bare IPv6 address; a port could not be told apart from its last group.
            (text, None)
        } else {
            match text.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            }
        };
        if host.is_empty() {
            return Err("the host is empty".to_owned());
        }
        if host.contains(['[', ']']) {
            return Err("brackets stand around an IPv6 address, and nowhere else".to_owned());
        }
        let port = match port {
            Some(port) => port
                .parse::<u16>()
                .ok()
                .filter(|port| *port != 0)
                .ok_or_else(|| format!("{port:?} is not a port (1 to 65535)"))?,
            None => default_port.ok_or("the port is missing")?,
        };
        Ok(Self::new(host, port))
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text, None)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_both_families() {
        for (text, host, port) in [
            ("redis:6379", "redis", 6379),
            ("127.0.0.1:1", "127.0.0.1", 1),
            ("[::1]:80", "::1", 80),
            ("[fe80::1]", "fe80::1", 7),
            ("::1", "::1", 7),
            ("redis", "redis", 7),
        ] {
            assert_eq!(Address::parse(text, Some(7)), Ok(Address::new(host, port)), "{text}");
        }
        assert_eq!(Address::new("::1", 80).to_string(), "[::1]:80");
    }

    #[test]
    fn refuses_what_is_no_address() {
        for text in [
            "",
            ":1",
            "a:",
            "a:0",
            "a:65536",
            "a:b",
            "redis://a:1",
            "u@a:1",
            "[::1",
            "[::1]x",
            "a b:1",
            "a\u{1}:1",
            "n::]1",
            "[[::1]:1",
            "a]:1",
        ] {
            assert!(Address::parse(text, None).is_err(), "{text}");
        }
    }
}
