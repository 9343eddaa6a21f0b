//! What ferromq is to reach, and the cells in which it does not.

use std::fmt::Write;

use ferromq_bench_worker::Kind;

use super::cells::Spec;
use super::libraries::{ASYNC, BASE, BLOCKING, LTO, OURS, PURE_RUST};
use super::results::{CellResult, Results, Spread};

/// The part of the page.
pub fn behind(results: &Results) -> String {
    let mut rows = String::new();
    for cell in &results.cells {
        let Some(spec) = cell.spec() else { continue };
        for (how_far, why) in short_of(cell, &spec) {
            let _ = writeln!(rows, "| {} | {how_far} | {why} |", cell.cell);
        }
    }
    if rows.is_empty() {
        return "\n## Behind\n\nNothing is behind its goal.\n".to_owned();
    }
    format!(
        "\n## Behind\n\nThe goals: {SMALL} times the system's shared libzmq for messages of up to 256 bytes, and \
         with libzmq inlined {INLINED} times, one way; no less than it elsewhere; and one way no less than any \
         library in Rust alone. Those of async sockets beside blocking ones stand above.\n\n\
         | cell | how far | why |\n|---|---|---|\n{rows}"
    )
}

const SMALL: f64 = 1.2;
const INLINED: f64 = 1.8;

/// As a ratio to the base.
fn goal(spec: &Spec) -> f64 {
    match spec.kind {
        Kind::Throughput | Kind::FanOut | Kind::Router if spec.size <= 256 => SMALL,
        _ => 1.0,
    }
}

fn inlined_goal(spec: &Spec) -> Option<f64> {
    (spec.kind == Kind::Throughput && spec.size <= 256).then_some(INLINED)
}

/// What async sockets are to reach in each kind of runtime, as a ratio to blocking ones.
pub fn async_goal(spec: &Spec) -> Option<f64> {
    match (spec.kind, spec.size) {
        (Kind::Throughput, 16) => Some(0.85),
        (Kind::Throughput, 1024 | 65_536) => Some(0.95),
        // 1.15 times as long.
        (Kind::RoundTrip, 16 | 1024 | 65_536) => Some(1.0 / 1.15),
        _ => None,
    }
}

/// How far one cell is behind, and why.
fn short_of(cell: &CellResult, spec: &Spec) -> Vec<(String, &'static str)> {
    let mut rows = Vec::new();
    if let Some((ours, ratio)) = cell.best(&OURS) {
        let ours = &ours.library;
        rows.extend(short(ours, ratio, BASE, goal(spec)).map(|far| (far, reason(spec))));
        if let Some((rival, theirs)) = rival_ahead(spec, cell, ratio.median) {
            let far = format!("`{ours}` at {:.2} of `{rival}`", ratio.median / theirs);
            rows.push((far, reason(spec)));
        }
    }
    let lto = cell.library(LTO).and_then(|lto| lto.ratio.as_ref());
    if let (Some(ratio), Some(goal)) = (lto, inlined_goal(spec)) {
        rows.extend(short(LTO, ratio, BASE, goal).map(|far| (far, reason(spec))));
    }
    for ours in ASYNC {
        let ratio = cell.against(spec, ours, BLOCKING);
        if let (Some(ratio), Some(goal)) = (ratio, async_goal(spec)) {
            rows.extend(short(ours, &ratio, BLOCKING, goal).map(|far| (far, "not known")));
        }
    }
    rows
}

fn short(library: &str, ratio: &Spread, base: &str, goal: f64) -> Option<String> {
    let spread = match ratio.high >= goal {
        true => ", within the spread",
        false => "",
    };
    let median = ratio.median;
    (median < goal).then(|| format!("`{library}` at {median:.2} of `{base}`, of {goal:.2}{spread}"))
}

/// The best pure-Rust library, if it is ahead where it must not be.
fn rival_ahead<'a>(spec: &Spec, cell: &'a CellResult, own: f64) -> Option<(&'a str, f64)> {
    let (rival, theirs) = cell.best(&PURE_RUST)?;
    let is_ahead = spec.kind == Kind::Throughput && theirs.median > own;
    is_ahead.then_some((&*rival.library, theirs.median))
}

/// What is known to hold ferromq back.
fn reason(spec: &Spec) -> &'static str {
    match (spec.kind, spec.transport) {
        (Kind::RoundTrip, "ipc" | "tcp") => {
            "libzmq hands each message from thread to thread, four times in a round trip"
        }
        (Kind::Throughput, "inproc") if spec.size >= 1 << 16 => {
            "glibc takes memory from the kernel and gives it back, over and over"
        }
        (Kind::Throughput, _) if spec.size >= 1 << 20 => {
            "memory is taken from and given back to the kernel for each message"
        }
        (Kind::Router, _) => "a list is made for the frames of each message",
        _ => "not known",
    }
}
