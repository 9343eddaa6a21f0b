//! Workers that are forked, in Rust and in Python, beside sockets of their parent.

use std::collections::BTreeSet;
use std::thread;

use ferromq::{Context, Events, MonitorEvents, PULL, PUSH, Poller, SUB, XPUB};

use crate::agent::{Agent, DEADLINE};
use crate::child::{forked, in_child};
use crate::peer::{Peer, Receiver, Sender, frames};

const WORKERS: usize = 3;

/// Hands out tasks, takes each result once, and ends the workers, which PUSH could not: it deals in
/// turn to those that are there, and after the first has left that is another order.
fn hand_out(push: &impl Sender, pull: &impl Receiver, end: &(impl Sender + Receiver)) {
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
        assert_eq!(end.recv_frames(), [b"\x01"]);
    }
    end.send_frames(&frames(["the end"]));
}

#[test]
fn python_forks_workers_for_rust() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let _parents = python.socket("PUSH").bind("tcp://127.0.0.1:*");
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    let end = context.socket(XPUB).unwrap();
    end.set_xpub_verbose(true).unwrap();
    let monitor = push.monitor(MonitorEvents::HANDSHAKE).unwrap();
    let (source, sink) = (push.bind_to_any_port(), pull.bind_to_any_port());
    python.fork_workers(WORKERS, [&source, &sink, &end.bind_to_any_port()]);
    for _ in 0..WORKERS {
        monitor.wait_handshake(DEADLINE).unwrap();
    }
    hand_out(&push, &pull, &end);
    python.join_workers(WORKERS);
}

#[test]
fn rust_forks_workers_for_python() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (python.socket("PUSH"), python.socket("PULL"));
    let end = python.socket("XPUB");
    end.set("XPUB_VERBOSE", 1);
    push.monitor();
    let (source, sink) = (push.bind_to_any_port(), pull.bind_to_any_port());
    let over = end.bind_to_any_port();
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            let inherited = context.socket(PULL).unwrap();
            let work = || work(&source, &sink, &over);
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
        hand_out(&push, &pull, &end);
    });
}

fn work(source: &str, sink: &str, end: &str) {
    let context = Context::new().unwrap();
    let (tasks, results) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    let over = context.socket(SUB).unwrap();
    tasks.connect(source).unwrap();
    results.connect(sink).unwrap();
    over.subscribe("").unwrap();
    over.connect(end).unwrap();
    let mut poller = Poller::new();
    poller.add(&tasks, Events::RECV, ()).unwrap();
    poller.add(&over, Events::RECV, ()).unwrap();
    while over.try_recv().unwrap().is_none() {
        while let Some(task) = tasks.try_recv().unwrap() {
            let number: u32 = task.to_str().unwrap().parse().unwrap();
            results.send((number * number).to_string()).unwrap();
        }
        let ready = poller.wait(DEADLINE).unwrap();
        assert_ne!(ready.count(), 0, "neither a task nor the end");
    }
}
