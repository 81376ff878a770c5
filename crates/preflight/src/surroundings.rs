//! What the pod around this process says about a fault of the network.
//!
//! A refused connection, a name that does not resolve: the same fault has other causes in a mesh, behind a
//! `NetworkPolicy`, or with a resolver that gives up early. What can be seen from inside is looked at once, and only to
//! word a hint: no finding changes its class by it.

use std::fs;
use std::sync::OnceLock;

/// A service mesh that takes the pod's outgoing connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mesh {
    /// Istio: port 15001 takes what goes out.
    Istio,
    /// Linkerd: port 4140 does.
    Linkerd,
}

impl Mesh {
    /// The mesh of this pod, by its variables or by the sockets of its network namespace.
    #[must_use]
    pub fn of_this_pod() -> Option<Self> {
        static MESH: OnceLock<Option<Mesh>> = OnceLock::new();
        *MESH.get_or_init(|| {
            let sockets =
                ["/proc/net/tcp", "/proc/net/tcp6"].map(|file| fs::read_to_string(file).unwrap_or_default());
            Self::seen(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()), &sockets.concat())
        })
    }

    fn seen(mut variables: impl Iterator<Item = String>, sockets: &str) -> Option<Self> {
        let named = variables.find_map(|name| {
            let istio = name.starts_with("ISTIO_META_") || name == "PREFLIGHT_ISTIO";
            let linkerd = name.starts_with("LINKERD2_PROXY_") || name == "PREFLIGHT_LINKERD";
            istio.then_some(Self::Istio).or(linkerd.then_some(Self::Linkerd))
        });
        named.or_else(|| {
            let ports: Vec<&str> = sockets.lines().filter_map(local_port).collect();
            let held = |port: u16| ports.contains(&format!("{port:04X}").as_str());
            // Two of its ports each, so that another program on one of them is not taken for a mesh.
            (held(15001) && held(15006))
                .then_some(Self::Istio)
                .or((held(4140) && held(4143)).then_some(Self::Linkerd))
        })
    }

    /// What to do about a connection that its proxy refuses.
    #[must_use]
    pub fn hint(self, port: u16) -> String {
        match self {
            Self::Istio => format!(
                "Istio takes this pod's connections, and its proxy is not up while init containers run: use native \
                 sidecars (ENABLE_NATIVE_SIDECARS), or annotate the pod with \
                 traffic.sidecar.istio.io/excludeOutboundPorts: \"{port}\""
            ),
            Self::Linkerd => format!(
                "Linkerd takes this pod's connections, and its proxy is not up while init containers run: use native \
                 sidecars (config.beta.linkerd.io/proxy-enable-native-sidecar), or annotate the pod with \
                 config.linkerd.io/skip-outbound-ports: \"{port}\""
            ),
        }
    }
}

/// The port of a socket that listens, in the kernel's spelling, from a line of `/proc/net/tcp`.
fn local_port(line: &str) -> Option<&str> {
    let mut fields = line.split_whitespace();
    let local = fields.nth(1)?;
    let listens = fields.nth(1)? == "0A";
    listens.then(|| local.rsplit_once(':').map(|(_, port)| port)).flatten()
}

/// How a look-up failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookUp {
    /// The name servers say that there is no such name (`EAI_NONAME`, `EAI_NODATA`).
    NoName,
    /// A name server failed, or said something that is no answer (`EAI_AGAIN`, `EAI_FAIL`).
    Failed,
    /// No name server answered in time.
    Silent,
}

impl LookUp {
    /// By the text of the C library: musl's and glibc's differ.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let failed = ["Try again", "Temporary failure", "Non-recoverable", "Unrecoverable"];
        if failed.iter().any(|word| text.contains(word)) { Self::Failed } else { Self::NoName }
    }

    /// The C library's own code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoName => "EAI_NONAME",
            Self::Failed => "EAI_AGAIN",
            Self::Silent => "ETIMEDOUT",
        }
    }
}

/// What `/etc/resolv.conf` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolver {
    /// Who is asked.
    pub servers: Vec<String>,
    /// What is put behind a name with few dots.
    pub search: Vec<String>,
    /// How many dots are not few.
    pub ndots: usize,
}

impl Resolver {
    /// That of this pod.
    #[must_use]
    pub fn of_this_pod() -> Self {
        Self::parse(&fs::read_to_string("/etc/resolv.conf").unwrap_or_default())
    }

    /// Reads `resolv.conf`: of several `search` lines the last counts.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut found = Self { ndots: 1, ..Self::default() };
        for line in text.lines() {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("nameserver") => found.servers.extend(words.next().map(str::to_owned)),
                Some("search" | "domain") => found.search = words.map(str::to_owned).collect(),
                Some("options") => {
                    let ndots = words.find_map(|word| word.strip_prefix("ndots:")?.parse().ok());
                    found.ndots = ndots.unwrap_or(found.ndots);
                }
                _ => {}
            }
        }
        found
    }

    /// Whether search domains are tried for a name before the name itself.
    fn searches(&self, host: &str) -> bool {
        !host.ends_with('.') && !self.search.is_empty() && host.matches('.').count() < self.ndots
    }

    /// What to do about a name that was not found.
    #[must_use]
    pub fn hint(&self, host: &str, failure: LookUp) -> String {
        let servers = if self.servers.is_empty() { "127.0.0.1".to_owned() } else { self.servers.join(", ") };
        match failure {
            LookUp::NoName if host.contains('.') && !self.is_of_cluster(host) => {
                "check the host name; a name server may remember for up to 30 s that it was not there".to_owned()
            }
            LookUp::NoName => "check the host name; in Kubernetes a Service must exist before its name does, and CoreDNS may \
                               remember for up to 30 s that it did not"
                .to_owned(),
            // musl ends the search at the first domain whose server fails; others go on with the next.
            LookUp::Failed if self.searches(host) && host.contains('.') => format!(
                "a name server ({servers}) failed; as the name has fewer than {} dots, search domains are tried first, and one \
                 of them may be what fails: write it with a dot at its end ({host}.), or set dnsConfig ndots to 1",
                self.ndots
            ),
            LookUp::Failed => format!("a name server ({servers}) failed: look at the pods of kube-dns"),
            LookUp::Silent => format!(
                "the name servers ({servers}) do not answer: a NetworkPolicy must allow UDP and TCP port 53 to them, and they \
                 must run"
            ),
        }
    }

    fn is_of_cluster(&self, host: &str) -> bool {
        let host = format!("{}.", host.trim_end_matches('.'));
        host.contains(".svc.") || self.search.iter().any(|domain| host.ends_with(&format!(".{domain}.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "search dify.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\n\
                       options ndots:5\n";

    #[test]
    fn a_pods_resolver_is_read() {
        let found = Resolver::parse(POD);
        assert_eq!((found.servers, found.search.len(), found.ndots), (vec!["10.96.0.10".to_owned()], 3, 5));
        assert_eq!(Resolver::parse("").ndots, 1);
        assert_eq!(Resolver::parse("options ndots:x timeout:1\nsearch a\nsearch b c").search, ["b", "c"]);
    }

    #[test]
    fn each_failure_of_a_look_up_has_its_own_hint() {
        let pod = Resolver::parse(POD);
        for (host, failure, expected) in [
            ("postgres", LookUp::NoName, "a Service must exist"),
            ("db.data.svc", LookUp::NoName, "a Service must exist"),
            ("db.eu.example.com", LookUp::NoName, "check the host name; a name server may remember"),
            ("db.eu.example.com", LookUp::Failed, "write it with a dot at its end (db.eu.example.com.)"),
            ("db.eu.example.com.", LookUp::Failed, "look at the pods of kube-dns"),
            ("postgres", LookUp::Failed, "look at the pods of kube-dns"),
            ("postgres", LookUp::Silent, "UDP and TCP port 53"),
        ] {
            let hint = pod.hint(host, failure);
            assert!(hint.contains(expected), "{host} {failure:?}: {hint}");
        }
        assert!(pod.hint("postgres", LookUp::Silent).contains("10.96.0.10"));
    }

    #[test]
    fn both_c_libraries_are_understood() {
        for (text, expected) in [
            ("Name does not resolve", LookUp::NoName),
            ("Name or service not known", LookUp::NoName),
            ("No address associated with hostname", LookUp::NoName),
            ("Try again", LookUp::Failed),
            ("Temporary failure in name resolution", LookUp::Failed),
            ("Non-recoverable failure in name resolution", LookUp::Failed),
        ] {
            assert_eq!(LookUp::of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_mesh_is_known_by_its_variables_or_by_its_listening_ports() {
        let none = || std::iter::empty::<String>();
        let line = |port: u16, state: &str| {
            format!("   0: 00000000:{port:04X} 00000000:0000 {state} 00000000:00000000\n")
        };
        assert_eq!(Mesh::seen(none(), ""), None);
        assert_eq!(Mesh::seen(["ISTIO_META_MESH_ID".to_owned()].into_iter(), ""), Some(Mesh::Istio));
        assert_eq!(Mesh::seen(none(), &(line(15001, "0A") + &line(15006, "0A"))), Some(Mesh::Istio));
        assert_eq!(Mesh::seen(none(), &(line(4140, "0A") + &line(4143, "0A"))), Some(Mesh::Linkerd));
        assert_eq!(Mesh::seen(none(), &line(15001, "0A")), None);
        // A connection from such a port is nobody's proxy.
        assert_eq!(Mesh::seen(none(), &(line(15001, "01") + &line(15006, "01"))), None);
        assert!(Mesh::Istio.hint(5432).contains("excludeOutboundPorts: \"5432\""));
    }
}
