//! Messages that arrive.

use std::thread;

use ferromq::{SUB, XPUB};

use crate::pipe;
use crate::source::each_source;
use crate::support::{
    context, join, join_inproc, recv, recv_multipart, send, send_multipart, within_deadline,
};

#[test]
fn not_sent_at_all() {
    each_source(|source| {
        let message = source.message();
        source.assert_held();
        drop(message);
        source.assert_freed_here();
    });
}

#[test]
fn within_the_process() {
    each_source(|source| {
        let context = context();
        let (push, pull) = pipe(&context);
        join_inproc(&push, &pull);
        send(&push, source.message());
        let message = recv(&pull);
        drop((push, pull));
        within_deadline(|| drop(context));
        source.assert_held();
        drop(message);
        source.assert_freed_here();
    });
}

#[test]
fn dropped_by_another_thread() {
    each_source(|source| {
        let context = context();
        let (push, pull) = pipe(&context);
        join_inproc(&push, &pull);
        send(&push, source.message());
        let message = recv(&pull);
        thread::spawn(move || {
            drop(message);
            source.assert_freed_here();
        })
        .join()
        .unwrap();
    });
}

#[test]
fn over_the_wire() {
    each_source(|source| {
        let context = context();
        let (push, pull) = pipe(&context);
        join(&push, &pull);
        let message = source.message();
        let len = message.len();
        send(&push, message);
        let received = recv(&pull);
        assert_eq!(received.len(), len);
        assert!(received.iter().all(|&byte| byte == 7));
        source.wait_until_freed_elsewhere();
    });
}

#[test]
fn many_over_the_wire() {
    const COUNT: usize = 200;
    each_source(|source| {
        let context = context();
        let (push, pull) = pipe(&context);
        join(&push, &pull);
        let receiver = thread::spawn(move || {
            for _ in 0..COUNT {
                recv(&pull);
            }
        });
        for _ in 0..COUNT {
            send(&push, source.message());
        }
        within_deadline(|| receiver.join()).unwrap();
        source.wait_until_freed_elsewhere();
    });
}

/// The fix `metadata-counted-in-bulk`: more messages than are counted at once know their connection
/// when it is gone, and those left in the socket let go of it.
#[test]
fn with_metadata_that_outlives_the_connection() {
    const MESSAGES: usize = 3000;
    let context = context();
    let (push, pull) = pipe(&context);
    join(&push, &pull);
    let mut kept = Vec::new();
    for _ in 0..MESSAGES {
        send(&push, "hello");
        kept.push(recv(&pull));
    }
    send(&push, "unread");
    drop((push, pull));
    within_deadline(|| drop(context));
    for message in &kept {
        assert!(message.peer_address().unwrap().is_some());
    }
    let shared = kept[0].share();
    drop(kept);
    assert!(shared.peer_address().unwrap().is_some());
}

#[test]
fn within_the_process_and_then_over_the_wire() {
    each_source(|source| {
        let context = context();
        let (push, front) = pipe(&context);
        join_inproc(&push, &front);
        let (back, pull) = pipe(&context);
        join(&back, &pull);
        send(&push, source.message());
        send(&back, recv(&front));
        recv(&pull);
        source.wait_until_freed_elsewhere();
    });
}

#[test]
fn as_frames_of_one_message() {
    each_source(|source| {
        let context = context();
        let (push, pull) = pipe(&context);
        join_inproc(&push, &pull);
        let (back, end) = pipe(&context);
        join(&back, &end);
        let mut message = source.message();
        let shared = message.share();
        send_multipart(&push, [message, shared, source.message()]);
        let frames = recv_multipart(&pull);
        source.assert_held();
        send_multipart(&back, frames);
        assert_eq!(recv_multipart(&end).len(), 3);
        source.wait_until_freed();
    });
}

#[test]
fn replaced_by_what_is_received() {
    each_source(|source| {
        let context = context();
        let (push, pull) = pipe(&context);
        join_inproc(&push, &pull);
        let mut message = source.message();
        send(&push, "new");
        pull.recv_into(&mut message).unwrap();
        assert_eq!(message, "new");
        source.assert_freed_here();
    });
}

#[test]
fn by_many_subscribers_in_and_out_of_the_process() {
    each_source(|source| {
        let context = context();
        let publisher = context.socket(XPUB).unwrap();
        publisher.bind("inproc://joined").unwrap();
        publisher.bind("tcp://127.0.0.1:*").unwrap();
        let wire = publisher.last_endpoint().unwrap();
        let subscribers = [0, 1, 2, 3].map(|number| {
            let sub = context.socket(SUB).unwrap();
            match number % 2 {
                0 => sub.connect("inproc://joined").unwrap(),
                _ => sub.connect(&wire).unwrap(),
            }
            sub.subscribe([7]).unwrap();
            // Of its own, as the publisher tells of new topics only.
            sub.subscribe([number]).unwrap();
            while recv(&publisher)[..] != [1, number] {}
            sub
        });
        send(&publisher, source.message());
        let [first, _, third, _] = subscribers.each_ref().map(recv);
        drop(first);
        source.assert_held();
        drop(third);
        source.wait_until_freed();
    });
}

#[test]
fn shared_and_dropped_in_every_order() {
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        each_source(|source| {
            let mut first = source.message();
            let mut second = first.share();
            let third = second.share();
            let mut messages = [first, second, third].map(Some);
            for next in order {
                source.assert_held();
                drop(messages[next].take());
            }
            source.assert_freed_here();
        });
    }
}

#[test]
fn shared_with_one_that_is_on_its_way() {
    each_source(|source| {
        let context = context();
        let (push, pull) = pipe(&context);
        join(&push, &pull);
        let mut message = source.message();
        send(&push, message.share());
        recv(&pull);
        within_deadline(|| drop((push, pull, context)));
        source.assert_held();
        drop(message);
        source.assert_freed_here();
    });
}

#[test]
fn dropped_while_one_that_shares_it_is_on_its_way() {
    each_source(|source| {
        let context = context();
        let (push, pull) = pipe(&context);
        join_inproc(&push, &pull);
        let mut message = source.message();
        send(&push, message.share());
        drop(message);
        source.assert_held();
        drop(recv(&pull));
        source.assert_freed_here();
    });
}

#[test]
fn written_to_while_shared() {
    each_source(|source| {
        let mut message = source.message();
        let mut shared = message.share();
        shared.make_mut().fill(1);
        message.make_mut().fill(2);
        source.assert_freed_here();
        assert!(shared.iter().all(|&byte| byte == 1));
        assert!(message.iter().all(|&byte| byte == 2));
    });
}

#[cfg(feature = "bytes")]
#[test]
fn as_bytes_that_outlive_all_else() {
    each_source(|source| {
        let context = context();
        let (push, pull) = pipe(&context);
        join_inproc(&push, &pull);
        send(&push, source.message());
        let bytes = bytes::Bytes::from(recv(&pull));
        within_deadline(|| drop((push, pull, context)));
        let part = bytes.slice(10..20);
        drop(bytes);
        let part = ferromq::Message::from_owner(part);
        source.assert_held();
        assert_eq!(part, [7; 10]);
        thread::spawn(move || {
            drop(part);
            source.assert_freed_here();
        })
        .join()
        .unwrap();
    });
}
