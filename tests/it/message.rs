//! What a message does with memory, and what it knows.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ferromq::{Context, ErrorKind, Message, PULL, PUSH, Pull, Push, SUB, Socket, XPUB};

use crate::support::{
    Directory, context, join, join_inproc, recv, send, wait_until, within_deadline,
};

const LARGE: usize = 10_000;

/// Bytes that count how often they are dropped.
struct Counted {
    bytes: Vec<u8>,
    drops: Arc<AtomicUsize>,
}

impl Counted {
    fn new() -> (Self, Drops) {
        let drops = Drops::default();
        let counted = Self {
            bytes: vec![7; LARGE],
            drops: Arc::clone(&drops.0),
        };
        (counted, drops)
    }
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.drops.fetch_add(1, Ordering::Relaxed);
    }
}

#[derive(Default)]
struct Drops(Arc<AtomicUsize>);

impl Drops {
    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

fn inproc_pipe(context: &Context) -> (Socket<Push>, Socket<Pull>) {
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    join_inproc(&push, &pull);
    (push, pull)
}

#[test]
fn large_buffers_are_taken_over_and_reach_the_other_thread_uncopied() {
    let context = context();
    let (push, pull) = inproc_pipe(&context);

    let vec = vec![1; LARGE];
    let boxed: Box<[u8]> = vec![2; LARGE].into();
    let arc: Arc<[u8]> = vec![3; LARGE].into();
    let text = "4".repeat(LARGE);
    let (owner, _) = Counted::new();
    let addresses = [
        vec.as_ptr(),
        boxed.as_ptr(),
        arc.as_ptr(),
        text.as_ptr(),
        owner.bytes.as_ptr(),
    ];
    send(&push, vec);
    send(&push, boxed);
    send(&push, Arc::clone(&arc));
    send(&push, text);
    send(&push, Message::from_owner(owner));
    for address in addresses {
        let message = recv(&pull);
        assert_eq!(message.len(), LARGE);
        assert_eq!(message.as_ptr(), address);
    }
    assert_eq!(Arc::strong_count(&arc), 1, "the message gave it back");
}

#[test]
fn spare_capacity_is_taken_over_as_well() {
    let mut vec = Vec::with_capacity(2 * LARGE);
    vec.extend_from_slice(&[5; LARGE]);
    let address = vec.as_ptr();
    let message = Message::from(vec);
    assert_eq!(message.as_ptr(), address);
    assert_eq!(message, [5; LARGE]);
}

#[test]
fn constants_are_shown_whatever_their_length() {
    static TEXT: &[u8] = b"I am OK!";
    assert_eq!(Message::from_static(TEXT).as_ptr(), TEXT.as_ptr());
}

#[test]
fn small_buffers_are_copied() {
    for len in [1, 33, Message::COPY_BELOW - 1] {
        let vec = vec![7; len];
        let address = vec.as_ptr();
        let message = Message::from(vec);
        assert_ne!(message.as_ptr(), address);
        assert_eq!(message, vec![7; len]);
    }
    let arc: Arc<[u8]> = vec![7; 10].into();
    let message = Message::from(Arc::clone(&arc));
    assert_eq!(Arc::strong_count(&arc), 1);
    assert_eq!(message, [7; 10]);
}

#[test]
fn an_owner_is_dropped_once_with_its_message() {
    let (owner, drops) = Counted::new();
    let message = Message::from_owner(owner);
    assert_eq!(drops.count(), 0);
    drop(message);
    assert_eq!(drops.count(), 1);
}

#[test]
fn an_owner_of_nothing_is_dropped_at_once() {
    let (mut owner, drops) = Counted::new();
    owner.bytes.clear();
    assert!(Message::from_owner(owner).is_empty());
    assert_eq!(drops.count(), 1);
}

#[test]
fn an_owner_is_dropped_once_when_it_was_received() {
    let context = context();
    let (push, pull) = inproc_pipe(&context);
    let (owner, drops) = Counted::new();
    send(&push, Message::from_owner(owner));
    let message = recv(&pull);
    assert_eq!(drops.count(), 0);
    drop(message);
    assert_eq!(drops.count(), 1);
}

#[test]
fn an_owner_is_dropped_once_when_it_went_over_the_wire() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    join(&push, &pull);
    let (owner, drops) = Counted::new();
    send(&push, Message::from_owner(owner));
    assert_eq!(recv(&pull), [7; LARGE]);
    // The I/O thread lets go of it some time after the last byte was written.
    wait_until("the owner is dropped", || drops.count() == 1);
    within_deadline(|| drop((push, pull, context)));
    assert_eq!(drops.count(), 1);
}

#[test]
fn an_owner_survives_failed_sends() {
    let context = context();
    let push = context.socket(PUSH).unwrap();
    push.bind("inproc://nobody-comes").unwrap();
    let (owner, drops) = Counted::new();
    let mut message = Message::from_owner(owner);
    for _ in 0..3 {
        message = push.try_send(message).unwrap_err().into_unsent();
        assert_eq!(message, [7; LARGE]);
    }
    let frames = push
        .try_send_multipart([message, "second".into()])
        .unwrap_err()
        .into_unsent();
    assert_eq!(drops.count(), 0);
    drop(frames);
    assert_eq!(drops.count(), 1);
}

#[test]
fn an_owner_is_dropped_with_the_error_that_holds_it() {
    let push = context().socket(PUSH).unwrap();
    push.bind("inproc://nobody-comes").unwrap();
    let (owner, drops) = Counted::new();
    let error = push.try_send(Message::from_owner(owner)).unwrap_err();
    assert_eq!(drops.count(), 0);
    let _ = ferromq::Error::from(error);
    assert_eq!(drops.count(), 1);
}

#[test]
fn an_owner_is_dropped_once_with_a_context_that_does_not_linger() {
    let directory = Directory::new();
    let context = context();
    let push = context.socket(PUSH).unwrap();
    push.connect(directory.endpoint("nobody")).unwrap();
    let (owner, drops) = Counted::new();
    send(&push, Message::from_owner(owner));
    let (frame, frame_drops) = Counted::new();
    push.send_multipart([Message::from_owner(frame), "end".into()])
        .unwrap();
    assert_eq!((drops.count(), frame_drops.count()), (0, 0));
    within_deadline(|| {
        drop(push);
        drop(context);
    });
    assert_eq!((drops.count(), frame_drops.count()), (1, 1));
}

#[test]
fn an_owner_that_panics_in_its_drop_harms_nobody() {
    struct Panics;
    impl AsRef<[u8]> for Panics {
        fn as_ref(&self) -> &[u8] {
            b"bytes"
        }
    }
    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("this panic is part of the test");
        }
    }
    drop(Message::from_owner(Panics));
}

#[test]
fn shared_bytes_are_dropped_with_the_last_message() {
    let (owner, drops) = Counted::new();
    let mut first = Message::from_owner(owner);
    let second = first.share();
    let third = first.clone();
    assert_eq!(first.as_ptr(), second.as_ptr());
    assert_ne!(first.as_ptr(), third.as_ptr());
    drop(first);
    assert_eq!(drops.count(), 0);
    assert_eq!(second, [7; LARGE]);
    drop(second);
    assert_eq!(drops.count(), 1);
    assert_eq!(third, [7; LARGE]);
}

#[test]
fn writing_copies_what_others_can_see() {
    static CONSTANT: &[u8] = b"constant";
    let arc: Arc<[u8]> = vec![1; LARGE].into();
    let mut shared = Message::from(vec![1; LARGE]);
    let other = shared.share();
    let (owner, drops) = Counted::new();

    let mut messages = [
        Message::from_static(CONSTANT),
        Message::from(Arc::clone(&arc)),
        shared,
        Message::from_owner(owner),
    ];
    for message in &mut messages {
        message.make_mut()[0] = b'!';
        assert_eq!(message[0], b'!');
        let address = message.as_ptr();
        message.make_mut()[1] = b'?';
        assert_eq!(message.as_ptr(), address, "its own by now");
    }
    assert_eq!(CONSTANT, b"constant");
    assert_eq!(arc[0], 1);
    assert_eq!(other[0], 1);
    assert_eq!(drops.count(), 1, "the copy has no owner");
}

#[test]
fn writing_does_not_copy_what_nobody_else_sees() {
    let vec = vec![1; LARGE];
    let address = vec.as_ptr();
    let mut message = Message::from(vec);
    message.make_mut()[0] = 2;
    assert_eq!(message.as_ptr(), address);
    assert_eq!(message[0], 2);
    assert!(Message::new().make_mut().is_empty());
}

#[test]
fn subscribers_within_the_process_share_a_buffer_that_none_can_change() {
    let context = context();
    let publisher = context.socket(XPUB).unwrap();
    publisher.bind("inproc://joined").unwrap();
    let subs = [(); 2].map(|()| {
        let sub = context.socket(SUB).unwrap();
        sub.connect("inproc://joined").unwrap();
        sub.subscribe("").unwrap();
        sub
    });
    // The second subscription to the same topic is not passed on: ask for what shows that it is
    // there.
    assert_eq!(recv(&publisher), [1]);
    subs[1].subscribe("second").unwrap();
    assert_eq!(recv(&publisher), b"\x01second");

    let (owner, drops) = Counted::new();
    send(&publisher, Message::from_owner(owner));
    let [mut first, second] = subs.each_ref().map(recv);
    assert_eq!(first.as_ptr(), second.as_ptr(), "libzmq copied it");
    first.make_mut().fill(0);
    assert_eq!(first, [0; LARGE]);
    assert_eq!(second, [7; LARGE]);
    assert_eq!(drops.count(), 0);
    drop(second);
    wait_until("the owner is dropped", || drops.count() == 1);
}

#[test]
fn a_received_message_knows_its_connection() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    join(&push, &pull);
    send(&push, "hello");
    let mut message = recv(&pull);
    assert_eq!(message.property("Socket-Type").unwrap(), Some(&b"PUSH"[..]));
    assert_eq!(
        message.property("Peer-Address").unwrap(),
        Some(&b"127.0.0.1"[..])
    );
    assert_eq!(message.property("X-Made-Up").unwrap(), None);
    assert_eq!(message.property("Socket-Type\0").unwrap(), None);
    assert_eq!(
        message.share().property("Socket-Type").unwrap(),
        Some(&b"PUSH"[..]),
        "shared with the bytes"
    );
    assert_eq!(message.clone().property("Socket-Type").unwrap(), None);
    // It outlives the connection.
    within_deadline(|| drop((push, pull, context)));
    assert_eq!(message.property("Socket-Type").unwrap(), Some(&b"PUSH"[..]));
}

#[test]
fn within_the_process_there_is_no_connection() {
    let context = context();
    let (push, pull) = inproc_pipe(&context);
    send(&push, "hello");
    assert_eq!(recv(&pull).property("Socket-Type").unwrap(), None);
}

#[test]
fn debug_shows_length_and_beginning() {
    assert_eq!(
        format!("{:?}", Message::from("hello")),
        r#"Message(5 bytes: "hello")"#
    );
    assert_eq!(
        format!("{:?}", Message::from([0, b'"', 0xFF])),
        r#"Message(3 bytes: "\x00\"\xff")"#
    );
    assert_eq!(
        format!("{:?}", Message::from("x".repeat(100))),
        format!(r#"Message(100 bytes: "{}...")"#, "x".repeat(64))
    );
}

#[test]
fn text_is_checked() {
    assert_eq!(Message::from("消息群发").to_str(), Ok("消息群发"));
    assert!(Message::from([0xFF]).to_str().is_err());
}

#[test]
fn memory_that_cannot_be_had_is_an_error() {
    for len in [usize::MAX, usize::MAX / 2] {
        let error = Message::zeroed(len).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutOfMemory);
        assert!(error.to_string().contains(&len.to_string()), "{error}");
    }
}

#[test]
fn reception_into_what_is_there() {
    let context = context();
    let (push, pull) = inproc_pipe(&context);
    pull.set_rcvtimeo(crate::support::DEADLINE).unwrap();

    let (owner, drops) = Counted::new();
    let mut message = Message::from_owner(owner);
    push.send_multipart(["first", "second"]).unwrap();
    pull.recv_into(&mut message).unwrap();
    assert_eq!(drops.count(), 1, "the old content is dropped");
    assert_eq!(message, "first");
    assert!(message.more());
    pull.recv_into(&mut message).unwrap();
    assert_eq!(message, "second");
    assert!(!message.more());

    let mut vec = Vec::with_capacity(100);
    let address = vec.as_ptr();
    send(&push, "text");
    pull.recv_into(&mut vec).unwrap();
    assert_eq!(vec, b"text");
    assert_eq!(vec.as_ptr(), address);

    let mut buffer = [b'.'; 6];
    send(&push, "text");
    let received = pull.recv_into(&mut buffer[..]).unwrap();
    assert_eq!((received.len(), received.frame_len()), (4, 4));
    assert!(!received.is_truncated());
    assert_eq!(&buffer, b"text..");
    send(&push, "a longer text");
    let received = pull.recv_into(&mut buffer[..]).unwrap();
    assert_eq!((received.len(), received.frame_len()), (6, 13));
    assert!(received.is_truncated());
    assert_eq!(&buffer, b"a long");
}
