//! Peers that go away.

use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;
use std::{hint, thread};

use ferromq_sys::*;

use super::raw::Context;
use super::system::{is_readable, reset};
use super::zmtp::Peer;
use crate::child::{in_child, in_child_within};
use crate::descriptors::open_files;

/// Fix `peer-is-gone`.
#[test]
fn a_high_water_mark_changes_after_the_peer_is_gone() {
    in_child(|| {
        let context = Context::new();
        for round in 0..20 {
            let name = format!("inproc://{round}");
            let stays = context.socket(ZMQ_PAIR);
            let goes = context.socket(ZMQ_PAIR);
            stays.bind(&name);
            goes.connect(&name);
            goes.send(&[b"both know each other"]);
            stays.recv();

            let before = open_files().len();
            goes.close();
            // The other end hears of it once, agrees, and hears no more.
            while open_files().len() == before {
                if is_readable(stays.fd(), 10) {
                    assert!(stays.try_recv().is_none());
                }
            }
            stays.set(ZMQ_SNDHWM, 10);
            stays.set(ZMQ_RCVHWM, 10);
            stays.close();
        }
        context.terminate().unwrap();
    });
}

/// Fix `reply-after-malformed`.
#[test]
fn a_peer_is_gone_whose_requests_have_no_envelope() {
    in_child(|| {
        let context = Context::new();
        let rep = context.socket(ZMQ_REP);
        let events = rep.monitor(
            &context,
            ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED,
        );
        let endpoint = rep.bind("tcp://127.0.0.1:*");
        let mut goes = Peer::connect(&endpoint);
        goes.shake_hands("REQ");
        goes.send_many();
        drop(goes);
        assert_eq!(events.next().0, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
        assert_eq!(events.next().0, ZMQ_EVENT_DISCONNECTED);

        let req = context.socket(ZMQ_REQ);
        req.connect(&endpoint);
        assert_eq!(events.next().0, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
        req.send(&[b"question"]);
        // First it looks as if there were something to receive, which is then passed over.
        let question = std::iter::repeat_with(|| {
            rep.wait_for_message();
            rep.try_recv()
        });
        assert_eq!(question.flatten().next().unwrap(), b"question");
        rep.send(&[b"answer"]);
        assert_eq!(req.recv(), b"answer");
    });
}

/// Fix `output-after-error`.
#[test]
fn a_peer_dies_while_its_messages_wait_and_heartbeats_go_on() {
    in_child(|| {
        let context = Context::new();
        let pull = context.socket(ZMQ_PULL);
        pull.set(ZMQ_RCVHWM, 1);
        pull.set(ZMQ_HEARTBEAT_IVL, 20);
        pull.set(ZMQ_HEARTBEAT_TIMEOUT, 100_000);
        let endpoint = pull.bind("tcp://127.0.0.1:*");

        let mut dies = Peer::connect(&endpoint);
        dies.shake_hands("PUSH");
        dies.send_many();
        pull.wait_for_message();
        reset(dies.0);

        // When this peer gets its second heartbeat, one was due for the other too.
        let mut lives = Peer::connect(&endpoint);
        lives.shake_hands("PUSH");
        for _ in 0..2 {
            assert!(lives.recv_command().starts_with(b"\x04PING"));
        }
        lives.send_many();
        for _ in 0..110 {
            assert_eq!(pull.recv(), b"x");
        }
    });
}

/// Fix `input-of-next-engine`.
#[test]
fn a_connection_is_replaced_while_its_messages_wait() {
    in_child(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let context = Context::new();
        let pull = context.socket(ZMQ_PULL);
        pull.set(ZMQ_RCVHWM, 1);
        pull.set(ZMQ_RECONNECT_IVL, 1);
        pull.set(ZMQ_HEARTBEAT_IVL, 20);
        pull.set(ZMQ_HEARTBEAT_TIMEOUT, 20);
        pull.connect(&format!("tcp://{}", listener.local_addr().unwrap()));

        let accept = || {
            let (stream, _) = listener.accept().unwrap();
            let mut peer = Peer::new(stream);
            peer.shake_hands("PUSH");
            peer
        };
        let mut silent = accept();
        silent.send_many();
        silent.expect_end();
        let mut next = accept();
        while pull.recv() == b"x" && pull.try_recv().is_some() {}
        next.send_many();
        assert_eq!(pull.recv(), b"x");
    });
}

/// Fix `group-without-message`.
#[test]
#[cfg(all(feature = "draft", target_os = "linux", target_env = "gnu"))]
fn a_peer_is_gone_that_has_only_named_a_group() {
    // Enough for their names to be more than what one connection takes for the moment.
    const PEERS: usize = 1000;
    const DISH: std::ffi::c_int = 15;

    // SAFETY: no preconditions.
    let in_use = || unsafe { libc::mallinfo2() }.uordblks;
    in_child(|| {
        let context = Context::new();
        let dish = context.socket(DISH);
        let ends = dish.monitor(&context, ZMQ_EVENT_DISCONNECTED);
        let endpoint = dish.bind("tcp://127.0.0.1:*");
        let name = [&[1, 250][..], &[b'x'; 250]].concat();
        let leave = || {
            let mut peer = Peer::connect(&endpoint);
            peer.shake_hands("RADIO");
            peer.0.write_all(&name).unwrap();
            drop(peer);
            assert_eq!(ends.next().0, ZMQ_EVENT_DISCONNECTED);
            // A call, in which the socket lets go of the connection.
            assert!(dish.try_recv().is_none());
        };
        (0..50).for_each(|_| leave());
        let before = in_use();
        (0..PEERS).for_each(|_| leave());
        let grown = in_use().saturating_sub(before);
        assert!(grown < PEERS * name.len() / 2, "{grown} bytes");
    });
}

/// Fix `name-at-the-end`.
#[test]
fn a_socket_is_closed_while_a_peer_of_old_says_its_name() {
    // Under Valgrind it takes a while.
    in_child_within(Duration::from_secs(150), || {
        let context = Context::new();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
        for round in 0..1000 {
            let router = context.socket(ZMQ_ROUTER);
            router.connect(&endpoint);
            let (mut peer, _) = listener.accept().unwrap();
            thread::scope(|scope| {
                scope.spawn(|| {
                    // The short greeting of ZMTP 2.0, as a DEALER, and an empty name.
                    let _ = peer.write_all(b"\xff\0\0\0\0\0\0\0\x01\x7f\x01\x05\0\0");
                });
                for _ in 0..round % 100 * 100 {
                    hint::spin_loop();
                }
                router.close();
            });
        }
    });
}
