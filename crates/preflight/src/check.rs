//! The trait behind which one probed system lives.

use std::future::Future;
use std::pin::Pin;

use crate::finding::Finding;

/// One try, boxed so that checks of different kinds can be run side by side.
pub type ProbeFuture<'a> = Pin<Box<dyn Future<Output = Finding> + 'a>>;

/// Something that can be asked, again and again, whether a dependency is usable.
///
/// A try may be dropped at any await point (its time is bounded from outside); the next call starts afresh.
/// A check keeps its connection between calls where the protocol allows it, so that a server that is up but
/// not ready does not see a login for every try.
pub trait Check {
    /// What the check is called in output, such as `app` or `broker`; empty if the tool has only one.
    fn name(&self) -> &'static str;

    /// What it talks to, without secrets, such as `redis:6379/0`.
    fn target(&self) -> String;

    /// Looks once.
    fn probe(&mut self) -> ProbeFuture<'_>;
}
