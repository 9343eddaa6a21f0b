//! PUB publishes, SUB gets what it subscribed to.

use std::time::{Duration, Instant};

use ferromq::{CanSend, ErrorKind, Kind, PUB, SUB, Socket, SocketType, Sub, XPUB, XSUB};

use crate::support::{DEADLINE, context, join, join_inproc, recv, recv_multipart, send};

/// Publishes on `topic` until it comes through, and takes what came of it: a PUB tells nobody
/// that a subscription has arrived.
fn subscribed<K: Kind + CanSend>(publisher: &Socket<K>, sub: &Socket<Sub>, topic: &str) {
    let deadline = Instant::now() + DEADLINE;
    let mut sent = 0_u32;
    loop {
        sent += 1;
        send(publisher, format!("{topic} {sent}"));
        if sub
            .recv_timeout(Duration::from_millis(5))
            .unwrap()
            .is_some()
        {
            break;
        }
        assert!(Instant::now() < deadline, "the subscription never arrives");
    }
    let last = format!("{topic} last");
    send(publisher, &last);
    while recv(sub) != last {}
}

#[test]
fn each_subscriber_gets_its_topics_in_order() {
    let context = context();
    let publisher = context.socket(PUB).unwrap();
    let weather = context.socket(SUB).unwrap();
    let sports = context.socket(SUB).unwrap();
    join(&publisher, &weather);
    sports.connect(publisher.last_endpoint().unwrap()).unwrap();
    weather.subscribe("weather").unwrap();
    sports.subscribe("sports").unwrap();
    subscribed(&publisher, &weather, "weather");
    subscribed(&publisher, &sports, "sports");

    for number in 0..100 {
        send(&publisher, format!("weather: {number}"));
        send(&publisher, format!("sports: {number}"));
        send(&publisher, format!("politics: {number}"));
    }
    for number in 0..100 {
        assert_eq!(recv(&weather), format!("weather: {number}"));
        assert_eq!(recv(&sports), format!("sports: {number}"));
    }
    assert_eq!(weather.try_recv().unwrap(), None);
    assert_eq!(sports.try_recv().unwrap(), None);
}

#[test]
fn a_topic_is_a_prefix_of_bytes() {
    let context = context();
    let publisher = context.socket(XPUB).unwrap();
    let sub = context.socket(SUB).unwrap();
    join(&publisher, &sub);
    sub.subscribe([0xFF, 0x00]).unwrap();
    assert_eq!(recv(&publisher), [0x01, 0xFF, 0x00]);
    for message in [
        &[0xFF][..],
        &[0xFF, 0x01],
        &[0xFF, 0x00],
        &[0xFF, 0x00, 0x05],
    ] {
        send(&publisher, message);
    }
    assert_eq!(recv(&sub), [0xFF, 0x00]);
    assert_eq!(recv(&sub), [0xFF, 0x00, 0x05]);
}

#[test]
fn the_empty_topic_is_all_messages() {
    let context = context();
    let publisher = context.socket(XPUB).unwrap();
    let sub = context.socket(SUB).unwrap();
    join(&publisher, &sub);
    sub.subscribe("").unwrap();
    assert_eq!(recv(&publisher), [0x01]);
    send(&publisher, "");
    send(&publisher, "anything");
    assert_eq!(recv(&sub), "");
    assert_eq!(recv(&sub), "anything");
}

#[test]
fn the_topic_is_compared_with_the_first_frame() {
    let context = context();
    let publisher = context.socket(XPUB).unwrap();
    let sub = context.socket(SUB).unwrap();
    join(&publisher, &sub);
    sub.subscribe("b").unwrap();
    assert_eq!(recv(&publisher), "\x01b");
    publisher.send_multipart(["a", "b"]).unwrap();
    publisher.send_multipart(["b", "a"]).unwrap();
    assert_eq!(recv_multipart(&sub)[..], ["b", "a"]);
}

#[test]
fn subscriptions_count() {
    let context = context();
    let publisher = context.socket(XPUB).unwrap();
    let sub = context.socket(SUB).unwrap();
    join(&publisher, &sub);
    sub.subscribe("t").unwrap();
    sub.subscribe("t").unwrap();
    assert_eq!(recv(&publisher), "\x01t");

    sub.unsubscribe("t").unwrap();
    sub.subscribe("marker 1").unwrap();
    assert_eq!(recv(&publisher), "\x01marker 1", "one of two is left");
    send(&publisher, "t 1");
    assert_eq!(recv(&sub), "t 1");

    sub.unsubscribe("t").unwrap();
    assert_eq!(recv(&publisher), "\0t");
    send(&publisher, "t 2");
    send(&publisher, "marker 1");
    assert_eq!(recv(&sub), "marker 1");
}

#[test]
fn xsub_subscribes_with_a_frame() {
    let context = context();
    let publisher = context.socket(XPUB).unwrap();
    let xsub = context.socket(XSUB).unwrap();
    join_inproc(&publisher, &xsub);
    xsub.subscribe("topic").unwrap();
    assert_eq!(recv(&publisher), b"\x01topic");
    send(&publisher, "other");
    send(&publisher, "topic: text");
    assert_eq!(recv(&xsub), "topic: text");

    xsub.unsubscribe("topic").unwrap();
    assert_eq!(recv(&publisher), b"\x00topic");
    xsub.subscribe([]).unwrap();
    assert_eq!(recv(&publisher), [0x01]);

    // A frame that is no subscription goes to the publisher as it is.
    send(&xsub, "hello");
    assert_eq!(recv(&publisher), "hello");
}

#[test]
fn xsub_chosen_at_run_time_subscribes_too() {
    let context = context();
    let publisher = context.socket(XPUB).unwrap();
    let xsub = context.socket(SocketType::XSub).unwrap();
    join_inproc(&publisher, &xsub);
    xsub.subscribe("topic").unwrap();
    assert_eq!(recv(&publisher), b"\x01topic");
}

#[test]
fn other_kinds_chosen_at_run_time_refuse_to_subscribe() {
    let req = context().socket(SocketType::Req).unwrap();
    let error = req.subscribe("to\tpic").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let text = error.to_string();
    assert!(
        text.starts_with(r#"subscribe on REQ socket to "to\tpic": "#),
        "{text}"
    );
}
