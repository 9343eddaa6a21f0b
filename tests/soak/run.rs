//! Runs the loads, and reads what is in use.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ferromq::Context;

use crate::Leak;
use crate::loads::{self, LOADS, Turn};
use crate::reading::{Reading, growth, with_exact_allocator};
use crate::support::context;

/// Readings of a run, and how many of them are before it is in full swing.
const READINGS: u32 = 40;
const WARM_UP: usize = 10;

/// After each turn, so as to leave something of the machine to others.
const PAUSE: Duration = Duration::from_millis(20);

/// A few blocks more or less.
const HEAP_GROWTH: i64 = 16 << 10;

/// The kernel gives memory in pages, and takes back those where all is free.
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

pub fn run(duration: Duration, only: Option<&str>, leak: Leak) -> ExitCode {
    let wanted = |load: &&(&str, loads::Start)| only.is_none_or(|only| load.0 == only);
    let loads: Vec<_> = LOADS.iter().filter(wanted).collect();
    if loads.is_empty() {
        let names: Vec<_> = LOADS.iter().map(|(name, _)| *name).collect();
        println!("there is no such load; there are {}", names.join(", "));
        return ExitCode::FAILURE;
    }

    with_exact_allocator();
    let context = context();
    let shared = Shared::default();
    let reader = thread::current();
    let start = |&(name, start): &(&'static str, loads::Start)| (name, start(&context));
    let loads: Vec<_> = loads.into_iter().map(start).collect();
    let started = Instant::now();
    let readings = thread::scope(|scope| {
        for (name, load) in loads {
            let (context, shared, reader) = (&context, &shared, &reader);
            let work = move || {
                let work = || repeat(load, context, leak, shared);
                if catch_unwind(AssertUnwindSafe(work)).is_err() {
                    shared.failed.store(true, Ordering::Relaxed);
                    reader.unpark();
                }
            };
            let builder = thread::Builder::new().name(name.into());
            builder.spawn_scoped(scope, work).unwrap();
        }
        let readings = read(duration, started, &shared);
        shared.over.store(true, Ordering::Relaxed);
        readings
    });
    println!(
        "soak of {:.1} minutes: {} turns with {} messages",
        started.elapsed().as_secs_f64() / 60.0,
        shared.turns.load(Ordering::Relaxed),
        shared.messages.load(Ordering::Relaxed)
    );
    // Also one that has failed since the last reading, or while that was waited for.
    match shared.failed.load(Ordering::Relaxed) {
        true => verdict(Err(Ended::LoadPanicked)),
        false => verdict(readings),
    }
}

/// Does the turns of one load, and rests while there is a reading.
fn repeat(mut load: Turn, context: &Context, leak: Leak, shared: &Shared) {
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

/// Takes the readings, and prints each. An error is what has ended the run early.
fn read(duration: Duration, started: Instant, shared: &Shared) -> Result<Vec<Reading>, Ended> {
    let mut readings: Vec<Reading> = Vec::new();
    for number in 0..READINGS {
        let due = started + duration * (number + 1) / READINGS;
        while Instant::now() < due {
            if shared.failed.load(Ordering::Relaxed) {
                return Err(Ended::LoadPanicked);
            }
            thread::park_timeout(due.saturating_duration_since(Instant::now()));
        }
        let _all_rest = shared.turn.write().unwrap();
        let first = readings.first();
        let reading = Reading::take(first);
        println!(
            "{:6.1} s: {} turns, {} messages; {reading}",
            started.elapsed().as_secs_f64(),
            shared.turns.load(Ordering::Relaxed),
            shared.messages.load(Ordering::Relaxed),
        );
        if first.is_some_and(|first| !reading.is_back_to(first)) {
            return Err(Ended::NotBack);
        }
        readings.push(reading);
    }
    Ok(readings)
}

enum Ended {
    LoadPanicked,
    /// Descriptors or threads are not what they were at the first reading.
    NotBack,
}

/// Says what was found, in the form of the tests.
fn verdict(readings: Result<Vec<Reading>, Ended>) -> ExitCode {
    let say = |name: &str, figures: &str, is_so: bool| {
        let word = if is_so { "ok" } else { "FAILED" };
        println!("test {name} ... {figures}{word}");
        is_so
    };
    let panicked = matches!(readings, Err(Ended::LoadPanicked));
    let mut is_well = say("no_message_is_lost_and_none_comes_twice", "", !panicked);
    match readings {
        Err(Ended::LoadPanicked) => {}
        Err(Ended::NotBack) => is_well &= say("descriptors_and_threads_are_flat", "", false),
        Ok(readings) => {
            is_well &= say("descriptors_and_threads_are_flat", "", true);
            let warm = &readings[WARM_UP..];
            let memory = [
                (
                    "allocated_memory_is_flat",
                    growth(warm, |at| at.heap),
                    HEAP_GROWTH,
                ),
                (
                    "resident_memory_is_flat",
                    growth(warm, |at| at.resident),
                    RESIDENT_GROWTH,
                ),
            ];
            for (name, growth, limit) in memory {
                let figures = format!("{growth:+} bytes of at most {limit}: ");
                is_well &= say(name, &figures, growth <= limit);
            }
        }
    }
    if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
