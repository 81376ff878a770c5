//! A session with PostgreSQL, and what its errors mean.
//!
//! One connection is kept between tries, without prepared statements and without unusual startup parameters,
//! so that it works through PgBouncer in transaction mode too.

mod fault;
mod login;
mod session;
mod tls;

pub use fault::{Fault, Place, read_only};
pub use login::{Keys, Login};
pub use session::{Rows, Session};
pub use tls::{SslMode, Tls};
