//! The network between two hosts fails for a while.

use std::thread;
use std::time::Duration;

use ferromq::{Context, Kind, MonitorEvents, PULL, PUSH, Socket};

use crate::flow::{self, STEADY, Tally};
use crate::host::{Host, Talk};
use crate::network::Network;

/// How long the network works before it fails, and how long it then does not.
const BEFORE: Duration = Duration::from_millis(500);
const OUTAGE: Duration = Duration::from_secs(2);

pub const HEARTBEAT: Duration = Duration::from_millis(300);

pub fn context() -> Context {
    Context::builder().linger(Duration::ZERO).build().unwrap()
}

/// Joins the hosts of a flow, and says what happens to the connection.
pub fn attach<K: Kind>(socket: &Socket<K>, binds: bool, heartbeats: bool, talk: &mut Talk) {
    let events = MonitorEvents::HANDSHAKE | MonitorEvents::DISCONNECTED;
    talk.watch(socket.monitor(events).unwrap());
    if heartbeats {
        socket.set_heartbeat_ivl(HEARTBEAT).unwrap();
    }
    if binds {
        socket.bind("tcp://0.0.0.0:5555").unwrap();
    } else {
        socket.connect("tcp://10.0.0.1:5555").unwrap();
    }
}

/// A stream from a PUSH to a PULL on another host. Host 1 binds.
fn stream(network: &Network, push_binds: bool, heartbeats: bool) -> (Host, Host) {
    let (from, to) = if push_binds { (1, 2) } else { (2, 1) };
    let push = network.host(from, |talk| {
        let push = context().socket(PUSH).unwrap();
        attach(&push, push_binds, heartbeats, talk);
        flow::send(&push, STEADY, talk);
    });
    let mut pull = network.host(to, |talk| {
        let pull = context().socket(PULL).unwrap();
        attach(&pull, !push_binds, heartbeats, talk);
        flow::receive(&pull, talk);
    });
    pull.wait_for("handshake");
    thread::sleep(BEFORE);
    (push, pull)
}

/// Lets a stream run over a failure that lasts, and shows what became of it.
fn outlasted(what: &str, push_binds: bool, fail: impl Fn(&Host), heal: impl Fn(&Host)) {
    Network::run(|network| {
        let (mut push, mut pull) = stream(network, push_binds, false);
        fail(&pull);
        thread::sleep(OUTAGE);
        heal(&pull);
        let healed = network.began.elapsed();
        let tally = wait_and_finish(&mut push, &mut pull, healed);
        tally.print(what);
        tally.is_whole();
    });
}

fn wait_and_finish(push: &mut Host, pull: &mut Host, healed: Duration) -> Tally {
    flow::finish(push, pull, healed)
}

/// A cable that is pulled and put back loses nothing of a stream: TCP sends again what has not
/// arrived. Without heartbeats, ZeroMQ does not notice.
#[test]
fn a_pulled_cable_loses_nothing_of_a_push_that_connects() {
    outlasted(
        "cable pulled, PUSH connects",
        false,
        Host::pull_cable,
        Host::heal,
    );
}
