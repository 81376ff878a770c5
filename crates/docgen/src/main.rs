//! Writes the pages in `docs/` that follow from the code, or proves that they are current.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Writes one page, manual page and set of completions for each tool, and the schema of the JSON output.
#[derive(Parser)]
#[command(name = "docgen", version)]
struct Cli {
    /// The repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    repository: PathBuf,
    /// Write nothing; fail where a file is not current.
    #[arg(long)]
    check: bool,
}

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a generator tells its user what it did")]
fn main() -> ExitCode {
    let cli = Cli::parse();
    let act = if cli.check { docgen::check } else { docgen::write };
    let outcome = docgen::files(&cli.repository).and_then(|files| act(&cli.repository, &files));
    match outcome {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("docgen: {problem}");
            ExitCode::FAILURE
        }
    }
}
