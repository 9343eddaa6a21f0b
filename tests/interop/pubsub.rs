//! Publishers and subscribers: who gets what.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use ferromq::SocketType;

use crate::payload::pattern;
use crate::peer::{
    DEADLINE, Frames, Host, Sent, Setting, Side, Stranger, TURN, either_way, frames, join,
    join_either_way,
};

for_each_peer! {
    pub_to_sub pub_to_xsub xpub_to_sub xpub_to_xsub
    a_verbose_xpub_gets_every_subscription
    a_verboser_xpub_gets_every_unsubscription_too
    a_manual_xpub_decides_on_subscriptions
    a_new_subscriber_is_welcomed
    a_publisher_that_does_not_drop_waits
    inverted_matching_delivers_what_does_not_match
    an_xsub_talks_to_its_xpub
}

const TOPICS: [&str; 2] = ["消息", "weather"];

type Subscribers<'a> = [&'a dyn Side; 2];

/// Publishes to the topics until all subscribers have got some of it, and empties their queues.
///
/// A PUB drops what it sends before a subscription has arrived, and cannot tell when it has.
pub fn synchronize<const N: usize>(
    publisher: &dyn Side,
    subscribers: [&dyn Side; N],
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

/// Waits until an XPUB has been told what `notices` lists: 1 or 0 and the topic, for a topic
/// subscribed to or no longer.
///
/// A SUB that has bound sends its subscriptions to a publisher that connects only when its own
/// thread uses the socket, so each gets its turn.
fn wait_for_notices(xpub: &dyn Side, subscribers: Subscribers, notices: [&str; 2]) {
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

/// Publishes to several topics, of which each subscriber gets its own and nothing else.
fn publish(publisher: &dyn Side, subscribers: Subscribers) {
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

/// One publisher, and two subscribers that filter by different topics.
fn by_topic(stranger: &impl Stranger, publisher: SocketType, subscriber: SocketType) {
    either_way(
        stranger,
        [publisher, subscriber].map(SocketType::name),
        |one, other| {
            for publisher_binds in [true, false] {
                let publisher_socket = one.open(publisher);
                let subscribers = [(); 2].map(|()| other.open(subscriber));
                let subscribers = subscribers.each_ref().map(|socket| &**socket);
                topics_arrive(
                    &*publisher_socket,
                    subscribers,
                    publisher == SocketType::XPub,
                    publisher_binds,
                );
            }
        },
    );
}

fn topics_arrive(publisher: &dyn Side, subscribers: Subscribers, is_xpub: bool, binds: bool) {
    if binds {
        let endpoint = publisher.bind_to_any_port();
        for subscriber in subscribers {
            subscriber.connect_to(&endpoint);
        }
    } else {
        for subscriber in subscribers {
            join(subscriber, publisher);
        }
    }
    for (subscriber, topic) in subscribers.into_iter().zip(TOPICS) {
        subscriber.subscribe_to(topic);
    }
    if !is_xpub {
        synchronize(publisher, subscribers, TOPICS);
        return publish(publisher, subscribers);
    }
    wait_for_notices(publisher, subscribers, ["\x01消息", "\x01weather"]);
    publish(publisher, subscribers);
    for (subscriber, topic) in subscribers.into_iter().zip(TOPICS) {
        subscriber.unsubscribe_from(topic);
    }
    wait_for_notices(publisher, subscribers, ["\0消息", "\0weather"]);
}

fn pub_to_sub(stranger: &impl Stranger) {
    by_topic(stranger, SocketType::Pub, SocketType::Sub);
}

fn pub_to_xsub(stranger: &impl Stranger) {
    by_topic(stranger, SocketType::Pub, SocketType::XSub);
}

fn xpub_to_sub(stranger: &impl Stranger) {
    by_topic(stranger, SocketType::XPub, SocketType::Sub);
}

fn xpub_to_xsub(stranger: &impl Stranger) {
    by_topic(stranger, SocketType::XPub, SocketType::XSub);
}

/// An XPUB with options, and an XSUB that is connected to it.
fn with_xpub(
    stranger: &impl Stranger,
    settings: &[Setting],
    scenario: impl Fn(&dyn Side, &dyn Host, &str),
) {
    either_way(stranger, ["XPUB", "XSUB"], |one, other| {
        let xpub = one.open(SocketType::XPub);
        for setting in settings {
            xpub.set(*setting);
        }
        let endpoint = xpub.bind_to_any_port();
        scenario(&*xpub, other, &endpoint);
    });
}

fn connected<'a>(host: &'a dyn Host, kind: SocketType, endpoint: &str) -> Box<dyn Side + 'a> {
    let socket = host.open(kind);
    socket.connect_to(endpoint);
    socket
}

/// Two that have subscribed to the same, each of which the XPUB has been told of.
fn two_subscribers<'a>(
    xpub: &dyn Side,
    host: &'a dyn Host,
    endpoint: &str,
) -> [Box<dyn Side + 'a>; 2] {
    [(); 2].map(|()| {
        let xsub = connected(host, SocketType::XSub, endpoint);
        xsub.subscribe_to("topic");
        assert_eq!(xpub.recv_frames(), frames(["\x01topic"]));
        xsub
    })
}

fn a_verbose_xpub_gets_every_subscription(stranger: &impl Stranger) {
    with_xpub(stranger, &[Setting::XpubVerbose], |xpub, host, endpoint| {
        let subscribers = two_subscribers(xpub, host, endpoint);
        for xsub in &subscribers {
            xsub.unsubscribe_from("topic");
        }
        assert_eq!(xpub.recv_frames(), frames(["\0topic"]));
        // Of the unsubscriptions it is told of the last only.
        subscribers[0].subscribe_to("other");
        assert_eq!(xpub.recv_frames(), frames(["\x01other"]));
    });
}

fn a_verboser_xpub_gets_every_unsubscription_too(stranger: &impl Stranger) {
    with_xpub(
        stranger,
        &[Setting::XpubVerboser],
        |xpub, host, endpoint| {
            for xsub in two_subscribers(xpub, host, endpoint) {
                xsub.unsubscribe_from("topic");
                assert_eq!(xpub.recv_frames(), frames(["\0topic"]));
            }
        },
    );
}

fn a_manual_xpub_decides_on_subscriptions(stranger: &impl Stranger) {
    with_xpub(stranger, &[Setting::XpubManual], |xpub, host, endpoint| {
        let xsub = connected(host, SocketType::XSub, endpoint);
        xsub.subscribe_to("a");
        assert_eq!(xpub.recv_frames(), frames(["\x01a"]));
        xpub.subscribe_to("b");
        xpub.send_frames(&frames(["a: not subscribed"]));
        xpub.send_frames(&frames(["b: subscribed"]));
        assert_eq!(xsub.recv_frames(), frames(["b: subscribed"]));
        xsub.unsubscribe_from("a");
        assert_eq!(xpub.recv_frames(), frames(["\0a"]));
        xpub.unsubscribe_from("b");
        xpub.subscribe_to("c");
        xpub.send_frames(&frames(["b: not subscribed"]));
        xpub.send_frames(&frames(["c: subscribed"]));
        assert_eq!(xsub.recv_frames(), frames(["c: subscribed"]));
    });
}

fn a_new_subscriber_is_welcomed(stranger: &impl Stranger) {
    with_xpub(
        stranger,
        &[Setting::XpubWelcome("welcome")],
        |xpub, host, endpoint| {
            let sub = connected(host, SocketType::Sub, endpoint);
            sub.subscribe_to("wel");
            // The XPUB sends it when its own thread uses it.
            assert_eq!(xpub.recv_frames(), frames(["\x01wel"]));
            assert_eq!(sub.recv_frames(), frames(["welcome"]));
        },
    );
}

/// It is told that a subscriber is slow, and nothing is lost.
fn a_publisher_that_does_not_drop_waits(stranger: &impl Stranger) {
    with_xpub(
        stranger,
        &[Setting::XpubNodrop, Setting::SendHwm(1)],
        |xpub, host, endpoint| {
            let sub = host.open(SocketType::Sub);
            sub.set(Setting::RecvHwm(1));
            sub.subscribe_to("");
            sub.connect_to(endpoint);
            assert_eq!(xpub.recv_frames(), frames(["\x01"]));
            let news = vec![pattern(1 << 20)];
            let mut sent = 0;
            while xpub.send_within(&news, Duration::ZERO) == Sent::Taken {
                sent += 1;
                assert!(sent < 200, "it takes all");
            }
            for _ in 0..sent {
                assert!(sub.recv_frames() == news);
            }
            xpub.send_frames(&frames(["the next"]));
            assert_eq!(sub.recv_frames(), frames(["the next"]));
        },
    );
}

fn inverted_matching_delivers_what_does_not_match(stranger: &impl Stranger) {
    with_xpub(
        stranger,
        &[Setting::InvertMatching],
        |xpub, host, endpoint| {
            let sub = host.open(SocketType::Sub);
            sub.set(Setting::InvertMatching);
            sub.subscribe_to("a");
            sub.connect_to(endpoint);
            assert_eq!(xpub.recv_frames(), frames(["\x01a"]));
            xpub.send_frames(&frames(["a: matches"]));
            xpub.send_frames(&frames(["b: does not match"]));
            assert_eq!(sub.recv_frames(), frames(["b: does not match"]));
        },
    );
}

fn an_xsub_talks_to_its_xpub(stranger: &impl Stranger) {
    for xpub_binds in [true, false] {
        either_way(stranger, ["XPUB", "XSUB"], |one, other| {
            let (xpub, xsub) = (one.open(SocketType::XPub), other.open(SocketType::XSub));
            let events = xsub.events();
            join_either_way(xpub_binds, &*xpub, &*xsub);
            events.wait_for_event("HANDSHAKE_SUCCEEDED");
            let report = frames(["no topic", "", "but a report"]);
            xsub.send_frames(&report);
            assert_eq!(xpub.recv_frames(), report);
        });
    }
}
