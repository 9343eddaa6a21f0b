//! Authentication that is set up wrongly lets nobody in.

use ferromq_sys::*;

use super::raw::Context;
use super::zmtp::Peer;
use crate::child::in_child;

/// Fix `zap-wrong-socket`.
#[test]
fn the_authenticator_is_of_the_wrong_kind() {
    in_child(|| {
        let context = Context::new();
        let wrong = context.socket(ZMQ_PULL);
        wrong.bind("inproc://zeromq.zap.01");
        let server = context.socket(ZMQ_PULL);
        server.set_bytes(ZMQ_ZAP_DOMAIN, b"global").unwrap();
        server.set(ZMQ_HANDSHAKE_IVL, 100);
        let mut peer = Peer::connect(&server.bind("tcp://127.0.0.1:*"));
        peer.greet("NULL");
        peer.send_ready("PUSH");
        peer.expect_end();
    });
}

/// Fix `zap-enforced-without-domain`.
#[test]
fn passwords_are_wanted_for_no_domain() {
    in_child(|| {
        let context = Context::new();
        let server = context.socket(ZMQ_PULL);
        server.set(ZMQ_PLAIN_SERVER, 1);
        server.set(ZMQ_ZAP_ENFORCE_DOMAIN, 1);
        let mut peer = Peer::connect(&server.bind("tcp://127.0.0.1:*"));
        peer.greet("PLAIN");
        peer.send_command(b"\x05HELLO\x05admin\x06secret");
        peer.expect_end();
    });
}

/// Fix `zap-enforced-without-domain`.
#[cfg(any(feature = "curve", feature = "curve-libsodium"))]
#[test]
fn keys_are_wanted_for_no_domain() {
    in_child(|| {
        let [(_, secret), own] = [keypair(), keypair()];
        let context = Context::new();
        let server = context.socket(ZMQ_PULL);
        server.set(ZMQ_CURVE_SERVER, 1);
        server.set_bytes(ZMQ_CURVE_SECRETKEY, &secret).unwrap();
        server.set(ZMQ_ZAP_ENFORCE_DOMAIN, 1);
        let events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;
        let handshakes = server.monitor(&context, events);
        let endpoint = server.bind("tcp://127.0.0.1:*");

        let client = context.socket(ZMQ_PUSH);
        let mut public = [0_u8; 41];
        // SAFETY: both buffers hold a key in Z85 and its end.
        unsafe { zmq_curve_public(public.as_mut_ptr().cast(), secret.as_ptr().cast()) };
        client.set_bytes(ZMQ_CURVE_SERVERKEY, &public).unwrap();
        client.set_bytes(ZMQ_CURVE_PUBLICKEY, &own.0).unwrap();
        client.set_bytes(ZMQ_CURVE_SECRETKEY, &own.1).unwrap();
        client.connect(&endpoint);
        assert_eq!(handshakes.value(), libc::EFAULT);
    });
}

#[cfg(any(feature = "curve", feature = "curve-libsodium"))]
fn keypair() -> ([u8; 41], [u8; 41]) {
    let mut pair = ([0; 41], [0; 41]);
    // SAFETY: both buffers have room for a key in Z85 and its end.
    let code = unsafe { zmq_curve_keypair(pair.0.as_mut_ptr().cast(), pair.1.as_mut_ptr().cast()) };
    assert_eq!(code, 0);
    pair
}
