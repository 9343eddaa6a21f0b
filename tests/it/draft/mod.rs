//! The draft kinds: what they carry, their addressing, and sharing them between threads.

mod addressed;
mod groups;
mod refused;
mod shared;
mod udp;

use std::net::UdpSocket;
use std::time::Duration;

use ferromq::{Dish, Message, Radio, Socket};

use crate::support::{send, wait_until};

/// A `udp` endpoint of the loopback interface that nobody had a moment ago; libzmq does not tell
/// which port it got.
fn udp_endpoint() -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    format!("udp://{}", socket.local_addr().unwrap())
}

fn in_group(bytes: &str, group: &str) -> Message {
    Message::from(bytes).with_group(group).unwrap()
}

/// Sends until the DISH gets something, as what is sent before its join has arrived passes by.
fn first_of(radio: &Socket<Radio>, dish: &Socket<Dish>, message: &Message) -> Message {
    let mut received = None;
    wait_until("the join arrives", || {
        send(radio, message);
        received = dish.recv_timeout(Duration::from_millis(1)).unwrap();
        received.is_some()
    });
    received.unwrap()
}
