//! What became of the messages.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::io::Write;
use std::thread;
use std::time::Duration;

use crate::flow::{Record, goes_on, reported};
use crate::host::Host;

/// Between what the test does to the network and what becomes of messages that are on their way.
const SLACK: Duration = Duration::from_millis(300);

/// How long a stream is looked at when it goes on.
pub const AFTERWARDS: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub struct Tally {
    pub sent: usize,
    /// Different ones.
    pub received: usize,
    pub lost: Lost,
    pub duplicated: usize,
    pub in_order: bool,
    /// From the healing of the network to the first message.
    pub recovery: Duration,
    /// The longest time without a message.
    pub gap: Duration,
    /// How long a message took, of those in the middle.
    pub transit: Duration,
}

/// When those messages were sent that have not come.
pub struct Lost(Vec<Duration>);

impl fmt::Debug for Lost {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (first, last) = (self.0.first(), self.0.last());
        write!(f, "{} from {first:?} to {last:?}", self.0.len())
    }
}

impl Tally {
    pub fn new(sent: &[Record], received: &[Record], healed: Duration) -> Self {
        let numbers: BTreeSet<_> = received.iter().map(|record| record.number).collect();
        let next = received.iter().find(|record| record.at >= healed);
        let sent_at: HashMap<_, _> = sent
            .iter()
            .map(|record| (record.number, record.at))
            .collect();
        let mut transits: Vec<_> = received
            .iter()
            .map(|record| record.at.saturating_sub(sent_at[&record.number]))
            .collect();
        transits.sort_unstable();
        let gaps = received.windows(2).map(|pair| pair[1].at - pair[0].at);
        let lost = sent
            .iter()
            .filter(|record| !numbers.contains(&record.number));
        Self {
            sent: sent.len(),
            received: numbers.len(),
            lost: Lost(lost.map(|record| record.at).collect()),
            duplicated: received.len() - numbers.len(),
            in_order: received.is_sorted_by_key(|record| record.number),
            recovery: next.expect("nothing comes after the healing").at - healed,
            gap: gaps.max().unwrap_or_default(),
            transit: transits[transits.len() / 2],
        }
    }

    /// Waits until the stream goes on, stops the sender [`AFTERWARDS`], and waits until the receiver has
    /// its last message.
    #[track_caller]
    pub fn finish(from: &mut Host, to: &mut Host, healed: Duration) -> Self {
        goes_on(to);
        thread::sleep(AFTERWARDS);
        from.tell("stop");
        let sent = reported(from);
        to.tell(&format!("until {}", sent.last().unwrap().number));
        Self::new(&sent, &reported(to), healed)
    }

    /// Each message has come once, in order.
    #[track_caller]
    pub fn is_whole(&self) {
        assert!(self.sent > 0);
        assert_eq!((self.lost.0.len(), self.duplicated), (0, 0), "{self:?}");
        assert!(self.in_order, "{self:?}");
    }

    /// Nothing has come for so long: the network has failed.
    #[track_caller]
    pub fn stood_still(&self, time: Duration) {
        assert!(self.gap >= time.saturating_sub(SLACK), "{self:?}");
    }

    /// Some messages are lost, all of them sent in that time or just before, and none has come twice.
    #[track_caller]
    pub fn has_lost_some_of(&self, from: Duration, to: Duration) {
        assert!(!self.lost.0.is_empty(), "{self:?}");
        assert!(
            self.lost
                .0
                .iter()
                .all(|at| (from.saturating_sub(SLACK)..to).contains(at)),
            "{from:?}..{to:?}: {self:?}"
        );
        assert_eq!(self.duplicated, 0, "{self:?}");
    }

    pub fn print(&self, what: &str) {
        say(&format!(
            "{what}: sent {}, received {}, lost {}, duplicated {}, recovered after {:.2?}, longest \
             gap {:.2?}",
            self.sent,
            self.received,
            self.lost.0.len(),
            self.duplicated,
            self.recovery,
            self.gap
        ));
    }
}

/// Prints a line also from the child of a test, which has no part in how tests catch their output.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
