//! Owners of bytes: how often, where and how they are dropped.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::{fs, thread};

use ferromq::{Context, Message, PULL, PUSH, Pull, Push, Socket};
use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::pipe;
use crate::support::{
    DEADLINE, Directory, context, join, join_inproc, recv, send, wait_until, within_deadline,
};
use crate::watch::Thread;

/// Reports its drop, and by which thread.
struct Reporting {
    bytes: Vec<u8>,
    dropped: mpsc::Sender<Thread>,
}

impl AsRef<[u8]> for Reporting {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Reporting {
    fn drop(&mut self) {
        // Nobody listens any more once the test has failed.
        let _ = self.dropped.send(Thread::current());
    }
}

/// Sends owners of all lengths around those at which libzmq, or this crate, changes its ways; gives
/// the threads that dropped them.
fn droppers(push: &Socket<Push>, pull: Socket<Pull>) -> Vec<Thread> {
    let lengths = [
        1, 29, 30, 33, 34, 255, 256, 1_023, 1_024, 8_191, 8_192, 8_193, 65_536,
    ];
    const ROUNDS: usize = 50;
    let count = ROUNDS * lengths.len();
    let receiver = thread::spawn(move || {
        for _ in 0..count {
            recv(&pull);
        }
        Thread::current()
    });
    let (sender, dropped) = mpsc::channel();
    for _ in 0..ROUNDS {
        for len in lengths {
            let owner = Reporting {
                bytes: vec![7; len],
                dropped: sender.clone(),
            };
            send(push, Message::from_owner(owner));
        }
    }
    drop(sender);
    let mut threads = Vec::new();
    let end = loop {
        match dropped.recv_timeout(DEADLINE) {
            Ok(thread) => threads.push(thread),
            Err(end) => break end,
        }
    };
    assert_eq!(end, mpsc::RecvTimeoutError::Disconnected, "owners are left");
    assert_eq!(threads.len(), count);
    let receiver = within_deadline(|| receiver.join()).unwrap();
    threads.push(receiver);
    threads
}

#[test]
fn over_the_wire_they_are_dropped_by_libzmqs_thread() {
    let context = context();
    let (push, pull) = pipe(&context);
    join(&push, &pull);
    let mut threads = droppers(&push, pull);
    let receiver = threads.pop().unwrap();
    for thread in threads {
        assert!(thread != Thread::current() && thread != receiver);
    }
}

#[test]
fn within_the_process_they_are_dropped_by_the_receiver() {
    let context = context();
    let (push, pull) = pipe(&context);
    join_inproc(&push, &pull);
    let mut threads = droppers(&push, pull);
    let receiver = threads.pop().unwrap();
    assert!(threads.iter().all(|&thread| thread == receiver));
}

#[cfg(feature = "bytes")]
#[test]
fn short_ones_are_copied_and_dropped_at_once() {
    for len in [0, 1, Message::COPY_BELOW - 1, Message::COPY_BELOW] {
        let (dropped, drops) = mpsc::channel();
        let bytes = bytes::Bytes::from_owner(Reporting {
            bytes: vec![7; len],
            dropped,
        });
        let message = Message::from(bytes);
        assert_eq!(drops.try_recv().is_ok(), len < Message::COPY_BELOW);
        assert_eq!(message, vec![7; len]);
        drop(message);
    }
}

/// Holds the last handle of a context whose message it is.
struct Holding(Option<Context>, mpsc::Sender<()>);

impl AsRef<[u8]> for Holding {
    fn as_ref(&self) -> &[u8] {
        b"bytes"
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        drop(self.0.take());
        let _ = self.1.send(());
    }
}

/// libzmq's own thread drops it, which would wait for itself.
#[test]
fn a_context_ends_with_the_message_that_holds_it() {
    let other = context();
    let pull = other.socket(PULL).unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = pull.last_endpoint().unwrap();
    for _ in 0..10 {
        let context = Context::new().unwrap();
        let push = context.socket(PUSH).unwrap();
        push.connect(&endpoint).unwrap();
        let (dropped, drops) = mpsc::channel();
        send(&push, Message::from_owner(Holding(Some(context), dropped)));
        drop(push);
        drops.recv_timeout(DEADLINE).expect("the drop hangs");
        assert_eq!(recv(&pull), "bytes");
    }
    // As long as a context lives, so do its threads.
    let count = || fs::read_dir("/proc/self/task").unwrap().count();
    drop((pull, other));
    wait_until("the contexts have ended", || count() < 10);
}

/// Panics with a payload when it is dropped, silently.
struct Panicking<P: Clone + Send + 'static>(P);

impl<P: Clone + Send + 'static> AsRef<[u8]> for Panicking<P> {
    fn as_ref(&self) -> &[u8] {
        b"bytes"
    }
}

impl<P: Clone + Send + 'static> Drop for Panicking<P> {
    fn drop(&mut self) {
        resume_unwind(Box::new(self.0.clone()));
    }
}

/// Counts what is logged as an error.
struct Errors(AtomicUsize);

static ERRORS: Errors = Errors(AtomicUsize::new(0));

/// Runs `work`, in the course of which so many errors are logged.
#[track_caller]
fn expect_errors(count: usize, work: impl FnOnce()) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap();
    // The first of these tests installs the logger.
    if log::set_logger(&ERRORS).is_ok() {
        log::set_max_level(LevelFilter::Error);
    }
    let before = ERRORS.0.load(Ordering::Relaxed);
    work();
    wait_until("the panics are logged", || {
        ERRORS.0.load(Ordering::Relaxed) == before + count
    });
}

impl Log for Errors {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.level() == Level::Error
    }

    fn log(&self, record: &Record) {
        if record.args().to_string().contains("owner") {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn flush(&self) {}
}

#[test]
fn a_panic_in_their_drop_is_logged_and_harms_nobody() {
    let directory = Directory::new();
    expect_errors(4, || {
        let message = || Message::from_owner(Panicking("the payload"));
        // In this thread.
        drop(message());
        let context = context();
        // In the I/O thread, which goes on.
        let (push, pull) = pipe(&context);
        join(&push, &pull);
        send(&push, message());
        send(&push, "after");
        assert_eq!([recv(&pull), recv(&pull)], ["bytes", "after"]);
        // In the thread that closes sockets, which goes on.
        for _ in 0..2 {
            let queued = context.socket(PUSH).unwrap();
            queued.connect(directory.endpoint("nobody")).unwrap();
            send(&queued, message());
        }
        within_deadline(|| drop((push, pull, context)));
    });
}

/// A panic may carry what panics in its turn.
#[test]
fn a_panic_that_panics_harms_nobody_either() {
    #[derive(Clone)]
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            if !thread::panicking() {
                resume_unwind(Box::new(()));
            }
        }
    }
    expect_errors(1, || {
        drop(Message::from_owner(Panicking(Bomb)));
    });
}

#[test]
fn a_panic_while_they_show_their_bytes_is_the_callers() {
    struct Shy(Reporting, AtomicUsize);
    impl AsRef<[u8]> for Shy {
        fn as_ref(&self) -> &[u8] {
            match self.1.fetch_sub(1, Ordering::Relaxed) {
                0 => resume_unwind(Box::new(())),
                _ => self.0.as_ref(),
            }
        }
    }
    for looks in 0..4 {
        let (dropped, drops) = mpsc::channel();
        let owner = Reporting {
            bytes: vec![7; 10],
            dropped,
        };
        let shy = Shy(owner, AtomicUsize::new(looks));
        let made = catch_unwind(AssertUnwindSafe(|| Message::from_owner(shy)));
        drop(made);
        assert_eq!(drops.try_iter().count(), 1);
    }
}
