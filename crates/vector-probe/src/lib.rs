//! vector-probe.
