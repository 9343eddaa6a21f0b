//! How the sockets of hosts find each other, and how they notice that the other one is gone.

use std::thread;
use std::time::Duration;

use ferromq::{Context, Kind, MonitorEvents, PULL, PUSH, Socket};

use crate::flow::{self, STEADY};
use crate::host::{Host, Talk};
use crate::network::{Network, Protocol};

/// What a socket does to find out whether its peer is still there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Watch {
    Nothing,
    /// `ZMQ_HEARTBEAT_IVL`, which is then also the time-out.
    Heartbeats(Duration),
    /// `ZMQ_TCP_KEEPALIVE`, after a second of silence, two times.
    Keepalive,
    /// `ZMQ_TCP_MAXRT`, of a second.
    Maxrt,
}

pub const HEARTBEATS: Watch = Watch::Heartbeats(Duration::from_millis(500));

/// How long a stream runs before the network fails, for TCP to measure its way: from that follows how
/// soon it sends again.
pub const RUN_UP: Duration = Duration::from_millis(500);

pub fn context() -> Context {
    Context::builder().linger(Duration::ZERO).build().unwrap()
}

/// Binds on this host, or connects to the host 1, and says from then on what happens to the connection.
pub fn join<K: Kind>(socket: &Socket<K>, binds: bool, watch: Watch, talk: &mut Talk) {
    const SECOND: Duration = Duration::from_secs(1);
    let events = MonitorEvents::HANDSHAKE | MonitorEvents::DISCONNECTED;
    talk.watch(socket.monitor(events).unwrap());
    match watch {
        Watch::Nothing => {}
        Watch::Heartbeats(interval) => socket.set_heartbeat_ivl(interval).unwrap(),
        Watch::Keepalive => {
            socket.set_tcp_keepalive(true).unwrap();
            socket.set_tcp_keepalive_idle(SECOND).unwrap();
            socket.set_tcp_keepalive_intvl(SECOND).unwrap();
            socket.set_tcp_keepalive_cnt(2).unwrap();
        }
        Watch::Maxrt => socket.set_tcp_maxrt(SECOND).unwrap(),
    }
    let (any, first) = match talk.protocol {
        Protocol::Ipv4 => ("tcp://0.0.0.0:5555", "tcp://10.0.0.1:5555"),
        Protocol::Ipv6 => {
            socket.set_ipv6(true).unwrap();
            ("tcp://[::]:5555", "tcp://[fd00::1]:5555")
        }
    };
    if binds {
        socket.bind(any).unwrap();
    } else {
        socket.connect(first).unwrap();
    }
}

pub fn push(network: &Network, number: u8, binds: bool, watch: Watch) -> Host {
    network.host(number, |talk| {
        let push = context().socket(PUSH).unwrap();
        join(&push, binds, watch, talk);
        flow::send(&push, STEADY, talk);
    })
}

pub fn pull(network: &Network, number: u8, binds: bool, watch: Watch) -> Host {
    network.host(number, |talk| {
        let pull = context().socket(PULL).unwrap();
        join(&pull, binds, watch, talk);
        flow::receive(&pull, talk);
    })
}

/// A PUSH and a PULL on two hosts, of which number 1 binds, with a stream that is on its way.
pub fn stream(network: &Network, push_binds: bool, watch: Watch) -> (Host, Host) {
    let (from, to) = if push_binds { (1, 2) } else { (2, 1) };
    let mut push = push(network, from, push_binds, watch);
    let mut pull = pull(network, to, !push_binds, watch);
    pull.wait_for("handshake");
    push.wait_for("handshake");
    push.tell("go");
    thread::sleep(RUN_UP);
    flow::goes_on(&mut pull);
    (push, pull)
}
