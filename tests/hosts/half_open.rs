//! A host loses its power: no peer hears of it.

use std::thread;
use std::time::Duration;

use ferromq::{DEALER, ROUTER};

use crate::flow::reported;
use crate::host::Host;
use crate::join::{HEARTBEATS, Watch, context, join, pull, push};
use crate::network::Network;
use crate::tally::{Tally, say};

/// How long nothing is to happen, or to be sent: several times what heartbeats take.
const LONG: Duration = Duration::from_secs(3);

/// Between messages that nobody gets.
const PACE: Duration = Duration::from_millis(5);

/// A PULL that was connected to a host, which has vanished, and since when.
fn vanished(network: &Network, watch: Watch) -> (Host, Duration) {
    let mut push = push(network, 1, true, watch);
    let mut pull = pull(network, 2, false, watch);
    pull.wait_for("handshake");
    push.wait_for("handshake");
    // With something to send again, TCP would notice.
    pull.wait_until_acknowledged();
    push.wait_until_acknowledged();
    let since = network.now();
    push.lose_power();
    (pull, since)
}

/// A PULL that has connected and waits does not notice that its peer is gone, and does not connect to
/// the one that has taken its place: it gets nothing any more.
#[test]
fn an_idle_receiver_does_not_notice_a_vanished_peer() {
    Network::run(|network| {
        let (mut pull, _) = vanished(network, Watch::Nothing);
        let mut push = push(network, 1, true, Watch::Nothing);
        push.tell("go");
        thread::sleep(LONG);
        pull.tell("here?");
        assert_eq!(pull.hear(), "here", "it has noticed");
        push.tell("stop");
        assert_eq!(reported(&mut push).len(), 0, "the new PUSH has a worker");
        say("peer vanished and back, nothing watches: 0 messages in 3 s");
    });
}

/// Without a sign from the peer, it cannot be found sooner than the `least`.
fn found(what: &str, watch: Watch, least: Duration) {
    Network::run(|network| {
        let (mut pull, since) = vanished(network, watch);
        pull.wait_for("disconnected");
        let time = network.now() - since;
        say(&format!("{what}: found after {time:.2?}"));
        assert!(time >= least, "{time:?}");
        let mut push = push(network, 1, true, watch);
        let back = network.now();
        push.tell("go");
        pull.wait_for("handshake");
        let tally = Tally::finish(&mut push, &mut pull, back);
        tally.print(&format!("{what}, and back"));
        tally.is_whole();
    });
}

/// Heartbeats find it, and the PULL connects to the new one.
#[test]
fn heartbeats_find_a_vanished_peer() {
    let least = Duration::from_millis(250); // one may have been on its way
    found("peer vanished, heartbeats of 500 ms", HEARTBEATS, least);
}

/// So does TCP's keep-alive, which takes seconds at least.
#[test]
fn keepalive_finds_a_vanished_peer() {
    found(
        "peer vanished, ZMQ_TCP_KEEPALIVE of 1 s, 2 times",
        Watch::Keepalive,
        Duration::from_secs(1),
    );
}

/// Sends to a DEALER on a host that has vanished, and returns how many messages were taken, and how it
/// ended.
fn sent_to_a_vanished_dealer(network: &Network, watch: Watch) -> String {
    let mut router = network.host(1, |talk| {
        let router = context().socket(ROUTER).unwrap();
        router.set_router_mandatory(true).unwrap();
        join(&router, true, watch, talk);
        let hello = router.recv_multipart().unwrap();
        talk.say("hello");
        talk.wait_for("go");
        let mut taken = 0;
        let until = talk.now() + LONG;
        let end = loop {
            match router.try_send_multipart([hello[0].clone(), "are you there?".into()]) {
                Ok(()) => taken += 1,
                Err(error) => break format!("{:?}", ferromq::Error::from(error).kind()),
            }
            if talk.now() > until {
                break "no error".into();
            }
            thread::sleep(PACE);
        };
        talk.say(&format!("taken {taken} {end}"));
    });
    let dealer = network.host(2, |talk| {
        let dealer = context().socket(DEALER).unwrap();
        join(&dealer, false, watch, talk);
        dealer.send("hello").unwrap();
        talk.wait_for("end");
    });
    router.wait_for("hello");
    dealer.lose_power();
    router.tell("go");
    router.wait_for("taken")
}

/// A ROUTER sends to a peer that has vanished, and gets no error, also with `ZMQ_ROUTER_MANDATORY`.
#[test]
fn a_router_sends_to_a_vanished_peer() {
    Network::run(|network| {
        let result = sent_to_a_vanished_dealer(network, Watch::Nothing);
        say(&format!(
            "ROUTER to a vanished peer, nothing watches: taken {result}"
        ));
        let (taken, end) = result.split_once(' ').unwrap();
        assert_eq!(end, "no error");
        assert!(taken.parse::<u32>().unwrap() > 0);
    });
}

/// With heartbeats it gets one, as soon as they have found it. What it sent before is lost.
#[test]
fn a_mandatory_router_with_heartbeats_cannot_send_to_a_vanished_peer() {
    Network::run(|network| {
        let result = sent_to_a_vanished_dealer(network, HEARTBEATS);
        say(&format!(
            "ROUTER to a vanished peer, heartbeats of 500 ms: taken {result}"
        ));
        let (taken, end) = result.split_once(' ').unwrap();
        assert_eq!(end, "HostUnreachable");
        assert!(taken.parse::<u32>().unwrap() > 0);
    });
}
