//! Datagrams of unexpected sizes. Fix `udp-sizes`.

use std::ffi::c_int;
use std::fs;
use std::net::UdpSocket;

use super::raw::Context;
use crate::child::{DEADLINE, in_child};

// Draft kinds, which a stable build has all the same.
const DISH: c_int = 15;
const DGRAM: c_int = 18;

/// A port that is free now.
fn free_port() -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port()
}

#[test]
fn a_message_is_longer_than_the_buffer() {
    in_child(|| {
        let receiver = UdpSocket::bind("127.0.0.1:0").unwrap();
        receiver.set_read_timeout(Some(DEADLINE)).unwrap();
        let address = receiver.local_addr().unwrap().to_string();
        let context = Context::new();
        let sender = context.socket(DGRAM);
        sender.bind(&format!("udp://127.0.0.1:{}", free_port()));
        for size in [8193, 20_000, 8192] {
            sender.send(&[address.as_bytes(), &vec![b'x'; size]]);
        }
        let mut datagram = vec![0; 65_536];
        assert_eq!(receiver.recv(&mut datagram).unwrap(), 8192);
    });
}

#[test]
fn a_group_is_longer_than_its_datagram() {
    in_child(|| {
        let port = free_port();
        let context = Context::new();
        let dish = context.socket(DISH);
        dish.bind(&format!("udp://127.0.0.1:{port}"));
        let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
        while waiting(port).is_none() {}
        // Each is dealt with once the next one is fetched.
        for datagram in [&b""[..], &[0x80], &[0xff; 300], &[0xff], &[5, b'a'], &[]] {
            sender.send_to(datagram, ("127.0.0.1", port)).unwrap();
            while waiting(port) != Some(0) {}
        }
    });
}

/// How many bytes the kernel keeps for the port, if a socket is bound to it.
fn waiting(port: u16) -> Option<u64> {
    let sockets = fs::read_to_string("/proc/self/net/udp").unwrap();
    let place = format!(":{port:04X} ");
    let socket = sockets.lines().find(|line| line.contains(&place))?;
    let (_, queue) = socket.split_whitespace().nth(4)?.split_once(':')?;
    u64::from_str_radix(queue, 16).ok()
}
