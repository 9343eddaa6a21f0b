//! A long run under mixed load: sockets of many kinds and transports that connect and go away, peers
//! that are killed, CURVE, monitors, proxies and contexts. It fails when a message is lost or comes
//! twice where that is not allowed, and when memory or descriptors grow.
//!
//! ```sh
//! cargo test --test soak                        # 30 minutes
//! cargo test --test soak -- --minutes 2
//! cargo test --test soak -- --only curve        # one load
//! cargo test --test soak -- --leak socket       # must fail; also: --leak memory
//! ```
//!
//! Each load does its work in turns, and keeps some sockets from one turn to the next. For a reading
//! all of them wait at the end of a turn, so that what is in use then is in use for good.

use std::env;
use std::process::ExitCode;
use std::time::Duration;

#[cfg(target_os = "linux")]
mod loads;
#[cfg(target_os = "linux")]
mod peers;
#[cfg(target_os = "linux")]
mod reading;
#[cfg(target_os = "linux")]
mod run;
#[cfg(target_os = "linux")]
#[path = "../it/support.rs"]
#[allow(dead_code)] // The rest is for the other tests.
mod support;

const USAGE: &str = "usage: soak [--minutes NUMBER] [--only LOAD] [--leak socket|memory]";

/// What each turn leaves behind, to see that it is found.
#[derive(Clone, Copy, PartialEq)]
enum Leak {
    Nothing,
    Socket,
    Memory,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let mut arguments = arguments.iter().map(String::as_str);
    let mut minutes = 30.0;
    let mut only = None;
    let mut leak = Leak::Nothing;
    while let Some(argument) = arguments.next() {
        match (argument, arguments.next()) {
            #[cfg(target_os = "linux")]
            ("peer", Some(endpoint)) => return peers::echo(endpoint),
            ("--minutes", Some(number)) if number.parse().is_ok_and(|number: f64| number > 0.0) => {
                minutes = number.parse().unwrap();
            }
            ("--only", Some(name)) => only = Some(name),
            ("--leak", Some("socket")) => leak = Leak::Socket,
            ("--leak", Some("memory")) => leak = Leak::Memory,
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::FAILURE;
            }
        }
    }
    run(Duration::from_secs_f64(60.0 * minutes), only, leak)
}

#[cfg(target_os = "linux")]
use run::run;

#[cfg(not(target_os = "linux"))]
fn run(_: Duration, _: Option<&str>, _: Leak) -> ExitCode {
    eprintln!("the soak reads what it has in use from Linux");
    ExitCode::FAILURE
}
