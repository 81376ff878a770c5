//! What is asked of PostgreSQL.

pub mod facts;
pub mod quote;
