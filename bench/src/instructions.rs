//! Instructions per message, by Valgrind's callgrind.

use std::process::{Command, ExitCode};

use crate::paths::{PATHS, Path};

const SHORT: u64 = 2_000;
const LONG: u64 = 12_000;

/// Prints a table: each path, its count, and how far it is from the plain calls it wraps.
pub fn print() -> ExitCode {
    for size in [16, 256] {
        println!("{size} bytes, PUSH to PULL in-process, one thread: instructions per message");
        let mut counts = Vec::new();
        for path in PATHS {
            match per_message(path, size) {
                Ok(count) => counts.push((path, count)),
                Err(message) => {
                    eprintln!("{message}");
                    return ExitCode::FAILURE;
                }
            }
        }
        for (path, count) in &counts {
            let base = counts.iter().find(|(other, _)| other.name == path.beside);
            let over = match base {
                Some((base, base_count)) if base.name != path.name => {
                    format!("  {:+.0} over {}", count - base_count, base.name)
                }
                _ => String::new(),
            };
            println!("  {:<28}{count:>8.0}{over}", path.name);
        }
    }
    ExitCode::SUCCESS
}

fn per_message(path: &Path, size: usize) -> Result<f64, String> {
    let short = total(path, size, SHORT)?;
    let long = total(path, size, LONG)?;
    Ok((long - short) as f64 / (LONG - SHORT) as f64)
}

fn total(path: &Path, size: usize, messages: u64) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let report = program.with_file_name(format!("callgrind.{}", std::process::id()));
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--trace-children=no"])
        .arg(format!("--callgrind-out-file={}", report.display()))
        .arg(program)
        .args(["run", path.name, &size.to_string(), &messages.to_string()])
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
    text.lines()
        .find_map(|line| line.strip_prefix("totals: ")?.parse().ok())
        .ok_or_else(|| format!("{}: no total in valgrind's report", path.name))
}
