//! The network between two hosts fails for a while.

use std::thread;
use std::time::Duration;

use ferromq::{DEALER, ROUTER};

use crate::flow;
use crate::host::Host;
use crate::join::{HEARTBEATS, Watch, context, join, stream};
use crate::network::Network;
use crate::tally::Tally;

const OUTAGE: Duration = Duration::from_secs(2);

/// Lets a stream run over a failure that nobody looks for.
fn outlasted(what: &str, push_binds: bool, fail: fn(&Host), heal: fn(&Host)) {
    Network::run(|network| {
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
        true,
        Host::pull_cable,
        Host::heal,
    );
}

/// A network that loses all packets for a while, without a sign, loses no message.
#[test]
fn a_silent_network_loses_nothing() {
    outlasted(
        "network silent, PUSH connects",
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
        false,
        |host| host.ip("link set eth0 down\n"),
        |host| host.ip("link set eth0 up\n"),
    );
}

/// Requests of a DEALER and replies of a ROUTER: none is lost with a cable that is pulled for a while.
#[test]
fn a_pulled_cable_loses_no_request_and_no_reply() {
    Network::run(|network| {
        let router = network.host(1, |talk| {
            let router = context().socket(ROUTER).unwrap();
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
        thread::sleep(Duration::from_millis(500));
        router.pull_cable();
        thread::sleep(OUTAGE);
        let healed = network.now();
        router.heal();
        thread::sleep(Duration::from_millis(500));
        dealer.tell("stop");
        let sent = flow::reported(&mut dealer);
        dealer.tell(&format!("until {}", sent.last().unwrap().number));
        let tally = Tally::new(&sent, &flow::reported(&mut dealer), healed);
        tally.print("cable pulled, DEALER asks ROUTER");
        tally.is_whole();
        tally.stood_still(OUTAGE);
    });
}

/// Lets a stream with heartbeats run over a silence that lasts until they have found it.
fn found_by_heartbeats(what: &str, push_binds: bool) {
    Network::run(|network| {
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
    found_by_heartbeats("network silent, heartbeats of 500 ms, PUSH connects", false);
}

/// A PUSH that binds waits then for a worker.
#[test]
fn heartbeats_turn_an_outage_into_loss_for_a_push_that_binds() {
    found_by_heartbeats("network silent, heartbeats of 500 ms, PUSH binds", true);
}
