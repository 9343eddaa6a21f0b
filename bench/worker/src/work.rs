//! The work of every cell, once for all libraries.
//!
//! Included in a module with a library's `Context` and `Socket`, with `sides`, how its two sides run,
//! and with `either`, which leaves the functions async or takes all that is async out of them.

use std::time::{Duration, Instant};

use ferromq_bench_worker::{
    Cell, END, Kind, Meter, Pattern, Payload, Report, Samples, Signs, Topics, answers, check, is,
    resident, topic,
};

use super::{Context, Socket, either, sides};

/// How many messages a publisher may be ahead of its subscribers, in steps of `STEP`. None is dropped,
/// as its sockets have no high-water mark: with one, libzmq may not learn in time what has been read.
const AHEAD: u64 = 200;
const STEP: u64 = 50;
/// How many requests are on their way to a ROUTER and back, or one for each DEALER.
const REQUESTS: u64 = 400;
/// What a publisher sends until all subscribers have it.
const PROBE: &[u8] = b"P";
/// Topics that tell that a subscription, and so all before it, are in effect.
const CONNECTED: &[u8] = b"connected";
const SUBSCRIBED: &[u8] = b"all";
/// The last message of such a publisher: it begins with a topic, and is as long as an end.
const OVER: &[u8; END] = b"all over";

pub fn run(cell: Cell) -> Report {
    let context = Context::new();
    let other = match cell.endpoint.starts_with("inproc:") {
        true => context.clone(),
        // As in two programs: input and output in threads of their own.
        false => Context::new(),
    };
    let (signs, others) = Signs::pair();
    let same = cell.clone();
    match cell.kind {
        Kind::Throughput => sides::both(
            move || pull(context, cell, signs),
            move || push(other, same, others),
        ),
        Kind::RoundTrip => sides::both(
            move || ask(context, cell, signs),
            move || echo(other, Pattern::Rep, same, others),
        ),
        Kind::FanOut => sides::both(
            move || subscribers(context, cell, signs),
            move || publish(other, same, others),
        ),
        Kind::Router => sides::both(
            move || dealers(context, cell, signs),
            move || echo(other, Pattern::Router, same, others),
        ),
        Kind::Subscriptions => sides::both(
            move || subscribe(context, cell, signs),
            move || publish_topics(other, same, others),
        ),
        Kind::Sockets => sides::alone(move || sockets(context, cell)),
        Kind::SocketMemory => sides::alone(move || idle_sockets(context, cell)),
        Kind::ConnectionMemory => sides::alone(move || connections(context, cell)),
    }
}

#[either]
async fn pull(context: Context, cell: Cell, signs: Signs) -> Report {
    let mut pull = Socket::new(&context, Pattern::Pull).await;
    pull.bind(&cell.endpoint).await;
    signs.tell();
    let mut meter = Meter::new(cell.size);
    while meter.take(pull.recv().await) {}
    let report = meter.report();
    signs.tell();
    report
}

#[either]
async fn push(context: Context, cell: Cell, mut signs: Signs) {
    sides::wait(&mut signs).await;
    let mut push = Socket::new(&context, Pattern::Push).await;
    push.connect(&cell.endpoint).await;
    let mut payload = Payload::new(cell.size);
    for time in [cell.warm_up(), cell.time] {
        let until = Instant::now() + time;
        while Instant::now() < until {
            for _ in 0..cell.stride() {
                push.send(payload.next_message()).await;
            }
        }
        payload.measure();
    }
    push.send(&payload.end()).await;
    sides::wait(&mut signs).await;
}

#[either]
async fn ask(context: Context, cell: Cell, mut signs: Signs) -> Report {
    sides::wait(&mut signs).await;
    let mut req = Socket::new(&context, Pattern::Req).await;
    req.connect(&cell.endpoint).await;
    let mut payload = Payload::new(cell.size);
    let mut samples = Samples::new(cell.warm_up(), cell.time);
    loop {
        let question = payload.next_message();
        let start = Instant::now();
        req.send(question).await;
        let answer = req.recv().await;
        let end = Instant::now();
        answers(question, answer);
        if !samples.take(start, end) {
            break;
        }
    }
    req.send(&payload.end()).await;
    req.recv().await;
    signs.tell();
    samples.report()
}

/// Sends back what comes, up to the end.
#[either]
async fn echo(context: Context, pattern: Pattern, cell: Cell, mut signs: Signs) {
    let mut socket = Socket::new(&context, pattern).await;
    if pattern == Pattern::Router {
        // It drops what is above the mark.
        socket.unlimited().await;
    }
    socket.bind(&cell.endpoint).await;
    signs.tell();
    while socket.echo().await != END {}
    sides::wait(&mut signs).await;
}

#[either]
async fn dealers(context: Context, cell: Cell, mut signs: Signs) -> Report {
    sides::wait(&mut signs).await;
    let mut dealers = Vec::new();
    for _ in 0..cell.count {
        let mut dealer = Socket::new(&context, Pattern::Dealer).await;
        dealer.connect(&cell.endpoint).await;
        dealers.push(dealer);
    }
    let mut payload = Payload::new(cell.size);
    for dealer in &mut dealers {
        dealer.send(payload.numbered(0)).await;
    }
    for dealer in &mut dealers {
        answers(payload.numbered(0), dealer.recv().await);
    }
    let each = (REQUESTS / cell.count as u64).max(1);
    let (start, mut done) = (Instant::now(), 0);
    while start.elapsed() < cell.time {
        let mut number = done;
        for dealer in &mut dealers {
            for _ in 0..each {
                dealer.send(payload.numbered(number)).await;
                number += 1;
            }
        }
        for dealer in &mut dealers {
            for _ in 0..each {
                answers(payload.numbered(done), dealer.recv().await);
                done += 1;
            }
        }
    }
    let rate = done as f64 / start.elapsed().as_secs_f64();
    dealers[0].send(&payload.end()).await;
    dealers[0].recv().await;
    signs.tell();
    Report::new()
        .with("rate", rate)
        .with("messages", done as f64)
}

#[either]
async fn subscribers(context: Context, cell: Cell, mut signs: Signs) -> Report {
    sides::wait(&mut signs).await;
    let mut all = Vec::new();
    for _ in 0..cell.count {
        let mut subscriber = Socket::new(&context, Pattern::Sub).await;
        subscriber.unlimited().await;
        subscriber.subscribe(b"").await;
        subscriber.connect(&cell.endpoint).await;
        all.push((subscriber, Meter::new(cell.size)));
    }
    for (subscriber, _) in &mut all {
        check(subscriber.recv().await, PROBE);
    }
    signs.tell();
    let (mut more, mut received) = (true, 0);
    while more {
        for (subscriber, meter) in &mut all {
            more = loop {
                let message = subscriber.recv().await;
                if message.len() != PROBE.len() {
                    break meter.take(message);
                }
            };
        }
        received += 1;
        if received % STEP == 0 {
            signs.tell();
        }
    }
    let (_, meter) = all.pop().expect("there are subscribers");
    let report = meter.report();
    signs.tell();
    report
}

#[either]
async fn publish(context: Context, cell: Cell, mut signs: Signs) {
    let mut publisher = Socket::new(&context, Pattern::Pub).await;
    publisher.unlimited().await;
    publisher.bind(&cell.endpoint).await;
    signs.tell();
    while !signs.is_told() {
        publisher.send(PROBE).await;
        sides::pause().await;
    }
    let (mut payload, mut ahead) = (Payload::new(cell.size), 0);
    for time in [cell.warm_up(), cell.time] {
        let until = Instant::now() + time;
        while Instant::now() < until {
            for _ in 0..STEP {
                publisher.send(payload.next_message()).await;
            }
            ahead += STEP;
            while ahead >= AHEAD {
                sides::wait(&mut signs).await;
                ahead -= STEP;
            }
        }
        payload.measure();
    }
    publisher.send(&payload.end()).await;
    while ahead > 0 {
        sides::wait(&mut signs).await;
        ahead -= STEP;
    }
    sides::wait(&mut signs).await;
}

#[either]
async fn subscribe(context: Context, cell: Cell, mut signs: Signs) -> Report {
    sides::wait(&mut signs).await;
    let mut subscriber = Socket::new(&context, Pattern::Sub).await;
    subscriber.unlimited().await;
    subscriber.connect(&cell.endpoint).await;
    subscriber.subscribe(CONNECTED).await;
    check(subscriber.recv().await, CONNECTED);
    let (before, start) = (resident(), Instant::now());
    for number in 0..cell.count {
        subscriber.subscribe(&topic(number)).await;
    }
    subscriber.subscribe(SUBSCRIBED).await;
    signs.tell();
    while !is(&subscriber.recv().await, SUBSCRIBED) {}
    let subscribed = start.elapsed();
    let bytes = resident() - before;
    signs.tell();

    let (mut topics, mut matched) = (Topics::new(cell.count), 0);
    let start = Instant::now();
    loop {
        let message = subscriber.recv().await;
        match message.len() {
            END => break,
            _ if is(&message, SUBSCRIBED) => continue,
            _ => assert!(is(&message, topics.next_topic()), "a topic is missing"),
        }
        matched += 1;
        if matched % STEP == 0 {
            signs.tell();
        }
    }
    let matching = start.elapsed();
    signs.tell();
    let each = |count: u64, time: Duration| count as f64 / time.as_secs_f64();
    Report::new()
        .with("rate", each(cell.count as u64, subscribed))
        .with("matches", each(matched, matching))
        .with("bytes_each", bytes / cell.count as f64)
}

#[either]
async fn publish_topics(context: Context, cell: Cell, mut signs: Signs) {
    let mut publisher = Socket::new(&context, Pattern::Pub).await;
    publisher.unlimited().await;
    publisher.bind(&cell.endpoint).await;
    signs.tell();
    for probe in [CONNECTED, SUBSCRIBED] {
        while !signs.is_told() {
            publisher.send(probe).await;
            sides::pause().await;
        }
    }
    let (mut topics, mut ahead) = (Topics::new(cell.count), 0);
    let until = Instant::now() + cell.time;
    while Instant::now() < until {
        for _ in 0..STEP {
            publisher.send(topics.next_topic()).await;
        }
        ahead += STEP;
        while ahead >= AHEAD {
            sides::wait(&mut signs).await;
            ahead -= STEP;
        }
    }
    publisher.send(OVER).await;
    while ahead > 0 {
        sides::wait(&mut signs).await;
        ahead -= STEP;
    }
    sides::wait(&mut signs).await;
}

#[either]
async fn sockets(context: Context, cell: Cell) -> Report {
    let (mut start, mut made) = (Instant::now(), 0);
    for time in [cell.warm_up(), cell.time] {
        (start, made) = (Instant::now(), 0);
        while start.elapsed() < time {
            Socket::new(&context, Pattern::Push).await.close().await;
            made += 1;
        }
    }
    Report::new()
        .with("rate", f64::from(made) / start.elapsed().as_secs_f64())
        .with("messages", f64::from(made))
}

#[either]
async fn idle_sockets(context: Context, cell: Cell) -> Report {
    let (mut sockets, mut before) = (Vec::new(), 0.0);
    for _ in 0..=cell.count {
        let socket = Socket::new(&context, Pattern::Dealer).await;
        sockets.push(socket);
        // The first one is there to make what is made once.
        if sockets.len() == 1 {
            before = resident();
        }
    }
    Report::new().with("bytes_each", (resident() - before) / cell.count as f64)
}

#[either]
async fn connections(context: Context, cell: Cell) -> Report {
    let mut router = Socket::new(&context, Pattern::Router).await;
    router.bind(&cell.endpoint).await;
    let payload = Payload::new(cell.size).numbered(0).to_vec();
    let (mut dealers, mut before) = (Vec::new(), 0.0);
    for _ in 0..=cell.count {
        let mut dealer = Socket::new(&context, Pattern::Dealer).await;
        dealer.connect(&cell.endpoint).await;
        dealer.send(&payload).await;
        router.echo().await;
        answers(&payload, dealer.recv().await);
        dealers.push(dealer);
        if dealers.len() == 1 {
            before = resident();
        }
    }
    Report::new().with("bytes_each", (resident() - before) / cell.count as f64)
}
