//! TCP keep-alive, as the kernel has it for both ends of a connection.

use std::time::Duration;

use ferromq::Context;
use libc::{IPPROTO_TCP, SO_KEEPALIVE, SOL_SOCKET, TCP_KEEPCNT, TCP_KEEPIDLE, TCP_KEEPINTVL};

use crate::descriptors::{connections, kernel_option};
use crate::peers::Peers;
use crate::process::alone;

const IDLE: u64 = 33;
const INTERVAL: u64 = 7;
const COUNT: u32 = 5;

#[test]
fn is_on_at_both_ends() {
    alone(|| {
        let context = Context::new().unwrap();
        let peers = Peers::new(&context);
        for socket in [&peers.binder, &peers.connector] {
            socket.set_tcp_keepalive(true).unwrap();
            let [idle, interval] = [IDLE, INTERVAL].map(Duration::from_secs);
            socket.set_tcp_keepalive_idle(idle).unwrap();
            socket.set_tcp_keepalive_intvl(interval).unwrap();
            socket.set_tcp_keepalive_cnt(COUNT).unwrap();
        }
        peers.connect_over("tcp://127.0.0.1:*");

        let ends = connections();
        assert_eq!(ends.len(), 2, "{ends:?}");
        for end in ends {
            assert_eq!(kernel_option(&end, SOL_SOCKET, SO_KEEPALIVE), 1);
            assert_eq!(kernel_option(&end, IPPROTO_TCP, TCP_KEEPIDLE), IDLE as i32);
            let interval = kernel_option(&end, IPPROTO_TCP, TCP_KEEPINTVL);
            assert_eq!(interval, INTERVAL as i32);
            assert_eq!(kernel_option(&end, IPPROTO_TCP, TCP_KEEPCNT), COUNT as i32);
        }
    });
}

#[test]
fn is_off_unless_asked_for() {
    alone(|| {
        let context = Context::new().unwrap();
        let _peers = Peers::connected(&context, "tcp://127.0.0.1:*");

        let ends = connections();
        assert_eq!(ends.len(), 2, "{ends:?}");
        for end in ends {
            assert_eq!(kernel_option(&end, SOL_SOCKET, SO_KEEPALIVE), 0);
        }
    });
}
