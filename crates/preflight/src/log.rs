//! The log of `--verbose`: every try, on standard error.
//!
//! Only our own events are shown; those of client libraries may quote requests. All of it is redacted.

use std::io::{self, Write};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::redact::Redactor;

/// Starts logging for this process.
pub(crate) fn start(tool: &str, redactor: &Redactor) {
    let ours = Targets::new()
        .with_target("preflight", LevelFilter::DEBUG)
        .with_target(tool.replace('-', "_"), LevelFilter::DEBUG);
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Sieve(redactor.clone()));
    // A second subscriber in one process happens in tests alone; the first one stays.
    let _ = tracing_subscriber::registry().with(layer).with(ours).try_init();
}

/// Standard error behind the redactor.
struct Sieve(Redactor);

impl<'a> MakeWriter<'a> for Sieve {
    type Writer = Sieve;

    fn make_writer(&'a self) -> Sieve {
        Sieve(self.0.clone())
    }
}

impl Write for Sieve {
    /// Called with one whole event.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        writeln!(io::stderr(), "{}", self.0.clean(text.trim_end()))?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
