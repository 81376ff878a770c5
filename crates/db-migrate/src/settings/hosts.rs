//! Several hosts: in `DB_HOST` with commas, or as `host` and `port` in `DB_EXTRAS`, in the forms that Dify's client takes.

use preflight::{Address, ConfigError};

use super::extras::NAME;

/// libpq's own port, where a host of several is given none.
const USUAL: u16 = 5432;

/// The values of `host` and `port` in `DB_EXTRAS`, as often as they are given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) hosts: Vec<String>,
    pub(super) ports: Vec<String>,
}

/// Refuses the combinations that Dify's client refuses.
pub(super) fn sound(given: &Given) -> Result<(), ConfigError> {
    all(given, &Address::new("localhost", USUAL)).map(|_| ())
}

/// The hosts to try. Without any of their own, those of `DB_HOST` and `DB_PORT`.
pub(super) fn all(given: &Given, usual: &Address) -> Result<Vec<Address>, ConfigError> {
    if given.hosts.is_empty() {
        return match given.ports.as_slice() {
            [] => Ok(vec![usual.clone()]),
            [one] => Ok(vec![Address::new(&usual.host, port(one)?)]),
            _ => Err(unequal()),
        };
    }
    let (hosts, ports): (Vec<&str>, Vec<&str>) = if let [list] = given.hosts.as_slice()
        && (!list.contains(':') || list.contains(',') || !given.ports.is_empty())
    {
        (list.split(',').collect(), given.ports.iter().flat_map(|ports| ports.split(',')).collect())
    } else {
        if !given.ports.is_empty() {
            return Err(ConfigError::new(
                NAME,
                "mixes two ways to name several hosts, which Dify's client refuses",
            )
            .hint("use host=a,b&port=5432,5433 or host=a:5432&host=b:5433"));
        }
        given.hosts.iter().map(|host| host.split_once(':').unwrap_or((host, ""))).unzip()
    };
    if !ports.is_empty() && hosts.len() != ports.len() {
        return Err(unequal());
    }
    let several = hosts.len() > 1;
    let mut found = Vec::new();
    for (number, host) in hosts.iter().enumerate() {
        if host.is_empty() || host.chars().any(|c| c.is_whitespace() || matches!(c, '/' | '@' | ':')) {
            return Err(ConfigError::new(NAME, "has a host that is no name or address")
                .hint("use host=a,b&port=5432,5433"));
        }
        let port = match ports.get(number) {
            Some(text) if !text.is_empty() => port(text)?,
            // Of several hosts, one without a port does not get DB_PORT.
            _ if several => USUAL,
            _ => usual.port,
        };
        found.push(Address::new(*host, port));
    }
    Ok(found)
}

fn port(text: &str) -> Result<u16, ConfigError> {
    text.parse().ok().filter(|port| *port != 0).ok_or_else(|| {
        ConfigError::new(NAME, "has a port that is none (1 to 65535)").hint("use host=a,b&port=5432,5433")
    })
}

fn unequal() -> ConfigError {
    ConfigError::new(NAME, "gives not as many ports as hosts, which Dify's client refuses")
        .hint("use host=a,b&port=5432,5433")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(hosts: &[&str], ports: &[&str]) -> Result<String, ConfigError> {
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect();
        let given = Given { hosts: texts(hosts), ports: texts(ports) };
        let found = all(&given, &Address::new("db", 6432))?;
        Ok(found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn every_form_that_difys_client_takes() {
        for (given, ports, expected) in [
            (&[][..], &[][..], "db:6432"),
            (&[], &["7000"], "db:7000"),
            (&["a"], &[], "a:6432"),
            (&["a:1"], &[], "a:1"),
            (&["a,b"], &[], "a:5432 b:5432"),
            (&["a,b"], &["1,2"], "a:1 b:2"),
            (&["a,b"], &["1", "2"], "a:1 b:2"),
            (&["a:1", "b:2"], &[], "a:1 b:2"),
            (&["a:1", "b"], &[], "a:1 b:5432"),
        ] {
            assert_eq!(hosts(given, ports).unwrap(), expected, "{given:?} {ports:?}");
        }
    }

    #[test]
    fn and_those_that_it_refuses() {
        for (given, ports) in [
            (&["a,b"][..], &["1"][..]),
            (&["a"], &["1,2"]),
            (&[], &["1", "2"]),
            (&["a:1", "b:2"], &["1,2"]),
            (&["a,b"], &["1,x"]),
            (&["a,"], &[]),
            (&["/run/postgresql"], &[]),
        ] {
            assert!(hosts(given, ports).is_err(), "{given:?} {ports:?}");
        }
    }
}
