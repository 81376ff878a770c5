//! db-migrate.
