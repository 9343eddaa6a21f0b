//! PUB and SUB.

use ferromq::{Context, PUB, Pub, SUB, Socket, Sub, XPUB};

use crate::support::{context, join, join_inproc, recv, send};

/// A SUB of all topics that the PUB knows of, with high-water marks of one on either side.
fn subscribed(context: &Context) -> (Socket<Pub>, Socket<Sub>) {
    let (publisher, sub) = (context.socket(PUB).unwrap(), context.socket(SUB).unwrap());
    publisher.set_send_hwm(1).unwrap();
    sub.set_recv_hwm(1).unwrap();
    sub.subscribe("").unwrap();
    join_inproc(&publisher, &sub);
    publisher.events().unwrap(); // meets the subscriber
    (publisher, sub)
}

/// A PUB never waits: what a subscriber has no room for, beyond the high-water marks of the two, is
/// dropped for that subscriber.
#[test]
fn a_pub_drops_at_the_high_water_mark() {
    let context = context();
    let (publisher, sub) = subscribed(&context);
    for number in 0..10_000_u32 {
        publisher.try_send(&number.to_be_bytes()).unwrap();
    }
    for number in 0..2_u32 {
        assert_eq!(recv(&sub), number.to_be_bytes());
    }
    assert_eq!(sub.try_recv().unwrap(), None);
}

/// A PUB never waits: without a subscriber it drops what is sent.
#[test]
fn a_pub_without_subscribers_drops() {
    let context = context();
    let publisher = context.socket(PUB).unwrap();
    publisher.bind("tcp://127.0.0.1:*").unwrap();
    for _ in 0..10_000 {
        publisher.try_send("for nobody").unwrap();
    }
}

/// A subscriber gets nothing of what was published before its subscription arrived.
#[test]
fn a_late_joiner_has_missed_the_start() {
    let context = context();
    let (publisher, sub) = (context.socket(XPUB).unwrap(), context.socket(SUB).unwrap());
    publisher.bind("tcp://127.0.0.1:*").unwrap();
    send(&publisher, "missed");
    sub.subscribe("").unwrap();
    sub.connect(publisher.last_endpoint().unwrap()).unwrap();
    assert_eq!(recv(&publisher), [0x01], "the subscription");
    send(&publisher, "heard");
    assert_eq!(recv(&sub), "heard");
}

/// A SUB that is connected and has subscribed to nothing gets nothing.
#[test]
fn a_sub_without_a_subscription_gets_nothing() {
    let context = context();
    let (publisher, sub) = (context.socket(XPUB).unwrap(), context.socket(SUB).unwrap());
    join(&publisher, &sub);
    sub.subscribe("now and then").unwrap();
    recv(&publisher);
    sub.unsubscribe("now and then").unwrap();
    recv(&publisher);
    send(&publisher, "connected, not subscribed");
    sub.subscribe("").unwrap();
    recv(&publisher);
    send(&publisher, "subscribed");
    assert_eq!(recv(&sub), "subscribed");
}
