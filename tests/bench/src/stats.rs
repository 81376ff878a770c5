//! Percentiles of small samples.

use std::time::Duration;

/// The value below which `percent` of the sample lie (nearest rank).
pub(crate) fn percentile(sample: &[Duration], percent: usize) -> Duration {
    let mut sorted = sample.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rank_is_taken() {
        let sample: Vec<Duration> = (1..=20).map(Duration::from_millis).collect();
        assert_eq!(percentile(&sample, 50), Duration::from_millis(10));
        assert_eq!(percentile(&sample, 95), Duration::from_millis(19));
        assert_eq!(percentile(&[], 50), Duration::ZERO);
    }
}
