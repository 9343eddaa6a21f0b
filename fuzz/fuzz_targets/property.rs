//! Names of properties, asked of a message that has some, and of one that has none.

#![no_main]

use std::sync::LazyLock;

use ferromq::{Message, PULL, PUSH};
use ferromq_fuzz::{DEADLINE, context};
use libfuzzer_sys::fuzz_target;

/// Its connection has said something of itself.
static RECEIVED: LazyLock<Message> = LazyLock::new(|| {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    push.set_metadata("X-Colour:blue").unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
    push.connect(pull.last_endpoint().unwrap()).unwrap();
    push.send_timeout("hello", DEADLINE).unwrap();
    pull.recv_timeout(DEADLINE).unwrap().unwrap()
});

fuzz_target!(|name: &str| {
    let value = RECEIVED.property(name);
    let known = ["X-Colour", "Socket-Type", "Peer-Address", "Identity", "__fd"];
    assert_eq!(value.is_some(), known.contains(&name), "{name:?}");
    assert_eq!(RECEIVED.verified_property(name), None);
    assert_eq!(Message::from("made here").property(name), None);
});
