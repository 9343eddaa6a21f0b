//! Runs the workers, in interleaved rounds.

use std::io::Read;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use ferromq_bench_worker::Kind;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value};
use wait_timeout::ChildExt;

use super::cells::Spec;
use super::libraries::Contender;

/// What one run gave.
pub type Figures = Map<String, Value>;

/// What the rounds of a cell gave one library: the same number of runs for all, or why there are none.
pub struct Measured {
    pub library: &'static str,
    pub runs: Result<Vec<Figures>, String>,
}

/// How much is done.
#[derive(Clone, Copy)]
pub struct Effort {
    pub rounds: usize,
    /// For how long a run measures.
    pub time: Duration,
}

/// All cells: in each round each library once, in an order that changes.
pub fn run(
    cells: &[Spec],
    contenders: &[Contender],
    effort: Effort,
) -> Result<Vec<(Spec, Vec<Measured>)>, String> {
    let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
    let rounds = |cell: &Spec| cell.rounds(effort.rounds);
    let runs = cells.iter().map(rounds).sum::<usize>() * contenders.len();
    let bar = ProgressBar::new(runs as u64);
    let style = "{elapsed_precise} [{wide_bar}] {pos}/{len} runs, {eta} left  {msg}";
    bar.set_style(ProgressStyle::with_template(style).map_err(|error| error.to_string())?);
    let mut results = Vec::new();
    for cell in cells {
        let mut measured: Vec<Measured> = contenders
            .iter()
            .map(|contender| Measured {
                library: contender.library.name,
                runs: contender
                    .command
                    .as_ref()
                    .map(|_| Vec::new())
                    .map_err(Clone::clone),
            })
            .collect();
        for round in 0..rounds(cell) {
            for at in order(contenders.len(), round) {
                bar.set_message(format!("{} {}", cell.name(), measured[at].library));
                if let (Ok(command), Ok(runs)) = (&contenders[at].command, &mut measured[at].runs) {
                    match once(command, cell, effort.time, directory.path()) {
                        Ok(figures) => runs.push(figures),
                        // No reason to wait for it again.
                        Err(reason) => measured[at].runs = Err(reason),
                    }
                }
                bar.inc(1);
            }
        }
        results.push((*cell, measured));
    }
    bar.finish_and_clear();
    Ok(results)
}

/// Begins elsewhere in each round, and goes backwards in every other, so that nobody always comes after
/// the same one.
fn order(length: usize, round: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    order.rotate_left(round * 5 % length);
    if round % 2 == 1 {
        order.reverse();
    }
    order
}

/// One run of a worker; otherwise the reason that there are no figures.
fn once(
    command: &[std::ffi::OsString],
    cell: &Spec,
    time: Duration,
    directory: &Path,
) -> Result<Figures, String> {
    let (program, arguments) = command.split_first().expect("a command has a program");
    let mut child = Command::new(program)
        .args(arguments)
        .args([cell.kind.name(), &endpoint(cell.transport, directory)?])
        .args([cell.size, cell.count, time.as_millis() as usize].map(|number| number.to_string()))
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", Path::new(program).display()))?;
    let limit = time * 2 + patience(cell);
    let status = child
        .wait_timeout(limit)
        .map_err(|error| error.to_string())?;
    if status.is_none() {
        child.kill().map_err(|error| error.to_string())?;
        child.wait().map_err(|error| error.to_string())?;
        return Err(format!("no result in {} s", limit.as_secs()));
    }
    let (mut figures, mut complaint) = (String::new(), String::new());
    let read = |pipe: Option<&mut dyn Read>, text: &mut String| {
        pipe.map_or(Ok(0), |pipe| pipe.read_to_string(text))
            .map_err(|error| error.to_string())
    };
    read(child.stdout.as_mut().map(|pipe| pipe as _), &mut figures)?;
    read(child.stderr.as_mut().map(|pipe| pipe as _), &mut complaint)?;
    let figures: Figures = serde_json::from_str(&figures).map_err(|_| failure(&complaint))?;
    match figures.get("cannot").and_then(Value::as_str) {
        Some(reason) => Err(reason.to_owned()),
        None => Ok(figures),
    }
}

/// How long a worker may take beyond what it measures.
fn patience(cell: &Spec) -> Duration {
    match cell.kind {
        Kind::Subscriptions => Duration::from_secs(20),
        _ => Duration::from_secs(8),
    }
}

/// What a worker says at last; a panic's line is followed by its message.
fn failure(complaint: &str) -> String {
    let lines: Vec<&str> = complaint
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let panicked = lines.iter().position(|line| line.contains("panicked at"));
    let line = panicked.map_or(lines.last(), |at| lines.get(at + 1));
    let line = line.map_or("it says nothing", |line| line.trim());
    format!("fails: {}", line.chars().take(120).collect::<String>())
}

/// One that nothing else uses.
fn endpoint(transport: &str, directory: &Path) -> Result<String, String> {
    match transport {
        "inproc" => Ok("inproc://bench".to_owned()),
        "ipc" => {
            let path = directory.join("socket");
            // What the last worker left there.
            let _ = std::fs::remove_file(&path);
            Ok(format!("ipc://{}", path.display()))
        }
        _ => {
            let probe = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
            let address = probe.local_addr().map_err(|error| error.to_string())?;
            Ok(format!("tcp://{address}"))
        }
    }
}
