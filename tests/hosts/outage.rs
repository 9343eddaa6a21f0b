//! The network between two hosts fails for a while.

use std::thread;
use std::time::Duration;

use ferromq::{DEALER, ROUTER};

use crate::flow;
use crate::host::Host;
use crate::join::{HEARTBEATS, RUN_UP, Watch, context, join, stream};
use crate::network::{Network, Protocol};
use crate::tally::{AFTERWARDS, Tally, say};

/// How long it lasts.
const OUTAGE: Duration = Duration::from_secs(2);

/// Lets a stream run over a failure that nobody looks for.
fn outlasted(what: &str, protocol: Protocol, push_binds: bool, fail: fn(&Host), heal: fn(&Host)) {
    Network::run_over(protocol, |network| {
        let (mut push, mut pull) = stream(network, push_binds, Watch::Nothing);
        fail(&pull);
        thread::sleep(OUTAGE);
        let healed = network.now();
        heal(&pull);
        let tally = Tally::finish(&mut push, &mut pull, healed);
        tally.print(what);
        tally.is_whole();
        tally.stood_still(OUTAGE);
    });
}

/// A cable that is pulled and put back loses nothing of a PUSH that connects: TCP sends again what has
/// not arrived. Without heartbeats, ZeroMQ does not notice.
#[test]
fn a_pulled_cable_loses_nothing() {
    outlasted(
        "cable pulled, PUSH connects",
        Protocol::Ipv4,
        false,
        Host::pull_cable,
        Host::heal,
    );
}

/// Nor of a PUSH that binds.
#[test]
fn a_pulled_cable_loses_nothing_of_a_push_that_binds() {
    outlasted(
        "cable pulled, PUSH binds",
        Protocol::Ipv4,
        true,
        Host::pull_cable,
        Host::heal,
    );
}

/// Nor over IPv6.
#[test]
fn a_pulled_cable_loses_nothing_over_ipv6() {
    outlasted(
        "cable pulled, PUSH connects, IPv6",
        Protocol::Ipv6,
        false,
        Host::pull_cable,
        Host::heal,
    );
}

/// A network that loses all packets for a while, without a sign, loses no message.
#[test]
fn a_silent_network_loses_nothing() {
    outlasted(
        "network silent, PUSH connects",
        Protocol::Ipv4,
        false,
        Host::silence,
        Host::heal,
    );
}

/// An interface that is taken down on the host itself, and up again, loses no message.
#[test]
fn an_interface_that_is_down_loses_nothing() {
    outlasted(
        "interface down, PUSH connects",
        Protocol::Ipv4,
        false,
        Host::take_down,
        Host::bring_up,
    );
}

/// Nor does one of IPv6, whose address goes and comes with it.
#[test]
fn an_interface_that_is_down_loses_nothing_over_ipv6() {
    outlasted(
        "interface down, PUSH connects, IPv6",
        Protocol::Ipv6,
        false,
        Host::take_down,
        Host::bring_up,
    );
}

/// Requests of a DEALER and replies of a ROUTER: none is lost with a cable that is pulled for a while.
/// When it is back, replies come faster than they go, so the ROUTER must be mandatory, or it drops some.
#[test]
fn a_pulled_cable_loses_no_request_and_no_reply() {
    Network::run(|network| {
        let router = network.host(1, |talk| {
            let router = context().socket(ROUTER).unwrap();
            router.set_router_mandatory(true).unwrap();
            join(&router, true, Watch::Nothing, talk);
            flow::answer(&router, talk);
        });
        let mut dealer = network.host(2, |talk| {
            let dealer = context().socket(DEALER).unwrap();
            join(&dealer, false, Watch::Nothing, talk);
            flow::ask(&dealer, talk);
        });
        dealer.wait_for("handshake");
        dealer.tell("go");
        thread::sleep(RUN_UP);
        flow::goes_on(&mut dealer);
        router.pull_cable();
        thread::sleep(OUTAGE);
        let healed = network.now();
        router.heal();
        flow::goes_on(&mut dealer);
        thread::sleep(AFTERWARDS);
        dealer.tell("stop");
        let sent = flow::reported(&mut dealer);
        dealer.tell(&format!("until {}", sent.last().unwrap().number));
        let tally = Tally::new(&sent, &flow::reported(&mut dealer), healed);
        tally.print("cable pulled, DEALER asks ROUTER");
        tally.is_whole();
        tally.stood_still(OUTAGE);
    });
}

/// Has a ROUTER send more to a host whose cable is pulled than the queues on the way take, and returns
/// how many it took, whether it stopped there with an error, and how many came when the cable was back.
fn more_than_the_queues(network: &Network, mandatory: bool) -> (usize, bool, usize) {
    let mut router = network.host(1, |talk| {
        let router = context().socket(ROUTER).unwrap();
        router.set_router_mandatory(mandatory).unwrap();
        join(&router, true, Watch::Nothing, talk);
        let hello = router.recv_multipart().unwrap();
        talk.say("hello");
        talk.wait_for("go");
        let mut payload = vec![0; 1024];
        let mut taken = 0_u32;
        let is_full = loop {
            if taken == MANY {
                break false;
            }
            payload[..4].copy_from_slice(&taken.to_be_bytes());
            match router.try_send_multipart([hello[0].clone(), payload.clone().into()]) {
                Ok(()) => taken += 1,
                Err(error) if error.is_full() => break true,
                Err(error) => panic!("{error}"),
            }
        };
        talk.say(&format!("taken {taken} {is_full}"));
        talk.wait_for("end");
    });
    let mut dealer = network.host(2, |talk| {
        let dealer = context().socket(DEALER).unwrap();
        join(&dealer, false, Watch::Nothing, talk);
        dealer.send("hello").unwrap();
        flow::receive(&dealer, talk);
    });
    router.wait_for("hello");
    dealer.pull_cable();
    router.tell("go");
    let taken = router.wait_for("taken");
    dealer.heal();
    dealer.tell("until 0");
    let received = flow::reported(&mut dealer).len();
    say(&format!(
        "cable pulled, ROUTER sends {MANY} messages, mandatory {mandatory}: taken {taken}, received {received}"
    ));
    let (taken, is_full) = taken.split_once(' ').unwrap();
    (taken.parse().unwrap(), is_full == "true", received)
}

/// Of a kilobyte each: beyond what the kernel takes.
const MANY: u32 = 30_000;

/// A ROUTER whose queue for a peer is at the high-water mark drops what it is to send there, without an
/// error.
#[test]
fn a_router_drops_what_does_not_fit_into_its_queue() {
    Network::run(|network| {
        let (taken, is_full, received) = more_than_the_queues(network, false);
        assert!(!is_full);
        assert!(received < taken, "{received} of {taken}");
    });
}

/// With `ZMQ_ROUTER_MANDATORY` it does not take it.
#[test]
fn a_mandatory_router_does_not_take_what_does_not_fit_into_its_queue() {
    Network::run(|network| {
        let (taken, is_full, received) = more_than_the_queues(network, true);
        assert!(is_full, "it took {taken}");
        assert!(received > 0);
    });
}

/// Lets a stream with heartbeats run over a silence that lasts until they have found it.
fn found_by_heartbeats(what: &str, protocol: Protocol, push_binds: bool) {
    Network::run_over(protocol, |network| {
        let (mut push, mut pull) = stream(network, push_binds, HEARTBEATS);
        let silent = network.now();
        pull.silence();
        push.wait_for("disconnected");
        pull.wait_for("disconnected");
        let found = network.now();
        let healed = network.now();
        pull.heal();
        push.wait_for("handshake");
        let tally = Tally::finish(&mut push, &mut pull, healed);
        tally.print(what);
        tally.has_lost_some_of(silent, found);
    });
}

/// With heartbeats the connection is given up, and what was sent over it since the network failed is
/// lost. A PUSH that connects keeps what comes after that for the next connection.
#[test]
fn heartbeats_turn_an_outage_into_loss() {
    found_by_heartbeats(
        "network silent, heartbeats of 500 ms, PUSH connects",
        Protocol::Ipv4,
        false,
    );
}

/// A PUSH that binds waits then for a worker.
#[test]
fn heartbeats_turn_an_outage_into_loss_for_a_push_that_binds() {
    found_by_heartbeats(
        "network silent, heartbeats of 500 ms, PUSH binds",
        Protocol::Ipv4,
        true,
    );
}

/// The same over IPv6.
#[test]
fn heartbeats_turn_an_outage_into_loss_over_ipv6() {
    found_by_heartbeats(
        "network silent, heartbeats of 500 ms, PUSH connects, IPv6",
        Protocol::Ipv6,
        false,
    );
}
