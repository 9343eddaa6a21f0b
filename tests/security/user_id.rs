//! Who a message is from: what the authenticator said, whatever the peer says.

use ferromq::curve::Certificate;
use ferromq::zap::{Domain, Verdict};
use ferromq::{Context, PULL, Pull, Security, Socket};

use crate::support::{Directory, context, recv};
use crate::zmtp::Peer;
use crate::{keys, null_server, start};

/// A message of a peer that calls itself all sorts of names.
fn of_a_liar(context: &Context, security: Security) -> (Socket<Pull>, ferromq::Message, Peer) {
    let pull = context.socket(PULL).unwrap();
    pull.set_security(security).unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
    let mut peer = Peer::connect(pull.last_endpoint().unwrap().as_str());
    peer.greet("NULL");
    let mut ready = b"\x05READY".to_vec();
    for (name, value) in [
        ("Socket-Type", "PUSH"),
        ("User-Id", "admin"),
        ("X-Role", "admin"),
        ("Peer-Address", "10.0.0.1"),
    ] {
        ready.push(name.len() as u8);
        ready.extend(name.as_bytes());
        ready.extend((value.len() as u32).to_be_bytes());
        ready.extend(value.as_bytes());
    }
    peer.send_command(&ready);
    assert!(peer.recv_command().starts_with(b"\x05READY"));
    peer.send_many();
    let message = recv(&pull);
    (pull, message, peer)
}

#[test]
fn a_peer_cannot_say_who_it_is() {
    let context = context();
    let (_pull, message, _peer) = of_a_liar(&context, Security::Null);
    // This is what it can say.
    assert_eq!(message.property("User-Id").unwrap(), Some(&b"admin"[..]));
    assert_eq!(message.user_id().unwrap(), None);
    assert_eq!(message.verified_property("X-Role").unwrap(), None);
    let localhost = "127.0.0.1".parse().unwrap();
    let address = Some(ferromq::PeerAddress::Ip(localhost));
    assert_eq!(message.peer_address().unwrap(), address);
}

#[test]
fn the_authenticator_says_who_it_is() {
    let context = context();
    for (verdict, user, role) in [
        (Verdict::allow(""), None, None),
        (Verdict::allow("alice"), Some("alice"), None),
        (
            Verdict::allow("alice").property("X-Role", "guest"),
            Some("alice"),
            Some(&b"guest"[..]),
        ),
    ] {
        let home = Domain::new().check(move |_| verdict.clone());
        let _authenticator = start(&context, home);
        let (_pull, message, _peer) = of_a_liar(&context, null_server());
        assert_eq!(message.user_id().unwrap(), user);
        assert_eq!(message.verified_property("X-Role").unwrap(), role);
        if role.is_some() {
            // For code that looks in libzmq's way, it is what counts too.
            assert_eq!(message.property("X-Role").unwrap(), role);
        }
        // With another socket without an authenticator it is as without one.
        let (_pull, message, _peer) = of_a_liar(&context, Security::Null);
        assert_eq!(message.user_id().unwrap(), None);
        assert_eq!(message.verified_property("X-Role").unwrap(), None);
    }
}

#[test]
fn a_certificate_says_more() {
    let Some([server, alice]) = keys() else {
        return;
    };
    let context = context();
    let directory = Directory::new();
    let certificate = Certificate::from(alice.public)
        .with_metadata("name", "Alice")
        .with_metadata("not/a.property", "x");
    certificate.save(directory.join("alice.key")).unwrap();
    let _authenticator = start(&context, Domain::new().keys_in(&*directory));
    let pull = context.socket(PULL).unwrap();
    let push = context.socket(ferromq::PUSH).unwrap();
    pull.set_security(crate::curve_server(&server)).unwrap();
    push.set_security(crate::curve_client(&alice, &server))
        .unwrap();
    crate::join(&pull, &push);
    let message = crate::passes(&push, &pull);
    let expected = alice.public.to_string();
    assert_eq!(message.user_id().unwrap(), Some(&*expected));
    assert_eq!(
        message.verified_property("name").unwrap(),
        Some(&b"Alice"[..])
    );
}
