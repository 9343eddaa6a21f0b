//! Numbered messages from one host to another, and what became of them.

use std::collections::BTreeSet;
use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use ferromq::{CanRecv, CanSend, Kind, Message, Socket};

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

/// Sends until the test says `stop`, then reports, and keeps the socket until it says `end`.
pub fn send<K: Kind + CanSend>(socket: &Socket<K>, pace: Pace, talk: &mut Talk) {
    let mut sent = Vec::<Record>::new();
    let mut payload = vec![0; pace.size];
    let mut due = Instant::now();
    while talk.hear().as_deref() != Some("stop") {
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
    report(&sent, talk);
    talk.wait_for("end");
}

/// Receives until the test says `until`, with the number of a message, and that one or a later one
/// has come, and nothing after it. The last frame of a message is the one that counts.
pub fn receive<K: Kind + CanRecv>(socket: &Socket<K>, talk: &mut Talk) {
    let mut received = Vec::<Record>::new();
    let mut until = None;
    let mut quiet_since = Instant::now();
    loop {
        if let Some(message) = socket
            .recv_multipart_timeout(Duration::from_millis(5))
            .unwrap()
        {
            let number = number(message.last().unwrap());
            received.push(Record {
                number,
                at: talk.now(),
            });
            quiet_since = Instant::now();
        }
        if let Some(line) = talk.hear() {
            let number = line.strip_prefix("until ").expect(&line);
            until = Some(number.parse().unwrap());
        }
        let has_come = |until: u32| received.iter().any(|record| record.number >= until);
        if quiet_since.elapsed() > QUIET && until.is_some_and(has_come) {
            break;
        }
    }
    report(&received, talk);
}

pub fn number(message: &Message) -> u32 {
    u32::from_be_bytes(*message.first_chunk().unwrap())
}

pub fn report(records: &[Record], talk: &mut Talk) {
    let records = records
        .iter()
        .map(|record| format!("{}@{}", record.number, record.at.as_nanos()));
    let records: Vec<_> = records.collect();
    talk.say(&format!("report {}", records.join(" ")));
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

/// Stops the sender, and waits until the receiver has its last message.
#[track_caller]
pub fn finish(from: &mut Host, to: &mut Host, healed: Duration) -> Tally {
    from.tell("stop");
    let sent = reported(from);
    to.tell(&format!("until {}", sent.last().unwrap().number));
    let received = reported(to);
    Tally::new(&sent, &received, healed)
}

/// What became of the messages.
#[derive(Debug)]
pub struct Tally {
    pub sent: usize,
    /// Different ones.
    pub received: usize,
    pub lost: usize,
    pub duplicated: usize,
    pub in_order: bool,
    /// From the healing of the network to the first message.
    pub recovery: Duration,
    /// The longest time without a message.
    pub gap: Duration,
}

impl Tally {
    pub fn new(sent: &[Record], received: &[Record], healed: Duration) -> Self {
        let numbers: BTreeSet<_> = received.iter().map(|record| record.number).collect();
        let next = received.iter().find(|record| record.at >= healed);
        let gaps = received.windows(2).map(|pair| pair[1].at - pair[0].at);
        Self {
            sent: sent.len(),
            received: numbers.len(),
            lost: sent.len() - numbers.len(),
            duplicated: received.len() - numbers.len(),
            in_order: received.is_sorted_by_key(|record| record.number),
            recovery: next.expect("nothing comes after the healing").at - healed,
            gap: gaps.max().unwrap_or_default(),
        }
    }

    /// Each message has come once, in order.
    #[track_caller]
    pub fn is_whole(&self) {
        assert!(self.sent > 0);
        assert_eq!((self.lost, self.duplicated), (0, 0), "{self:?}");
        assert!(self.in_order, "{self:?}");
    }

    pub fn print(&self, what: &str) {
        let Self {
            sent,
            received,
            lost,
            duplicated,
            recovery,
            gap,
            ..
        } = self;
        say(&format!(
            "{what}: sent {sent}, received {received}, lost {lost}, duplicated {duplicated}, \
             recovered after {recovery:.2?}, longest gap {gap:.2?}"
        ));
    }
}

/// Prints a line also from the child of a test, which has no part in how tests catch their output.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
