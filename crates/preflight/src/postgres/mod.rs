//! A session with PostgreSQL, and what its errors mean.
//!
//! One connection is kept between tries, without prepared statements and without unusual startup parameters,
//! so that it works through PgBouncer in transaction mode too.

mod dial;
mod fault;
mod hosts;
mod login;
mod session;
mod tls;

pub use crate::login::Keys;
pub use fault::{Fault, Place, read_only};
pub use hosts::{Hosts, Want};
pub use login::Login;
pub use session::{Rows, Session};
pub use tls::{SslMode, Tls};
