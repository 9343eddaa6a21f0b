//! Measurements of ferromq beside plain calls of libzmq, and beside other libraries.

mod build_cost;
mod curve;
mod harness;
mod instructions;
mod paths;
mod threshold;
mod workers;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Measures ferromq beside plain calls of libzmq, and beside other libraries.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Every cell of the comparison, in a quarter of an hour: writes bench/RESULTS.md, bench/results, and
    /// the tables in README.md and the guide.
    All,
    /// Some cells of the comparison, in two minutes.
    Quick,
    /// Chosen cells of the comparison.
    Run(harness::Run),
    /// Writes the pages of `all` again, from bench/results/all.json.
    Report,
    /// Counts the instructions of a message under Valgrind, the difference of two run lengths, so that
    /// start and end cancel out; and fails where there are more, over plain calls, than `paths` allows.
    Instructions,
    /// Compares handing a buffer over with copying it, by size, for `Message::COPY_BELOW`.
    Threshold,
    /// Compares the feature `curve` with libsodium; without `--release` it does so where the user's program
    /// is not optimised.
    Curve,
    /// How long a program that uses ferromq takes to build, from nothing and after a change, and how large it
    /// is: writes bench/results/build.json, and what README.md and the guide have of it.
    BuildCost,
    /// Does the work of one cell: the comparison starts this.
    #[command(hide = true)]
    Worker { arguments: Vec<String> },
    /// Exchanges messages on one path: `instructions` starts this.
    #[command(hide = true)]
    Exchange {
        path: String,
        size: String,
        messages: String,
    },
    /// Exchanges messages over CURVE: `curve` starts this.
    #[command(hide = true)]
    RunCurve {
        name: String,
        size: String,
        messages: String,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::All => harness::all(),
        Command::Quick => harness::quick(),
        Command::Run(asked) => harness::run(&asked),
        Command::Report => harness::report(),
        Command::BuildCost => build_cost::print(),
        Command::Instructions => return instructions::print(),
        Command::Threshold => return threshold::print(),
        Command::Curve => return curve::print(),
        Command::Worker { arguments } => return workers::run(&arguments),
        Command::Exchange {
            path,
            size,
            messages,
        } => return paths::run(&path, &size, &messages),
        Command::RunCurve {
            name,
            size,
            messages,
        } => return curve::run(&name, &size, &messages),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
