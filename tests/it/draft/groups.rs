//! RADIO and DISH: messages get to those who have joined their group.

use std::time::Duration;

use ferromq::{Context, DISH, Dish, ErrorKind, Message, RADIO, Socket, SocketType};

use super::{first_of, in_group};
use crate::support::{context, join, recv, send, wait_until};

#[test]
fn a_dish_gets_what_is_sent_to_its_groups() {
    let context = context();
    let (radio, dish) = (
        context.socket(RADIO).unwrap(),
        context.socket(DISH).unwrap(),
    );
    join(&radio, &dish);
    dish.join("berlin").unwrap();
    dish.join("oslo").unwrap();
    first_of(&radio, &dish, &in_group("0", "oslo"));
    // Joins arrive in their order: both have.
    send(&radio, "to no group");
    send(&radio, in_group("to another group", "rome"));
    send(&radio, in_group("11", "berlin"));
    dish.leave("oslo").unwrap();
    let message = wait_for(&dish, "11");
    assert_eq!(message.group(), Some("berlin"));

    send(&radio, in_group("-3", "oslo"));
    send(&radio, in_group("12", "berlin"));
    assert_eq!(recv(&dish), "12");
}

/// What [`first_of`] has sent too much of may still come before.
fn wait_for(dish: &Socket<Dish>, bytes: &str) -> Message {
    loop {
        let message = recv(dish);
        if message == *bytes {
            return message;
        }
        assert_eq!(message, "0");
    }
}

#[test]
fn a_bound_dish_sends_its_joins_when_it_is_touched() {
    let context = context();
    let (dish, radio) = (
        context.socket(DISH).unwrap(),
        context.socket(RADIO).unwrap(),
    );
    dish.join("berlin").unwrap();
    join(&dish, &radio);
    let message = first_of(&radio, &dish, &in_group("11", "berlin"));
    assert_eq!(message.group(), Some("berlin"));
}

#[test]
fn groups_are_named_in_messages() {
    let longest = "fourteen bytes";
    assert_eq!(longest.len(), Message::GROUP_MAX);
    let mut message = Message::from("x".repeat(1000));
    for group in ["a", longest, "", "b"] {
        message.set_group(group).unwrap();
        assert_eq!(
            message.group(),
            Some(group).filter(|group| !group.is_empty())
        );
    }
    for (group, reason) in [
        ("fifteen bytes..", "14 bytes"),
        ("a\0b", "NUL character at byte 1"),
    ] {
        let error = message.set_group(group).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(message.group(), Some("b"));
        let dish = context().socket(DISH).unwrap();
        assert!(dish.join(group).unwrap_err().to_string().contains(reason));
        assert!(dish.leave(group).unwrap_err().to_string().contains(reason));
    }
    assert_eq!(message.clone().group(), Some("b"));
    assert_eq!(message.share().group(), Some("b"));
}

/// libzmq 4.3.5 writes a short name over the pointer to a long one, and frees a long one once per
/// peer.
#[test]
fn a_long_group_that_other_code_joined_does_no_harm() {
    let group = c"a group of more than fourteen bytes";
    let context = context();
    let (radio, dish) = (
        context.socket(RADIO).unwrap(),
        context.socket(DISH).unwrap(),
    );
    join(&radio, &dish);
    // SAFETY: the socket is open; the group is NUL-terminated.
    let joined = unsafe { ferromq_sys::zmq_join(dish.as_ptr(), group.as_ptr()) };
    assert_eq!(joined, 0);
    let mut sent = Message::from("x".repeat(100));
    let mut received = None;
    wait_until("the join arrives", || {
        sent = Message::from("x".repeat(100));
        // SAFETY: `Message` is a `zmq_msg_t`, and the socket is open.
        unsafe {
            let raw = (&raw mut sent).cast::<ferromq_sys::zmq_msg_t>();
            ferromq_sys::zmq_msg_set_group(raw, group.as_ptr());
            assert!(ferromq_sys::zmq_msg_send(raw, radio.as_ptr(), 0) >= 0);
        }
        received = dish.recv_timeout(Duration::from_millis(1)).unwrap();
        received.is_some()
    });
    let message = received.unwrap();
    assert_eq!(message.group(), group.to_str().ok());
    assert_eq!(message.clone().group(), None);
    let (error, mut message) = radio.send(message).unwrap_err().into_parts();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    message.set_group("short").unwrap();
    assert_eq!(message.group(), Some("short"));
    assert_eq!(message, "x".repeat(100));
}

#[test]
fn a_group_is_joined_once() {
    let context = context();
    let dish = context.socket(DISH).unwrap();
    dish.join("berlin").unwrap();
    let error = dish.join("berlin").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("joined already"), "{error}");
    dish.leave("berlin").unwrap();
    let error = dish.leave("berlin").unwrap_err();
    assert!(error.to_string().contains("was not joined"), "{error}");
    let other = context.socket(SocketType::Radio).unwrap();
    assert_eq!(
        other.join("berlin").unwrap_err().kind(),
        ErrorKind::NotSupported
    );
}

#[test]
fn a_dish_does_not_linger() {
    let context = Context::new().unwrap();
    let dish = context.socket(DISH).unwrap();
    assert_eq!(dish.linger().unwrap(), Some(Duration::ZERO));
    let radio = context.socket(RADIO).unwrap();
    assert_eq!(radio.linger().unwrap(), Some(Duration::from_secs(30)));
}
