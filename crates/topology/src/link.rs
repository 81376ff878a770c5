//! Who opens connections to whom, inside an installation.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::env::{Source, When, variables};
use crate::releases::Release;

/// One component calls another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Link {
    /// Who opens the connection.
    pub from: &'static str,
    /// Who answers.
    pub to: &'static str,
    /// The port it answers at, inside the container.
    pub port: u16,
    /// The store is the chart's own: the link goes elsewhere where the user brings one.
    pub built_in: bool,
}

/// What no variable of the caller tells: a shell is told the agent backend's address with each task and the api's with each
/// file, and calls both through its proxy.
const UNSPOKEN: &[(&str, &str)] = &[("agent-ssrf-proxy", "agent-backend"), ("agent-ssrf-proxy", "api")];

/// All links of a release, each once, by caller. They follow from the addresses that components are given.
#[must_use]
pub fn links(release: &Release) -> Vec<Link> {
    let mut found: BTreeMap<(&'static str, &'static str), bool> = BTreeMap::new();
    for variable in variables().filter(|variable| variable.read_by_release(release.version)) {
        let (Source::Host(to) | Source::Address(to, _)) = variable.source else { continue };
        let built_in = !matches!(variable.when, When::Always | When::Set(_) | When::Component(_));
        for from in variable.consumers.iter().filter(|from| **from != to) {
            found.insert((from, to), built_in);
        }
    }
    found.extend(release.routes.iter().map(|route| (("nginx", route.to), false)));
    found.extend(UNSPOKEN.iter().map(|pair| (*pair, false)));
    found
        .into_iter()
        .filter_map(|((from, to), built_in)| {
            release.component(from)?;
            let port = release.component(to)?.port()?;
            Some(Link { from, to, port, built_in })
        })
        .collect()
}
