//! What is the same for a login at any database.

/// The variables that hold a login, for hints.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// Holds the host.
    pub host: &'static str,
    /// Holds the user.
    pub user: &'static str,
    /// Holds the password.
    pub password: &'static str,
    /// Holds the database.
    pub database: &'static str,
}
