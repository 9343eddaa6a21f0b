//! PUSH and PULL: what is queued where.

use ferromq::{Context, MonitorEvents, PULL, PUSH, Push, Socket};

use crate::peer::Peer;
use crate::support::{DEADLINE, Directory, context, join, recv, send, wait_until};

/// A PUSH that binds waits again once its last worker has left.
#[test]
fn a_bound_push_waits_again_without_workers() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    join(&push, &pull);
    send(&push, "work");
    assert_eq!(recv(&pull), "work");
    drop(pull);
    wait_until("the worker has left", || {
        push.try_send("more").is_err_and(|error| error.is_full())
    });
    let next = context.socket(PULL).unwrap();
    next.connect(push.last_endpoint().unwrap()).unwrap();
    send(&push, "for the next");
    assert_eq!(recv(&next), "for the next");
}

/// The high-water mark is one for each endpoint that the PUSH has connected to.
#[test]
fn each_endpoint_has_a_queue_of_its_own() {
    let directory = Directory::new();
    let endpoints = ["one", "other"].map(|name| directory.endpoint(name));
    let context = context();
    let push = context.socket(PUSH).unwrap();
    push.set_send_hwm(3).unwrap();
    for endpoint in &endpoints {
        push.connect(endpoint).unwrap();
    }
    for number in 0..6 {
        push.try_send(&[number]).unwrap();
    }
    assert!(push.try_send("too many").unwrap_err().is_full());
    for endpoint in &endpoints {
        let pull = context.socket(PULL).unwrap();
        pull.bind(endpoint).unwrap();
        let mine = [recv(&pull), recv(&pull), recv(&pull)].map(|message| message[0] % 2);
        assert!(mine == [0; 3] || mine == [1; 3], "{mine:?}");
    }
}

/// A PUSH that has sent 100 messages, with a worker at one endpoint, who gets `share` of them, and
/// nobody at the other.
fn beside_an_absent_endpoint(
    context: &Context,
    absent: &str,
    immediate: bool,
    share: usize,
) -> Socket<Push> {
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    push.set_immediate(immediate).unwrap();
    let there = push.monitor(MonitorEvents::HANDSHAKE).unwrap();
    let gone = pull.monitor(MonitorEvents::DISCONNECTED).unwrap();
    join(&pull, &push);
    push.connect(absent).unwrap();
    there.wait_handshake(DEADLINE).unwrap();
    for _ in 0..100 {
        send(&push, "work");
    }
    for _ in 0..share {
        assert_eq!(recv(&pull), "work");
    }
    push.disconnect(pull.last_endpoint().unwrap()).unwrap();
    wait_until("the connection ends", || {
        push.events().unwrap(); // a PUSH ends its part when it is called
        gone.try_recv().unwrap().is_some()
    });
    assert_eq!(pull.try_recv().unwrap(), None);
    push
}

/// Messages are dealt out to all endpoints in turn, so half of them wait for the one where nobody is.
#[test]
fn half_of_the_messages_wait_for_an_absent_endpoint() {
    let directory = Directory::new();
    let absent = directory.endpoint("absent");
    let context = context();
    let _push = beside_an_absent_endpoint(&context, &absent, false, 50);
    let pull = context.socket(PULL).unwrap();
    pull.bind(&absent).unwrap();
    for _ in 0..50 {
        assert_eq!(recv(&pull), "work");
    }
}

/// With `ZMQ_IMMEDIATE` nothing waits for an endpoint where nobody is.
#[test]
fn immediate_gives_all_to_those_who_are_there() {
    let directory = Directory::new();
    let context = context();
    let absent = directory.endpoint("absent");
    let push = beside_an_absent_endpoint(&context, &absent, true, 100);
    assert!(push.try_send("work").unwrap_err().is_full());
}

/// High-water marks do not bound what is in flight: the buffers of the kernel and of the connection
/// come on top.
#[test]
fn high_water_marks_do_not_bound_what_is_in_flight() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    push.set_send_hwm(1).unwrap();
    pull.set_recv_hwm(1).unwrap();
    join(&pull, &push);
    for _ in 0..1000 {
        send(&push, "nobody receives it");
    }
}

/// Linger waits until the system has taken the messages, not until the peer has: one that never
/// receives does not delay the end, and dies with all of them.
#[test]
fn linger_delivers_into_the_kernel_only() {
    let directory = Directory::new();
    let endpoint = directory.endpoint("work");
    let peer = Peer::start(|context| {
        let pull = context.socket(PULL).unwrap();
        pull.bind(&endpoint).unwrap();
        pull
    });
    let context = Context::new().unwrap();
    let push = context.socket(PUSH).unwrap();
    let monitor = push.monitor(MonitorEvents::HANDSHAKE).unwrap();
    push.connect(&endpoint).unwrap();
    monitor.wait_handshake(DEADLINE).unwrap();
    for _ in 0..500 {
        send(&push, "never received");
    }
    push.close(None).unwrap();
    drop(monitor);
    context.terminate(DEADLINE).unwrap();
    peer.kill();
}
