//! Who is measured, and how each of them does the work.

mod blocking;
mod ferromq_tokio;
mod omq;
mod rzmq_crate;
mod tmq_crate;
mod zeromq_crate;

use std::thread;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::Case;

pub struct Contender {
    pub name: &'static str,
    /// Whether it can talk over inproc.
    pub inproc: bool,
    /// Messages in a second.
    pub one_way: fn(Case) -> f64,
    /// Microseconds for one.
    pub round_trip: fn(Case) -> f64,
}

macro_rules! contenders {
    ($($name:literal $inproc:literal $module:ident $threads:ident;)*) => {
        /// The first is what the others are compared with.
        pub const CONTENDERS: &[Contender] = &[
            Contender {
                name: "ferromq, blocking",
                inproc: true,
                one_way: blocking::one_way,
                round_trip: blocking::round_trip,
            },
            $(Contender {
                name: $name,
                inproc: $inproc,
                one_way: |case| {
                    let (shared, (ready, is_ready)) = ($module::shared(), oneshot::channel());
                    let other = shared.clone();
                    let push = $module::push(shared, case.clone(), is_ready);
                    $threads($module::pull(other, case, ready), push)
                },
                round_trip: |case| {
                    let (shared, (ready, is_ready)) = ($module::shared(), oneshot::channel());
                    let other = shared.clone();
                    let rep = $module::rep(shared, case.clone(), ready);
                    $threads($module::req(other, case, is_ready), rep)
                },
            },)*
        ];
    };
}

contenders! {
    // name             inproc module        threads
    "ferromq, tokio ct" true   ferromq_tokio two_threads;
    "ferromq, tokio mt" true   ferromq_tokio two_workers;
    "tmq, ct"           true   tmq_crate     two_threads;
    "tmq, mt"           true   tmq_crate     two_workers;
    "zeromq, mt"        false  zeromq_crate  two_workers;
    "rzmq, mt"          true   rzmq_crate    two_workers;
    "omq-tokio, mt"     true   omq           two_workers;
}

fn runtime(mut builder: Builder) -> Runtime {
    builder.enable_all().build().expect("a runtime can be made")
}

/// Each side in a current-thread runtime; the second one is given up when the first is done.
fn two_threads(
    measures: impl Future<Output = f64>,
    helps: impl Future<Output = ()> + Send + 'static,
) -> f64 {
    let (over, is_over) = oneshot::channel::<()>();
    let helper = thread::spawn(move || {
        runtime(Builder::new_current_thread()).block_on(async {
            tokio::select! {
                () = helps => {}
                _ = is_over => {}
            }
        });
    });
    let result = runtime(Builder::new_current_thread()).block_on(measures);
    drop(over);
    helper.join().expect("the other side does not fail");
    result
}

/// Both sides in one multi-thread runtime.
fn two_workers(
    measures: impl Future<Output = f64> + Send + 'static,
    helps: impl Future<Output = ()> + Send + 'static,
) -> f64 {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2);
    let runtime = runtime(builder);
    let helper = runtime.spawn(helps);
    let result = runtime
        .block_on(runtime.spawn(measures))
        .expect("the measuring side does not fail");
    helper.abort();
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    result
}

/// Sends until the time is up, and then one byte as the end.
macro_rules! send_all {
    ($case:ident, |$payload:ident| $send:expr) => {{
        let until = std::time::Instant::now() + $case.time;
        let bytes = vec![7_u8; $case.size];
        let $payload = &bytes[..];
        while std::time::Instant::now() < until {
            for _ in 0..16 {
                $send;
            }
        }
        let $payload = &bytes[..1];
        $send;
    }};
}
use send_all;

/// Receives until the end, and gives the messages in a second. `$recv` is a length.
macro_rules! receive_all {
    ($recv:expr) => {{
        let _ = $recv;
        let (started, mut messages) = (std::time::Instant::now(), 0_u64);
        while $recv != 1 {
            messages += 1;
        }
        messages as f64 / started.elapsed().as_secs_f64()
    }};
}
use receive_all;

/// Asks until the time is up, and gives the microseconds for each time.
macro_rules! ask_all {
    ($case:ident, |$payload:ident| $ask:expr) => {{
        let bytes = vec![7_u8; $case.size];
        let $payload = &bytes[..];
        for _ in 0..100 {
            $ask;
        }
        let (started, mut asked) = (std::time::Instant::now(), 0_u64);
        while started.elapsed() < $case.time {
            $ask;
            asked += 1;
        }
        started.elapsed().as_secs_f64() * 1e6 / asked as f64
    }};
}
use ask_all;
