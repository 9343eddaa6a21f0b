//! What is lost, and what is not, when a connection breaks.

use std::time::Duration;

use ferromq::{Context, Message, MonitorEvents, PULL, PUSH, Push, Socket};

use crate::peer::Peer;
use crate::relay::relay;
use crate::support::{DEADLINE, Directory, context, recv, send};

/// What became of the messages of a PUSH whose worker was killed before it received any.
#[derive(Debug)]
struct Outcome {
    /// By the PUSH, before the worker died.
    taken: u32,
    /// The numbers that the next worker got of them.
    received: Vec<u32>,
}

/// Which side of the connection the PUSH is.
enum Side {
    Connects { immediate: bool },
    Binds,
}

/// Fills the queues between a PUSH and a worker in another process, kills that, and starts another.
fn killed(side: Side) -> Outcome {
    let directory = Directory::new();
    let endpoint = directory.endpoint("work");
    let push_binds = matches!(side, Side::Binds);
    let worker = |context: &Context| {
        let pull = context.socket(PULL).unwrap();
        match push_binds {
            true => pull.connect(&endpoint).unwrap(),
            false => pull.bind(&endpoint).unwrap(),
        }
        pull
    };
    let peer = Peer::start(worker);
    let context = context();
    let push = context.socket(PUSH).unwrap();
    let events = MonitorEvents::HANDSHAKE | MonitorEvents::DISCONNECTED;
    let monitor = push.monitor(events).unwrap();
    match side {
        Side::Connects { immediate } => {
            push.set_immediate(immediate).unwrap();
            push.connect(&endpoint).unwrap();
        }
        Side::Binds => push.bind(&endpoint).unwrap(),
    }
    monitor.wait_handshake(DEADLINE).unwrap();
    let taken = fill(&push);
    peer.kill();
    let event = monitor.recv_timeout(DEADLINE).unwrap();
    assert!(event.is_some(), "the end of the worker is not seen");

    let pull = worker(&context);
    monitor.wait_handshake(DEADLINE).unwrap();
    send(&push, "end");
    let mut received = Vec::new();
    loop {
        let message = recv(&pull);
        if message == "end" {
            break;
        }
        received.push(number(&message));
    }
    Outcome { taken, received }
}

/// Sends numbered messages until the queues are full: of 2000 at least half have left the PUSH, and
/// the kernel has no room for all the others, as each is a kilobyte.
fn fill(push: &Socket<Push>) -> u32 {
    let mut payload = [0; 1024];
    let mut taken = 0_u32;
    loop {
        payload[..4].copy_from_slice(&taken.to_be_bytes());
        let patience = if taken < 2000 {
            DEADLINE
        } else {
            Duration::ZERO
        };
        match push.send_timeout(&payload, patience) {
            Ok(()) => taken += 1,
            Err(error) if error.is_full() => return taken,
            Err(error) => panic!("{error}"),
        }
    }
}

fn number(message: &Message) -> u32 {
    u32::from_be_bytes(message[..4].try_into().unwrap())
}

/// A PUSH that connects keeps, while the connection is broken, what is still in its own queue, and
/// the next worker gets that, in order and once. What had left the queue is lost: what was in the
/// kernel, in the worker's queue and in the connection, which is more than the high-water marks say.
#[test]
fn a_connecting_push_keeps_its_queue() {
    let Outcome { taken, received } = killed(Side::Connects { immediate: false });
    let kept = u32::try_from(received.len()).unwrap();
    assert!((1..=1000).contains(&kept), "{kept} of {taken} kept");
    assert!(taken - kept >= 1000, "{kept} of {taken} kept");
    assert!(received.iter().copied().eq(taken - kept..taken), "the last");
}

/// A PUSH that binds loses, with the connection, all that was queued for that worker.
#[test]
fn a_binding_push_loses_the_queue_of_a_worker() {
    let Outcome { taken, received } = killed(Side::Binds);
    assert!(taken >= 2000);
    assert_eq!(received, []);
}

/// A PUSH that connects with `ZMQ_IMMEDIATE` loses its queue with the connection as well.
#[test]
fn an_immediate_push_loses_its_queue() {
    let Outcome { taken, received } = killed(Side::Connects { immediate: true });
    assert!(taken >= 2000);
    assert_eq!(received, []);
}

/// A message that was sent to a worker that is gone, and not noticed to be, is lost without an
/// error: only an answer of the peer tells that it has arrived.
#[test]
fn what_a_worker_had_received_dies_with_it() {
    let directory = Directory::new();
    let (work, report) = (directory.endpoint("work"), directory.endpoint("report"));
    let peer = Peer::start(|context| {
        let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
        pull.bind(&work).unwrap();
        push.connect(&report).unwrap();
        send(&push, recv(&pull));
        (pull, push)
    });
    let context = context();
    let (push, taken) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    taken.bind(&report).unwrap();
    push.connect(&work).unwrap();
    send(&push, "taken, never done");
    assert_eq!(recv(&taken), "taken, never done");
    peer.kill();
    let pull = context.socket(PULL).unwrap();
    pull.bind(&work).unwrap();
    send(&push, "the next");
    assert_eq!(recv(&pull), "the next");
}

/// Order is not kept across a reconnect: what came over the new connection is received in turn with
/// what is left of the old one. Each connection's messages are in order, and where it ended in good
/// order nothing is lost.
#[test]
fn a_new_connection_overtakes_the_old_one() {
    const EACH: u32 = 100;
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    let gone = pull.monitor(MonitorEvents::DISCONNECTED).unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = pull.last_endpoint().unwrap().to_string();
    push.connect(relay(endpoint, 2, b"cut here")).unwrap();
    let there = push.monitor(MonitorEvents::HANDSHAKE).unwrap();

    for connection in 0..2 {
        for message in 0..EACH {
            send(&push, &(connection * EACH + message).to_be_bytes());
        }
        send(&push, "cut here");
        let event = gone.recv_timeout(DEADLINE).unwrap();
        assert!(event.is_some(), "the connection does not end");
        if connection == 0 {
            there.wait_handshake(DEADLINE).unwrap();
        }
    }
    let received: Vec<_> = (0..2 * (EACH + 1))
        .map(|_| recv(&pull))
        .filter(|message| message != "cut here")
        .map(|message| number(&message))
        .collect();
    assert!(!received.is_sorted(), "the old ones came first");
    let (old, new): (Vec<u32>, Vec<_>) = received.iter().partition(|number| **number < EACH);
    assert!(old.into_iter().eq(0..EACH), "in order, each once");
    assert!(new.into_iter().eq(EACH..2 * EACH), "in order, each once");
}
