//! Descriptors and threads run out.

use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use ferromq_sys::*;

use super::raw::{Context, errno};
use super::zmtp::Peer;
use crate::child::in_child;
use crate::descriptors::AllTaken;
use crate::sandbox::refuse;
use crate::support::Directory;

/// Fix `start-failure`.
#[test]
fn the_first_socket_finds_no_descriptor() {
    // Two for each of three threads, and one for the socket.
    for free in 0..8 {
        in_child(|| {
            let context = Context::new();
            context.set(ZMQ_IO_THREADS, 2);
            let taken = AllTaken::but(free);
            match context.try_socket(ZMQ_PAIR) {
                Ok(socket) => {
                    assert_eq!(free, 7);
                    socket.close();
                }
                error => assert_eq!(errno(error), libc::EMFILE),
            }
            taken.give_back();

            let (a, b) = (context.socket(ZMQ_PAIR), context.socket(ZMQ_PAIR));
            a.connect(&b.bind("tcp://127.0.0.1:*"));
            a.send(&[b"all is well"]);
            assert_eq!(b.recv(), b"all is well");
            a.close();
            b.close();
            context.terminate().unwrap();
        });
    }
}

/// Fix `start-failure`.
#[test]
fn the_first_socket_gets_no_thread() {
    in_child(|| {
        let context = Context::new();
        refuse(libc::SYS_clone3, None, libc::EAGAIN);
        refuse(libc::SYS_clone, None, libc::EAGAIN);
        for _ in 0..2 {
            assert_eq!(errno(context.try_socket(ZMQ_PAIR)), libc::EAGAIN);
        }
        context.terminate().unwrap();
    });
}

/// Fix `start-failure`.
#[test]
fn more_sockets_are_allowed_than_memory_holds() {
    in_child(|| {
        let context = Context::new();
        context.set(ZMQ_MAX_SOCKETS, i32::MAX);
        assert_eq!(errno(context.try_socket(ZMQ_PAIR)), libc::ENOMEM);
        context.set(ZMQ_MAX_SOCKETS, 10);
        context.socket(ZMQ_PAIR).close();
        context.terminate().unwrap();
    });
}

/// Fix `interfaces-unknown`.
#[test]
fn a_bind_finds_no_descriptor() {
    in_child(|| {
        let context = Context::new();
        let socket = context.socket(ZMQ_PAIR);
        let taken = AllTaken::but(0);
        assert_eq!(errno(socket.try_bind("tcp://127.0.0.1:*")), libc::EMFILE);
        taken.give_back();
        socket.bind("tcp://127.0.0.1:*");
    });
}

/// Fix `bind-failure-told`.
#[test]
fn a_bind_fails_beside_a_monitor() {
    in_child(|| {
        let context = Context::new();
        let (socket, other) = (context.socket(ZMQ_PAIR), context.socket(ZMQ_PAIR));
        let taken = other.bind("tcp://127.0.0.1:*");
        let failures = socket.monitor(&context, ZMQ_EVENT_BIND_FAILED);
        assert_eq!(errno(socket.try_bind(&taken)), libc::EADDRINUSE);
        assert_eq!(failures.value(), libc::EADDRINUSE);
    });
}

/// Fix `interfaces-unknown`.
#[test]
fn a_bind_may_not_ask_for_interfaces() {
    in_child(|| {
        refuse(libc::SYS_socket, Some(libc::AF_NETLINK), libc::EACCES);
        let context = Context::new();
        context.socket(ZMQ_PAIR).bind("tcp://127.0.0.1:*");
    });
}

/// Fix `accept-errors`.
#[test]
fn an_ipc_accept_finds_no_descriptor() {
    in_child(|| {
        let context = Context::new();
        let socket = context.socket(ZMQ_PAIR);
        let failures = socket.monitor(&context, ZMQ_EVENT_ACCEPT_FAILED);
        let directory = Directory::new();
        let endpoint = socket.bind(&directory.endpoint("socket"));
        let taken = AllTaken::but(1);
        let peer = UnixStream::connect(directory.join("socket")).unwrap();
        assert_eq!(failures.value(), libc::EMFILE);
        taken.give_back();
        drop(peer);

        let other = context.socket(ZMQ_PAIR);
        other.connect(&endpoint);
        other.send(&[b"accepted"]);
        assert_eq!(socket.recv(), b"accepted");
    });
}

/// Fix `accept-rests`.
#[test]
fn an_accept_that_finds_no_descriptor_rests() {
    in_child(|| {
        let context = Context::new();
        let socket = context.socket(ZMQ_PAIR);
        let failures = socket.monitor(&context, ZMQ_EVENT_ACCEPT_FAILED);
        let endpoint = socket.bind("tcp://127.0.0.1:*");
        let taken = AllTaken::but(1);
        let mut peer = Peer::connect(&endpoint);
        assert_eq!(failures.value(), libc::EMFILE);
        let first = Instant::now();
        for _ in 0..3 {
            assert_eq!(failures.value(), libc::EMFILE);
        }
        let elapsed = first.elapsed();
        assert!(elapsed > Duration::from_millis(150), "{elapsed:?}");
        taken.give_back();
        peer.greet("NULL");
        // It rests again while it is closed.
        let taken = AllTaken::but(1);
        let _peer = Peer::connect(&endpoint);
        assert_eq!(failures.value(), libc::EMFILE);
        taken.give_back();
        socket.close();
        failures.close();
        context.terminate().unwrap();
    });
}

/// Fix `accept-errors`.
#[test]
fn a_firewall_forbids_an_accept() {
    in_child(|| {
        refuse(libc::SYS_accept4, None, libc::EPERM);
        let context = Context::new();
        let socket = context.socket(ZMQ_PAIR);
        let failures = socket.monitor(&context, ZMQ_EVENT_ACCEPT_FAILED);
        let _peer = Peer::connect(&socket.bind("tcp://127.0.0.1:*"));
        assert_eq!(failures.value(), libc::EPERM);
    });
}

/// Fix `pending-at-the-limit`.
#[test]
fn a_context_ends_with_connects_to_nobody_at_its_limit() {
    in_child(|| {
        let context = Context::new();
        context.set(ZMQ_MAX_SOCKETS, 3);
        for name in ["inproc://a", "inproc://b", "inproc://c"] {
            let socket = context.socket(ZMQ_PAIR);
            socket.connect(name);
            socket.close();
        }
        context.terminate().unwrap();
    });
}

/// Fix `pending-at-the-limit`.
#[test]
fn a_context_ends_with_connects_to_nobody_and_no_descriptor() {
    in_child(|| {
        let context = Context::new();
        let socket = context.socket(ZMQ_PAIR);
        socket.connect("inproc://nobody");
        socket.close();
        let taken = AllTaken::but(0);
        assert_eq!(errno(context.terminate()), libc::EMFILE);
        taken.give_back();
        context.terminate().unwrap();
    });
}

/// Fix `close-needs-descriptor`.
#[test]
fn a_thread_safe_socket_is_closed_with_no_descriptor() {
    // A draft kind, which a stable build has all the same.
    const SERVER: i32 = 12;
    in_child(|| {
        let context = Context::new();
        let socket = context.socket(SERVER);
        let taken = AllTaken::but(0);
        assert_eq!(errno(context.try_socket(SERVER)), libc::EMFILE);
        socket.close();
        taken.give_back();
        context.terminate().unwrap();
    });
}
