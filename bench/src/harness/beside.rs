//! Async sockets beside blocking ones.

use std::fmt::Write;

use ferromq_bench_worker::Kind;

use super::Spec;
use super::goals::async_goal;
use super::libraries::{ASYNC, BLOCKING};
use super::results::{CellResult, Results};
use super::series::bytes;

/// Each in both kinds of runtime.
const OTHERS: [&str; 4] = ["tmq", "zeromq", "rzmq", "omq"];

/// A table, if there is something to tell.
pub fn table(results: &Results) -> Option<String> {
    let mut rows = String::new();
    for cell in &results.cells {
        let Some((spec, goal)) = cell
            .spec()
            .and_then(|spec| Some((spec, async_goal(&spec)?)))
        else {
            continue;
        };
        let ours = ASYNC.map(|name| ours(cell, &spec, name, goal));
        if ours.iter().any(Option::is_some) {
            let others = OTHERS.map(|name| best_form(cell, &spec, name));
            let entries = ours
                .into_iter()
                .chain(others)
                .map(Option::unwrap_or_default);
            let entries: Vec<String> = entries.collect();
            let _ = writeln!(
                rows,
                "| {} | {goal:.2} | {} |",
                label(&spec),
                entries.join(" | ")
            );
        }
    }
    let names = ASYNC
        .into_iter()
        .chain(OTHERS)
        .map(|name| format!("`{name}`"));
    let names: Vec<String> = names.collect();
    let line = "---|".repeat(names.len());
    (!rows.is_empty()).then(|| {
        format!(
            "How much better than `{BLOCKING}`, the blocking sockets, in the same round: the median, and for ours \
             the quartiles; above 1 is better, for times too, of which 0.87 is 1.15 times as long. Ours is in \
             bold where it is behind its goal. Of the others each is in that kind of runtime, two workers or \
             current-thread, in which it does better.\n\n\
             | | goal | {} |\n|---|---|{line}\n{rows}",
            names.join(" | ")
        )
    })
}

fn label(spec: &Spec) -> String {
    let what = match spec.kind {
        Kind::RoundTrip => "round trip",
        _ => "one way",
    };
    format!("{what}, {}, {}", spec.transport, bytes(spec.size))
}

fn ours(cell: &CellResult, spec: &Spec, name: &str, goal: f64) -> Option<String> {
    let ratio = cell.against(spec, name, BLOCKING)?;
    let median = match ratio.median < goal {
        true => format!("**{:.2}**", ratio.median),
        false => format!("{:.2}", ratio.median),
    };
    Some(format!("{median} ({:.2} to {:.2})", ratio.low, ratio.high))
}

fn best_form(cell: &CellResult, spec: &Spec, name: &str) -> Option<String> {
    [name, &format!("{name}-ct")]
        .into_iter()
        .filter_map(|form| Some(cell.against(spec, form, BLOCKING)?.median))
        .max_by(f64::total_cmp)
        .map(|best| format!("{best:.2}"))
}
