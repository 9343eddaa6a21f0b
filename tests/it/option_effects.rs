//! What options do that the kernel, or a peer which is not ours, can see.

use std::io::{Read, Write};
use std::mem;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use ferromq::{
    Context, DEALER, Endpoint, ErrorKind, Kind, Monitor, MonitorEvent, MonitorEventKind,
    MonitorEvents, PULL, PUSH, REP, REQ, ReconnectStop, Socket,
};
use libc::c_int;

use crate::support::{DEADLINE, Directory, context, join, recv, send, wait_until};

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

/// The next connection that the listener gets.
fn accepted(listener: &TcpListener) -> TcpStream {
    listener.set_nonblocking(true).unwrap();
    let mut accepted = None;
    wait_until("a connection comes in", || {
        accepted = listener.accept().ok();
        accepted.is_some()
    });
    let (stream, _) = accepted.expect("it was waited for");
    stream.set_nonblocking(false).unwrap();
    with_deadline(stream)
}

/// Where nobody listens: a port that the system gives to no socket by itself.
const NOBODY: &str = "tcp://127.0.0.1:1";

#[test]
fn the_kernel_gets_what_is_set_for_connections() {
    const SEND_BUFFER: c_int = 20_000;
    const RECV_BUFFER: c_int = 30_000;
    let context = context();
    let set = |socket: Socket| {
        socket.set_tos(0x48).unwrap();
        socket.set_sndbuf(SEND_BUFFER as u32).unwrap();
        socket.set_rcvbuf(RECV_BUFFER as u32).unwrap();
        socket.set_tcp_maxrt(Duration::from_millis(12_345)).unwrap();
        socket.set_backlog(7).unwrap();
        socket.set_bind_to_device("lo").unwrap();
        socket
    };
    let pull = set(context.socket(PULL).unwrap().into_any());
    let push = set(context.socket(PUSH).unwrap().into_any());
    let (pull_events, push_events) = (monitor(&pull), monitor(&push));
    join(&pull, &push);

    let listener = descriptor(&pull_events, MonitorEventKind::Listening);
    let accepted = descriptor(&pull_events, MonitorEventKind::Accepted);
    let connected = descriptor(&push_events, MonitorEventKind::Connected);
    for fd in [listener, accepted, connected] {
        assert_eq!(kernel::<c_int>(fd, libc::IPPROTO_IP, libc::IP_TOS), 0x48);
        // Linux doubles them.
        let buffer = |name| kernel::<c_int>(fd, libc::SOL_SOCKET, name) / 2;
        assert_eq!(buffer(libc::SO_SNDBUF), SEND_BUFFER);
        assert_eq!(buffer(libc::SO_RCVBUF), RECV_BUFFER);
    }
    for fd in [listener, connected] {
        let device = kernel::<[u8; 16]>(fd, libc::SOL_SOCKET, libc::SO_BINDTODEVICE);
        assert!(device.starts_with(b"lo\0"), "{device:?}");
    }
    for fd in [accepted, connected] {
        let limit = kernel::<c_int>(fd, libc::IPPROTO_TCP, libc::TCP_USER_TIMEOUT);
        assert_eq!(limit, 12_345);
    }
    // Of a socket that listens, this is the backlog.
    let info = kernel::<libc::tcp_info>(listener, libc::IPPROTO_TCP, libc::TCP_INFO);
    assert_eq!(info.tcpi_sacked, 7);
}

#[test]
fn a_device_that_does_not_exist_is_an_error_of_bind() {
    let pull = context().socket(PULL).unwrap();
    pull.set_bind_to_device("no-such-device").unwrap();
    let error = pull.bind("tcp://127.0.0.1:*").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoSuchDevice);
}

#[test]
fn affinity_chooses_the_io_threads() {
    let context = Context::builder().io_threads(2).build().unwrap();
    let pull = context.socket(PULL).unwrap();
    pull.set_affinity(0b100).unwrap();
    let error = pull.bind("tcp://127.0.0.1:*").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoIoThread);
    pull.set_affinity(0b10).unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
}

#[test]
fn who_sends_more_than_the_limit_is_cut_off() {
    let context = context();
    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    pull.set_max_msg_size(100).unwrap();
    let events = monitor(&pull);
    join(&pull, &push);
    send(&push, &[0; 100]);
    assert_eq!(recv(&pull), [0; 100]);
    send(&push, &[0; 101]);
    wait(&events, |kind| kind == MonitorEventKind::Disconnected);
    wait(&events, |kind| kind == MonitorEventKind::HandshakeSucceeded);
    send(&push, "small");
    assert_eq!(recv(&pull), "small");
}

#[test]
fn who_takes_too_long_to_shake_hands_is_cut_off() {
    let rep = context().socket(REP).unwrap();
    rep.set_handshake_ivl(Duration::from_millis(50)).unwrap();
    let mut greeting = Vec::new();
    raw_client(&bound(&rep)).read_to_end(&mut greeting).unwrap();
    assert!(!greeting.is_empty());
}

/// A peer that shakes hands by the rules of ZMTP 3.0 and then says nothing any more.
fn silent_dealer(endpoint: &Endpoint) -> TcpStream {
    let mut stream = raw_client(endpoint);
    let mut greeting = [0; 64];
    greeting[..10].copy_from_slice(b"\xFF\0\0\0\0\0\0\0\x01\x7F");
    greeting[10] = 3;
    greeting[12..16].copy_from_slice(b"NULL");
    stream.write_all(&greeting).unwrap();
    stream.read_exact(&mut greeting).unwrap();
    stream
        .write_all(b"\x04\x1C\x05READY\x0BSocket-Type\0\0\0\x06DEALER")
        .unwrap();
    assert!(next_command(&mut stream).starts_with(b"\x05READY"));
    stream
}

/// A short command, without its head.
fn next_command(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(head[0], 4, "no short command");
    let mut body = vec![0; head[1].into()];
    stream.read_exact(&mut body).unwrap();
    body
}

#[test]
fn heartbeats_find_a_peer_that_is_silent() {
    let dealer = context().socket(DEALER).unwrap();
    dealer.set_heartbeat_ivl(Duration::from_millis(50)).unwrap();
    dealer.set_heartbeat_ttl(Duration::from_secs(2)).unwrap();
    let mut peer = silent_dealer(&bound(&dealer));
    let ping = next_command(&mut peer);
    assert_eq!(&ping[..5], b"\x04PING");
    assert_eq!(
        ping[5..7],
        20_u16.to_be_bytes(),
        "the time to live, in tenths of a second"
    );
    peer.read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn heartbeats_without_a_limit_go_on() {
    let dealer = context().socket(DEALER).unwrap();
    dealer.set_heartbeat_ivl(Duration::from_millis(5)).unwrap();
    dealer.set_heartbeat_timeout(Duration::ZERO).unwrap();
    let mut peer = silent_dealer(&bound(&dealer));
    for _ in 0..10 {
        assert!(next_command(&mut peer).starts_with(b"\x04PING"));
    }
}

#[test]
fn the_wait_before_the_next_connect_doubles() {
    let req = context().socket(REQ).unwrap();
    let ms = Duration::from_millis;
    req.set_reconnect_ivl(ms(10)).unwrap();
    req.set_reconnect_ivl_max(ms(35)).unwrap();
    let events = monitor(&req);
    req.connect(NOBODY).unwrap();
    for expected in [10, 20, 35, 35] {
        // Before 4.3.5 libzmq adds up to the first wait, by chance.
        let wait = next_wait(&events);
        assert!(
            (ms(expected)..ms(expected + 10)).contains(&wait),
            "{wait:?}"
        );
    }
}

/// How long the next wait before a connect is.
#[track_caller]
fn next_wait(events: &Monitor) -> Duration {
    let retried = wait(events, |kind| {
        matches!(kind, MonitorEventKind::ConnectRetried(_))
    });
    match retried.kind {
        MonitorEventKind::ConnectRetried(wait) => wait,
        _ => unreachable!("it was waited for"),
    }
}

#[test]
fn the_wait_before_the_next_connect_is_up_to_twice_as_long() {
    let req = context().socket(REQ).unwrap();
    req.set_reconnect_ivl(Duration::from_secs(1000)).unwrap();
    let events = monitor(&req);
    req.connect(NOBODY).unwrap();
    let wait = next_wait(&events);
    assert!((1000..2000).contains(&wait.as_secs()), "{wait:?}");
}

/// Has `socket` fail to connect, and asserts that it does not try again.
#[track_caller]
fn assert_gives_up<K: Kind>(socket: &Socket<K>) {
    let events = monitor(socket);
    socket.connect(NOBODY).unwrap();
    wait(&events, |kind| kind == MonitorEventKind::Closed);
    // The I/O thread, which would have told of the next try by now, tells of this.
    let _client = raw_client(&bound(socket));
    let next = wait(&events, |kind| {
        matches!(
            kind,
            MonitorEventKind::ConnectRetried(_) | MonitorEventKind::Accepted
        )
    });
    assert_eq!(next.kind, MonitorEventKind::Accepted);
}

#[test]
fn a_socket_can_give_up_to_connect() {
    let context = context();
    let never = context.socket(REQ).unwrap();
    never.set_reconnect_ivl(None).unwrap();
    assert_gives_up(&never);
    let refused = context.socket(REQ).unwrap();
    refused
        .set_reconnect_stop(ReconnectStop::CONN_REFUSED)
        .unwrap();
    assert_gives_up(&refused);
}

#[test]
fn a_connect_that_takes_too_long_is_given_up() {
    // A listener that takes one connection, and leaves the others without an answer.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    // SAFETY: the descriptor is open.
    assert_eq!(unsafe { libc::listen(listener.as_raw_fd(), 0) }, 0);
    let address = listener.local_addr().unwrap();
    let _first = TcpStream::connect(address).unwrap();
    let push = context().socket(PUSH).unwrap();
    push.set_connect_timeout(Duration::from_millis(50)).unwrap();
    let events = monitor(&push);
    push.connect(format!("tcp://{address}")).unwrap();
    let next = wait(&events, |kind| {
        matches!(
            kind,
            MonitorEventKind::ConnectRetried(_) | MonitorEventKind::Connected
        )
    });
    assert_ne!(
        next.kind,
        MonitorEventKind::Connected,
        "the listener took it"
    );
}

#[test]
fn a_proxy_is_asked_in_socks5() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let push = context().socket(PUSH).unwrap();
    push.set_socks_proxy(proxy.local_addr().unwrap().to_string())
        .unwrap();
    push.set_socks_username("alice").unwrap();
    push.set_socks_password("secret").unwrap();
    push.connect("tcp://192.0.2.1:5555").unwrap();
    let mut stream = accepted(&proxy);
    let mut asked = [0; 3];
    stream.read_exact(&mut asked).unwrap();
    assert_eq!(
        asked,
        [5, 1, 2],
        "version 5, one method: by name and password"
    );
    stream.write_all(&[5, 2]).unwrap();
    let mut asked = [0; 14];
    stream.read_exact(&mut asked).unwrap();
    assert_eq!(&asked, b"\x01\x05alice\x06secret");
    stream.write_all(&[1, 0]).unwrap();
    let mut asked = [0; 10];
    stream.read_exact(&mut asked).unwrap();
    assert_eq!(asked[..4], [5, 1, 0, 1], "connect to an address of IPv4");
    assert_eq!(asked[4..8], [192, 0, 2, 1]);
    assert_eq!(asked[8..], 5555_u16.to_be_bytes());
    // While the proxy is there: libzmq 4.3.5 aborts otherwise.
    drop(push);
}

#[test]
fn a_listener_of_the_programs_is_used_once() {
    let context = context();
    let (rep, req) = (context.socket(REP).unwrap(), context.socket(REQ).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    rep.set_use_fd(listener).unwrap();
    rep.bind("tcp://127.0.0.1:*").unwrap();
    assert_eq!(rep.last_endpoint().unwrap().address(), address.to_string());
    assert_eq!(rep.use_fd().unwrap(), None);
    rep.bind("tcp://127.0.0.1:*").unwrap();
    assert_ne!(rep.last_endpoint().unwrap().address(), address.to_string());

    req.connect(format!("tcp://{address}")).unwrap();
    send(&req, "by the given one");
    assert_eq!(recv(&rep), "by the given one");
}

#[test]
fn a_unix_listener_of_the_programs_is_used() {
    let directory = Directory::new();
    let endpoint: Endpoint = directory.endpoint("listener").parse().unwrap();
    let context = context();
    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    pull.set_use_fd(UnixListener::bind(endpoint.address()).unwrap())
        .unwrap();
    pull.bind(&endpoint).unwrap();
    push.connect(&endpoint).unwrap();
    send(&push, "hello");
    assert_eq!(recv(&pull), "hello");
}

#[test]
fn descriptors_that_are_no_listeners_are_refused() {
    let rep = context().socket(REP).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    for fd in [
        OwnedFd::from(stream),
        UdpSocket::bind("127.0.0.1:0").unwrap().into(),
        std::fs::File::open("/dev/null").unwrap().into(),
    ] {
        let error = rep.set_use_fd(fd).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("not a listening"), "{error}");
    }
    rep.set_use_fd(listener).unwrap();
    let error = rep.bind("ipc://*").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    rep.bind("inproc://needs-none").unwrap();
    assert!(
        rep.use_fd().unwrap().is_some(),
        "it still waits for its bind"
    );
}

#[test]
fn a_listener_that_is_not_used_is_closed_with_the_socket() {
    let directory = Directory::new();
    let endpoint: Endpoint = directory.endpoint("listener").parse().unwrap();
    let rep = context().socket(REP).unwrap();
    rep.set_use_fd(UnixListener::bind(endpoint.address()).unwrap())
        .unwrap();
    UnixStream::connect(endpoint.address()).unwrap();
    drop(rep);
    UnixStream::connect(endpoint.address()).unwrap_err();
}

#[test]
fn a_property_of_ones_own_travels_along() {
    let context = context();
    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    push.set_metadata("X-Region:eu").unwrap();
    join(&pull, &push);
    send(&push, "hello");
    assert_eq!(recv(&pull).property("X-Region").unwrap(), Some(&b"eu"[..]));
}

#[test]
fn rcvmore_tells_that_frames_follow() {
    let context = context();
    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    join(&pull, &push);
    push.send_multipart(["head", "tail"]).unwrap();
    recv(&pull);
    assert!(pull.rcvmore().unwrap());
    recv(&pull);
    assert!(!pull.rcvmore().unwrap());
}
