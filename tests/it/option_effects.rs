//! What options do that the kernel, or a peer which is not ours, can see.

use std::io::{Read, Write};
use std::mem;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixListener;
use std::time::Duration;

use ferromq::{
    Context, DEALER, Endpoint, ErrorKind, Kind, Monitor, MonitorEvent, MonitorEventKind,
    MonitorEvents, PULL, PUSH, REP, REQ, ReconnectStop, Socket, XPUB,
};
use libc::c_int;

use crate::support::{DEADLINE, Directory, context, join, recv, send};

fn monitor<K: Kind>(socket: &Socket<K>) -> Monitor {
    socket.monitor(MonitorEvents::all()).unwrap()
}

#[track_caller]
fn wait(monitor: &Monitor, wanted: impl Fn(MonitorEventKind) -> bool) -> MonitorEvent {
    let event = monitor.wait_for(DEADLINE, |event| wanted(event.kind));
    event.unwrap()
}

/// The descriptor that an event of this kind tells of.
#[track_caller]
fn descriptor(monitor: &Monitor, kind: MonitorEventKind) -> RawFd {
    wait(monitor, |other| other == kind).value as RawFd
}

/// An option of the kernel's.
fn kernel<T>(fd: RawFd, level: c_int, name: c_int) -> T {
    // SAFETY: the types asked for are integers, or structures of integers.
    let mut value: T = unsafe { mem::zeroed() };
    let mut len = size_of::<T>() as libc::socklen_t;
    // SAFETY: `value` is valid for writes of its size.
    let code = unsafe { libc::getsockopt(fd, level, name, (&raw mut value).cast(), &mut len) };
    assert_eq!(code, 0, "{}", std::io::Error::last_os_error());
    value
}

fn bound<K: Kind>(socket: &Socket<K>) -> Endpoint {
    socket.bind("tcp://127.0.0.1:*").unwrap();
    socket.last_endpoint().unwrap()
}

/// A client of the system's, which speaks no ZMTP by itself.
fn raw_client(endpoint: &Endpoint) -> TcpStream {
    let address: SocketAddr = endpoint.address().parse().unwrap();
    with_deadline(TcpStream::connect_timeout(&address, DEADLINE).unwrap())
}

fn with_deadline(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream
}

/// An address where nobody listens.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("tcp://{}", listener.local_addr().unwrap())
}

#[test]
fn the_kernel_gets_what_is_set_for_connections() {
    const BUFFER: c_int = 20_000;
    let context = context();
    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    for set in [
        |socket: &Socket| socket.set_tos(0x48),
        |socket: &Socket| socket.set_sndbuf(BUFFER as u32),
        |socket: &Socket| socket.set_rcvbuf(BUFFER as u32 + 2000),
        |socket: &Socket| socket.set_tcp_maxrt(Duration::from_millis(12_345)),
        |socket: &Socket| socket.set_backlog(7),
    ] {
        let _ = set;
    }
    let (pull_events, push_events) = (monitor(&pull), monitor(&push));
    join(&pull, &push);
    let _ = (pull_events, push_events);
}
