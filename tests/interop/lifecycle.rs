//! Connections that come and go.

use ferromq::{Context, PUSH, REP, REQ};

use crate::agent::Agent;
use crate::peer::{Peer, Receiver, Sender};
use crate::reqrep::converse;

#[test]
fn python_sees_rust_come_and_go() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let pull = python.socket("PULL");
    pull.monitor();
    let endpoint = pull.bind_to_any_port();
    for _ in 0..2 {
        let push = context.socket(PUSH).unwrap();
        push.connect(&endpoint).unwrap();
        assert_eq!(pull.wait_for_event("HANDSHAKE_SUCCEEDED"), endpoint);
        drop(push);
        assert_eq!(pull.wait_for_event("DISCONNECTED"), endpoint);
    }
}

/// A server in Rust takes over the endpoint of one in Python.
#[test]
fn rust_binds_what_python_unbinds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (old, new) = (python.socket("REP"), context.socket(REP).unwrap());
    old.monitor();
    let endpoint = old.bind_to_any_port();
    old.unbind(&endpoint);
    assert_eq!(old.wait_for_event("CLOSED"), endpoint);
    new.bind(&endpoint).unwrap();
    let req = python.socket("REQ");
    req.connect(&endpoint);
    converse(&req, &new);
}

/// After a disconnect nothing goes to the old server any more.
fn change_servers(req: &(impl Sender + Receiver), servers: [&(impl Sender + Receiver); 2]) {
    for server in servers {
        let endpoint = server.bind_to_any_port();
        req.connect_to(&endpoint);
        converse(req, server);
        req.disconnect_from(&endpoint);
    }
}

#[test]
fn rust_changes_servers() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let servers = ["REP"; 2].map(|kind| python.socket(kind));
    change_servers(&context.socket(REQ).unwrap(), servers.each_ref());
}

#[test]
fn python_changes_servers() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let servers = [REP; 2].map(|kind| context.socket(kind).unwrap());
    change_servers(&python.socket("REQ"), servers.each_ref());
}
