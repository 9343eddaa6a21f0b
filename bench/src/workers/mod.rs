//! The workers that share this program: all with the same libzmq, or with none.

// All of them do the work of one file.
#![allow(clippy::duplicate_mod)]

mod c;
mod ferromq_blocking;
#[cfg(feature = "async")]
mod ferromq_tokio;
mod floor;

use std::process::ExitCode;

use ferromq_bench_worker::{Report, Threads};

/// Does a cell's work with a library, as the arguments say.
pub fn run(arguments: &[String]) -> ExitCode {
    if let Some(("c", rest)) = arguments
        .split_first()
        .map(|(first, rest)| (&**first, rest))
    {
        return c::run(rest);
    }
    Report::main(arguments, |library, cell| {
        Threads::choose(library);
        match library {
            "ferromq" => Some(ferromq_blocking::run(cell)),
            #[cfg(feature = "async")]
            "ferromq-tokio" | "ferromq-tokio-ct" => Some(ferromq_tokio::run(cell)),
            "floor" => Some(floor::run(cell)),
            _ => None,
        }
    })
}
