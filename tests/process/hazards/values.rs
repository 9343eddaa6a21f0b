//! Options and messages that libzmq did not expect.

use ferromq_sys::*;

use super::raw::{Context, errno};
use crate::child::in_child;
use crate::descriptors::open_files;

/// Fix `connect-routing-id-taken`.
#[test]
fn the_routing_id_for_a_connect_is_taken() {
    for kind in [ZMQ_ROUTER, ZMQ_STREAM] {
        in_child(|| {
            let context = Context::new();
            let listener = context.socket(kind);
            let endpoint = listener.bind("tcp://127.0.0.1:*");
            let socket = context.socket(kind);
            let claim = || {
                socket
                    .set_bytes(ZMQ_CONNECT_ROUTING_ID, b"printer")
                    .unwrap()
            };
            claim();
            socket.connect(&endpoint);
            claim();
            assert_eq!(errno(socket.try_connect(&endpoint)), libc::EADDRINUSE);
            socket
                .set_bytes(ZMQ_CONNECT_ROUTING_ID, b"scanner")
                .unwrap();
            socket.connect(&endpoint);
        });
    }
}

/// Fix `rep-mandatory`.
#[test]
fn a_rep_socket_has_no_mandatory_peers() {
    in_child(|| {
        let rep = Context::new().socket(ZMQ_REP);
        let result = rep.set_bytes(ZMQ_ROUTER_MANDATORY, &1_i32.to_ne_bytes());
        assert_eq!(errno(result), libc::EINVAL);
    });
}

/// Fix `welcome-to-nobody`.
#[test]
fn a_subscriber_leaves_before_it_is_welcomed() {
    in_child(|| {
        let context = Context::new();
        let sub = context.socket(ZMQ_SUB);
        sub.connect("inproc://publisher");
        sub.close();
        // Others that go after it show that it is dealt with, but for the missing peer.
        for _ in 0..2 {
            let before = open_files().len();
            context.socket(ZMQ_PAIR).close();
            while open_files().len() > before {}
        }
        let xpub = context.socket(ZMQ_XPUB);
        xpub.set_bytes(ZMQ_XPUB_WELCOME_MSG, b"welcome").unwrap();
        xpub.bind("inproc://publisher");
        let sub = context.socket(ZMQ_SUB);
        sub.connect("inproc://publisher");
        sub.set_bytes(ZMQ_SUBSCRIBE, b"").unwrap();
        assert_eq!(xpub.recv(), b"\x01");
        assert_eq!(sub.recv(), b"welcome");
    });
}

/// Fix `topic-without-memory`.
#[test]
fn a_topic_is_longer_than_memory() {
    in_child(|| {
        let sub = Context::new().socket(ZMQ_SUB);
        for option in [ZMQ_SUBSCRIBE, ZMQ_UNSUBSCRIBE] {
            let result = sub.set_raw(option, c"".as_ptr().cast(), usize::MAX / 2);
            assert_eq!(errno(result), libc::ENOMEM);
        }
    });
}

/// Fix `stream-multipart`.
#[test]
fn a_stream_socket_gets_frames() {
    in_child(|| {
        let context = Context::new();
        let stream = context.socket(ZMQ_STREAM);
        let dealer = context.socket(ZMQ_DEALER);
        stream.bind("inproc://stream");
        dealer.connect("inproc://stream");
        dealer.send(&[b"one", b"two", b"three"]);
        for data in [&b"one"[..], b"two", b"three"] {
            // Both ways to it: looking first, and not.
            let id = match data {
                b"two" => stream.try_recv().unwrap(),
                _ => stream.recv(),
            };
            assert_eq!(id.len(), 5);
            assert_eq!(stream.try_recv().unwrap(), data);
        }
    });
}
