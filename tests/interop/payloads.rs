//! What messages may hold, in each pattern: it arrives as it was sent.

use ferromq::{Context, PUB, PULL, PUSH, REP, REQ, SUB};

use crate::agent::{Agent, pattern};
use crate::peer::{Frames, Receiver, Sender, Subscriber, frames, join};
use crate::pubsub::synchronize;

fn payloads() -> [Frames; 6] {
    [
        frames(["消息群发"]),
        frames([""]),
        frames(["", "", ""]),
        vec![(0..=255).collect()],
        vec![b"\x00\xff".to_vec(), vec![], b"\xff\x00".to_vec(), vec![]],
        vec![pattern(100 << 20)],
    ]
}

fn carry(sender: &impl Sender, receiver: &impl Receiver, payload: &Frames) {
    sender.send_frames(payload);
    let received = receiver.recv_frames();
    let lengths = |frames: &Frames| frames.iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(lengths(&received), lengths(payload));
    assert!(received == *payload, "the bytes differ");
}

fn carry_down(sender: &impl Sender, receiver: &impl Receiver) {
    for payload in payloads() {
        carry(sender, receiver, &payload);
    }
}

fn carry_there_and_back(req: &(impl Sender + Receiver), rep: &(impl Sender + Receiver)) {
    for payload in payloads() {
        carry(req, rep, &payload);
        carry(rep, req, &payload);
    }
}

fn publish(publisher: &impl Sender, subscriber: &impl Receiver) {
    synchronize(publisher, [subscriber], [""]);
    carry_down(publisher, subscriber);
}

#[test]
fn rust_asks_and_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (req, rep) = (context.socket(REQ).unwrap(), python.socket("REP"));
    join(&req, &rep);
    carry_there_and_back(&req, &rep);
}

#[test]
fn rust_asks_python_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (req, rep) = (context.socket(REQ).unwrap(), python.socket("REP"));
    join(&rep, &req);
    carry_there_and_back(&req, &rep);
}

#[test]
fn rust_answers_and_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (req, rep) = (python.socket("REQ"), context.socket(REP).unwrap());
    join(&rep, &req);
    carry_there_and_back(&req, &rep);
}

#[test]
fn rust_answers_python_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (req, rep) = (python.socket("REQ"), context.socket(REP).unwrap());
    join(&req, &rep);
    carry_there_and_back(&req, &rep);
}

#[test]
fn rust_pushes_and_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (context.socket(PUSH).unwrap(), python.socket("PULL"));
    join(&push, &pull);
    carry_down(&push, &pull);
}

#[test]
fn rust_pushes_python_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (context.socket(PUSH).unwrap(), python.socket("PULL"));
    join(&pull, &push);
    carry_down(&push, &pull);
}

#[test]
fn rust_pulls_and_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (python.socket("PUSH"), context.socket(PULL).unwrap());
    join(&pull, &push);
    carry_down(&push, &pull);
}

#[test]
fn rust_pulls_python_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (python.socket("PUSH"), context.socket(PULL).unwrap());
    join(&push, &pull);
    carry_down(&push, &pull);
}

#[test]
fn rust_publishes_and_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (publisher, subscriber) = (context.socket(PUB).unwrap(), python.socket("SUB"));
    subscriber.subscribe_to("");
    join(&publisher, &subscriber);
    publish(&publisher, &subscriber);
}

#[test]
fn rust_publishes_python_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (publisher, subscriber) = (context.socket(PUB).unwrap(), python.socket("SUB"));
    subscriber.subscribe_to("");
    join(&subscriber, &publisher);
    publish(&publisher, &subscriber);
}

#[test]
fn rust_subscribes_and_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (publisher, subscriber) = (python.socket("PUB"), context.socket(SUB).unwrap());
    subscriber.subscribe_to("");
    join(&subscriber, &publisher);
    publish(&publisher, &subscriber);
}

#[test]
fn rust_subscribes_python_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (publisher, subscriber) = (python.socket("PUB"), context.socket(SUB).unwrap());
    subscriber.subscribe_to("");
    join(&publisher, &subscriber);
    publish(&publisher, &subscriber);
}
