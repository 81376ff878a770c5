//! chartgen.
