//! REQ and REP.

use ferromq::{ErrorKind, MonitorEvents, PULL, PUSH, REP, REQ, Rep, Req, Socket};

use crate::peer::Peer;
use crate::support::{DEADLINE, Directory, context, join, recv, send};

/// A REQ that binds waits with its request until a REP connects.
#[test]
fn a_bound_req_waits_for_a_peer() {
    let context = context();
    let (req, rep) = (context.socket(REQ).unwrap(), context.socket(REP).unwrap());
    req.bind("tcp://127.0.0.1:*").unwrap();
    assert!(req.try_send("anybody?").unwrap_err().is_full());
    rep.connect(req.last_endpoint().unwrap()).unwrap();
    send(&req, "anybody?");
    assert_eq!(recv(&rep), "anybody?");
}

/// A REQ that connects sends at once, although nobody is there yet; what it waits for is the reply.
#[test]
fn a_connected_req_sends_to_nobody() {
    let directory = Directory::new();
    let endpoint = directory.endpoint("service");
    let context = context();
    let (req, rep) = (context.socket(REQ).unwrap(), context.socket(REP).unwrap());
    req.connect(&endpoint).unwrap();
    req.try_send("anybody?").unwrap();
    assert_eq!(req.try_recv().unwrap(), None);
    rep.bind(&endpoint).unwrap();
    assert_eq!(recv(&rep), "anybody?");
    send(&rep, "somebody");
    assert_eq!(recv(&req), "somebody");
}

/// Sends "lost" to a REP that is killed once it has taken it, and starts another one, which the REQ
/// has connected to.
fn orphaned(directory: &Directory, set: impl FnOnce(&Socket<Req>)) -> (Socket<Req>, Socket<Rep>) {
    let (service, report) = (directory.endpoint("service"), directory.endpoint("report"));
    let peer = Peer::start(|context| {
        let (rep, push) = (context.socket(REP).unwrap(), context.socket(PUSH).unwrap());
        rep.bind(&service).unwrap();
        push.connect(&report).unwrap();
        send(&push, recv(&rep));
        (rep, push)
    });
    let context = context();
    let (req, rep) = (context.socket(REQ).unwrap(), context.socket(REP).unwrap());
    let taken = context.socket(PULL).unwrap();
    taken.bind(&report).unwrap();
    set(&req);
    let monitor = req.monitor(MonitorEvents::HANDSHAKE).unwrap();
    req.connect(&service).unwrap();
    send(&req, "lost");
    assert_eq!(recv(&taken), "lost");
    monitor.wait_handshake(DEADLINE).unwrap();
    peer.kill();
    rep.bind(&service).unwrap();
    monitor.wait_handshake(DEADLINE).unwrap();
    (req, rep)
}

/// A request that a REP has taken is gone when the REP dies: its successor never sees it. The REQ
/// still waits for the reply, so it cannot ask again: that is out of turn.
#[test]
fn a_request_dies_with_the_rep_that_took_it() {
    let directory = Directory::new();
    let (req, rep) = orphaned(&directory, |_| ());
    let other = context().socket(REQ).unwrap();
    other.connect(rep.last_endpoint().unwrap()).unwrap();
    send(&other, "from another client");
    assert_eq!(recv(&rep), "from another client");
    send(&rep, "reply");
    assert_eq!(recv(&other), "reply");
    assert_eq!(rep.try_recv().unwrap(), None);
    let error = req.send("again").unwrap_err();
    assert_eq!(error.error().kind(), ErrorKind::WrongState);
}

/// With `ZMQ_REQ_RELAXED` and `ZMQ_REQ_CORRELATE` the REQ asks again, on the same socket, and gets
/// the reply.
#[test]
fn a_relaxed_and_correlated_req_asks_again() {
    let directory = Directory::new();
    let (req, rep) = orphaned(&directory, |req| {
        req.set_req_relaxed(true).unwrap();
        req.set_req_correlate(true).unwrap();
    });
    send(&req, "again");
    assert_eq!(recv(&rep), "again", "and not the one that was lost");
    send(&rep, "reply");
    assert_eq!(recv(&req), "reply");
}

/// Asks twice, with the replies after the second request, and returns the reply that comes.
fn late_reply(correlate: bool) -> String {
    let context = context();
    let (req, rep) = (context.socket(REQ).unwrap(), context.socket(REP).unwrap());
    req.set_req_relaxed(true).unwrap();
    req.set_req_correlate(correlate).unwrap();
    join(&rep, &req);
    send(&req, "1");
    send(&req, "2");
    for request in ["1", "2"] {
        assert_eq!(recv(&rep), request);
        send(&rep, format!("reply to {request}"));
    }
    recv(&req).to_str().unwrap().to_owned()
}

/// `ZMQ_REQ_RELAXED` alone takes a late reply to the old request for one to the new.
#[test]
fn a_relaxed_req_takes_a_late_reply_for_the_next() {
    assert_eq!(late_reply(false), "reply to 1");
}

/// `ZMQ_REQ_CORRELATE` drops the late reply.
#[test]
fn a_correlated_req_drops_a_late_reply() {
    assert_eq!(late_reply(true), "reply to 2");
}

/// A reply to a client that is gone is dropped without an error, and the next client is served.
#[test]
fn a_reply_to_a_vanished_client_is_dropped() {
    let directory = Directory::new();
    let endpoint = directory.endpoint("service");
    let peer = Peer::start(|context| {
        let req = context.socket(REQ).unwrap();
        req.connect(&endpoint).unwrap();
        send(&req, "I will be gone");
        req
    });
    let context = context();
    let rep = context.socket(REP).unwrap();
    let monitor = rep.monitor(MonitorEvents::DISCONNECTED).unwrap();
    rep.bind(&endpoint).unwrap();
    assert_eq!(recv(&rep), "I will be gone");
    peer.kill();
    monitor.recv_timeout(DEADLINE).unwrap().expect("no event");
    rep.try_send("for nobody").unwrap();

    let req = context.socket(REQ).unwrap();
    req.connect(&endpoint).unwrap();
    send(&req, "next");
    assert_eq!(recv(&rep), "next");
    send(&rep, "reply");
    assert_eq!(recv(&req), "reply");
}
