//! What ferromq is to reach, and the cells in which it does not.

use std::fmt::Write;

use ferromq_bench_worker::Kind;

use super::cells::Spec;
use super::libraries::{ASYNC, BASE, BLOCKING, LTO, OURS, PLAIN, PURE_RUST};
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
        let why = match as_plain_c(cell, ratio, goal(spec)) {
            true => "so are plain C calls of the libzmq that ferromq has",
            false => reason(spec),
        };
        rows.extend(short(ours, ratio, BASE, goal(spec)).map(|far| (far, why)));
        if let Some((rival, theirs)) = rival_ahead(spec, cell, ratio.median) {
            let far = format!("`{ours}` at {:.2} of `{rival}`", ratio.median / theirs);
            rows.push((far, reason(spec)));
        }
    }
    let lto = cell.library(LTO).and_then(|lto| lto.ratio.as_ref());
    if let (Some(ratio), Some(goal)) = (lto, inlined_goal(spec)) {
        rows.extend(short(LTO, ratio, BASE, goal).map(|far| (far, INLINING)));
    }
    for ours in ASYNC {
        let ratio = cell.against(spec, ours, BLOCKING);
        if let (Some(ratio), Some(goal)) = (ratio, async_goal(spec)) {
            rows.extend(short(ours, &ratio, BLOCKING, goal).map(|far| (far, async_reason(spec))));
        }
    }
    rows
}

/// Whether plain C calls of the same libzmq miss the goal too, by no less than a twentieth less.
fn as_plain_c(cell: &CellResult, ours: &Spread, goal: f64) -> bool {
    let c = cell.library(PLAIN).and_then(|c| c.ratio.as_ref());
    c.is_some_and(|c| c.median < goal && ours.median >= 0.95 * c.median)
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

const INLINING: &str =
    "calls are a small part of what a message costs: 44 of 596 instructions in-process";

/// What is known to hold ferromq back.
fn reason(spec: &Spec) -> &'static str {
    match (spec.kind, spec.transport) {
        (Kind::RoundTrip, "ipc" | "tcp") => {
            "libzmq hands each message from thread to thread, four times in a round trip"
        }
        (Kind::Throughput, "inproc") if spec.size >= 1 << 20 => {
            "the copy into the message, in memory that no cache holds"
        }
        (Kind::Throughput, "inproc") => {
            "memory is taken in one thread and given back in another for each message of more than 33 bytes"
        }
        (Kind::Throughput, _) if spec.size >= 1 << 16 => {
            "each message is copied into a batch and out of one, and passes two threads more; without the \
             copies there are three times the system calls, and it is slower"
        }
        (Kind::Throughput | Kind::FanOut, _) => {
            "each message passes two threads more, whose caches exchange it"
        }
        (Kind::Router, _) => {
            "the frames of a message are put into a list and shared until all are sent: 2,468 instructions \
             for a request, 1,883 of plain C"
        }
        (Kind::Sockets, _) => {
            "a socket is noted with its endpoints, for the end of the context: 6,803 instructions, 5,369 of plain C"
        }
        (Kind::SocketMemory | Kind::ConnectionMemory, _) => {
            "the note of a socket has 130 bytes, and the sides of each queue 192"
        }
        _ => "not known",
    }
}

fn async_reason(spec: &Spec) -> &'static str {
    match (spec.kind, spec.transport, spec.size) {
        (Kind::RoundTrip, ..) => "not known",
        (_, "inproc", 16) => "145 instructions more to a message that takes 33 ns in all",
        (_, _, 16) => {
            "a thread that waits is woken beside the thread that it waits for, and both share a cache; a task is \
             woken where its runtime is, and libzmq writes five times as often (counted)"
        }
        _ => {
            "each wake-up goes through epoll and the runtime, where a blocking call sleeps on the socket's descriptor"
        }
    }
}
