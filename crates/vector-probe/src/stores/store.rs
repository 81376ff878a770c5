//! What a store is to the rest of the tool.

use preflight::{Check, Finding, ProbeFuture};

/// One vector store. A file that knows one implements this; [`Probed`] makes a check of it.
pub(super) trait Store {
    /// The name in `VECTOR_STORE`, and where it is.
    fn target(&self) -> String;

    /// One look: ready, or the first thing that is in the way.
    async fn look(&mut self) -> Result<Finding, Finding>;
}

/// A store as a check. The tool has only this one, so it needs no name.
pub(super) struct Probed<S>(pub(super) S);

impl<S: Store> Check for Probed<S> {
    fn name(&self) -> &'static str {
        ""
    }

    fn target(&self) -> String {
        self.0.target()
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async { self.0.look().await.unwrap_or_else(|finding| finding) })
    }
}

/// Whether a version is below `(major, minor)`. One without numbers is somebody's own build, and is not.
pub(super) fn is_older(version: &str, than: (u32, u32)) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(major), Some(minor)) => (major, minor) < than,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_older;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(is_older("0.4.4", (0, 5)) && is_older("1.9.2", (1, 27)));
        assert!(!is_older("0.5.0", (0, 5)) && !is_older("1.27.0", (1, 27)) && !is_older("2.0", (1, 27)));
        assert!(!is_older("nightly", (1, 27)) && !is_older("", (0, 5)));
    }
}
