//! Workers that are forked, in Rust and in Python, beside sockets of their parent.

use std::collections::BTreeSet;
use std::thread;

use ferromq::{Context, MonitorEvents, PULL, PUSH};

use crate::agent::{Agent, DEADLINE};
use crate::child::{forked, in_child};
use crate::peer::{Peer, Receiver, Sender, frames};

const WORKERS: usize = 3;

/// Hands out tasks, takes each result once, and ends the workers.
fn hand_out(push: &impl Sender, pull: &impl Receiver) {
    const TASKS: u32 = 30;
    for number in 1..=TASKS {
        push.send_frames(&frames([&number.to_string()]));
    }
    let mut missing: BTreeSet<_> = (1..=TASKS)
        .map(|n| frames([&(n * n).to_string()]))
        .collect();
    while !missing.is_empty() {
        let result = pull.recv_frames();
        assert!(missing.remove(&result), "{result:?}");
    }
    for _ in 0..WORKERS {
        push.send_frames(&frames([""]));
    }
}

#[test]
fn python_forks_workers_for_rust() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let _parents = python.socket("PUSH").bind("tcp://127.0.0.1:*");
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    let monitor = push.monitor(MonitorEvents::HANDSHAKE).unwrap();
    let (source, sink) = (push.bind_to_any_port(), pull.bind_to_any_port());
    python.fork_workers(WORKERS, &source, &sink);
    for _ in 0..WORKERS {
        monitor.wait_handshake(DEADLINE).unwrap();
    }
    hand_out(&push, &pull);
    python.join_workers(WORKERS);
}

#[test]
fn rust_forks_workers_for_python() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (python.socket("PUSH"), python.socket("PULL"));
    push.monitor();
    let (source, sink) = (push.bind_to_any_port(), pull.bind_to_any_port());
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            let inherited = context.socket(PULL).unwrap();
            let work = || work(&source, &sink);
            scope.spawn(move || {
                in_child(|| {
                    forked(inherited.recv(), "receive");
                    work();
                });
            });
        }
        for _ in 0..WORKERS {
            push.wait_for_event("HANDSHAKE_SUCCEEDED");
        }
        hand_out(&push, &pull);
    });
}

fn work(source: &str, sink: &str) {
    let context = Context::new().unwrap();
    let (tasks, results) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    tasks.connect(source).unwrap();
    results.connect(sink).unwrap();
    loop {
        let task = tasks.recv_timeout(DEADLINE).unwrap().expect("a task");
        if task.is_empty() {
            return;
        }
        let number: u32 = task.to_str().unwrap().parse().unwrap();
        results.send((number * number).to_string()).unwrap();
    }
}
