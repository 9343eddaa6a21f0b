//! Single things that a hostile peer may do, on either side.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use ferromq::zap::Domain;
use ferromq::{
    Context, Kind, MonitorEventKind, MonitorEvents, PULL, PUSH, Pull, Security, Socket, SocketType,
};

use crate::support::{DEADLINE, context, join, recv, recv_multipart, send};
use crate::zmtp::Peer;
use crate::{
    curve_client, curve_server, keys, nothing_passes, null_server, plain_client, plain_server,
    result, start,
};

/// A limit that handshakes and the messages here keep to.
const LIMIT: u64 = 10_000;

fn greeting(mechanism: &[u8]) -> [u8; 64] {
    let mut greeting = [0; 64];
    greeting[0] = 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    greeting[12..12 + mechanism.len()].copy_from_slice(mechanism);
    greeting
}

fn connect<K: Kind>(socket: &Socket<K>) -> TcpStream {
    let endpoint = socket.last_endpoint().unwrap();
    TcpStream::connect(endpoint.address()).unwrap()
}

/// A good peer is served.
fn serves(context: &Context, pull: &Socket<Pull>) {
    let push = context.socket(PUSH).unwrap();
    push.connect(pull.last_endpoint().unwrap()).unwrap();
    send(&push, "from a good peer");
    assert_eq!(recv(pull), "from a good peer");
}

/// A server for each mechanism, which asks an authenticator that lets nobody in.
fn servers(context: &Context) -> Vec<(&'static [u8], Socket<Pull>)> {
    let mut servers = vec![(&b"NULL"[..], null_server()), (b"PLAIN", plain_server())];
    if let Some([server]) = keys() {
        servers.push((b"CURVE", curve_server(&server)));
    }
    let bound = |security| {
        let pull = context.socket(PULL).unwrap();
        pull.set_security(security).unwrap();
        pull.set_max_msg_size(LIMIT).unwrap();
        pull.bind("tcp://127.0.0.1:*").unwrap();
        pull
    };
    let servers = servers.into_iter();
    servers
        .map(|(name, security)| (name, bound(security)))
        .collect()
}

#[test]
fn half_a_message_is_none() {
    let context = context();
    let pull = context.socket(PULL).unwrap();
    let ends = pull.monitor(MonitorEvents::DISCONNECTED).unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
    for half in [
        // A frame that says that another one follows, alone and with the begin of that one.
        &b"\x01\x04half"[..],
        b"\x01\x04half\x00\x04ha",
        // The begin of a frame.
        b"\x00\x04ha",
    ] {
        let mut peer = Peer::new(connect(&pull));
        peer.shake_hands("PUSH");
        peer.0.write_all(b"\x00\x05whole").unwrap();
        peer.0.write_all(half).unwrap();
        drop(peer);
        assert_eq!(result(&ends), MonitorEventKind::Disconnected);
        assert_eq!(recv_multipart(&pull)[..], ["whole"]);
        assert_eq!(pull.try_recv().unwrap(), None);
    }
    serves(&context, &pull);
}

#[test]
fn who_creeps_is_cut_off() {
    let context = context();
    let pull = context.socket(PULL).unwrap();
    pull.set_handshake_ivl(Duration::from_millis(100)).unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
    let mut peer = connect(&pull);
    peer.set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    let started = Instant::now();
    // Again and again, as a handshake must not begin anew with each byte.
    for byte in greeting(b"NULL").into_iter().cycle() {
        assert!(started.elapsed() < DEADLINE, "it is not cut off");
        if peer.write_all(&[byte]).is_err() {
            break;
        }
        match peer.read(&mut [0; 64]) {
            Ok(0) => break,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            _ => {}
        }
    }
    serves(&context, &pull);
}

#[test]
fn a_length_beyond_the_limit_ends_the_connection() {
    let context = context();
    let pull = context.socket(PULL).unwrap();
    pull.set_max_msg_size(LIMIT).unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
    let lengths = (30..64).map(|bit| 1_u64 << bit);
    for length in lengths.chain([LIMIT + 1, i64::MAX as u64, u64::MAX]) {
        let mut peer = Peer::new(connect(&pull));
        peer.shake_hands("PUSH");
        peer.0.write_all(&[2]).unwrap();
        peer.0.write_all(&length.to_be_bytes()).unwrap();
        peer.expect_end();
    }
    serves(&context, &pull);
}

/// Neither of the limits that there are is one for it.
#[test]
fn a_message_without_end_waits_in_memory() {
    const FRAMES: usize = 2000;
    let context = context();
    let pull = context.socket(PULL).unwrap();
    pull.set_max_msg_size(LIMIT).unwrap();
    pull.set_recv_hwm(10).unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
    let mut peer = Peer::new(connect(&pull));
    peer.shake_hands("PUSH");
    // More than the kernel would keep for a socket that does not take them.
    let frame = [&[3][..], &LIMIT.to_be_bytes(), &[b'x'; LIMIT as usize]].concat();
    for _ in 1..FRAMES {
        peer.0.write_all(&frame).unwrap();
    }
    assert_eq!(pull.try_recv().unwrap(), None);
    peer.0.write_all(b"\x00\x03end").unwrap();
    assert_eq!(recv_multipart(&pull).len(), FRAMES);
}

/// Before anybody knows who it is.
#[test]
fn a_command_beyond_the_limit_ends_the_handshake() {
    let context = context();
    let _authenticator = start(&context, Domain::new());
    for (mechanism, pull) in servers(&context) {
        for length in [LIMIT + 1, 150 << 20, 1 << 62] {
            let mut peer = Peer::new(connect(&pull));
            peer.0.write_all(&greeting(mechanism)).unwrap();
            peer.0.write_all(&[6]).unwrap();
            peer.0.write_all(&length.to_be_bytes()).unwrap();
            peer.expect_end();
        }
    }
}

#[test]
fn an_older_protocol_does_not_get_around_security() {
    let context = context();
    let _authenticator = start(&context, Domain::new());
    for (mechanism, pull) in servers(&context) {
        for session in [
            // ZMTP 1.0: an empty name and a message; 2.0: the same, after its short greeting.
            &b"\x01\x00\x06\x00hello"[..],
            b"\xff\0\0\0\0\0\0\0\x01\x7f\x01\x08\0\0\0\x05hello",
        ] {
            let mut peer = connect(&pull);
            // It may have had enough before all is sent.
            let _ = peer.write_all(session);
            let _ = peer.shutdown(Shutdown::Write);
            Peer::new(peer).expect_end();
            let came = pull.recv_timeout(Duration::from_millis(50)).unwrap();
            assert_eq!(came, None, "{}", String::from_utf8_lossy(mechanism));
        }
    }
}

#[test]
fn mechanisms_that_differ_let_nothing_through() {
    let context = context();
    // Whoever gets as far as that would be let in.
    let _authenticator = start(&context, Domain::new().allow("127.0.0.1").unwrap());
    let mut all = vec![
        [null_server(), Security::Null],
        [plain_server(), plain_client("alice", "secret")],
    ];
    let curve = keys::<3>();
    if let Some([server, alice, _]) = &curve {
        all.push([curve_server(server), curve_client(alice, server)]);
    }
    let refused = |at_server: &Security, at_client: &Security| {
        let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
        pull.set_security(at_server.clone()).unwrap();
        push.set_security(at_client.clone()).unwrap();
        let failure = push.monitor(MonitorEvents::HANDSHAKE).unwrap();
        join(&pull, &push);
        // The client hears of it: as a failure with or without a reason.
        assert_ne!(result(&failure), MonitorEventKind::HandshakeSucceeded);
        nothing_passes(&push, &pull);
    };
    for (at, [server, _]) in all.iter().enumerate() {
        for (other, [_, client]) in all.iter().enumerate() {
            if at != other {
                refused(server, client);
            }
        }
    }
    // The right mechanism, and the key of another server.
    if let Some([server, alice, other]) = &curve {
        refused(&curve_server(server), &curve_client(alice, other));
    }
}

/// It is told to who has connected, who can connect again.
#[test]
fn a_server_that_talks_nonsense_is_told_of() {
    let context = context();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
    for (kind, its_peer) in [
        (SocketType::Sub, "PUB"),
        (SocketType::Req, "REP"),
        (SocketType::Dealer, "ROUTER"),
    ] {
        for nonsense in [
            &b""[..],
            b"HTTP/1.1 400 Bad Request\r\n\r\n",
            &[0xff; 500],
            &[0; 500],
        ] {
            let socket = context.socket(kind).unwrap();
            let ends = socket
                .monitor(MonitorEvents::HANDSHAKE | MonitorEvents::DISCONNECTED)
                .unwrap();
            // Where the connection just ended, it would try again by itself.
            socket.set_reconnect_ivl(DEADLINE).unwrap();
            socket.connect(&endpoint).unwrap();
            let (mut peer, _) = listener.accept().unwrap();
            // It may have had enough before all is sent.
            let _ = peer.write_all(nonsense);
            let _ = peer.shutdown(Shutdown::Write);
            Peer::new(peer).expect_end();
            assert_ne!(result(&ends), MonitorEventKind::HandshakeSucceeded);

            socket.disconnect(&endpoint).unwrap();
            socket.connect(&endpoint).unwrap();
            let (peer, _) = listener.accept().unwrap();
            Peer::new(peer).shake_hands(its_peer);
        }
    }
}
