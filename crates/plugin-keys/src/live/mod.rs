//! Asking the running components with the keys that others hold of them.

mod ask;
mod peer;

use std::rc::Rc;

use preflight::http::Http;
use preflight::tls::TlsOptions;
use preflight::{Check, ConfigError, Finding, Hop, ProbeFuture, Secret};

use crate::holder::{Held, Source, View};
use crate::keys::release::Release;
use crate::keys::{KEYS, Key};
use ask::Reply;
pub(crate) use peer::Peer;

/// One component that is asked.
struct LiveCheck {
    peer: Peer,
    source: Rc<Source>,
    tls: TlsOptions,
    release: Option<Release>,
    target: String,
}

/// A key under the names of those who hold it with one and the same value.
struct Candidate {
    title: String,
    value: Secret,
}

impl Candidate {
    fn can_be_sent(&self) -> bool {
        self.value.reveal().bytes().all(|byte| byte.is_ascii_graphic())
    }
}

/// The components that were named; else those whose URL is known.
pub(crate) fn plan(
    source: &Rc<Source>,
    asked: &[Peer],
    tls: &TlsOptions,
    release: Option<Release>,
) -> Result<Vec<Box<dyn Check>>, ConfigError> {
    let views = source.read().unwrap_or_default();
    let known = |peer: &Peer| asked.contains(peer) || (asked.is_empty() && url_of(*peer, &views).is_some());
    let peers: Vec<Peer> = Peer::ALL.iter().copied().filter(known).collect();
    if peers.is_empty() {
        return Err(ConfigError::new("--live", "no URL of a component is set, so nobody can be asked").hint(
            "set PLUGIN_DAEMON_URL, CODE_EXECUTION_ENDPOINT, DIFY_INNER_API_URL or AGENT_BACKEND_BASE_URL",
        ));
    }
    let check = |peer| {
        let target = url_of(peer, &views).map_or_else(|| peer.as_str().to_owned(), |(_, url)| host_of(&url));
        let (source, tls) = (Rc::clone(source), tls.clone());
        Box::new(LiveCheck { peer, source, tls, release, target }) as Box<dyn Check>
    };
    Ok(peers.into_iter().map(check).collect())
}

/// The first of the variables that lead to a component.
fn url_of(peer: Peer, views: &[View]) -> Option<(&'static str, String)> {
    peer.url_names().iter().find_map(|name| {
        let text = views.iter().find_map(|view| view.text(name)).map(str::trim)?;
        (!text.is_empty()).then(|| (*name, text.to_owned()))
    })
}

/// Host and port, for output: a URL may hold a password.
fn host_of(url: &str) -> String {
    let url = url::Url::parse(url).ok();
    let address = url.and_then(|url| {
        let port = url.port_or_known_default()?;
        Some(format!("{}:{port}", url.host_str()?))
    });
    address.unwrap_or_else(|| "an address that is no URL".to_owned())
}

impl LiveCheck {
    fn key(&self) -> Option<&'static Key> {
        KEYS.iter().find(|key| key.name == self.peer.key())
    }

    async fn look(&self) -> Result<Finding, Finding> {
        let views = self.source.read()?;
        let peer = self.peer;
        let names = peer.url_names();
        let (name, url) = url_of(peer, &views).ok_or_else(|| {
            Finding::suspect(Hop::Config, format!("no address of the {peer} is known"))
                .code("MISSING")
                .hint(format!("set {}", names.join(" or ")))
        })?;
        let http = Http::new(name, &url, &self.tls)?;
        let candidates = self.candidates(&views);
        let Some((first, others)) = candidates.split_first() else {
            return self.without_key(&http).await;
        };
        if !first.can_be_sent() {
            let what = format!("{} cannot be sent in a header", first.title);
            return Err(Finding::suspect(Hop::Config, what)
                .code("MALFORMED")
                .hint("use letters and digits alone, and no line break at the end"));
        }
        match ask::ask(peer, &http, Some(&first.value)).await? {
            Reply::Takes { version, warnings } => {
                Ok(self.takes(&http, &first.title, version.as_deref(), warnings))
            }
            Reply::Refuses { code } => self.refuses(&http, first, others, &code).await,
            Reply::Cannot(finding) => Ok(finding),
        }
    }

    /// Nobody has a key: some components want none, and that is worth a warning.
    async fn without_key(&self, http: &Http) -> Result<Finding, Finding> {
        let (peer, key) = (self.peer, self.peer.key());
        let missing = |detail: &str| {
            Finding::suspect(Hop::Config, format!("{key} is not set{detail}"))
                .code("MISSING")
                .hint(format!("set {key} to what the {peer} has as {}", peer.server_name()))
        };
        if !peer.may_be_open() {
            return Err(missing(&format!(", so the {peer} cannot be asked")));
        }
        match ask::ask(peer, http, None).await? {
            Reply::Takes { version, warnings } => {
                Ok(self.takes(http, "no token", version.as_deref(), warnings))
            }
            Reply::Refuses { code } => Err(missing(&format!(", but the {peer} wants it")).code(code)),
            Reply::Cannot(finding) => Ok(finding),
        }
    }

    fn takes(&self, http: &Http, title: &str, version: Option<&str>, warnings: Vec<String>) -> Finding {
        let version = version.map(|version| format!(" {version}")).unwrap_or_default();
        let proven = self.peer.proven();
        let ready =
            Finding::ready(format!("{}{version} at {} takes {title}{proven}", self.peer, http.address()));
        warnings.into_iter().fold(ready, Finding::warning)
    }

    /// Whose key it is that the component runs with, if anybody's.
    async fn refuses(
        &self,
        http: &Http,
        first: &Candidate,
        others: &[Candidate],
        code: &str,
    ) -> Result<Finding, Finding> {
        let (peer, address) = (self.peer, http.address());
        let refused = |what: String| Finding::suspect(Hop::Auth, what).code(code);
        for other in others.iter().filter(|other| other.can_be_sent()) {
            if let Reply::Takes { .. } = ask::ask(peer, http, Some(&other.value)).await? {
                return Ok(refused(format!(
                    "{peer} at {address} refuses {}, but takes {}",
                    first.title, other.title
                ))
                .hint(format!(
                    "give {} the value of {}, and restart who holds it",
                    first.title, other.title
                )));
            }
        }
        let server = peer.server_name();
        let (titles, hint) = match others {
            [] => (first.title.clone(), format!("the {peer} has another {server}: give both the same value")),
            others => {
                let others: Vec<&str> = others.iter().map(|other| other.title.as_str()).collect();
                let titles = format!("{}, and {} too", first.title, others.join(" and "));
                (
                    titles,
                    format!(
                        "the {peer} runs with yet another {server}: restart it, as it may still have the old one"
                    ),
                )
            }
        };
        let hint = if peer == Peer::Api && self.release.is_none() {
            format!("{hint}; the api answers like this too while its own PLUGIN_DAEMON_KEY is empty")
        } else {
            hint
        };
        Ok(refused(format!("{peer} at {address} refuses {titles}")).hint(hint))
    }

    /// Every value that somebody holds, those of the caller first.
    fn candidates(&self, views: &[View]) -> Vec<Candidate> {
        let Some(key) = self.key() else { return Vec::new() };
        let mut held: Vec<Held<'_>> = views.iter().flat_map(|view| view.held(key)).collect();
        held.sort_by_key(|one| {
            let calls =
                one.view.holder.is_some() && self.peer.callers().iter().any(|role| one.view.is(*role));
            let named = one.view.holder.is_none() && one.name != self.peer.server_name();
            !(calls || named)
        });
        let mut found: Vec<Candidate> = Vec::new();
        for one in held.iter().filter(|one| !one.value.is_empty()) {
            match found.iter_mut().find(|candidate| candidate.value == *one.value) {
                Some(_) => {}
                None => found.push(Candidate { title: one.title(), value: one.value.clone() }),
            }
        }
        found
    }
}

impl Check for LiveCheck {
    fn name(&self) -> &'static str {
        self.peer.as_str()
    }

    fn target(&self) -> String {
        self.target.clone()
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async { self.look().await.unwrap_or_else(|finding| finding) })
    }
}
