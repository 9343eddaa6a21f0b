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
        "{:.1} minutes: {} turns with {} messages",
        started.elapsed().as_secs_f64() / 60.0,
        shared.turns.load(Ordering::Relaxed),
        shared.messages.load(Ordering::Relaxed)
    );
    verdict(readings)
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

/// Takes the readings, and prints each. What has ended the run early is an error.
fn read(duration: Duration, started: Instant, shared: &Shared) -> Result<Vec<Reading>, String> {
    let mut readings: Vec<Reading> = Vec::new();
    for number in 0..READINGS {
        let due = started + duration * (number + 1) / READINGS;
        while Instant::now() < due {
            if shared.failed.load(Ordering::Relaxed) {
                return Err("a load has ended with the panic above".into());
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
            return Err("descriptors or threads grow".into());
        }
        readings.push(reading);
    }
    Ok(readings)
}

fn verdict(readings: Result<Vec<Reading>, String>) -> ExitCode {
    let readings = match readings {
        Ok(readings) => readings,
        Err(text) => {
            println!("failed: {text}");
            return ExitCode::FAILURE;
        }
    };
    println!("no message was lost, none came twice; descriptors and threads are flat");
    let warm = &readings[WARM_UP..];
    let memory = [
        ("allocated", growth(warm, |at| at.heap), HEAP_GROWTH),
        ("resident", growth(warm, |at| at.resident), RESIDENT_GROWTH),
    ];
    for (what, growth, limit) in memory {
        let word = if growth <= limit { "flat" } else { "grows" };
        println!(
            "{what}: {word}, {growth:+} bytes from the first third to the last, at most {limit}"
        );
    }
    match memory.iter().all(|(_, growth, limit)| growth <= limit) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
