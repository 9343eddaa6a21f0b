//! Runs the workers, in interleaved rounds.

use std::io::Read;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicU16;
use std::sync::atomic::Ordering::Relaxed;
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
    let who = |cell: &Spec| -> Vec<&Contender> {
        let does = |contender: &&Contender| contender.library.does(cell.kind);
        contenders.iter().filter(does).collect()
    };
    let runs: usize = cells
        .iter()
        .map(|cell| rounds(cell) * who(cell).len())
        .sum();
    let bar = ProgressBar::new(runs as u64);
    let style = "{elapsed_precise} [{wide_bar}] {pos}/{len} runs, {eta} left  {msg}";
    bar.set_style(ProgressStyle::with_template(style).map_err(|error| error.to_string())?);
    let mut results = Vec::new();
    for cell in cells {
        let contenders = who(cell);
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
                    let run = || once(command, cell, effort.time, directory.path());
                    let figures = run().or_else(|failure| match failure {
                        // It may have been an accident.
                        Failure::Failed(_) => run(),
                        Failure::Final(_) => Err(failure),
                    });
                    match figures {
                        Ok(figures) => runs.push(figures),
                        // No reason to wait for it in each round.
                        Err(Failure::Failed(reason) | Failure::Final(reason)) => {
                            measured[at].runs = Err(reason);
                        }
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

/// Why there are no figures.
enum Failure {
    Failed(String),
    /// It will not be otherwise the next time, or takes too long to find out.
    Final(String),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// One run of a worker.
fn once(
    command: &[std::ffi::OsString],
    cell: &Spec,
    time: Duration,
    directory: &Path,
) -> Result<Figures, Failure> {
    let (program, arguments) = command.split_first().expect("a command has a program");
    let endpoint = endpoint(cell.transport, directory).map_err(Failure::Final)?;
    let mut child = Command::new(program)
        .args(arguments)
        .args([cell.kind.name(), &endpoint])
        .args([cell.size, cell.count, time.as_millis() as usize].map(|number| number.to_string()))
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let limit = time * 2 + patience(cell);
    let status = child.wait_timeout(limit)?;
    if status.is_none() {
        child.kill()?;
        child.wait()?;
        let reason = format!("no result in {} s", limit.as_secs());
        return Err(Failure::Final(reason));
    }
    let (mut figures, mut complaint) = (String::new(), String::new());
    let read = |pipe: Option<&mut dyn Read>, text: &mut String| {
        pipe.map_or(Ok(0), |pipe| pipe.read_to_string(text))
    };
    read(child.stdout.as_mut().map(|pipe| pipe as _), &mut figures)?;
    read(child.stderr.as_mut().map(|pipe| pipe as _), &mut complaint)?;
    let figures: Figures =
        serde_json::from_str(&figures).map_err(|_| Failure::Failed(last_words(&complaint)))?;
    match figures.get("cannot").and_then(Value::as_str) {
        Some(reason) => Err(Failure::Final(reason.to_owned())),
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
fn last_words(complaint: &str) -> String {
    let lines: Vec<&str> = complaint
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let panicked = lines.iter().position(|line| line.contains("panicked at"));
    let line = panicked.map_or(lines.last(), |at| lines.get(at + 1));
    let line = line.map_or("it says nothing", |line| line.trim());
    format!("fails: {}", line.chars().take(120).collect::<String>())
}

/// Below the ports that outgoing connections get, so that none of them takes one.
static PORTS: AtomicU16 = AtomicU16::new(0);

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
            let mut ports = (0..12_000).map(|_| 20_000 + PORTS.fetch_add(1, Relaxed) % 12_000);
            let port = ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
            let port = port.ok_or("no port is free between 20000 and 32000")?;
            Ok(format!("tcp://127.0.0.1:{port}"))
        }
    }
}
