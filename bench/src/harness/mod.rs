//! Measures ferromq beside plain C, other bindings and other implementations: each in a worker program,
//! in interleaved rounds.

mod beside;
mod cells;
mod goals;
mod libraries;
pub mod machine;
mod markdown;
mod plot;
mod programs;
mod results;
mod rounds;
mod series;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cells::Spec;
use libraries::BASE;
use results::Results;
use rounds::Effort;

const ALL: &str = "cargo run --release -p ferromq-bench -- all";

/// Every cell, for the repository's own pages.
pub fn all() -> Result<(), String> {
    let effort = Effort {
        rounds: 5,
        time: Duration::from_millis(150),
    };
    let results = measure(&cells::all(), &[], BASE, effort)?;
    let kept = kept();
    write(&kept, &json(&results)?)?;
    report()
}

/// Writes the repository's pages again, from what the last `all` has kept.
pub fn report() -> Result<(), String> {
    let kept = kept();
    let text = fs::read_to_string(&kept)
        .map_err(|error| format!("{}: {error}; `{ALL}` writes it", kept.display()))?;
    let results: Results = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    plot::draw(&results, &own.join("results"))?;
    let page = markdown::page(&results, ALL, true);
    write(&own.join("RESULTS.md"), &page)?;
    let (readme, guide) = (
        own.join("../README.md"),
        own.join("../src/guide/performance.md"),
    );
    let summary = markdown::summary(&results);
    replace(&readme, "figures", &summary)?;
    replace(&guide, "figures", &summary)?;
    if let Some(table) = beside::table(&results) {
        replace(&guide, "async", table.trim_end())?;
    }
    println!(
        "written: bench/RESULTS.md, bench/results/, and the tables in README.md and src/guide/performance.md"
    );
    Ok(())
}

/// Prints the page of what was asked for, and writes it to `target/bench`.
fn some(results: &Results, command: &str) -> Result<(), String> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let directory = own.join("../target/bench/results");
    fs::create_dir_all(&directory).map_err(|error| error.to_string())?;
    write(&directory.join("last.json"), &json(results)?)?;
    plot::draw(results, &directory)?;
    let page = markdown::page(results, command, true);
    write(&own.join("../target/bench/last.md"), &page)?;
    println!("{page}\nalso in target/bench: last.md, results/last.json and plots");
    Ok(())
}

pub fn quick() -> Result<(), String> {
    let effort = Effort {
        rounds: 3,
        time: Duration::from_millis(120),
    };
    let command = "cargo run --release -p ferromq-bench -- quick";
    some(&measure(&cells::quick(), &[], BASE, effort)?, command)
}

/// What `run` is asked for.
#[derive(clap::Args)]
pub struct Run {
    /// Names of cells, or how they begin: `throughput/tcp`; all, if there are none.
    #[arg(long, value_delimiter = ',')]
    cells: Vec<String>,
    /// Names of libraries; all, if there are none.
    #[arg(long, value_delimiter = ',')]
    libs: Vec<String>,
    /// The library that they are compared with, which is always there.
    #[arg(long, default_value = BASE)]
    base: String,
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// For how long each run measures, in milliseconds.
    #[arg(long, default_value_t = 250, value_parser = clap::value_parser!(u16).range(10..))]
    time: u16,
}

pub fn run(asked: &Run) -> Result<(), String> {
    let effort = Effort {
        rounds: asked.rounds.into(),
        time: Duration::from_millis(asked.time.into()),
    };
    let words: Vec<String> = std::env::args().skip(1).collect();
    let command = format!(
        "cargo run --release -p ferromq-bench -- {}",
        words.join(" ")
    );
    let cells = cells::named(&asked.cells)?;
    some(
        &measure(&cells, &asked.libs, &asked.base, effort)?,
        &command,
    )
}

fn measure(
    cells: &[Spec],
    libraries: &[String],
    base: &str,
    effort: Effort,
) -> Result<Results, String> {
    if cfg!(debug_assertions) {
        return Err("only optimised programs are worth measuring: cargo run --release".to_owned());
    }
    let libraries = libraries::chosen(libraries, base)?;
    raise_descriptor_limit();
    let contenders = libraries::prepared(&libraries);
    let mut machine = machine::facts();
    let measured = rounds::run(cells, &contenders, effort)?;
    machine.insert("load at the end".to_owned(), machine::load());
    let versions = machine::versions();
    Ok(Results::new(measured, base, effort, machine, versions))
}

/// A thousand peers need some thousands.
fn raise_descriptor_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // If not, the cells with many peers say so.
    let _ = setrlimit(Resource::Nofile, limit);
}

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("results/all.json")
}

fn json(results: &Results) -> Result<String, String> {
    serde_json::to_string(results)
        .map(|text| text + "\n")
        .map_err(|error| error.to_string())
}

/// Writes a file, and makes its directory.
pub fn write(path: &Path, text: &str) -> Result<(), String> {
    let directory = path.parent().expect("a file is in a directory");
    fs::create_dir_all(directory)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// Puts a table between the marks for it in a page.
pub fn replace(path: &Path, what: &str, table: &str) -> Result<(), String> {
    let failure = |reason: &dyn std::fmt::Display| format!("{}: {reason}", path.display());
    let page = fs::read_to_string(path).map_err(|error| failure(&error))?;
    let begin = format!("<!-- {what} -->\n");
    let end = format!("<!-- end of {what} -->");
    let parts = page
        .split_once(&begin)
        .and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) = parts.ok_or_else(|| failure(&format!("no {begin}, or no {end}")))?;
    write(path, &format!("{before}{begin}{table}\n{end}{after}"))
}
