//! A network that loses and delays packets.

use std::thread;
use std::time::Duration;

use crate::join::{Watch, stream};
use crate::network::Network;
use crate::switch::Cable;
use crate::tally::{Tally, say};

/// How long packets are lost.
const LOSSY: Duration = Duration::from_secs(4);

/// Packets that are lost, late and in another order cost time, and no message.
#[test]
fn lost_and_late_packets_lose_no_message() {
    Network::run(|network| {
        let (mut push, mut pull) = stream(network, false, Watch::Nothing);
        pull.set_cable(Cable {
            loss: 10,
            delay: Duration::from_millis(20),
            jitter: Duration::from_millis(10),
            ..Cable::default()
        });
        thread::sleep(LOSSY);
        let healed = network.now();
        pull.heal();
        let tally = Tally::finish(&mut push, &mut pull, healed);
        tally.print("10 % of packets lost, the others 20 to 30 ms late");
        let lost = network.switch.lost();
        say(&format!(
            "{lost} packets lost, a message took {:.2?}",
            tally.transit
        ));
        tally.is_whole();
        assert!(lost > 100, "{lost} packets lost");
        assert!(tally.transit >= Duration::from_millis(20), "{tally:?}");
    });
}

/// Heartbeats that are shorter than the time in which TCP sends a packet again break a connection
/// that would have gone on.
#[test]
fn hasty_heartbeats_break_a_lossy_connection() {
    Network::run(|network| {
        let watch = Watch::Heartbeats(Duration::from_millis(100));
        let (mut push, mut pull) = stream(network, false, watch);
        pull.set_cable(Cable {
            loss: 30,
            ..Cable::default()
        });
        push.wait_for("disconnected");
        let healed = network.now();
        pull.heal();
        push.wait_for("handshake");
        let tally = Tally::finish(&mut push, &mut pull, healed);
        tally.print("30 % of packets lost, heartbeats of 100 ms");
        // They may break it before that as well, where a process has to wait for its turn.
        tally.has_lost_some_of(Duration::ZERO, network.now());
    });
}
