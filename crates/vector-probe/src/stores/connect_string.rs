//! Oracle's connect strings: `host:port/service`, `tcps://host:port/service`, a descriptor in brackets, or a name from
//! `tnsnames.ora`.

use preflight::Address;

/// Where a connect string leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Each is tried until one accepts.
    pub(crate) addresses: Vec<Address>,
    /// Whether the port speaks TLS.
    pub(crate) is_tls: bool,
    /// `SERVICE_NAME=...` or `SID=...`, as the listener wants to be told.
    pub(crate) database: String,
}

/// A connect string, or the name of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Dsn {
    /// Understood.
    Target(Target),
    /// To be looked up.
    Alias(String),
}

const DEFAULT_PORT: u16 = 1521;

/// Reads a connect string.
pub(crate) fn parse(text: &str) -> Result<Dsn, String> {
    let text = text.trim();
    if text.starts_with('(') {
        return descriptor(text).map(Dsn::Target);
    }
    if text.contains('@') {
        return Err("holds a user or password".to_owned());
    }
    let (is_tls, rest) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tcps") => (true, rest),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tcp") => (false, rest),
        Some((scheme, _)) => return Err(format!("has the unknown protocol {scheme:?}")),
        None => (false, text.strip_prefix("//").unwrap_or(text)),
    };
    let (hosts, service) = rest.split_once('/').unwrap_or((rest, ""));
    // A single word is a name, unless it has been said to be a host.
    if service.is_empty() && !rest.contains([':', '/', ',']) && rest == text {
        return if text.is_empty() { Err("is empty".to_owned()) } else { Ok(Dsn::Alias(text.to_owned())) };
    }
    let service = service.split(['?', ':', '/']).next().unwrap_or_default();
    if service.is_empty() {
        return Err("names no service".to_owned());
    }
    let mut addresses = Vec::new();
    // The last port holds for the hosts before it.
    for host in hosts.split([',', ';']).rev() {
        let default = addresses.first().map_or(DEFAULT_PORT, |address: &Address| address.port);
        addresses.insert(0, Address::parse(host, Some(default))?);
    }
    Ok(Dsn::Target(Target { addresses, is_tls, database: format!("SERVICE_NAME={service}") }))
}

/// Reads a descriptor such as `(DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=db)(PORT=1521))(CONNECT_DATA=(SERVICE_NAME=x)))`.
fn descriptor(text: &str) -> Result<Target, String> {
    let mut pairs = Vec::new();
    flatten(text, &mut pairs)?;
    let value = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let mut addresses = Vec::new();
    let ports: Vec<&str> =
        pairs.iter().filter(|(name, _)| name == "PORT").map(|(_, value)| value.as_str()).collect();
    for (index, (_, host)) in pairs.iter().filter(|(name, _)| name == "HOST").enumerate() {
        let port = match ports.get(index) {
            Some(port) => port
                .parse()
                .ok()
                .filter(|port| *port != 0)
                .ok_or_else(|| format!("{port:?} is not a port"))?,
            None => DEFAULT_PORT,
        };
        addresses.push(Address::parse(host, Some(port)).map(|address| Address::new(address.host, port))?);
    }
    if addresses.is_empty() {
        return Err("names no HOST".to_owned());
    }
    let database =
        ["SERVICE_NAME", "SID"].into_iter().find_map(|key| value(key).map(|value| format!("{key}={value}")));
    let is_tls = value("PROTOCOL").is_some_and(|protocol| protocol.eq_ignore_ascii_case("tcps"));
    Ok(Target { addresses, is_tls, database: database.ok_or("names no SERVICE_NAME")? })
}

/// Every `NAME=value` at the innermost brackets, names in upper case.
fn flatten(text: &str, pairs: &mut Vec<(String, String)>) -> Result<(), String> {
    let mut depth = 0_u32;
    let mut current = String::new();
    for sign in text.chars() {
        match sign {
            '(' => {
                depth += 1;
                current.clear();
            }
            ')' => {
                depth = depth.checked_sub(1).ok_or("has a closing bracket too many")?;
                if let Some((name, value)) = current.split_once('=') {
                    let value = value.trim().trim_matches(['"', '\'']);
                    pairs.push((name.trim().to_ascii_uppercase(), value.to_owned()));
                }
                current.clear();
            }
            sign if sign.is_control() => {}
            sign => current.push(sign),
        }
        if depth == 0 && sign == ')' {
            return Ok(());
        }
    }
    Err("has an opening bracket too many".to_owned())
}

/// Looks a name up in the text of `tnsnames.ora`.
pub(crate) fn look_up(file: &str, alias: &str) -> Option<Result<Target, String>> {
    let text: String =
        file.lines().map(|line| line.split('#').next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut rest = text.as_str();
    while let Some((names, after)) = rest.split_once('=') {
        let end = closing(after)?;
        let known = names.split([',', '\n', ' ']).map(str::trim).any(|name| name.eq_ignore_ascii_case(alias));
        if known {
            return Some(descriptor(after.get(..end)?.trim()));
        }
        rest = after.get(end..)?;
    }
    None
}

/// Where the bracket that opens a text closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, sign) in text.char_indices() {
        match sign {
            '(' => depth += 1,
            ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> Target {
        match parse(text).unwrap() {
            Dsn::Target(target) => target,
            Dsn::Alias(alias) => panic!("{alias} is taken for a name"),
        }
    }

    fn shown(target: &Target) -> String {
        let addresses: Vec<_> = target.addresses.iter().map(ToString::to_string).collect();
        format!("{} {} {}", addresses.join(","), target.is_tls, target.database)
    }

    #[test]
    fn each_form_leads_somewhere() {
        for (text, expected) in [
            ("db/freepdb1", "db:1521 false SERVICE_NAME=freepdb1"),
            ("db:1522/freepdb1", "db:1522 false SERVICE_NAME=freepdb1"),
            ("//db:1522/freepdb1:dedicated/inst", "db:1522 false SERVICE_NAME=freepdb1"),
            ("tcps://db:2484/svc?ssl_server_dn_match=yes", "db:2484 true SERVICE_NAME=svc"),
            ("[::1]:1521/svc", "[::1]:1521 false SERVICE_NAME=svc"),
            ("a,b:1530/svc", "a:1530,b:1530 false SERVICE_NAME=svc"),
            (
                "(DESCRIPTION=(ADDRESS_LIST=(ADDRESS=(PROTOCOL=TCPS)(HOST=a)(PORT=2484))(ADDRESS=(PROTOCOL=TCPS)(HOST=b)(PORT=2485)))(CONNECT_DATA=(SID=ORCL)))",
                "a:2484,b:2485 true SID=ORCL",
            ),
        ] {
            assert_eq!(shown(&target(text)), expected, "{text}");
        }
        assert_eq!(parse("dify_high"), Ok(Dsn::Alias("dify_high".to_owned())));
    }

    #[test]
    fn what_leads_nowhere_is_refused() {
        for text in [
            "",
            "db:1521",
            "db:x/svc",
            "//db",
            "http://db/svc",
            "u/p@db/svc",
            "(HOST=a",
            "(DESCRIPTION=(HOST=a))",
            "(SERVICE_NAME=a)",
            "(A=(HOST=a)(PORT=0)(SID=x))",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_is_found_among_others() {
        let file = "# of the wallet\nlow, dify_LOW = (description=(address=(protocol=tcps)(port=1522)(host=adb.example))\n  (connect_data=(service_name=x_low)))\nhigh=(DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=h)(PORT=1))(CONNECT_DATA=(SERVICE_NAME=y)))\n";
        let found = look_up(file, "dify_low").unwrap().unwrap();
        assert_eq!(shown(&found), "adb.example:1522 true SERVICE_NAME=x_low");
        assert_eq!(shown(&look_up(file, "HIGH").unwrap().unwrap()), "h:1 false SERVICE_NAME=y");
        assert!(look_up(file, "other").is_none());
        assert!(look_up("a=(HOST=", "a").is_none() && look_up("", "a").is_none());
    }
}
