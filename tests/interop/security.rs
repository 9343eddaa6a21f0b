//! Who is let in, and what both sides see, with Python on either side: the matrix of mechanisms
//! and of what can be wrong. Not one message passes where it is.

use std::time::{Duration, Instant};

use ferromq::curve::Keypair;
use ferromq::zap::{Authenticator, Domain, Rules};
use ferromq::{Capability, SocketType, has};
use serde_json::json;

use crate::agent::Agent;
use crate::peer::{Events, Host, Setting, Side, Stranger, frames};
use crate::setting::{DOMAIN, Mechanism};
use crate::support::context;

for_each_python! {
    rust_lets_python_in_or_not
    rust_denies_addresses_to_python
    python_lets_rust_in_or_not
    python_denies_addresses_to_rust
    nobody_decides_for_rust
    nobody_decides_for_python
}

/// How soon each side knows.
const SOON: Duration = Duration::from_secs(5);

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(1);

/// How long a message is waited for that must not come.
const WHILE: Duration = Duration::from_millis(50);

fn side<'a>(host: &'a dyn Host, mechanism: Mechanism) -> Box<dyn Side + 'a> {
    let socket = host.open(SocketType::Dealer);
    socket.set(Setting::Security(mechanism));
    socket.set(Setting::HandshakeIvl(HANDSHAKE));
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
fn cell(what: &str, server: &dyn Side, client: &dyn Side, expected: Expected) {
    meet(what, server, client, &server.bind_to_any_port(), expected);
}

/// As `cell`, with a server that is bound.
#[track_caller]
fn meet(what: &str, server: &dyn Side, client: &dyn Side, endpoint: &str, expected: Expected) {
    let events = [server.events(), client.events()];
    let started = Instant::now();
    client.connect_to(endpoint);
    let seen = events.each_ref().map(|events| outcome(&**events));
    let took = started.elapsed();
    assert!(took < SOON, "{what}: {took:?}");
    for (seen, expected) in seen.iter().zip(expected) {
        assert!(expected.contains(seen), "{what}: {seen}");
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
    client.disconnect_from(endpoint);
}

/// The result of the next handshake.
#[track_caller]
fn outcome(events: &dyn Events) -> &'static str {
    let event = events.wait_for("HANDSHAKE_");
    match &*event.name {
        "HANDSHAKE_SUCCEEDED" => "succeeded",
        "HANDSHAKE_FAILED_NO_DETAIL" => "no detail",
        _ => event.reason,
    }
}

/// Everything that can be right or wrong with a server that has somebody to ask.
fn cells(denied: bool) -> Vec<(String, [Mechanism<'static>; 2], Expected<'static>)> {
    use Mechanism::{CurveClient, CurveServer, Null, NullServer, PlainClient, PlainServer};

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

fn rust_serves(python: &Agent, denied: bool) {
    let rust = context();
    let _authenticator = Authenticator::start(&rust, rules(denied)).unwrap();
    serve(python, [&rust, python], denied);
}

fn python_serves(python: &Agent, denied: bool) {
    let alice = known_keys().map(|[_, alice, _]| alice.public.to_string());
    let keys: Vec<_> = alice.into_iter().collect();
    let addresses: &[&str] = if denied { &["127.0.0.1"] } else { &[] };
    python.authenticate(DOMAIN, json!({"alice": "secret"}), &keys, addresses);
    serve(python, [python, &context()], denied);
}

/// All cells, between a host that serves and another.
fn serve(python: &Agent, [one, other]: [&dyn Host; 2], denied: bool) {
    for (what, [server, client], expected) in cells(denied) {
        python.report(&format!("{what}, {} serves", one.language()));
        let (server, client) = (side(one, server), side(other, client));
        cell(&what, &*server, &*client, expected);
        for side in [server, client] {
            side.close_within(Duration::ZERO);
        }
    }
}

fn rust_lets_python_in_or_not(python: &Agent) {
    rust_serves(python, false);
}

fn rust_denies_addresses_to_python(python: &Agent) {
    rust_serves(python, true);
}

fn python_lets_rust_in_or_not(python: &Agent) {
    python_serves(python, false);
}

fn python_denies_addresses_to_rust(python: &Agent) {
    python_serves(python, true);
}

/// In Rust it cannot even bind without; here the authenticator goes away later.
fn nobody_decides_for_rust(python: &Agent) {
    let rust = context();
    for (what, [server, client], _) in cells(false) {
        if !what.ends_with("good") {
            continue;
        }
        python.report(&format!("{what}, nobody decides for Rust"));
        let authenticator = Authenticator::start(&rust, rules(false)).unwrap();
        let (server, client) = (side(&rust, server), side(python, client));
        let endpoint = server.bind_to_any_port();
        drop(authenticator);
        meet(&what, &*server, &*client, &endpoint, NOBODY);
        client.close_within(Duration::ZERO);
    }
}

/// With libzmq's own defaults, NULL and CURVE are open then; PLAIN is not.
fn nobody_decides_for_python(python: &Agent) {
    let rust = context();
    python.report("PLAIN, nobody decides for Python");
    let server = side(python, Mechanism::PlainServer);
    let client = side(&rust, Mechanism::PlainClient("alice", "secret"));
    cell("PLAIN", &*server, &*client, NOBODY);
}
