//! What the options of a draft build do, seen by the peers.

use std::time::Duration;

use ferromq::{
    DEALER, MonitorEventKind, MonitorEvents, PULL, PUSH, ROUTER, RouterNotify, XPUB, XSUB,
};

use crate::support::{DEADLINE, context, join, join_inproc, recv, recv_multipart, send};

#[test]
fn a_router_tells_of_peers_that_come_and_go() {
    let context = context();
    let (router, dealer) = (
        context.socket(ROUTER).unwrap(),
        context.socket(DEALER).unwrap(),
    );
    router.set_router_notify(RouterNotify::all()).unwrap();
    dealer.set_routing_id("worker").unwrap();
    join(&router, &dealer);
    assert_eq!(recv_multipart(&router)[..], ["worker", ""]);
    drop(dealer);
    assert_eq!(recv_multipart(&router)[..], ["worker", ""]);
}

#[test]
fn peers_are_greeted_and_missed() {
    let context = context();
    let (router, dealer) = (
        context.socket(ROUTER).unwrap(),
        context.socket(DEALER).unwrap(),
    );
    dealer.set_routing_id("worker").unwrap();
    dealer.set_hello_msg("hello").unwrap();
    router.set_disconnect_msg("gone").unwrap();
    join(&router, &dealer);
    assert_eq!(recv_multipart(&router)[..], ["worker", "hello"]);
    drop(dealer);
    assert_eq!(recv_multipart(&router)[..], ["worker", "gone"]);
}

#[test]
fn an_interrupted_connection_is_told() {
    let context = context();
    let (router, dealer) = (
        context.socket(ROUTER).unwrap(),
        context.socket(DEALER).unwrap(),
    );
    dealer.set_hiccup_msg("interrupted").unwrap();
    join(&router, &dealer);
    send(&dealer, "hello");
    recv_multipart(&router);
    drop(router);
    assert_eq!(recv(&dealer), "interrupted");
}

#[test]
fn a_verbose_xsub_sends_every_unsubscription() {
    let context = context();
    let (xpub, xsub) = (context.socket(XPUB).unwrap(), context.socket(XSUB).unwrap());
    xpub.set_xpub_verboser(true).unwrap();
    xsub.set_xsub_verbose_unsubscribe(true).unwrap();
    join_inproc(&xpub, &xsub);
    xsub.subscribe("topic").unwrap();
    xsub.subscribe("topic").unwrap();
    xsub.unsubscribe("topic").unwrap();
    assert_eq!(recv(&xpub), "\x01topic");
    assert_eq!(recv(&xpub), "\x01topic");
    assert_eq!(recv(&xpub), "\0topic");
}

/// A frame that is longer than a batch has memory of its own.
#[test]
fn frames_share_a_batch_if_they_fit() {
    let context = context();
    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    pull.set_in_batch_size(200).unwrap();
    push.set_out_batch_size(200).unwrap();
    push.set_priority(6).unwrap();
    let events = push.monitor(MonitorEvents::CONNECTED).unwrap();
    pull.set_busy_poll(Duration::from_micros(1)).unwrap();
    join(&pull, &push);
    let connected = events.wait_connected(DEADLINE).unwrap();
    assert_eq!(connected.kind, MonitorEventKind::Connected);
    for len in [1, 100, 199, 200, 201, 100_000] {
        send(&push, vec![7_u8; len]);
        assert_eq!(recv(&pull), vec![7_u8; len]);
    }
}
