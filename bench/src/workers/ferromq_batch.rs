//! One way, with calls that send or receive many messages each.

use std::time::Instant;

use ferromq::{Context, Message, PULL, PUSH};
use ferromq_bench_worker::{Cell, Meter, Payload, Report, Signs, blocking};

/// How many messages a call receives at most; it sends as many as go by between two looks at the clock.
const MANY: usize = 64;

pub fn run(cell: Cell) -> Report {
    let context = Context::new().unwrap();
    let other = match cell.endpoint.starts_with("inproc:") {
        true => context.clone(),
        false => Context::new().unwrap(),
    };
    let (signs, others) = Signs::pair();
    let same = cell.clone();
    blocking::both(
        move || pull(&context, &cell, &signs),
        move || push(&other, &same, others),
    )
}

fn pull(context: &Context, cell: &Cell, signs: &Signs) -> Report {
    let pull = context.socket(PULL).unwrap();
    pull.bind(&*cell.endpoint).unwrap();
    signs.tell();
    let mut meter = Meter::new(cell.size);
    let mut messages = Vec::with_capacity(MANY);
    while messages
        .drain(..)
        .all(|message: Message| meter.take(message))
    {
        pull.recv_many(&mut messages, MANY).unwrap();
    }
    let report = meter.report();
    signs.tell();
    report
}

fn push(context: &Context, cell: &Cell, mut signs: Signs) {
    signs.wait_blocking();
    let push = context.socket(PUSH).unwrap();
    push.connect(&*cell.endpoint).unwrap();
    let mut payload = Payload::new(cell.size);
    let mut messages = vec![payload.numbered(0).to_vec(); cell.stride() as usize];
    for time in [cell.warm_up(), cell.time] {
        let until = Instant::now() + time;
        while Instant::now() < until {
            for message in &mut messages {
                payload.next_into(message);
            }
            push.send_all(&messages).unwrap();
        }
        payload.measure();
    }
    push.send(&payload.end()).unwrap();
    signs.wait_blocking();
}
