//! redis-check.
