//! One component of Dify.

use serde::Serialize;

use crate::need::Need;

/// What kind of thing a component is in a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Runs for ever; any number of equal pods.
    Service,
    /// Runs for ever; exactly one pod.
    Single,
    /// Runs once and ends.
    Job,
    /// A store that the chart can bring along.
    Store,
}

/// A port that a component listens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Port {
    /// At most 15 characters, as Kubernetes demands of a port's name.
    pub name: &'static str,
    /// The number inside the container.
    pub number: u16,
}

/// How to ask a component whether it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// A GET of this path answers 200.
    Http(&'static str),
    /// The port accepts a connection; the component has no endpoint that is cheaper or says more.
    Tcp,
    /// The store's own command line client is asked.
    Command,
    /// The component has nothing that could be asked cheaply.
    None,
}

/// One component of a release.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Component {
    /// The suffix of the component's objects: `<fullname>-<name>`.
    pub name: &'static str,
    /// Which of the release's images it runs.
    pub image: &'static str,
    /// What kind of thing it is.
    pub kind: Kind,
    /// The mode that Dify's entrypoint is given, for components that run the api image.
    pub mode: Option<&'static str>,
    /// The ports it listens on; the first one is its service.
    pub ports: &'static [Port],
    /// How to ask whether it lives.
    pub health: Health,
    /// The user that it runs as.
    pub uid: u32,
    /// What must be proven before its main container starts.
    pub needs: &'static [Need],
    /// What it does, in one sentence.
    pub doc: &'static str,
}

impl Component {
    /// The port that other components call, if any.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.ports.first().map(|port| port.number)
    }

    /// Whether it needs this.
    #[must_use]
    pub fn requires(&self, need: Need) -> bool {
        self.needs.contains(&need)
    }
}
