//! What a store is to the rest of the tool.

use preflight::{Check, ConfigError, Finding, Hop, ProbeFuture};

/// One vector store. A file that knows one implements this; [`probed`] makes a check of it.
pub(super) trait Store {
    /// The name in `VECTOR_STORE`, and where it is.
    fn target(&self) -> String;

    /// One look: ready, or the first thing that is in the way. Where nothing but the vendor's own client can log in,
    /// it is [`Finding::reachable`], and says what was not tried.
    async fn look(&mut self) -> Result<Finding, Finding>;
}

/// What holds for all stores of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// What the check is called in output; empty if there is only one.
    pub(super) name: &'static str,
    /// Whether reachability alone is a failure.
    pub(super) strict: bool,
}

/// A store as a check.
struct Probed<S> {
    store: S,
    call: Call,
}

/// What became of reading a store's variables, as a check.
pub(super) fn probed<S: Store + 'static>(
    store: Result<S, ConfigError>,
    call: Call,
) -> Result<Box<dyn Check>, ConfigError> {
    Ok(Box::new(Probed { store: store?, call }))
}

impl<S: Store> Check for Probed<S> {
    fn name(&self) -> &'static str {
        self.call.name
    }

    fn target(&self) -> String {
        self.store.target()
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async {
            let finding = self.store.look().await.unwrap_or_else(|finding| finding);
            if self.call.strict && finding.proof.is_some() { refused(&finding) } else { finding }
        })
    }
}

/// Reachability alone, where more was asked for.
fn refused(finding: &Finding) -> Finding {
    Finding::never(Hop::State, format!("{}, and --strict demands a login", finding.message))
        .hint("leave out --strict (PREFLIGHT_STRICT) for this store, and try it with a small knowledge base")
}

/// Whether a version is below `(major, minor)`. One without numbers is somebody's own build, and is not.
pub(super) fn is_older(version: &str, than: (u32, u32)) -> bool {
    topology::minor(version).is_some_and(|release| release < than)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(is_older("0.4.4", (0, 5)) && is_older("1.9.2", (1, 27)));
        assert!(!is_older("0.5.0", (0, 5)) && !is_older("1.27.0", (1, 27)) && !is_older("2.0", (1, 27)));
        assert!(!is_older("nightly", (1, 27)) && !is_older("", (0, 5)));
    }

    struct Closed;

    impl Store for Closed {
        fn target(&self) -> String {
            "closed a:1".to_owned()
        }

        async fn look(&mut self) -> Result<Finding, Finding> {
            Ok(Finding::reachable("a:1 accepts connections"))
        }
    }

    #[test]
    fn reachability_alone_is_ready_unless_more_is_demanded() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for (strict, ready) in [(false, true), (true, false)] {
            let mut check = probed(Ok(Closed), Call { name: "", strict }).unwrap();
            let finding = runtime.block_on(check.probe());
            assert_eq!((finding.is_ready(), finding.proof.is_some()), (ready, ready), "{finding}");
        }
    }
}
