//! Sockets that are dropped give back what they took, however many there were.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use ferromq::{Context, PULL, PUSH, Pull, Socket};

use crate::THOROUGH;
use crate::child::{DEADLINE, in_child_within};
use crate::descriptors::open_files;
use crate::peers::context;

const SOCKETS: usize = if THOROUGH { 100_000 } else { 10_000 };

/// For that many sockets on a busy machine.
const PATIENCE: Duration = Duration::from_secs(150);

/// What a context may have of dropped sockets that have not ended yet, and of their connections,
/// is far less; that many bytes for each socket would be far more.
const GROWTH: usize = 32 << 20;

/// The memory that this process has in use, in bytes.
fn memory() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = resident.unwrap().trim().trim_end_matches(" kB");
    kilobytes.parse::<usize>().unwrap() << 10
}

/// Makes sockets by `make`, which gets a bound PULL, and says how many it has made.
fn make_and_drop(endpoint: &'static str, make: impl Fn(&Context, &Socket<Pull>) -> usize) {
    in_child_within(PATIENCE, || {
        let before = open_files().len();
        {
            let context = context();
            let pull = context.socket(PULL).unwrap();
            pull.bind(endpoint).unwrap();
            let at_start = open_files().len();
            let (mut made, mut grown) = (0, None);
            while made < SOCKETS {
                made += make(&context, &pull);
                // What connections come and go is told to a socket when a call is made on it.
                assert!(pull.try_recv().unwrap().is_none());
                if grown.is_none() && made >= SOCKETS / 5 {
                    grown = Some(memory());
                }
            }
            let growth = memory().saturating_sub(grown.unwrap());
            assert!(growth < GROWTH, "{growth} bytes");
            let started = Instant::now();
            while open_files().len() > at_start {
                assert!(started.elapsed() < DEADLINE, "{:?}", open_files());
                assert!(pull.try_recv().unwrap().is_none());
                thread::yield_now();
            }
        }
        assert_eq!(open_files().len(), before);
    });
}

fn connects_and_drops(context: &Context, pull: &Socket<Pull>) -> usize {
    let push = context.socket(PUSH).expect("dropped ones do not count");
    push.connect(pull.last_endpoint().unwrap()).unwrap();
    1
}

#[test]
fn sockets_of_one_context_over_tcp() {
    make_and_drop("tcp://127.0.0.1:*", connects_and_drops);
}

#[test]
fn sockets_of_one_context_over_ipc() {
    make_and_drop("ipc://*", connects_and_drops);
}

#[test]
fn sockets_of_one_context_without_a_peer() {
    make_and_drop("inproc://idle", |context, _| {
        let push = context.socket(PUSH).expect("dropped ones do not count");
        push.connect("tcp://127.0.0.1:9").unwrap();
        1
    });
}

#[test]
fn sockets_of_many_contexts() {
    make_and_drop("tcp://127.0.0.1:*", |_, pull| {
        let context = context();
        let endpoint = pull.last_endpoint().unwrap();
        let sockets = 100;
        for _ in 0..sockets {
            let push = context.socket(PUSH).unwrap();
            push.connect(&endpoint).unwrap();
        }
        sockets
    });
}
