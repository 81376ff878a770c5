//! Every variable that is read; the docs are made from it.

use preflight::Variable;

/// What `gate` reads. The commands get its whole environment, and read what they read.
pub const VARIABLES: &[Variable] =
    &[Variable::plain("PATH", "", "Where the programs are looked for, before gate's own folder")];
