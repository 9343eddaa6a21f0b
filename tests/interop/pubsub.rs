//! PUB/SUB: one publisher, two subscribers that filter by different topics.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use ferromq::{Context, PUB, SUB, XPUB, XSUB};

use crate::agent::{Agent, DEADLINE};
use crate::peer::{Frames, Peer, Receiver, Sender, Subscriber, frames, join};

const TOPICS: [&str; 2] = ["消息", "weather"];

/// How long to wait for one side before the other gets its turn.
const TURN: Duration = Duration::from_millis(20);

#[derive(Clone, Copy)]
enum Binder {
    Publisher,
    Subscribers,
}

/// Lets both subscribers subscribe, and connects them with the publisher.
fn arrange(publisher: &impl Peer, subscribers: [&impl Subscriber; 2], binder: Binder) {
    for (subscriber, topic) in subscribers.into_iter().zip(TOPICS) {
        subscriber.subscribe_to(topic);
    }
    match binder {
        Binder::Publisher => {
            let endpoint = publisher.bind_to_any_port();
            for subscriber in subscribers {
                subscriber.connect_to(&endpoint);
            }
        }
        Binder::Subscribers => {
            for subscriber in subscribers {
                join(subscriber, publisher);
            }
        }
    }
}

/// Waits until an XPUB has been told what `notices` lists: 1 or 0 and the topic, for a topic
/// subscribed to or no longer.
///
/// A SUB that has bound sends its subscriptions to a publisher that connects only when its own
/// thread uses the socket, so each gets its turn.
fn wait_for_notices(xpub: &impl Receiver, subscribers: [&impl Receiver; 2], notices: [&str; 2]) {
    let mut missing = BTreeSet::from(notices.map(|notice| frames([notice])));
    let start = Instant::now();
    while !missing.is_empty() {
        assert!(start.elapsed() < DEADLINE, "not told: {missing:?}");
        for subscriber in subscribers {
            assert_eq!(subscriber.recv_within(Duration::ZERO), None);
        }
        if let Some(notice) = xpub.recv_within(TURN) {
            assert!(missing.remove(&notice), "told {notice:?}");
        }
    }
}

/// Publishes to the topics until all subscribers have got some of it, and empties their queues.
///
/// A PUB drops what it sends before a subscription has arrived, and cannot tell when it has.
pub fn synchronize<const N: usize>(
    publisher: &impl Sender,
    subscribers: [&impl Receiver; N],
    topics: [&str; N],
) {
    let publish = |body| {
        for topic in topics {
            publisher.send_frames(&frames([topic, body]));
        }
    };
    let start = Instant::now();
    let mut arrived = [false; N];
    while arrived.contains(&false) {
        assert!(
            start.elapsed() < DEADLINE,
            "subscriptions that arrived: {arrived:?}"
        );
        publish("are you there?");
        for (subscriber, arrived) in subscribers.into_iter().zip(&mut arrived) {
            *arrived = *arrived || subscriber.recv_within(TURN).is_some();
        }
    }
    publish("go");
    for (subscriber, topic) in subscribers.into_iter().zip(topics) {
        while subscriber.recv_frames() != frames([topic, "go"]) {}
    }
}

/// Publishes to several topics, of which each subscriber gets its own and nothing else.
fn publish(publisher: &impl Sender, subscribers: [&impl Receiver; 2]) {
    let messages: Vec<Frames> = [
        ["weather", "sunny"],
        ["消息", "消息群发"],
        ["消", "half a topic"],
        ["消息群发", "a longer topic"],
        ["sport", "1:0"],
        ["Weather", "another case"],
        ["weather.north", "rain"],
        ["消息", ""],
    ]
    .map(frames)
    .into();
    for message in &messages {
        publisher.send_frames(message);
    }
    for (subscriber, topic) in subscribers.into_iter().zip(TOPICS) {
        for message in messages
            .iter()
            .filter(|message| message[0].starts_with(topic.as_bytes()))
        {
            assert_eq!(subscriber.recv_frames(), *message);
        }
    }
}

fn with_xpub(
    publisher: &(impl Sender + Receiver),
    subscribers: [&impl Subscriber; 2],
    binder: Binder,
) {
    arrange(publisher, subscribers, binder);
    wait_for_notices(publisher, subscribers, ["\x01消息", "\x01weather"]);
    publish(publisher, subscribers);
    for (subscriber, topic) in subscribers.into_iter().zip(TOPICS) {
        subscriber.unsubscribe_from(topic);
    }
    wait_for_notices(publisher, subscribers, ["\0消息", "\0weather"]);
}

fn with_pub(publisher: &impl Sender, subscribers: [&impl Subscriber; 2], binder: Binder) {
    arrange(publisher, subscribers, binder);
    synchronize(publisher, subscribers, TOPICS);
    publish(publisher, subscribers);
}

fn rust_xpub(binder: Binder) {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let subscribers = ["SUB"; 2].map(|kind| python.socket(kind));
    with_xpub(
        &context.socket(XPUB).unwrap(),
        subscribers.each_ref(),
        binder,
    );
}

fn rust_pub(binder: Binder) {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let subscribers = ["SUB"; 2].map(|kind| python.socket(kind));
    with_pub(
        &context.socket(PUB).unwrap(),
        subscribers.each_ref(),
        binder,
    );
}

fn rust_sub_of_xpub(binder: Binder) {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let subscribers = [SUB; 2].map(|kind| context.socket(kind).unwrap());
    with_xpub(&python.socket("XPUB"), subscribers.each_ref(), binder);
}

fn rust_sub_of_pub(binder: Binder) {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let subscribers = [SUB; 2].map(|kind| context.socket(kind).unwrap());
    with_pub(&python.socket("PUB"), subscribers.each_ref(), binder);
}

fn rust_xsub_of_xpub(binder: Binder) {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let subscribers = [XSUB; 2].map(|kind| context.socket(kind).unwrap());
    with_xpub(&python.socket("XPUB"), subscribers.each_ref(), binder);
}

#[test]
fn rust_xpub_binds() {
    rust_xpub(Binder::Publisher);
}

#[test]
fn rust_xpub_python_binds() {
    rust_xpub(Binder::Subscribers);
}

#[test]
fn rust_pub_binds() {
    rust_pub(Binder::Publisher);
}

#[test]
fn rust_pub_python_binds() {
    rust_pub(Binder::Subscribers);
}

#[test]
fn rust_sub_of_xpub_binds() {
    rust_sub_of_xpub(Binder::Subscribers);
}

#[test]
fn rust_sub_of_xpub_python_binds() {
    rust_sub_of_xpub(Binder::Publisher);
}

#[test]
fn rust_sub_of_pub_binds() {
    rust_sub_of_pub(Binder::Subscribers);
}

#[test]
fn rust_sub_of_pub_python_binds() {
    rust_sub_of_pub(Binder::Publisher);
}

#[test]
fn rust_xsub_of_xpub_binds() {
    rust_xsub_of_xpub(Binder::Subscribers);
}

#[test]
fn rust_xsub_of_xpub_python_binds() {
    rust_xsub_of_xpub(Binder::Publisher);
}
