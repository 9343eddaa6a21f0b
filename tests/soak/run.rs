//! Runs the loads, and reads what is in use.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Barrier, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use ferromq::Context;

use crate::Leak;
use crate::loads::{self, LOADS};
use crate::reading::{Reading, growth};
use crate::support::context;

/// Readings of a run, and how many of them are before it is in full swing.
const READINGS: u32 = 40;
const WARM_UP: usize = 10;

/// After each turn, so as to leave something of the machine to others.
const PAUSE: Duration = Duration::from_millis(20);

/// The allocator keeps some of what was freed for each thread, more or less of it.
const HEAP_GROWTH: i64 = 64 << 10;

/// And the kernel gives memory in pages, of which each has to be free to go back.
const RESIDENT_GROWTH: i64 = 4 << 20;

/// What the loads and the readings know of each other.
#[derive(Default)]
struct Shared {
    /// Held for reading during a turn.
    turn: RwLock<()>,
    over: AtomicBool,
    turns: AtomicU64,
    messages: AtomicU64,
    failed: AtomicBool,
}

pub fn run(duration: Duration, leak: Leak) -> ExitCode {
    let context = context();
    let shared = Shared::default();
    let ready = Barrier::new(LOADS.len() + 1);
    let reader = thread::current();
    let started = Instant::now();
    let readings = thread::scope(|scope| {
        for &(name, start) in LOADS {
            let (context, shared, ready, reader) = (&context, &shared, &ready, &reader);
            let leak = match name {
                "pipeline" => leak,
                _ => Leak::Nothing,
            };
            let work = move || {
                let load = || repeat(context, start, leak, shared, ready);
                if catch_unwind(AssertUnwindSafe(load)).is_err() {
                    shared.failed.store(true, Ordering::Relaxed);
                    reader.unpark();
                }
            };
            let builder = thread::Builder::new().name(name.into());
            builder.spawn_scoped(scope, work).unwrap();
        }
        ready.wait();
        let readings = read(duration, started, &shared);
        shared.over.store(true, Ordering::Relaxed);
        readings
    });
    verdict(&readings, started, &shared)
}

/// Does the turns of one load, and rests while there is a reading.
fn repeat(context: &Context, start: loads::Start, leak: Leak, shared: &Shared, ready: &Barrier) {
    let mut load = start(context);
    ready.wait();
    let mut turn = 0;
    while !shared.over.load(Ordering::Relaxed) {
        if let Ok(_turn) = shared.turn.try_read() {
            let messages = load(Some(turn));
            loads::leave_behind(context, leak);
            turn += 1;
            shared.turns.fetch_add(1, Ordering::Relaxed);
            shared.messages.fetch_add(messages, Ordering::Relaxed);
        } else {
            load(None);
        }
        thread::sleep(PAUSE);
    }
}

/// Takes the readings, and prints each.
fn read(duration: Duration, started: Instant, shared: &Shared) -> Vec<Reading> {
    let mut readings = Vec::new();
    for number in 0..READINGS {
        let due = started + duration * (number + 1) / READINGS;
        while Instant::now() < due {
            if shared.failed.load(Ordering::Relaxed) {
                return readings;
            }
            thread::park_timeout(due.saturating_duration_since(Instant::now()));
        }
        let _all_wait = shared.turn.write().unwrap();
        let reading = Reading::take(readings.first());
        println!(
            "{:6.1} s: {} turns, {} messages; {reading}",
            started.elapsed().as_secs_f64(),
            shared.turns.load(Ordering::Relaxed),
            shared.messages.load(Ordering::Relaxed),
        );
        readings.push(reading);
    }
    readings
}

fn verdict(readings: &[Reading], started: Instant, shared: &Shared) -> ExitCode {
    println!(
        "{:.1} minutes: {} turns of {} loads with {} messages",
        started.elapsed().as_secs_f64() / 60.0,
        shared.turns.load(Ordering::Relaxed),
        LOADS.len(),
        shared.messages.load(Ordering::Relaxed)
    );
    if shared.failed.load(Ordering::Relaxed) {
        println!("failed: a load has ended with the panic above");
        return ExitCode::FAILURE;
    }
    println!("no message was lost or came twice where that is not allowed");
    let warm = &readings[WARM_UP..];
    let (heap, resident) = (growth(warm, |at| at.heap), growth(warm, |at| at.resident));
    let (first, last) = (readings[0], readings[readings.len() - 1]);
    let most = readings.iter().map(|at| at.descriptors).max().unwrap();
    let checks = [
        (
            most <= first.descriptors,
            format!(
                "descriptors: {} at the start, at most {most}",
                first.descriptors
            ),
        ),
        (
            last.threads <= first.threads,
            format!(
                "threads: {} at the start, {} at the end",
                first.threads, last.threads
            ),
        ),
        (
            heap <= HEAP_GROWTH,
            format!(
                "allocated: {heap:+} bytes from the first to the last third, at most {HEAP_GROWTH}"
            ),
        ),
        (
            resident <= RESIDENT_GROWTH,
            format!("resident: {resident:+} bytes, at most {RESIDENT_GROWTH}"),
        ),
    ];
    for (is_flat, text) in &checks {
        println!("{}: {text}", if *is_flat { "flat" } else { "GROWS" });
    }
    match checks.iter().all(|(is_flat, _)| *is_flat) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
