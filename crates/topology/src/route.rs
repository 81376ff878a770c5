//! Which paths of the public address lead to which component.

use serde::Serialize;

/// All paths below one prefix lead to one component. A longer prefix goes before a shorter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Route {
    /// The prefix.
    pub path: &'static str,
    /// Who answers.
    pub to: &'static str,
    /// Whether the answering component wants the whole public address in the header `Dify-Hook-Url`. It differs from request to
    /// request, so that nginx alone can say it.
    pub hook: bool,
}

impl Route {
    pub(crate) const fn new(path: &'static str, to: &'static str) -> Self {
        Self { path, to, hook: false }
    }

    pub(crate) const fn with_hook(self) -> Self {
        Self { hook: true, ..self }
    }
}
