//! Many messages by one call: nothing is lost on the way, and the count is right.

use std::thread;
use std::time::Duration;

use ferromq::{DEALER, ErrorKind, Message, PULL, PUSH, Pull, Push, REP, ROUTER, Socket};

use crate::support::{DEADLINE, context, join, join_inproc, recv, within_deadline};

/// Two messages fit between them.
fn narrow() -> (Socket<Push>, Socket<Pull>) {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    push.set_send_hwm(1).unwrap();
    pull.set_recv_hwm(1).unwrap();
    join_inproc(&pull, &push);
    (push, pull)
}

#[test]
fn what_was_not_sent_can_be_sent_later() {
    let (push, pull) = narrow();
    let tasks = ["a", "b", "c", "d", "e"].map(Message::from);
    let error = push.try_send_all(tasks).unwrap_err();
    assert_eq!(error.error().kind(), ErrorKind::WouldBlock);
    assert_eq!(error.sent(), 2);
    assert!(
        error.to_string().ends_with("(2 were sent before)"),
        "{error}"
    );

    // As often as there is room.
    let mut received = Vec::new();
    let (mut unsent, mut rest) = error.into_unsent();
    while received.len() < 5 {
        pull.try_recv_many(&mut received, 100).unwrap();
        match push.try_send_all([unsent].into_iter().chain(&mut rest)) {
            Ok(_) => break,
            Err(error) => unsent = error.into_unsent().0,
        }
    }
    while received.len() < 5 {
        pull.recv_many_timeout(&mut received, 100, DEADLINE)
            .unwrap();
    }
    assert_eq!(received, ["a", "b", "c", "d", "e"].map(Message::from));
}

#[test]
fn borrowed_frames_that_are_left_are_in_the_iterator() {
    let (push, pull) = narrow();
    let tasks = ["a", "b", "c", "d"];
    let mut left = tasks.iter().copied();
    let error = push.try_send_all(&mut left).unwrap_err();
    assert_eq!(tasks[error.sent()], "c");
    assert!(left.eq(["d"]));
    assert_eq!(recv(&pull), "a");
}

#[test]
fn a_sender_waits_for_each() {
    let (push, pull) = narrow();
    let numbers = 0..1000_u32;
    let sender = thread::spawn(move || {
        push.send_all(numbers.map(|n| n.to_be_bytes().to_vec()))
            .unwrap()
    });
    let mut received = Vec::new();
    while received.len() < 1000 {
        let many = pull.recv_many_timeout(&mut received, 7, DEADLINE).unwrap();
        assert!((1..=7).contains(&many), "{many}");
    }
    assert_eq!(within_deadline(|| sender.join()).unwrap(), 1000);
    assert!(
        (0..1000_u32)
            .zip(&received)
            .all(|(number, message)| message == &number.to_be_bytes())
    );
}

#[test]
fn a_time_out_ends_the_wait_of_both() {
    let (push, pull) = narrow();
    push.set_sndtimeo(Duration::from_millis(1)).unwrap();
    pull.set_rcvtimeo(Duration::from_millis(1)).unwrap();
    let mut received = Vec::new();
    let error = pull.recv_many(&mut received, 1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    let error = push.send_all(["a", "b", "c"]).unwrap_err();
    assert_eq!(
        (error.error().kind(), error.sent()),
        (ErrorKind::WouldBlock, 2)
    );
    assert_eq!(pull.recv_many(&mut received, 10).unwrap(), 2);
}

#[test]
fn nothing_is_asked_of_nothing() {
    let (push, pull) = narrow();
    assert_eq!(push.send_all([""; 0]).unwrap(), 0);
    let mut received = Vec::new();
    assert_eq!(pull.recv_many(&mut received, 0).unwrap(), 0);
    push.send("kept").unwrap();
    assert_eq!(pull.recv_many(&mut received, 0).unwrap(), 0);
    assert_eq!(recv(&pull), "kept");
}

#[test]
fn a_message_that_the_limit_cuts_goes_on() {
    let context = context();
    let (router, dealer) = (
        context.socket(ROUTER).unwrap(),
        context.socket(DEALER).unwrap(),
    );
    join(&router, &dealer);
    dealer.send_multipart(["a", "b"]).unwrap();
    let mut frames = Vec::new();
    assert_eq!(
        router.recv_many_timeout(&mut frames, 2, DEADLINE).unwrap(),
        2
    );
    assert!(frames[1].more());
    assert_eq!(router.try_recv_many(&mut frames, 2).unwrap(), 1);
    assert_eq!(frames[2], "b");
    assert!(!frames[2].more());
}

/// A REP receives no second request before it has answered the first.
#[test]
fn an_error_after_the_first_is_for_the_next_call() {
    let context = context();
    let (rep, dealer) = (
        context.socket(REP).unwrap(),
        context.socket(DEALER).unwrap(),
    );
    join_inproc(&rep, &dealer);
    dealer.send_multipart(["", "first"]).unwrap();
    dealer.send_multipart(["", "second"]).unwrap();
    let mut requests = Vec::new();
    assert_eq!(rep.recv_many(&mut requests, 10).unwrap(), 1);
    let error = rep.recv_many(&mut requests, 10).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongState);
    assert_eq!(requests, [Message::from("first")]);

    let replies = ["reply", "another"].map(Message::from);
    let error = rep.send_all(replies).unwrap_err();
    assert_eq!(
        (error.error().kind(), error.sent()),
        (ErrorKind::WrongState, 1)
    );
    assert_eq!(error.into_unsent().0, "another");
}
