//! How long to pause between two tries.
//!
//! This is the only module that knows the `backoff` crate. The crate is unmaintained (RUSTSEC-2025-0012) and
//! is used because the product's owner named it; replacing it means rewriting this file and nothing else.

use std::time::Duration;

use backoff::ExponentialBackoff;
use backoff::backoff::Backoff as _;

/// The first pause.
const FIRST: Duration = Duration::from_millis(50);
/// The longest pause while nothing answers: a refused connect costs the other side nothing, and detection latency hangs on it.
const SILENT_CAP: Duration = Duration::from_millis(400);
/// The longest pause once a server speaks: a starting database must not see more than one login a second from each waiter.
const SPOKEN_CAP: Duration = Duration::from_secs(1);
/// Spread of a pause around its mean, so that pods that started together do not knock together.
const JITTER: f64 = 0.2;

/// Whether anything answered at the last try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// No name, no route, connection refused, no answer.
    Silent,
    /// Some server answered.
    Spoke,
}

/// Gives the pauses, one after the other.
pub struct Pauses {
    peer: Peer,
    inner: ExponentialBackoff,
}

impl Pauses {
    /// Starts with the shortest pause.
    #[must_use]
    pub fn new() -> Self {
        Self { peer: Peer::Silent, inner: exponential(SILENT_CAP) }
    }

    /// The next pause. Growth starts anew when the peer begins or ceases to answer.
    pub fn next(&mut self, peer: Peer) -> Duration {
        if peer != self.peer {
            let cap = match peer {
                Peer::Silent => SILENT_CAP,
                Peer::Spoke => SPOKEN_CAP,
            };
            *self = Self { peer, inner: exponential(cap) };
        }
        // Without a maximum elapsed time the crate always has a next pause.
        self.inner.next_backoff().unwrap_or(SPOKEN_CAP)
    }
}

impl Default for Pauses {
    fn default() -> Self {
        Self::new()
    }
}

/// `cap` bounds the pause with its jitter, not its mean.
fn exponential(cap: Duration) -> ExponentialBackoff {
    ExponentialBackoff {
        current_interval: FIRST,
        initial_interval: FIRST,
        multiplier: 1.5,
        randomization_factor: JITTER,
        max_interval: cap.div_f64(1.0 + JITTER),
        max_elapsed_time: None,
        ..ExponentialBackoff::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pause_is_longer_than_its_cap() {
        for (peer, cap) in [(Peer::Silent, SILENT_CAP), (Peer::Spoke, SPOKEN_CAP)] {
            let mut pauses = Pauses::new();
            let longest = (0..200).map(|_| pauses.next(peer)).max().unwrap();
            assert!(longest <= cap + Duration::from_millis(1), "{longest:?}");
            assert!(longest > cap / 2, "{longest:?}");
        }
    }

    #[test]
    fn growth_starts_anew_when_the_peer_speaks() {
        let mut pauses = Pauses::new();
        for _ in 0..20 {
            pauses.next(Peer::Silent);
        }
        assert!(pauses.next(Peer::Spoke) <= FIRST.mul_f64(1.0 + JITTER) + Duration::from_millis(1));
    }
}
