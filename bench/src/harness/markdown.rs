//! The results as tables.

use std::fmt::Write;

use ferromq_bench_worker::Kind;

use super::cells::{self, Spec};
use super::libraries::{BASE, LIBRARIES};
use super::results::{LibraryResult, Results};
use super::series::{Series, series};
use super::{beside, goals};

/// The whole page.
pub fn page(results: &Results, command: &str, plots: bool) -> String {
    let mut page = String::from("# Results\n\n");
    let _ = writeln!(
        page,
        "Written by `{command}` on {}: medians of rounds in which each library runs once, for {} ms. In \
         parentheses: how much better than `{}` in the same round, as the median and the quartiles; above 1 is \
         better, for times and memory too.\n",
        results.date, results.milliseconds, results.base
    );
    for (what, value) in &results.machine {
        let _ = writeln!(page, "- {what}: {value}");
    }
    page.push_str("\n| library | what | version |\n|---|---|---|\n");
    for library in LIBRARIES {
        if results
            .cells
            .iter()
            .any(|cell| cell.library(library.name).is_some())
        {
            let version = version(results, library.name);
            let _ = writeln!(
                page,
                "| `{}` | {} | {version} |",
                library.name, library.about
            );
        }
    }
    let mut kind = None;
    for series in series(results) {
        if kind != Some(series.kind) {
            kind = Some(series.kind);
            let (what, unit) = cells::explain(series.kind);
            let _ = writeln!(page, "\n## {what}\n\nIn {unit}{}.", also(series.kind));
        }
        table(&mut page, &series, &results.base);
        if plots && series.is_a_line() {
            let _ = writeln!(page, "\n![{}](results/{}.svg)", series.title, series.file);
        }
    }
    if let Some(table) = beside::table(results) {
        let _ = write!(page, "\n## Async beside blocking\n\n{table}");
    }
    if results.base == BASE {
        page.push_str(&goals::behind(results));
    }
    page
}

fn version<'a>(results: &'a Results, library: &str) -> &'a str {
    let name = library.trim_end_matches("-ct");
    results.versions.get(name).map_or("", |version| version)
}

/// What stands after the figure that is compared.
fn also(kind: Kind) -> &'static str {
    match kind {
        Kind::RoundTrip => ", then the 99th and 99.9th percentile",
        Kind::Subscriptions => {
            "; then messages/s of which each matches one of them, and bytes of memory for each"
        }
        _ => "",
    }
}

fn table(page: &mut String, series: &Series, base: &str) {
    let _ = write!(page, "\n| {} |", series.title);
    for (spec, _) in &series.cells {
        let _ = write!(page, " {} |", series.label(spec));
    }
    page.push_str("\n|---|");
    page.push_str(&"---|".repeat(series.cells.len()));
    page.push('\n');
    let mut without: Vec<(String, Vec<String>)> = Vec::new();
    for name in series.libraries() {
        let mut row = format!("| `{name}` |");
        let mut any = false;
        for (spec, cell) in &series.cells {
            let library = cell.library(name);
            match library.and_then(|library| entry(spec, library, base)) {
                Some(entry) => {
                    any = true;
                    let _ = write!(row, " {entry} |");
                }
                None => row.push_str(" |"),
            }
            if let Some(reason) = library.and_then(|library| library.cannot.as_deref()) {
                let reason = format!("`{name}`: {reason}");
                match without.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, cells)) => cells.push(series.label(spec)),
                    None => without.push((reason, vec![series.label(spec)])),
                }
            }
        }
        if any {
            page.push_str(&row);
            page.push('\n');
        }
    }
    if !without.is_empty() {
        page.push_str("\nNo figure:\n\n");
    }
    for (reason, cells) in without {
        let _ = match cells.len() == series.cells.len() {
            true => writeln!(page, "- {reason}"),
            false => writeln!(page, "- {reason} (at {})", cells.join(", ")),
        };
    }
}

fn entry(spec: &Spec, library: &LibraryResult, base: &str) -> Option<String> {
    let mut entry = number(library.figures.get(spec.figure())?.median);
    for more in ["p99", "p99_9", "matches", "bytes_each"] {
        if let (true, Some(spread)) = (more != spec.figure(), library.figures.get(more)) {
            let _ = write!(entry, " / {}", number(spread.median));
        }
    }
    if let (true, Some(ratio)) = (library.library != base, &library.ratio) {
        let _ = write!(
            entry,
            " (**{:.2}**, {:.2} to {:.2})",
            ratio.median, ratio.low, ratio.high
        );
    }
    Some(entry)
}

/// Three digits, with a letter for thousands.
pub fn number(value: f64) -> String {
    let (value, letter) = match value {
        1e9.. => (value / 1e9, " G"),
        1e6.. => (value / 1e6, " M"),
        1e3.. => (value / 1e3, " k"),
        _ => (value, ""),
    };
    let decimals = match value {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    format!("{value:.decimals$}{letter}")
}

/// The few cells for those who only look once.
pub fn summary(results: &Results) -> String {
    const CELLS: [(&str, &str); 11] = [
        ("throughput/inproc/16", "one way, inproc, 16 B"),
        ("throughput/inproc/1024", "one way, inproc, 1 KiB"),
        ("throughput/ipc/16", "one way, ipc, 16 B"),
        ("throughput/ipc/1024", "one way, ipc, 1 KiB"),
        ("throughput/tcp/16", "one way, tcp, 16 B"),
        ("throughput/tcp/1024", "one way, tcp, 1 KiB"),
        ("throughput/tcp/65536", "one way, tcp, 64 KiB"),
        ("roundtrip/inproc/16", "round trip, inproc, 16 B"),
        ("roundtrip/tcp/16", "round trip, tcp, 16 B"),
        ("fanout/tcp/16/8", "PUB to 8 SUBs, tcp, 16 B"),
        ("router/tcp/16/100", "ROUTER with 100 peers, tcp, 16 B"),
    ];
    let mut table = String::from(
        "| | C, system's libzmq | ferromq | ferromq, async | best other |\n|---|---|---|---|---|\n",
    );
    let others: Vec<&str> = LIBRARIES
        .iter()
        .map(|library| library.name)
        .filter(|name| !name.starts_with("ferromq") && !["c", BASE, "floor"].contains(name))
        .collect();
    for (name, what) in CELLS {
        let Some(cell) = results.cell(name) else {
            continue;
        };
        let Some(spec) = cell.spec() else { continue };
        let unit = match spec.kind {
            Kind::RoundTrip => " µs",
            _ => "/s",
        };
        let value = |name: &str| {
            let library = cell.library(name)?;
            let value = number(library.figures.get(spec.figure())?.median);
            Some(match (&library.ratio, name) {
                (Some(ratio), name) if name != BASE => {
                    format!("{value}{unit} ({:.2})", ratio.median)
                }
                _ => format!("{value}{unit}"),
            })
        };
        let other = cell.best(&others).map(|(best, _)| best.library.as_str());
        let other = other.and_then(|name| Some(format!("{}, {name}", value(name)?)));
        let _ = writeln!(
            table,
            "| {what} | {} | {} | {} | {} |",
            value(BASE).unwrap_or_default(),
            value("ferromq").unwrap_or_default(),
            value("ferromq-tokio").unwrap_or_default(),
            other.unwrap_or_default()
        );
    }
    let nobody = String::new();
    let machine = |what: &str| results.machine.get(what).unwrap_or(&nobody).clone();
    let _ = write!(
        table,
        "\nOn {}, {} cores, {}.",
        machine("processor"),
        machine("cores"),
        results.date
    );
    table
}
