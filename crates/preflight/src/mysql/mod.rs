//! A session with a server that speaks MySQL's protocol, and what its errors mean: MySQL, MariaDB, `OceanBase`, and the
//! vector stores that are reached the same way.
//!
//! One connection is kept between tries. It is asked in the text protocol, and its session variables are left as the
//! server has them, so that what is read is what Dify's own client would see.

mod fault;
mod login;
mod session;
mod tls;

pub use crate::login::Keys;
pub use fault::{Fault, Place, read_only};
pub use login::Login;
pub use session::{Rows, Session};
pub use tls::{SslMode, Tls};
