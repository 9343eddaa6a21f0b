//! Numbered messages from one host to another.

use std::mem;
use std::thread;
use std::time::{Duration, Instant};

use ferromq::{CanRecv, CanSend, Dealer, Kind, Message, Router, Socket};

use crate::host::{Host, Talk};

/// After the last message, so long may others come.
const QUIET: Duration = Duration::from_millis(300);

/// How messages are sent.
#[derive(Clone, Copy)]
pub struct Pace {
    pub every: Duration,
    pub size: usize,
}

/// A thousand small ones a second.
pub const STEADY: Pace = Pace {
    every: Duration::from_millis(1),
    size: 16,
};

/// That a message was sent, or received.
#[derive(Clone, Copy)]
pub struct Record {
    pub number: u32,
    pub at: Duration,
}

impl Record {
    pub fn of(message: &Message, talk: &Talk) -> Self {
        Self {
            number: u32::from_be_bytes(*message.first_chunk().unwrap()),
            at: talk.now(),
        }
    }
}

/// Sends from when the test says `go` until it says `stop`. Calls `meanwhile` in between, with what else
/// it says.
fn send_and<K: Kind + CanSend>(
    socket: &Socket<K>,
    pace: Pace,
    talk: &mut Talk,
    mut meanwhile: impl FnMut(&mut Talk, Option<String>),
) -> Vec<Record> {
    let mut sent = Vec::<Record>::new();
    let mut payload = vec![0; pace.size];
    talk.wait_for("go");
    let mut due = Instant::now();
    loop {
        match talk.hear() {
            Some(line) if line == "stop" => return sent,
            line => meanwhile(talk, line),
        }
        let number = u32::try_from(sent.len()).unwrap();
        payload[..4].copy_from_slice(&number.to_be_bytes());
        match socket.send_timeout(&payload, Duration::from_millis(20)) {
            Ok(()) => sent.push(Record {
                number,
                at: talk.now(),
            }),
            Err(error) if error.is_full() => continue,
            Err(error) => panic!("{error}"),
        }
        due += pace.every;
        thread::sleep(due.saturating_duration_since(Instant::now()));
    }
}

/// Sends from when the test says `go` until it says `stop`, then reports, and keeps the socket.
pub fn send<K: Kind + CanSend>(socket: &Socket<K>, pace: Pace, talk: &mut Talk) {
    let sent = send_and(socket, pace, talk, |_, _| {});
    report(&sent, talk);
    talk.wait_for("end");
}

/// Receives until the test says `until`, with the number of a message, and that one or a later one
/// has come, and nothing after it. The last frame of a message is the one that counts.
pub fn receive<K: Kind + CanRecv>(socket: &Socket<K>, talk: &mut Talk) {
    let received = receive_more(socket, Vec::new(), talk);
    report(&received, talk);
}

fn receive_more<K: Kind + CanRecv>(
    socket: &Socket<K>,
    mut received: Vec<Record>,
    talk: &mut Talk,
) -> Vec<Record> {
    let (mut until, mut tells_next) = (None, false);
    let mut quiet_since = Instant::now();
    loop {
        let patience = Duration::from_millis(5);
        if let Some(message) = socket.recv_multipart_timeout(patience).unwrap() {
            received.push(Record::of(message.last().unwrap(), talk));
            quiet_since = Instant::now();
            if mem::take(&mut tells_next) {
                talk.say("next");
            }
        }
        match talk.hear() {
            Some(line) if line == "here?" => talk.say("here"),
            Some(line) if line == "next?" => tells_next = true,
            Some(line) => {
                let number = line.strip_prefix("until ").expect(&line);
                until = Some(number.parse().unwrap());
            }
            None => {}
        }
        let has_come = |until: u32| received.iter().any(|record| record.number >= until);
        if quiet_since.elapsed() > QUIET && until.is_some_and(has_come) {
            return received;
        }
    }
}

/// Sends requests as [`send`], and reports the replies as [`receive`].
pub fn ask(dealer: &Socket<Dealer>, talk: &mut Talk) {
    let mut replies = Vec::new();
    let mut tells_next = false;
    let sent = send_and(dealer, STEADY, talk, |talk, line| {
        tells_next |= line.as_deref() == Some("next?");
        while let Some(reply) = dealer.try_recv().unwrap() {
            replies.push(Record::of(&reply, talk));
            if mem::take(&mut tells_next) {
                talk.say("next");
            }
        }
    });
    report(&sent, talk);
    let replies = receive_more(dealer, replies, talk);
    report(&replies, talk);
}

/// Replies to each request, with what it asks.
pub fn answer(router: &Socket<Router>, talk: &mut Talk) {
    while talk.hear().as_deref() != Some("end") {
        let patience = Duration::from_millis(5);
        if let Some(request) = router.recv_multipart_timeout(patience).unwrap() {
            router.send_multipart(request).unwrap();
        }
    }
}

fn report(records: &[Record], talk: &mut Talk) {
    let records = records
        .iter()
        .map(|record| format!("{}@{}", record.number, record.at.as_nanos()));
    let records: Vec<_> = records.collect();
    talk.say(&format!("report {}", records.join(" ")));
}

/// Waits until a host has received another message.
#[track_caller]
pub fn goes_on(host: &mut Host) {
    host.tell("next?");
    host.wait_for("next");
}

/// What a host reports.
#[track_caller]
pub fn reported(host: &mut Host) -> Vec<Record> {
    let report = host.wait_for("report");
    let records = report.split_whitespace().map(|record| {
        let (number, at) = record.split_once('@').unwrap();
        Record {
            number: number.parse().unwrap(),
            at: Duration::from_nanos(at.parse().unwrap()),
        }
    });
    records.collect()
}
