//! Connections that come about in unusual ways, or had better not.

use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::time::Duration;

use ferromq::{MonitorEvents, PUSH};
use ferromq_sys::*;

use super::raw::Context;
use super::zmtp::Peer;
use crate::child::{DEADLINE, in_child};

/// Fix `option-refused`.
#[test]
fn a_connection_refuses_an_option() {
    in_child(|| {
        let context = Context::new();
        let socket = context.socket(ZMQ_PAIR);
        socket.set(ZMQ_TCP_KEEPALIVE, 1);
        socket.set(ZMQ_TCP_KEEPALIVE_CNT, 100_000);
        Peer::connect(&socket.bind("tcp://127.0.0.1:*")).expect_end();

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        socket.connect(&format!("tcp://{}", listener.local_addr().unwrap()));
        for _ in 0..2 {
            let (stream, _) = listener.accept().unwrap();
            Peer::new(stream).expect_end();
        }
    });
}

/// Fix `connected-to-itself`.
#[test]
fn a_socket_finds_itself() {
    in_child(|| {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let context = Context::new();
        let push = context.socket(ZMQ_PUSH);
        push.set(ZMQ_RECONNECT_IVL, 1);
        let events = push.monitor(&context, ZMQ_EVENT_CONNECTED | ZMQ_EVENT_CONNECT_RETRIED);
        // The port that it connects from, and the one to connect to.
        push.connect(&format!("tcp://{address};{address}"));
        for _ in 0..3 {
            assert_eq!(events.next().0, ZMQ_EVENT_CONNECT_RETRIED);
        }
    });
}

/// Fix `never-disconnected`.
#[cfg(target_env = "gnu")]
#[test]
fn a_connect_is_tried_again_before_any_disconnect() {
    in_child(|| {
        let context = Context::new();
        context.socket(ZMQ_PAIR).close();
        // SAFETY: memory is not zero when it is new, which it never had to be.
        assert_eq!(unsafe { libc::mallopt(libc::M_PERTURB, 0x55) }, 1);
        let socket = context.socket(ZMQ_PAIR);
        let stop = ZMQ_RECONNECT_STOP_AFTER_DISCONNECT;
        socket.set(ZMQ_RECONNECT_STOP, stop);
        let retries = socket.monitor(&context, ZMQ_EVENT_CONNECT_RETRIED);
        let path = std::env::temp_dir().join(format!("ferromq-{}-refuses", std::process::id()));
        drop(UnixListener::bind(&path).unwrap());
        socket.connect(&format!("ipc://{}", path.display()));
        retries.value();
        std::fs::remove_file(path).unwrap();
    });
}

/// Fix `socks-proxy-lost`.
#[test]
fn a_proxy_goes_away_and_then_the_socket() {
    in_child(|| {
        let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
        let context = ferromq::Context::new().unwrap();
        let push = context.socket(PUSH).unwrap();
        let address = proxy.local_addr().unwrap().to_string();
        push.set_socks_proxy(address).unwrap();
        push.set_reconnect_ivl(Duration::from_secs(60)).unwrap();
        let monitor = push.monitor(MonitorEvents::CONNECT_RETRIED).unwrap();
        push.connect("tcp://127.0.0.1:1").unwrap();
        drop(proxy.accept().unwrap());
        assert!(monitor.recv_timeout(DEADLINE).unwrap().is_some());
        drop((monitor, push));
        context.terminate(DEADLINE).unwrap();
    });
}
