//! Whether main containers started after what `topology` says they need.
