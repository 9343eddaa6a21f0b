//! The workers that share this program: all with the same libzmq, or with none.

mod c;
mod ferromq_batch;
mod ferromq_blocking;
mod floor;
mod kind;

use std::process::ExitCode;

use ferromq_bench_worker::Report;

/// Does a cell's work with a library, as the arguments say.
pub fn run(arguments: &[String]) -> ExitCode {
    if let Some(("c", rest)) = arguments
        .split_first()
        .map(|(first, rest)| (&**first, rest))
    {
        return c::run(rest);
    }
    Report::main(arguments, |library, cell| match library {
        "ferromq" | "ferromq-lto" => Some(ferromq_blocking::run(cell)),
        "ferromq-batch" => Some(ferromq_batch::run(cell)),
        "floor" => Some(floor::run(cell)),
        _ => None,
    })
}
