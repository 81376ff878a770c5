//! What is asked of MySQL, `MariaDB`, and `OceanBase` with its seekdb, which speak one language.

pub mod bootstrap;
mod extras;
pub mod facts;
pub mod grants;
pub mod lineage;
pub mod lock;
pub mod product;
pub mod quote;
pub mod settings;
pub mod steps;
