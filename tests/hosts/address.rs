//! The address of a host changes.

use std::thread;
use std::time::Duration;

use crate::host::Host;
use crate::join::{HEARTBEATS, Watch, stream};
use crate::network::Network;
use crate::tally::Tally;

/// How long a host has the other address.
const MOVED: Duration = Duration::from_secs(3);

fn moves(host: &Host) {
    host.ip("addr del 10.0.0.2/24 dev eth0\naddr add 10.0.0.22/24 dev eth0\n");
}

fn moves_back(host: &Host) {
    host.ip("addr del 10.0.0.22/24 dev eth0\naddr add 10.0.0.2/24 dev eth0\n");
}

/// A connection belongs to an address. Where that changes it stands still, and nothing tells of it;
/// when the address comes back it goes on, and nothing is lost.
#[test]
fn a_connection_waits_for_its_address() {
    Network::run(|network| {
        let (mut push, mut pull) = stream(network, false, Watch::Nothing);
        moves(&push);
        thread::sleep(MOVED);
        let back = network.now();
        moves_back(&push);
        let tally = Tally::finish(&mut push, &mut pull, back);
        tally.print("address changed and changed back");
        tally.is_whole();
        tally.stood_still(MOVED);
    });
}

/// Changes the address of a PUSH for good, and lets it find out.
fn connects_anew(what: &str, watch: Watch) {
    Network::run(|network| {
        let (mut push, mut pull) = stream(network, false, watch);
        let moved = network.now();
        moves(&push);
        push.wait_for("disconnected");
        let found = network.now();
        push.wait_for("handshake");
        let tally = Tally::finish(&mut push, &mut pull, found);
        tally.print(what);
        tally.has_lost_some_of(moved, found);
    });
}

/// With heartbeats a socket connects from its new address, and has lost what it sent since it changed.
#[test]
fn heartbeats_connect_from_a_new_address() {
    connects_anew("address changed, heartbeats of 500 ms", HEARTBEATS);
}

/// With `ZMQ_TCP_MAXRT` as well, where there was something to send.
#[test]
fn maxrt_connects_from_a_new_address() {
    connects_anew("address changed, ZMQ_TCP_MAXRT of 1 s", Watch::Maxrt);
}
