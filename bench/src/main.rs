//! Measurements of ferromq beside plain calls of the same libzmq.
//!
//! `cargo run --release -p ferromq-bench -- instructions` counts the instructions of a message
//! under Valgrind, the difference of two run lengths, so that start and end cancel out; and fails
//! where there are more, over plain calls, than `paths` allows.
//!
//! `cargo run --release -p ferromq-bench -- threshold` compares handing a buffer over with copying
//! it, by size, for `Message::COPY_BELOW`.
//!
//! `cargo run --release -p ferromq-bench -- curve` compares the feature `curve` with libsodium;
//! without `--release` it does so where the user's program is not optimised.

mod curve;
mod instructions;
mod paths;
mod threshold;
mod workers;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(("worker", rest)) = arguments.split_first().map(|(first, rest)| (&**first, rest)) {
        return workers::run(rest);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["instructions"] => instructions::print(),
        ["threshold"] => threshold::print(),
        ["curve"] => curve::print(),
        ["run-curve", name, size, messages] => curve::run(name, size, messages),
        ["run", path, size, messages] => paths::run(path, size, messages),
        _ => {
            eprintln!("usage: ferromq-bench instructions | threshold | curve");
            ExitCode::FAILURE
        }
    }
}
