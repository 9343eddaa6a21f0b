//! Bytes that are no session: whoever sends them is turned away, and good peers are served on.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use ferromq::zap::Domain;
use ferromq::{Context, REP, REQ, Rep, Req, Security, Socket};

use crate::random::Random;
use crate::support::{DEADLINE, context, join, recv, recv_multipart, send, wait_until};
use crate::{curve_client, curve_server, keys, null_server, plain_client, plain_server, start};

/// How many sessions there are with each server, unless `FERROMQ_GARBAGE_SECONDS` says how long
/// they go on.
const SESSIONS: usize = 300;

/// A server and one of its good clients.
struct Served {
    mechanism: &'static str,
    is_open: bool,
    server: Socket<Rep>,
    client: Socket<Req>,
}

impl Served {
    fn new(
        context: &Context,
        mechanism: &'static str,
        [at_server, at_client]: [Security; 2],
    ) -> Self {
        let (server, client) = (context.socket(REP).unwrap(), context.socket(REQ).unwrap());
        let is_open = at_server == Security::Null;
        server.set_security(at_server).unwrap();
        client.set_security(at_client).unwrap();
        join(&server, &client);
        Self {
            mechanism,
            is_open,
            server,
            client,
        }
    }

    fn serves(&self) {
        send(&self.client, "Are you OK?");
        // In front of it there may be garbage, where all are let in.
        while recv_multipart(&self.server)[..] != ["Are you OK?"] {
            assert!(self.is_open);
            send(&self.server, "What?");
        }
        send(&self.server, "I am OK!");
        assert_eq!(recv(&self.client), "I am OK!");
    }

    /// One session of a peer that sends this, and waits for the end.
    fn endure(&self, bytes: &[u8]) {
        let endpoint = self.server.last_endpoint().unwrap();
        let mut peer = TcpStream::connect(endpoint.address()).unwrap();
        peer.set_read_timeout(Some(DEADLINE)).unwrap();
        // The server may have had enough before all was sent.
        let sent = peer.write_all(bytes);
        let _ = sent.and_then(|()| peer.shutdown(Shutdown::Write));
        match peer.read_to_end(&mut Vec::new()) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => panic!("the session does not end: {error}"),
        }
    }
}

fn greeting(version: u8, mechanism: &str, as_server: bool) -> Vec<u8> {
    let mut greeting = vec![0; 64];
    greeting[0] = 0xff;
    greeting[9] = 0x7f;
    greeting[10] = version;
    greeting[12..12 + mechanism.len()].copy_from_slice(mechanism.as_bytes());
    greeting[32] = as_server.into();
    greeting
}

/// A frame with this flag byte, of which only some may come.
fn frame(random: &mut Random, flags: u8, body: &[u8]) -> Vec<u8> {
    let len = match random.below(8) {
        0 => 1 << (random.below(64)),
        1 => body.len() as u64 + random.below(300) as u64,
        _ => body.len() as u64,
    };
    let mut frame = vec![flags];
    if flags & 2 == 0 {
        frame.push(len as u8);
    } else {
        frame.extend(len.to_be_bytes());
    }
    frame.extend(body);
    frame
}

fn session(random: &mut Random, mechanism: &str) -> Vec<u8> {
    let any = random.below(1000);
    let any = random.bytes(any);
    if random.below(4) == 0 {
        return any;
    }
    let wanted = match random.below(4) {
        0 => random.one_of(&["NULL", "PLAIN", "CURVE", "GSSAPI", "", "\0x"]),
        _ => mechanism,
    };
    let version = random.one_of(&[&3_u8, &3, &3, &0, &1, &2, &4, &255]);
    let mut bytes = greeting(*version, wanted, random.below(4) == 0);
    if random.below(4) == 0 {
        random.mutate(&mut bytes);
    }
    for _ in 0..random.below(6) {
        let mut command = match random.below(8) {
            0 => b"\x05READY\x0bSocket-Type\0\0\0\x03REQ\x08Identity\0\0\0\0".to_vec(),
            1 => b"\x05HELLO\x05alice\x06secret".to_vec(),
            2 => [&b"\x05HELLO\x01\0"[..], &[0; 72], &random.bytes(120)].concat(),
            3 => [&b"\x08INITIATE"[..], &random.bytes(260)].concat(),
            4 => [&b"\x07MESSAGE"[..], &random.bytes(40)].concat(),
            5 => b"\x05ERROR\x03400".to_vec(),
            6 => b"\x04PING\0\x01context".to_vec(),
            _ => any.clone(),
        };
        if random.below(2) == 0 {
            random.mutate(&mut command);
        }
        let flags = match random.below(6) {
            0 => random.bytes(1)[0],
            _ if command.len() > 255 => 6,
            _ => 4,
        };
        bytes.extend(frame(random, flags, &command));
    }
    bytes
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

#[test]
fn good_clients_are_served_amid_garbage() {
    let context = context();
    let mut home = Domain::new()
        .allow("127.0.0.1")
        .unwrap()
        .password("alice", "the password of Alice");
    let curve = keys::<2>();
    if let Some([_, alice]) = &curve {
        home = home.key(alice.public, "alice");
    }
    let _authenticator = start(&context, home);
    let alice = plain_client("alice", "the password of Alice");
    let mut all = vec![
        Served::new(&context, "NULL", [null_server(), Security::Null]),
        Served::new(&context, "PLAIN", [plain_server(), alice]),
    ];
    // Needs the fix `reply-after-malformed`.
    if cfg!(ferromq_vendored) {
        all.push(Served::new(
            &context,
            "NULL",
            [Security::Null, Security::Null],
        ));
    }
    if let Some([server, alice]) = &curve {
        let pair = [curve_server(server), curve_client(alice, server)];
        all.push(Served::new(&context, "CURVE", pair));
    }
    all.iter().for_each(Served::serves);
    let before = descriptors();

    let end = std::env::var("FERROMQ_GARBAGE_SECONDS")
        .ok()
        .map(|seconds| Instant::now() + Duration::from_secs(seconds.parse().unwrap()));
    let mut random = Random::seeded();
    let mut sessions = 0;
    while end.map_or(sessions < SESSIONS, |end| Instant::now() < end) {
        for served in &all {
            let bytes = session(&mut random, served.mechanism);
            served.endure(&bytes);
        }
        sessions += 1;
        if sessions % 20 == 0 {
            all.iter().for_each(Served::serves);
        }
    }
    println!("{sessions} sessions with each of {} servers", all.len());
    all.iter().for_each(Served::serves);
    wait_until("all descriptors are given back", || descriptors() <= before);
    // Nothing of the garbage was taken for a request.
    for served in all.iter().filter(|served| !served.is_open) {
        assert_eq!(served.server.try_recv().unwrap(), None);
    }
}
