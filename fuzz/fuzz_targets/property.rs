//! Names of properties, asked of a message that has some, and of one that has none.

#![no_main]

use std::sync::LazyLock;

use ferromq::{DEALER, Message};
use ferromq_fuzz::{DEADLINE, context};
use libfuzzer_sys::fuzz_target;

/// Its connection has said something of itself.
static RECEIVED: LazyLock<Message> = LazyLock::new(|| {
    let context = context();
    let (sender, receiver) = (
        context.socket(DEALER).unwrap(),
        context.socket(DEALER).unwrap(),
    );
    sender.set_routing_id("me").unwrap();
    sender.set_metadata("X-Colour:blue").unwrap();
    receiver.bind("tcp://127.0.0.1:*").unwrap();
    sender.connect(receiver.last_endpoint().unwrap()).unwrap();
    sender.send_timeout("hello", DEADLINE).unwrap();
    receiver.recv_timeout(DEADLINE).unwrap().unwrap()
});

fuzz_target!(|name: &str| {
    let value = RECEIVED.property(name).unwrap();
    let known = [
        "X-Colour",
        "Socket-Type",
        "Peer-Address",
        "Identity",
        "__fd",
    ];
    assert_eq!(value.is_some(), known.contains(&name), "{name:?}");
    assert_eq!(RECEIVED.verified_property(name).unwrap(), None);
    assert_eq!(Message::from("made here").property(name).unwrap(), None);
});
