//! What is asked of PostgreSQL.

pub mod activity;
pub mod facts;
pub mod quote;
