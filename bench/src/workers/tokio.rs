//! Async ferromq as a worker of the benchmarks; the harness starts this.

mod ferromq_tokio;
mod kind;

use std::process::ExitCode;

use ferromq_bench_worker::{Report, Threads};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    Report::main(&arguments, |library, cell| {
        Threads::choose(library);
        matches!(library, "ferromq-tokio" | "ferromq-tokio-ct").then(|| ferromq_tokio::run(cell))
    })
}
