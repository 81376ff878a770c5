//! storage-bootstrap.
