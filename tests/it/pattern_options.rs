//! What the options of the messaging patterns do, seen by the peers.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};

use ferromq::{
    Context, DEALER, Error, ErrorKind, PUB, REQ, ROUTER, STREAM, SUB, Socket, Version, XPUB, XPub,
    XSUB, XSub, version,
};

use crate::support::{context, join, join_inproc, recv, recv_multipart, send, send_multipart};

/// An XPUB and two subscribers that have subscribed to nothing yet and filter nothing.
fn published(context: &Context) -> (Socket<XPub>, [Socket<XSub>; 2]) {
    let xpub = context.socket(XPUB).unwrap();
    xpub.bind("inproc://published").unwrap();
    let subscriber = || {
        let xsub = context.socket(XSUB).unwrap();
        xsub.connect("inproc://published").unwrap();
        xsub
    };
    (xpub, [subscriber(), subscriber()])
}

#[test]
fn a_verbose_xpub_gets_every_subscription() {
    let context = context();
    let (xpub, [one, other]) = published(&context);
    xpub.set_xpub_verbose(true).unwrap();
    one.subscribe("topic").unwrap();
    assert_eq!(recv(&xpub), "\x01topic");
    other.subscribe("topic").unwrap();
    assert_eq!(recv(&xpub), "\x01topic");
}

#[test]
fn a_verboser_xpub_gets_every_unsubscription_too() {
    let context = context();
    let (xpub, [one, other]) = published(&context);
    xpub.set_xpub_verboser(true).unwrap();
    for subscriber in [&one, &other] {
        subscriber.subscribe("topic").unwrap();
        assert_eq!(recv(&xpub), "\x01topic");
    }
    one.unsubscribe("topic").unwrap();
    assert_eq!(recv(&xpub), "\0topic");
}

#[test]
fn a_manual_xpub_decides_on_subscriptions() {
    let context = context();
    let (xpub, [one, _]) = published(&context);
    let error = xpub.subscribe("b").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "not yet manual");
    xpub.set_xpub_manual(true).unwrap();
    one.subscribe("a").unwrap();
    assert_eq!(recv(&xpub), "\x01a");
    xpub.subscribe("b").unwrap();
    send(&xpub, "a: not subscribed");
    send(&xpub, "b: subscribed");
    assert_eq!(recv(&one), "b: subscribed");
    one.unsubscribe("a").unwrap();
    assert_eq!(recv(&xpub), "\0a");
    xpub.unsubscribe("b").unwrap();
    xpub.subscribe("c").unwrap();
    send(&xpub, "b: not subscribed");
    send(&xpub, "c: subscribed");
    assert_eq!(recv(&one), "c: subscribed");
}

#[test]
fn a_last_value_is_for_the_last_subscriber() {
    let context = context();
    let (xpub, [one, other]) = published(&context);
    xpub.set_xpub_manual_last_value(true).unwrap();
    for (subscriber, value) in [(&one, "t: 1"), (&other, "t: 2")] {
        subscriber.subscribe("t").unwrap();
        assert_eq!(recv(&xpub), "\x01t");
        xpub.subscribe("t").unwrap();
        send(&xpub, value);
        assert_eq!(recv(subscriber), value);
    }
    send(&xpub, "t: 3");
    assert_eq!(recv(&one), "t: 3", "not the one for the other");
}

/// With `ZMQ_XPUB_NODROP` a publisher waits for the slowest subscriber instead of dropping.
#[test]
fn a_publisher_that_does_not_drop_waits() {
    let context = context();
    let (publisher, sub) = (context.socket(XPUB).unwrap(), context.socket(SUB).unwrap());
    publisher.set_xpub_nodrop(true).unwrap();
    publisher.set_send_hwm(1).unwrap();
    sub.set_recv_hwm(1).unwrap();
    join_inproc(&publisher, &sub);
    sub.subscribe("").unwrap();
    recv(&publisher);
    let mut full = (0..10).filter_map(|_| publisher.try_send("text").err());
    assert!(full.next().is_some_and(|error| error.is_full()));
}

#[test]
fn a_new_subscriber_is_welcomed() {
    let context = context();
    let (publisher, sub) = (context.socket(XPUB).unwrap(), context.socket(SUB).unwrap());
    publisher.set_xpub_welcome_msg("welcome").unwrap();
    sub.subscribe("wel").unwrap();
    join(&publisher, &sub);
    assert_eq!(recv(&publisher), "\x01wel");
    assert_eq!(recv(&sub), "welcome");
}

/// A subscriber that has left again would make libzmq abort.
#[test]
fn a_welcome_within_the_process_is_set_after_the_bind() {
    let context = context();
    let publisher = context.socket(PUB).unwrap();
    let gone = context.socket(SUB).unwrap();
    gone.connect("inproc://joined").unwrap();
    drop(gone);
    publisher.set_xpub_welcome_msg("welcome").unwrap();
    let error = publisher.bind("inproc://joined").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("bind first"), "{error}");

    publisher.set_xpub_welcome_msg("").unwrap();
    publisher.bind("inproc://joined").unwrap();
    publisher.set_xpub_welcome_msg("welcome").unwrap();
    let sub = context.socket(SUB).unwrap();
    sub.subscribe("").unwrap();
    sub.connect("inproc://joined").unwrap();
    send(&publisher, "has the publisher look after its subscribers");
    assert_eq!(recv(&sub), "welcome");
}

#[test]
fn inverted_matching_delivers_what_does_not_match() {
    let context = context();
    let (publisher, sub) = (context.socket(XPUB).unwrap(), context.socket(SUB).unwrap());
    publisher.set_invert_matching(true).unwrap();
    sub.set_invert_matching(true).unwrap();
    join_inproc(&publisher, &sub);
    sub.subscribe("a").unwrap();
    recv(&publisher);
    send(&publisher, "a: matches");
    send(&publisher, "b: does not match");
    assert_eq!(recv(&sub), "b: does not match");
}

#[test]
fn only_the_first_frame_subscribes() {
    let context = context();
    let (xpub, [xsub, _]) = published(&context);
    xpub.set_only_first_subscribe(true).unwrap();
    xsub.set_only_first_subscribe(true).unwrap();
    send_multipart(&xsub, ["data", "\x01data"]);
    assert_eq!(recv_multipart(&xpub)[..], ["data", "\x01data"]);
    xsub.subscribe("topic").unwrap();
    assert_eq!(recv(&xpub), "\x01topic");
    send(&xpub, "data: not subscribed");
    send(&xpub, "topic: subscribed");
    assert_eq!(recv(&xsub), "topic: subscribed");
}

#[test]
fn topics_are_counted() {
    let context = context();
    let (xpub, [one, _]) = published(&context);
    let since = Version {
        major: 4,
        minor: 3,
        patch: 5,
    };
    if version() < since {
        let error = xpub.topics_count().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotSupported);
        assert!(error.to_string().contains("came with 4.3.5"), "{error}");
        return;
    }
    for topic in ["a", "b"] {
        one.subscribe(topic).unwrap();
    }
    assert_eq!(one.topics_count().unwrap(), 2);
    assert_eq!([recv(&xpub), recv(&xpub)], ["\x01a", "\x01b"]);
    assert_eq!(xpub.topics_count().unwrap(), 2);
}

#[test]
fn a_mandatory_router_tells_of_peers_that_are_not_there() {
    let router = context().socket(ROUTER).unwrap();
    send_multipart(&router, ["nobody", "dropped"]);
    router.set_router_mandatory(true).unwrap();
    let error = router.send_multipart(["nobody", "hello"]).unwrap_err();
    assert_eq!(Error::from(error).kind(), ErrorKind::HostUnreachable);
}

#[test]
fn a_name_is_handed_over() {
    let context = context();
    let router = context.socket(ROUTER).unwrap();
    router.set_router_handover(true).unwrap();
    router.bind("tcp://127.0.0.1:*").unwrap();
    let connected = |text| {
        let dealer = context.socket(DEALER).unwrap();
        dealer.set_routing_id("worker").unwrap();
        dealer.connect(router.last_endpoint().unwrap()).unwrap();
        send(&dealer, text);
        assert_eq!(recv_multipart(&router)[..], ["worker", text]);
        dealer
    };
    let _old = connected("old");
    let new = connected("new");
    send_multipart(&router, ["worker", "to the new one"]);
    assert_eq!(recv(&new), "to the new one");
}

#[test]
fn a_probe_makes_a_peer_known() {
    let context = context();
    let (router, dealer) = (
        context.socket(ROUTER).unwrap(),
        context.socket(DEALER).unwrap(),
    );
    dealer.set_routing_id("worker").unwrap();
    dealer.set_probe_router(true).unwrap();
    join(&router, &dealer);
    assert_eq!(recv_multipart(&router)[..], ["worker", ""]);
}

#[test]
fn the_peer_of_a_connect_gets_a_name() {
    let context = context();
    let (router, dealer) = (
        context.socket(ROUTER).unwrap(),
        context.socket(DEALER).unwrap(),
    );
    router.set_connect_routing_id("printer").unwrap();
    join(&dealer, &router);
    send_multipart(&router, ["printer", "hello"]);
    assert_eq!(recv(&dealer), "hello");
}

#[test]
fn a_relaxed_req_takes_the_reply_to_its_last_request() {
    let context = context();
    let (router, req) = (
        context.socket(ROUTER).unwrap(),
        context.socket(REQ).unwrap(),
    );
    req.set_req_correlate(true).unwrap();
    req.set_req_relaxed(true).unwrap();
    join(&router, &req);
    let mut requests = Vec::new();
    for text in ["one", "two"] {
        send(&req, text);
        let request = recv_multipart(&router);
        assert_eq!(request.len(), 4, "routing id, number, empty frame, request");
        assert_eq!(request[3], text);
        requests.push(request);
    }
    for request in requests {
        send_multipart(&router, request);
    }
    assert_eq!(recv(&req), "two");
}

#[test]
fn a_stream_can_keep_connections_to_itself() {
    let stream = context().socket(STREAM).unwrap();
    stream.set_stream_notify(false).unwrap();
    stream.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = stream.last_endpoint().unwrap();
    let address: SocketAddr = endpoint.address().parse().unwrap();
    let mut client = TcpStream::connect(address).unwrap();
    client.write_all(b"hello").unwrap();
    assert_eq!(recv_multipart(&stream)[1], "hello");
    drop(client);
}
