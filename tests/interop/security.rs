//! Who is let in, and what both sides see, with Python on either side: the matrix of mechanisms
//! and of what can be wrong. Not one message passes where it is.

use std::time::{Duration, Instant};

use ferromq::curve::{Keypair, PublicKey};
use ferromq::zap::{Authenticator, Domain, Rules};
use ferromq::{
    AuthPolicy, AuthStatus, Capability, Context, DEALER, Dealer, Monitor, MonitorEventKind,
    MonitorEvents, ProtocolError, Security, Socket, has,
};
use serde_json::{Value, json};

use crate::agent::{self, Agent, hex};
use crate::peer::{Frames, Peer, Receiver, Sender, Sent, frames};

/// How soon each side knows.
const SOON: Duration = Duration::from_secs(5);

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(1);

/// How long a message is waited for that must not come.
const WHILE: Duration = Duration::from_millis(50);

const DOMAIN: &str = "home";

/// The security of one side, in the terms of either language.
#[derive(Clone, Copy)]
enum Setting<'a> {
    Null,
    NullServer,
    PlainServer,
    PlainClient(&'a str, &'a str),
    CurveServer(&'a Keypair),
    CurveClient(&'a Keypair, PublicKey),
}

impl Setting<'_> {
    fn in_rust(self) -> Security {
        let domain = DOMAIN.to_owned();
        match self {
            Self::Null => Security::Null,
            Self::NullServer => Security::NullServer { domain },
            Self::PlainServer => Security::PlainServer { domain },
            Self::PlainClient(username, password) => Security::PlainClient {
                username: username.into(),
                password: password.into(),
            },
            Self::CurveServer(keys) => Security::CurveServer {
                keys: keys.clone(),
                policy: AuthPolicy::Authenticator { domain },
            },
            Self::CurveClient(keys, server) => Security::CurveClient {
                keys: keys.clone(),
                server,
            },
        }
    }

    fn in_python(self) -> Vec<(&'static str, Value)> {
        let bytes = |bytes: &[u8]| Value::from(hex(bytes));
        let domain = ("ZAP_DOMAIN", bytes(DOMAIN.as_bytes()));
        let own = |keys: &Keypair| {
            [
                ("CURVE_PUBLICKEY", bytes(keys.public.as_bytes())),
                ("CURVE_SECRETKEY", bytes(keys.secret.as_bytes())),
            ]
        };
        match self {
            Self::Null => vec![],
            Self::NullServer => vec![domain],
            Self::PlainServer => vec![domain, ("PLAIN_SERVER", json!(1))],
            Self::PlainClient(username, password) => vec![
                ("PLAIN_USERNAME", bytes(username.as_bytes())),
                ("PLAIN_PASSWORD", bytes(password.as_bytes())),
            ],
            Self::CurveServer(keys) => {
                let [public, secret] = own(keys);
                vec![domain, public, secret, ("CURVE_SERVER", json!(1))]
            }
            Self::CurveClient(keys, server) => {
                let [public, secret] = own(keys);
                let server = ("CURVE_SERVERKEY", bytes(server.as_bytes()));
                vec![public, secret, server]
            }
        }
    }
}

/// A side of a cell.
trait Side: Peer + Sender + Receiver {
    /// The result of the next handshake.
    #[track_caller]
    fn handshake(&self) -> String;
}

struct InRust {
    socket: Socket<Dealer>,
    monitor: Monitor,
}

impl InRust {
    fn new(context: &Context, setting: Setting) -> Self {
        let socket = context.socket(DEALER).unwrap();
        socket.set_security(setting.in_rust()).unwrap();
        socket.set_linger(Duration::ZERO).unwrap();
        socket.set_handshake_ivl(HANDSHAKE).unwrap();
        let monitor = socket.monitor(MonitorEvents::HANDSHAKE).unwrap();
        Self { socket, monitor }
    }
}

impl Peer for InRust {
    fn bind_to(&self, endpoint: &str) -> String {
        self.socket.bind_to(endpoint)
    }

    fn connect_to(&self, endpoint: &str) {
        self.socket.connect_to(endpoint);
    }

    fn disconnect_from(&self, endpoint: &str) {
        self.socket.disconnect_from(endpoint);
    }
}

impl Sender for InRust {
    fn send_within(&self, frames: &Frames, patience: Duration) -> Sent {
        self.socket.send_within(frames, patience)
    }
}

impl Receiver for InRust {
    fn recv_within(&self, patience: Duration) -> Option<Frames> {
        self.socket.recv_within(patience)
    }
}

impl Side for InRust {
    fn handshake(&self) -> String {
        let event = self.monitor.recv_timeout(SOON).unwrap();
        let event = event.expect("no event of a handshake");
        match event.kind {
            MonitorEventKind::HandshakeSucceeded => "succeeded",
            MonitorEventKind::HandshakeFailedNoDetail => "no detail",
            MonitorEventKind::HandshakeFailedAuth(AuthStatus::Denied) => "denied",
            MonitorEventKind::HandshakeFailedProtocol(error) => match error {
                ProtocolError::ZmtpCryptographic => "cryptographic",
                ProtocolError::ZmtpMechanismMismatch => "mismatch",
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
        .into()
    }
}

impl Side for agent::Socket<'_> {
    fn handshake(&self) -> String {
        let (event, value) = self.wait_for_handshake();
        match (&*event, value) {
            ("HANDSHAKE_SUCCEEDED", _) => "succeeded",
            ("HANDSHAKE_FAILED_NO_DETAIL", _) => "no detail",
            ("HANDSHAKE_FAILED_AUTH", 400) => "denied",
            ("HANDSHAKE_FAILED_PROTOCOL", 0x1100_0001) => "cryptographic",
            ("HANDSHAKE_FAILED_PROTOCOL", 0x1100_0002) => "mismatch",
            other => panic!("{other:?}"),
        }
        .into()
    }
}

fn in_python<'a>(agent: &'a Agent, setting: Setting) -> agent::Socket<'a> {
    let socket = agent.socket("DEALER");
    for (option, value) in setting.in_python() {
        socket.set(option, value);
    }
    socket.set("HANDSHAKE_IVL", HANDSHAKE.as_millis() as u64);
    socket.monitor();
    socket
}

/// What server and client may see, each one of several.
type Expected<'a> = [&'a [&'a str]; 2];

const LET_IN: Expected = [&["succeeded"], &["succeeded"]];
const DENIED: Expected = [&["denied"], &["denied"]];
/// The server ends the connection.
const CRYPTOGRAPHIC: Expected = [&["cryptographic"], &["no detail"]];
/// Whoever reads the other's greeting first ends the connection.
const MISMATCH: Expected = [&["mismatch", "no detail"], &["mismatch", "no detail"]];
/// The server has nobody to ask, and the client waits for the time that a handshake may take.
const NOBODY: Expected = [&["no detail"], &["no detail"]];

#[track_caller]
fn cell(what: &str, server: &impl Side, client: &impl Side, expected: Expected) {
    let endpoint = server.bind_to_any_port();
    let started = Instant::now();
    client.connect_to(&endpoint);
    let seen = [server.handshake(), client.handshake()];
    let took = started.elapsed();
    println!(
        "{what}: server {}, client {}, in {took:?}",
        seen[0], seen[1]
    );
    assert!(took < SOON, "{what}: {took:?}");
    for (seen, expected) in seen.iter().zip(expected) {
        assert!(expected.contains(&&**seen), "{what}: {seen}");
    }
    let hello = frames(["hello"]);
    if expected == LET_IN {
        client.send_frames(&hello);
        assert_eq!(server.recv_frames(), hello, "{what}");
        server.send_frames(&hello);
        assert_eq!(client.recv_frames(), hello, "{what}");
        return;
    }
    // Into a queue at most.
    client.send_within(&hello, Duration::ZERO);
    server.send_within(&hello, Duration::ZERO);
    assert_eq!(server.recv_within(WHILE), None, "{what}");
    assert_eq!(client.recv_within(WHILE), None, "{what}");
    client.disconnect_from(&endpoint);
}

/// Everything that can be right or wrong with a server that has somebody to ask.
fn cells(denied: bool) -> Vec<(String, [Setting<'static>; 2], Expected<'static>)> {
    use Setting::{CurveClient, CurveServer, Null, NullServer, PlainClient, PlainServer};

    let right = if denied { DENIED } else { LET_IN };
    let mut cells = vec![
        ("NULL, good", [NullServer, Null], right),
        (
            "PLAIN, good",
            [PlainServer, PlainClient("alice", "secret")],
            right,
        ),
        (
            "PLAIN, bad user",
            [PlainServer, PlainClient("bob", "secret")],
            DENIED,
        ),
        (
            "PLAIN, bad password",
            [PlainServer, PlainClient("alice", "wrong")],
            DENIED,
        ),
        (
            "NULL, a client of PLAIN",
            [NullServer, PlainClient("alice", "secret")],
            MISMATCH,
        ),
        ("PLAIN, a client of NULL", [PlainServer, Null], MISMATCH),
    ];
    if let Some([server, alice, mallory]) = known_keys() {
        let at = server.public;
        cells.extend([
            (
                "CURVE, good",
                [CurveServer(server), CurveClient(alice, at)],
                right,
            ),
            (
                "CURVE, unknown key",
                [CurveServer(server), CurveClient(mallory, at)],
                DENIED,
            ),
            (
                "CURVE, wrong key of the server",
                [CurveServer(server), CurveClient(alice, mallory.public)],
                CRYPTOGRAPHIC,
            ),
            (
                "CURVE, a client of NULL",
                [CurveServer(server), Null],
                MISMATCH,
            ),
            (
                "CURVE, a client of PLAIN",
                [CurveServer(server), PlainClient("alice", "secret")],
                MISMATCH,
            ),
            (
                "NULL, a client of CURVE",
                [NullServer, CurveClient(alice, at)],
                MISMATCH,
            ),
            (
                "PLAIN, a client of CURVE",
                [PlainServer, CurveClient(alice, at)],
                MISMATCH,
            ),
        ]);
    }
    let note = if denied { ", denied address" } else { "" };
    let named = cells.into_iter();
    named
        .map(|(what, settings, expected)| (format!("{what}{note}"), settings, expected))
        .collect()
}

/// Of the server, Alice and Mallory. None without CURVE in the linked libzmq, as the output says.
fn known_keys() -> Option<[&'static Keypair; 3]> {
    static KEYS: std::sync::OnceLock<[Keypair; 3]> = std::sync::OnceLock::new();
    if !has(Capability::Curve) {
        eprintln!("libzmq was linked without CURVE: its part of the matrix is for one with it");
        return None;
    }
    Some(
        KEYS.get_or_init(|| [(); 3].map(|()| Keypair::generate().unwrap()))
            .each_ref(),
    )
}

fn rules(denied: bool) -> Rules {
    let mut domain = Domain::new()
        .allow("127.0.0.1")
        .unwrap()
        .password("alice", "secret");
    if denied {
        domain = domain.deny("127.0.0.0/8").unwrap();
    }
    if let Some([_, alice, _]) = known_keys() {
        domain = domain.key(alice.public, "alice");
    }
    Rules::new().domain(DOMAIN, domain)
}

fn rust_serves(denied: bool) {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let _authenticator = Authenticator::start(&context, rules(denied)).unwrap();
    for (what, [server, client], expected) in cells(denied) {
        let server = InRust::new(&context, server);
        let client = in_python(&python, client);
        cell(&what, &server, &client, expected);
        client.close(Duration::ZERO);
    }
}

fn python_serves(denied: bool) {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let alice = known_keys().map(|[_, alice, _]| alice.public.to_string());
    let keys: Vec<_> = alice.into_iter().collect();
    let addresses: &[&str] = if denied { &["127.0.0.1"] } else { &[] };
    python.authenticate(DOMAIN, json!({"alice": "secret"}), &keys, addresses);
    for (what, [server, client], expected) in cells(denied) {
        let server = in_python(&python, server);
        let client = InRust::new(&context, client);
        cell(&what, &server, &client, expected);
        server.close(Duration::ZERO);
    }
}

#[test]
fn rust_lets_python_in_or_not() {
    rust_serves(false);
}

#[test]
fn rust_denies_addresses_to_python() {
    rust_serves(true);
}

#[test]
fn python_lets_rust_in_or_not() {
    python_serves(false);
}

#[test]
fn python_denies_addresses_to_rust() {
    python_serves(true);
}

/// In Rust it cannot even bind without; here the authenticator goes away later.
#[test]
fn nobody_decides_for_rust() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    for (what, [server, client], _) in cells(false) {
        if !what.ends_with("good") {
            continue;
        }
        let authenticator = Authenticator::start(&context, rules(false)).unwrap();
        let server = InRust::new(&context, server);
        server.bind_to_any_port();
        drop(authenticator);
        let endpoint = server.socket.last_endpoint().unwrap().to_string();
        let client = in_python(&python, client);
        let bound = Bound(&server, endpoint);
        cell(&format!("{what}, no handler"), &bound, &client, NOBODY);
        client.close(Duration::ZERO);
    }
}

/// With libzmq's own defaults, NULL and CURVE are open then; PLAIN is not.
#[test]
fn nobody_decides_for_python() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let server = in_python(&python, Setting::PlainServer);
    let client = InRust::new(&context, Setting::PlainClient("alice", "secret"));
    cell("PLAIN, no handler", &server, &client, NOBODY);
}

/// A side that is bound already.
struct Bound<'a>(&'a InRust, String);

impl Peer for Bound<'_> {
    fn bind_to(&self, _: &str) -> String {
        self.1.clone()
    }

    fn connect_to(&self, endpoint: &str) {
        self.0.connect_to(endpoint);
    }

    fn disconnect_from(&self, endpoint: &str) {
        self.0.disconnect_from(endpoint);
    }
}

impl Sender for Bound<'_> {
    fn send_within(&self, frames: &Frames, patience: Duration) -> Sent {
        self.0.send_within(frames, patience)
    }
}

impl Receiver for Bound<'_> {
    fn recv_within(&self, patience: Duration) -> Option<Frames> {
        self.0.recv_within(patience)
    }
}

impl Side for Bound<'_> {
    fn handshake(&self) -> String {
        self.0.handshake()
    }
}
