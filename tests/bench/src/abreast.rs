//! Several starts at a time.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::Duration;

/// Waiters that sleep side by side; more would measure the machine.
pub(crate) const ABREAST: u16 = 5;

/// Does something so often, a few at a time; what came to nothing is left out. Each index is given once.
pub(crate) fn collect<T: Send>(times: u16, one: impl Fn(u16) -> Option<T> + Sync) -> Vec<T> {
    let next = AtomicU16::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= times {
                return done;
            }
            done.extend(one(index));
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..ABREAST.min(times)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect()
    })
}

/// A random time between two, so that no waiter's rhythm fits by chance.
pub(crate) fn between(least: Duration, most: Duration) -> Duration {
    let spread = u64::try_from(most.saturating_sub(least).as_micros()).unwrap_or(u64::MAX).max(1);
    least + Duration::from_micros(RandomState::new().hash_one(0) % spread)
}

/// How long after a waiter's start its server becomes ready.
pub(crate) fn moment() -> Duration {
    between(Duration::from_secs(1), Duration::from_secs(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_index_is_done_once() {
        let mut done = collect(23, |index| (index != 7).then_some(index));
        done.sort_unstable();
        assert_eq!(done, (0..23).filter(|index| *index != 7).collect::<Vec<_>>());
    }

    #[test]
    fn a_moment_is_within_its_bounds() {
        for _ in 0..1000 {
            assert!((Duration::from_secs(1)..Duration::from_secs(3)).contains(&moment()));
        }
    }
}
