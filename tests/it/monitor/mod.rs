//! Monitors: what they tell, and that they never hold up what they watch.

mod events;
mod lifetime;

use std::io::Read;
use std::net::{SocketAddr, TcpStream};

use ferromq::{
    Context, Endpoint, Kind, Monitor, MonitorEvent, MonitorEventKind, MonitorEvents, REP, Rep,
    Socket,
};

use crate::support::DEADLINE;

fn next(monitor: &Monitor) -> MonitorEvent {
    let event = monitor.recv_timeout(DEADLINE).unwrap();
    event.expect("no event comes")
}

#[track_caller]
fn wait(monitor: &Monitor, kind: MonitorEventKind) -> MonitorEvent {
    let event = monitor.wait_for(DEADLINE, |event| event.kind == kind);
    event.unwrap()
}

fn monitored(context: &Context) -> (Socket<Rep>, Monitor) {
    let rep = context.socket(REP).unwrap();
    let monitor = rep.monitor(MonitorEvents::all()).unwrap();
    (rep, monitor)
}

fn bound<K: Kind>(socket: &Socket<K>) -> Endpoint {
    socket.bind("tcp://127.0.0.1:*").unwrap();
    socket.last_endpoint().unwrap()
}

/// A client of the system's, which speaks no ZMTP by itself.
fn raw_client(endpoint: &Endpoint) -> TcpStream {
    let address: SocketAddr = endpoint.address().parse().unwrap();
    let client = TcpStream::connect_timeout(&address, DEADLINE).unwrap();
    client.set_read_timeout(Some(DEADLINE)).unwrap();
    client
}

/// Makes a connection, waits for the begin of libzmq's greeting, and ends it.
fn call_on(endpoint: &Endpoint) {
    let mut client = raw_client(endpoint);
    client.read_exact(&mut [0; 10]).unwrap();
}
