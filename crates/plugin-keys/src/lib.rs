//! plugin-keys.
