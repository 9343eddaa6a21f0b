//! Ends of contexts in processes that are not as they should be.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use ferromq::zap::{Authenticator, Rules};
use ferromq::{Context, PAIR, PUSH, Proxy};

use crate::child::{DEADLINE, in_child};
use crate::exits::handles;
use crate::peers::SetOnDrop;

/// The fork may catch a lock of the standard library in the hands of a thread that starts or ends,
/// without which the child starts no thread of that library.
#[test]
fn in_a_child_forked_while_threads_start_and_end() {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    thread::spawn(|| {}).join().unwrap();
                }
            });
        }
        let _done = SetOnDrop(&done);
        for _ in 0..200 {
            in_child(|| {
                let linger = Duration::from_millis(1);
                let context = Context::builder().linger(linger).build().unwrap();
                let open = handles(context.clone());
                let error = context.terminate(Duration::ZERO).unwrap_err();
                assert!(!error.pending().is_empty());
                drop(open);
                context.terminate(DEADLINE).unwrap();
                drop(handles(Context::builder().linger(linger).build().unwrap()));
                has_threads(&Context::new().unwrap());
            });
        }
    });
}

fn has_threads(context: &Context) {
    let (a, b) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
    let proxy = Proxy::new(a, b).spawn().unwrap();
    proxy.controller().terminate().unwrap();
    assert!(proxy.join().unwrap().is_some());
    Authenticator::start(context, Rules::new())
        .unwrap()
        .stop()
        .unwrap();
}

/// A program's logger is its own affair.
#[test]
fn a_context_ends_though_the_logger_panics() {
    struct Panicking;
    impl log::Log for Panicking {
        fn enabled(&self, _: &log::Metadata) -> bool {
            true
        }
        fn log(&self, _: &log::Record) {
            resume_unwind(Box::new(()));
        }
        fn flush(&self) {}
    }
    in_child(|| {
        log::set_logger(&Panicking).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        let linger = Duration::from_millis(1_300);
        let context = Context::builder().linger(linger).build().unwrap();
        let waits = context.socket(PUSH).unwrap();
        waits.connect("ipc:///nowhere/at/all").unwrap();
        waits.send_timeout("waits for nobody", DEADLINE).unwrap();
        drop((waits, context));
    });
}
