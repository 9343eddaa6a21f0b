//! The other ZeroMQ crates as workers of the benchmarks; the harness starts this.

// All of them do the work of one file.
#![allow(clippy::duplicate_mod)]

mod omq;
mod rzmq;
mod tmq;
mod zeromq;
mod zmq;

use std::process::ExitCode;

use ferromq_bench_worker::{Report, Threads};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    Report::main(&arguments, |library, cell| {
        Threads::choose(library);
        match library.trim_end_matches("-ct") {
            "zmq" => Some(zmq::run(cell)),
            "tmq" => Some(tmq::run(cell)),
            "zeromq" if cell.endpoint.starts_with("inproc:") => Some(Report::cannot("no inproc")),
            "zeromq" => Some(zeromq::run(cell)),
            "rzmq" => Some(rzmq::run(cell)),
            "omq" => Some(omq::run(cell)),
            _ => None,
        }
    })
}
