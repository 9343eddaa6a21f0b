//! The options, by subject and there by their numbers in `zmq.h`.

mod connection;
mod general;
mod multicast;
mod pubsub;
mod routing;
mod security;
mod tcp;

use super::OptionInfo;

const SUBJECTS: &[&[OptionInfo]] = &[
    general::ROWS,
    connection::ROWS,
    tcp::ROWS,
    pubsub::ROWS,
    routing::ROWS,
    security::ROWS,
    multicast::ROWS,
];

/// The socket options that have methods.
///
/// ```
/// let linger = ferromq::OPTIONS.iter().find(|o| o.name == "ZMQ_LINGER").unwrap();
/// assert_eq!(linger.setter, Some("set_linger"));
/// ```
pub const OPTIONS: &[OptionInfo] = &JOINED;

static JOINED: [OptionInfo; count()] = {
    let mut joined = [SUBJECTS[0][0]; count()];
    let (mut at, mut subject) = (0, 0);
    while subject < SUBJECTS.len() {
        let mut row = 0;
        while row < SUBJECTS[subject].len() {
            joined[at] = SUBJECTS[subject][row];
            (at, row) = (at + 1, row + 1);
        }
        subject += 1;
    }
    joined
};

const fn count() -> usize {
    let (mut count, mut subject) = (0, 0);
    while subject < SUBJECTS.len() {
        count += SUBJECTS[subject].len();
        subject += 1;
    }
    count
}
