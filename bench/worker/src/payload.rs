use std::ops::Deref;
use std::time::{Duration, Instant};

use crate::Report;
use crate::statistics::quantile;

/// The length of the message that ends a stream: how many came before it.
pub const END: usize = 8;
const FILL: u8 = 0x5a;
const MEASURED: u64 = 1 << 63;

/// Messages with their number in front, at least 16 bytes.
#[derive(Debug)]
pub struct Payload {
    bytes: Vec<u8>,
    next: u64,
    measured: u64,
}

impl Payload {
    /// Of this size.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self {
            bytes: vec![FILL; size],
            next: 0,
            measured: 0,
        }
    }

    /// From here on messages count.
    pub fn measure(&mut self) {
        self.measured = MEASURED;
    }

    /// The next message.
    #[inline]
    pub fn next_message(&mut self) -> &[u8] {
        let number = self.next_number();
        self.numbered(number)
    }

    /// Makes another message of this size the next one.
    #[inline]
    pub fn next_into(&mut self, message: &mut [u8]) {
        let number = self.next_number();
        message[..8].copy_from_slice(&number.to_le_bytes());
    }

    #[inline]
    fn next_number(&mut self) -> u64 {
        let number = self.next | self.measured;
        self.next += 1;
        number
    }

    /// The message with this number.
    #[inline]
    pub fn numbered(&mut self, number: u64) -> &[u8] {
        self.bytes[..8].copy_from_slice(&number.to_le_bytes());
        &self.bytes
    }

    /// The message that comes after all others.
    #[must_use]
    pub fn end(&self) -> [u8; END] {
        self.next.to_le_bytes()
    }
}

/// Checks messages as they come, and counts and times those that are to be measured.
#[derive(Debug)]
pub struct Meter {
    size: usize,
    expected: u64,
    measured: u64,
    started: Option<Instant>,
}

impl Meter {
    /// For messages of this size.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self {
            size,
            expected: 0,
            measured: 0,
            started: None,
        }
    }

    /// Whether more is to come.
    ///
    /// # Panics
    ///
    /// If this is not the message whose turn it is, whole.
    #[inline]
    pub fn take(&mut self, message: impl Deref<Target = [u8]>) -> bool {
        let message = &*message;
        if message.len() == END {
            assert_eq!(number(message), self.expected, "messages are missing");
            return false;
        }
        let number = number(message);
        assert!(
            message.len() == self.size
                && number & !MEASURED == self.expected
                && message[self.size - 1] == FILL,
            "message {} came as {} with {} bytes",
            self.expected,
            number & !MEASURED,
            message.len()
        );
        if self.expected == 0 {
            assert!(
                message[8..].iter().all(|byte| *byte == FILL),
                "message 0 has changed"
            );
        }
        self.expected += 1;
        if number & MEASURED != 0 {
            match self.started {
                Some(_) => self.measured += 1,
                None => self.started = Some(Instant::now()),
            }
        }
        true
    }

    /// Messages in a second, and how many there were.
    ///
    /// # Panics
    ///
    /// If nothing came that is to be measured.
    #[must_use]
    pub fn report(self) -> Report {
        let started = self.started.expect("messages came that are measured");
        let seconds = started.elapsed().as_secs_f64();
        Report::new()
            .with("rate", self.measured as f64 / seconds)
            .with("messages", self.measured as f64)
            .with("bytes", (self.measured * self.size as u64) as f64)
    }
}

#[inline]
fn number(message: &[u8]) -> u64 {
    let head = message
        .first_chunk()
        .expect("messages have 8 bytes or more");
    u64::from_le_bytes(*head)
}

/// Times of round trips.
#[derive(Debug)]
pub struct Samples {
    until: Instant,
    measured_from: Instant,
    nanoseconds: Vec<u64>,
}

impl Samples {
    /// To be taken for this long, after a time that does not count.
    #[must_use]
    pub fn new(warm_up: Duration, time: Duration) -> Self {
        let measured_from = Instant::now() + warm_up;
        Self {
            until: measured_from + time,
            measured_from,
            nanoseconds: Vec::with_capacity(1 << 20),
        }
    }

    /// Whether there is time for more, after one from `start` to `end`.
    #[inline]
    pub fn take(&mut self, start: Instant, end: Instant) -> bool {
        if start >= self.measured_from {
            self.nanoseconds.push((end - start).as_nanos() as u64);
        }
        end < self.until
    }

    /// The quantiles, in microseconds.
    #[must_use]
    pub fn report(self) -> Report {
        let mut sorted: Vec<f64> = self.nanoseconds.iter().map(|n| *n as f64 / 1e3).collect();
        sorted.sort_by(f64::total_cmp);
        Report::new()
            .with("p50", quantile(&sorted, 0.5))
            .with("p99", quantile(&sorted, 0.99))
            .with("p99_9", quantile(&sorted, 0.999))
            .with("messages", sorted.len() as f64)
    }
}

/// Checks an answer against what was asked.
///
/// # Panics
///
/// If the answer is another one.
#[inline]
pub fn answers(asked: &[u8], answer: impl Deref<Target = [u8]>) {
    let answer = &*answer;
    assert!(
        answer.len() == asked.len() && answer[..8] == asked[..8] && answer.last() == asked.last(),
        "the answer is not to this request"
    );
}

/// Whether a message is this.
pub fn is(message: &impl Deref<Target = [u8]>, bytes: &[u8]) -> bool {
    **message == *bytes
}

/// Checks that a message is this.
///
/// # Panics
///
/// If it is another one.
pub fn check(message: impl Deref<Target = [u8]>, bytes: &[u8]) {
    assert!(is(&message, bytes), "another message came");
}

/// A topic of 16 bytes.
#[must_use]
pub fn topic(number: usize) -> [u8; 16] {
    let mut topic = *b"topic/0000000000";
    let mut rest = number;
    for digit in topic[6..].iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    topic
}

/// Topics in an order that looks like none, the same on both sides.
#[derive(Debug)]
pub struct Topics {
    count: u64,
    state: u64,
    current: [u8; 16],
}

impl Topics {
    /// Of so many.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self {
            count: count as u64,
            state: 1,
            current: topic(0),
        }
    }

    /// The next one.
    pub fn next_topic(&mut self) -> &[u8] {
        // Knuth's linear congruential generator, of which the upper bits are good.
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.current = topic(((self.state >> 32) % self.count) as usize);
        &self.current
    }
}
