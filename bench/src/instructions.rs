//! What a message costs, counted by Valgrind's callgrind: instructions, and calls that may be slow.

use std::collections::HashMap;
use std::ops::Sub;
use std::process::{Command, ExitCode};

use crate::paths::{PATHS, Path};

const SHORT: u64 = 2_000;
const LONG: u64 = 12_000;

/// Of the whole process, libzmq's threads included.
#[derive(Clone, Copy, Default)]
struct Counts {
    instructions: f64,
    allocations: f64,
    /// Of libzmq; those of Rust are instructions only, as long as nobody waits.
    locks: f64,
    system_calls: f64,
}

impl Sub for Counts {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            instructions: self.instructions - other.instructions,
            allocations: self.allocations - other.allocations,
            locks: self.locks - other.locks,
            system_calls: self.system_calls - other.system_calls,
        }
    }
}

/// Prints a table: each path, its counts, and how far it is from the path that it is compared with.
/// It fails if one is further from it than it may be.
pub fn print() -> ExitCode {
    let mut too_many = Vec::new();
    for size in [16, 256] {
        println!("{size} bytes, PUSH to PULL in-process, one thread; for each message:");
        println!(
            "  {:<34}{:>12}{:>12}{:>7}{:>13}",
            "", "instructions", "allocations", "locks", "system calls"
        );
        let mut counted = HashMap::new();
        for path in PATHS {
            let counts = match per_message(path, size) {
                Ok(counts) => counts,
                Err(message) => {
                    eprintln!("{message}");
                    return ExitCode::FAILURE;
                }
            };
            counted.insert(path.name, counts);
            let more = counts - counted[path.beside];
            let beside = match path.name == path.beside {
                true => String::new(),
                false => format!(
                    "  {:+.0} over {}, at most {}",
                    more.instructions, path.beside, path.at_most.instructions
                ),
            };
            println!(
                "  {:<34}{:>12.0}{:>12.2}{:>7.2}{:>13.3}{beside}",
                path.name,
                counts.instructions,
                counts.allocations,
                counts.locks,
                counts.system_calls
            );
            too_many.extend(
                exceeded(path, counts, more)
                    .map(|what| format!("{}, {size} bytes: too many {what}", path.name)),
            );
        }
    }
    for line in &too_many {
        eprintln!("{line}");
    }
    match too_many[..] {
        [] => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// What there is too much of. A count for some hundreds of messages may fall to one run or another.
fn exceeded(path: &Path, counts: Counts, more: Counts) -> impl Iterator<Item = &'static str> {
    [
        (
            "instructions",
            more.instructions > path.at_most.instructions,
        ),
        (
            "allocations",
            more.allocations > path.at_most.allocations + 0.01,
        ),
        ("locks", counts.locks > 0.01),
        ("system calls", counts.system_calls > 0.1),
    ]
    .into_iter()
    .filter_map(|(what, exceeded)| exceeded.then_some(what))
}

fn per_message(path: &Path, size: usize) -> Result<Counts, String> {
    let more = total(path, size, LONG)? - total(path, size, SHORT)?;
    let each = |count: f64| count / (LONG - SHORT) as f64;
    Ok(Counts {
        instructions: each(more.instructions),
        allocations: each(more.allocations),
        locks: each(more.locks),
        system_calls: each(more.system_calls),
    })
}

fn total(path: &Path, size: usize, messages: u64) -> Result<Counts, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let report = program.with_file_name(format!("callgrind.{}", std::process::id()));
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--trace-children=no"])
        .arg("--collect-systime=yes")
        .arg(format!("--callgrind-out-file={}", report.display()))
        .arg(program)
        .args([
            "exchange",
            path.name,
            &size.to_string(),
            &messages.to_string(),
        ])
        .output()
        .map_err(|error| format!("valgrind: {error}; install it: apt-get install valgrind"))?;
    let text = std::fs::read_to_string(&report).unwrap_or_default();
    let _ = std::fs::remove_file(&report);
    if !output.status.success() {
        return Err(format!(
            "{}: {}",
            path.name,
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    read(&text).ok_or_else(|| format!("{}: no total in valgrind's report", path.name))
}

/// Reads a report: the totals, and how often some functions were called. A name stands behind the
/// number of a function only when the function is first mentioned.
fn read(report: &str) -> Option<Counts> {
    let mut counts = Counts::default();
    let mut names = HashMap::new();
    let mut callee = "";
    for line in report.lines() {
        let mentioned = line.strip_prefix("cfn=").or(line.strip_prefix("fn="));
        if let Some((number, name)) =
            mentioned.map(|text| text.split_once(')').unwrap_or((text, "")))
        {
            if !name.is_empty() {
                names.insert(number, name.trim());
            }
            callee = names.get(number).copied().unwrap_or_default();
        } else if let Some(calls) = line.strip_prefix("calls=") {
            let calls = calls.split(' ').next()?.parse::<f64>().ok()?;
            match callee.split('@').next()? {
                "malloc" | "calloc" | "realloc" | "posix_memalign" => counts.allocations += calls,
                "pthread_mutex_lock" => counts.locks += calls,
                _ => {}
            }
        } else if let Some(totals) = line.strip_prefix("totals: ") {
            let mut totals = totals.split(' ').map(str::parse);
            counts.instructions = totals.next()?.ok()?;
            counts.system_calls = totals.next()?.ok()?;
            return Some(counts);
        }
    }
    None
}
