//! What sockets keep, and what they refuse.

use std::time::Duration;

use ferromq::SocketType;

use crate::payload::pattern;
use crate::peer::{DEADLINE, Frames, Sent, Setting, Stranger, TURN, either_way, frames, join};
use crate::support::{Directory, wait_until};

for_each_peer! {
    a_conflating_sender_keeps_the_newest
    a_conflating_receiver_keeps_the_newest
    a_publisher_drops_at_its_high_water_mark
    a_slow_receiver_holds_up_the_sender
    a_message_that_is_too_long_ends_the_connection
}

fn numbered(number: u32) -> Frames {
    frames([number.to_string().as_str()])
}

fn a_conflating_sender_keeps_the_newest(stranger: &impl Stranger) {
    either_way(stranger, ["PUSH", "PULL"], |one, other| {
        let directory = Directory::new();
        let vacant = directory.endpoint("vacant");
        let (push, pull) = (one.open(SocketType::Push), other.open(SocketType::Pull));
        push.set(Setting::Conflate);
        push.connect_to(&vacant);
        for number in 0..10 {
            push.send_frames(&numbered(number));
        }
        pull.bind_to(&vacant);
        assert_eq!(pull.recv_frames(), numbered(9));
        push.send_frames(&numbered(10));
        assert_eq!(pull.recv_frames(), numbered(10));
    });
}

/// All has arrived when the connection has ended.
fn a_conflating_receiver_keeps_the_newest(stranger: &impl Stranger) {
    either_way(stranger, ["PULL", "PUSH"], |one, other| {
        let (pull, push) = (one.open(SocketType::Pull), other.open(SocketType::Push));
        pull.set(Setting::Conflate);
        let events = pull.events();
        join(&*push, &*pull);
        events.wait_for_event("HANDSHAKE_SUCCEEDED");
        for number in 0..10 {
            push.send_frames(&numbered(number));
        }
        push.close_within(DEADLINE);
        events.wait_for_event("DISCONNECTED");
        assert_eq!(pull.recv_frames(), numbered(9));
        assert_eq!(pull.recv_within(Duration::ZERO), None);
    });
}

/// It never waits; of what comes in between, it drops some.
fn a_publisher_drops_at_its_high_water_mark(stranger: &impl Stranger) {
    const SENT: u32 = 100;
    either_way(stranger, ["XPUB", "SUB"], |one, other| {
        let (publisher, sub) = (one.open(SocketType::XPub), other.open(SocketType::Sub));
        publisher.set(Setting::SendHwm(2));
        sub.set(Setting::RecvHwm(2));
        sub.subscribe_to("");
        join(&*publisher, &*sub);
        assert_eq!(publisher.recv_frames(), frames(["\x01"]));
        for number in 0..SENT {
            let news = vec![number.to_string().into_bytes(), pattern(1 << 20)];
            let sent = publisher.send_within(&news, Duration::ZERO);
            assert_eq!(sent, Sent::Taken);
        }
        let mut received = Vec::new();
        wait_until("there is room again", || {
            publisher.send_frames(&frames(["room again"]));
            let Some(news) = sub.recv_within(TURN) else {
                return false;
            };
            if news == frames(["room again"]) {
                return true;
            }
            assert!(news[1] == pattern(1 << 20));
            let number = String::from_utf8(news[0].clone()).unwrap();
            received.push(number.parse::<u32>().unwrap());
            false
        });
        assert!(received.is_sorted_by(|a, b| a < b), "{received:?}");
        assert_eq!(received[..2], [0, 1]);
        assert!(received.len() < SENT as usize, "all");
    });
}

/// Up to the high-water marks of both, and what the kernel holds.
fn a_slow_receiver_holds_up_the_sender(stranger: &impl Stranger) {
    either_way(stranger, ["PUSH", "PULL"], |one, other| {
        let (push, pull) = (one.open(SocketType::Push), other.open(SocketType::Pull));
        push.set(Setting::SendHwm(2));
        pull.set(Setting::RecvHwm(2));
        join(&*pull, &*push);
        let long = vec![pattern(1 << 20)];
        let mut sent = 0;
        while push.send_within(&long, Duration::from_millis(50)) == Sent::Taken {
            sent += 1;
            assert!(sent < 100, "it takes all");
        }
        for _ in 0..sent {
            assert!(pull.recv_frames() == long);
        }
        assert_eq!(pull.recv_within(Duration::ZERO), None);
        push.send_frames(&frames(["room again"]));
        assert_eq!(pull.recv_frames(), frames(["room again"]));
    });
}

/// The sender connects again, and is none the wiser: what was too long is lost.
fn a_message_that_is_too_long_ends_the_connection(stranger: &impl Stranger) {
    const MAX: usize = 1000;
    either_way(stranger, ["PULL", "PUSH"], |one, other| {
        let (pull, push) = (one.open(SocketType::Pull), other.open(SocketType::Push));
        pull.set(Setting::MaxMsgSize(MAX as u64));
        let events = pull.events();
        join(&*pull, &*push);
        events.wait_for_event("HANDSHAKE_SUCCEEDED");
        push.send_frames(&vec![pattern(MAX), pattern(MAX)]);
        assert_eq!(pull.recv_frames(), [pattern(MAX), pattern(MAX)]);
        push.send_frames(&vec![pattern(MAX + 1)]);
        events.wait_for_event("DISCONNECTED");
        events.wait_for_event("HANDSHAKE_SUCCEEDED");
        push.send_frames(&frames(["short"]));
        assert_eq!(pull.recv_frames(), frames(["short"]));
    });
}
