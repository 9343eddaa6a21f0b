//! A publisher on one host, four subscribers on others, of which two are cut off for a while.

use std::thread;
use std::time::Duration;

use ferromq::{SUB, XPUB};

use crate::flow::{self, Pace, STEADY};
use crate::host::Host;
use crate::join::{HEARTBEATS, RUN_UP, Watch, context, join};
use crate::network::Network;
use crate::tally::{AFTERWARDS, Tally};

/// How long they are cut off.
const PARTITION: Duration = Duration::from_secs(3);

struct Partition {
    publisher: Host,
    /// Whose network works all the time.
    near: Vec<Host>,
    /// Who are cut off.
    far: Vec<Host>,
}

impl Partition {
    fn start(network: &Network, pace: Pace, watch: Watch) -> Self {
        let mut publisher = network.host(1, |talk| {
            let publisher = context().socket(XPUB).unwrap();
            publisher.set_xpub_verbose(true).unwrap();
            publisher.set_sndbuf(16384).unwrap();
            join(&publisher, true, watch, talk);
            for _ in 0..4 {
                publisher.recv().unwrap();
            }
            talk.say("subscribed");
            flow::send(&publisher, pace, talk);
        });
        let subscriber = |number| {
            network.host(number, |talk| {
                let subscriber = context().socket(SUB).unwrap();
                subscriber.subscribe("").unwrap();
                join(&subscriber, false, watch, talk);
                flow::receive(&subscriber, talk);
            })
        };
        let near = (2..4).map(subscriber).collect();
        let mut far: Vec<_> = (4..6).map(subscriber).collect();
        for host in &mut far {
            host.wait_for("handshake");
        }
        publisher.wait_for("subscribed");
        publisher.tell("go");
        thread::sleep(RUN_UP);
        for host in &mut far {
            flow::goes_on(host);
        }
        for host in &far {
            host.silence();
        }
        Self {
            publisher,
            near,
            far,
        }
    }

    /// Ends it, prints what has become of the messages, and returns that of those who were cut off.
    fn finish(mut self, what: &str, healed: Duration) -> Vec<Tally> {
        for host in &mut self.far {
            flow::goes_on(host);
        }
        thread::sleep(AFTERWARDS);
        self.publisher.tell("stop");
        let sent = flow::reported(&mut self.publisher);
        let tally = |host: &mut Host, who: &str| {
            host.tell(&format!("until {}", sent.last().unwrap().number));
            let tally = Tally::new(&sent, &flow::reported(host), healed);
            tally.print(&format!("{what}: {who}"));
            tally
        };
        for host in &mut self.near {
            tally(host, "not cut off").is_whole();
        }
        self.far
            .iter_mut()
            .map(|host| tally(host, "cut off"))
            .collect()
    }

    fn heal(&self) {
        for host in &self.far {
            host.heal();
        }
    }
}

/// What fits into the queues for a subscriber that is cut off comes late.
#[test]
fn a_short_partition_delays_subscribers() {
    Network::run(|network| {
        let pace = Pace {
            every: Duration::from_millis(10),
            ..STEADY
        };
        let partition = Partition::start(network, pace, Watch::Nothing);
        thread::sleep(PARTITION);
        let healed = network.now();
        partition.heal();
        for tally in partition.finish("partition of 3 s", healed) {
            tally.is_whole();
            tally.stood_still(PARTITION);
        }
    });
}

/// What does not fit is lost to those who are cut off, and to nobody else.
#[test]
fn a_partition_beyond_the_queues_loses_messages() {
    Network::run(|network| {
        let pace = Pace {
            size: 1024,
            ..STEADY
        };
        let partition = Partition::start(network, pace, Watch::Nothing);
        let cut = network.now();
        thread::sleep(PARTITION);
        let healed = network.now();
        partition.heal();
        for tally in partition.finish("partition of 3 s, beyond the queues", healed) {
            // The queue has room again when TCP has tried.
            tally.has_lost_some_of(cut, healed + tally.recovery + Duration::from_secs(2));
            assert!(tally.in_order, "{tally:?}");
        }
    });
}

/// With heartbeats all is lost that is published while they are cut off. Then they connect and
/// subscribe again by themselves.
#[test]
fn heartbeats_lose_what_is_published_during_a_partition() {
    Network::run(|network| {
        let mut partition = Partition::start(network, STEADY, HEARTBEATS);
        let cut = network.now();
        for host in &mut partition.far {
            host.wait_for("disconnected");
        }
        // So much longer.
        thread::sleep(Duration::from_secs(1));
        let healed = network.now();
        partition.heal();
        for host in &mut partition.far {
            host.wait_for("handshake");
        }
        let joined = network.now() + Duration::from_millis(500);
        for tally in partition.finish("partition, heartbeats of 500 ms", healed) {
            tally.has_lost_some_of(cut, joined);
            tally.stood_still(healed - cut);
        }
    });
}
