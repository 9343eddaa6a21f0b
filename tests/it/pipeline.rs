//! PUSH hands out work, PULL takes it; and what a PUSH does when nobody is there.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use ferromq::{ErrorKind, Events, Message, PULL, PUSH, Pull, Push, Socket, TrySendError};

use crate::support::{
    Directory, ThreadId, context, recv, recv_multipart, send, send_multipart, within_deadline,
};

/// Workers that connect share the messages of a PUSH: each message goes to one, exactly once.
#[test]
fn workers_share_the_tasks_and_lose_none() {
    const WORKERS: u8 = 3;
    const TASKS: u32 = 300;
    let context = context();
    let source = context.socket(PUSH).unwrap();
    let sink = context.socket(PULL).unwrap();
    source.bind("tcp://127.0.0.1:*").unwrap();
    sink.bind("tcp://127.0.0.1:*").unwrap();

    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let tasks = context.socket(PULL).unwrap();
            let results = context.socket(PUSH).unwrap();
            tasks.connect(source.last_endpoint().unwrap()).unwrap();
            results.connect(sink.last_endpoint().unwrap()).unwrap();
            thread::spawn(move || {
                send_multipart(&results, [&b"ready"[..], &[worker]]);
                // Shutting the context down ends the work.
                while let Ok(task) = tasks.recv() {
                    send_multipart(&results, [&task[..], &[worker]]);
                }
            })
        })
        .collect();
    for _ in 0..WORKERS {
        assert_eq!(recv_multipart(&sink)[0], "ready");
    }

    for task in 0..TASKS {
        send(&source, &task.to_be_bytes());
    }
    let mut done = Vec::new();
    for _ in 0..TASKS {
        let result = recv_multipart(&sink);
        done.push(u32::from_be_bytes(result[0][..].try_into().unwrap()));
    }
    done.sort_unstable();
    assert!(done.into_iter().eq(0..TASKS), "each task exactly once");

    context.shutdown().unwrap();
    for worker in workers {
        within_deadline(|| worker.join()).unwrap();
    }
}

/// Sends numbers until the socket takes no more, and returns how many it took.
fn fill(push: &Socket<Push>) -> u32 {
    let mut sent = 0_u32;
    loop {
        match push.try_send(Message::from(sent.to_be_bytes())) {
            Ok(()) => sent += 1,
            Err(TrySendError::Full(unsent)) => {
                assert_eq!(unsent, sent.to_be_bytes());
                return sent;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn expect_exactly(pull: &Socket<Pull>, push: &Socket<Push>, count: u32) {
    for number in 0..count {
        assert_eq!(recv(pull), number.to_be_bytes());
    }
    send(push, "end");
    assert_eq!(recv(pull), "end");
}

fn late_worker(hwm: Option<u32>, expected: u32) {
    let directory = Directory::new();
    let endpoint = directory.endpoint("work");
    let context = context();
    let push = context.socket(PUSH).unwrap();
    if let Some(hwm) = hwm {
        push.set_send_hwm(hwm).unwrap();
    }
    push.connect(&endpoint).unwrap();
    assert_eq!(fill(&push), expected);
    assert!(!push.events().unwrap().contains(Events::SEND));

    let pull = context.socket(PULL).unwrap();
    pull.bind(&endpoint).unwrap();
    expect_exactly(&pull, &push, expected);
}

/// A PUSH that connects queues 1000 messages while nobody is there, then waits; a worker that comes
/// later gets exactly those, in order.
#[test]
fn a_late_worker_gets_the_thousand_that_were_queued() {
    late_worker(None, 1000);
}

/// The same with a high-water mark of its own.
#[test]
fn a_late_worker_gets_as_many_as_the_high_water_mark_allowed() {
    late_worker(Some(3), 3);
}

#[test]
fn a_full_queue_gives_the_message_back_in_time() {
    let directory = Directory::new();
    let context = context();
    let push = context.socket(PUSH).unwrap();
    push.set_send_hwm(1).unwrap();
    push.connect(directory.endpoint("work")).unwrap();
    send(&push, "the only one");

    let payload = vec![7; 5000];
    let address = payload.as_ptr();
    let timeout = Duration::from_millis(50);
    let started = Instant::now();
    let error = push.send_timeout(payload, timeout).unwrap_err();
    assert!(started.elapsed() >= timeout);
    assert!(error.is_full());
    let back = error.into_unsent();
    assert_eq!(back, [7; 5000]);
    assert_eq!(back.as_ptr(), address, "it was not even copied");

    push.set_sndtimeo(timeout).unwrap();
    let started = Instant::now();
    let error = push.send(back).unwrap_err();
    assert!(started.elapsed() >= timeout);
    assert_eq!(error.error().kind(), ErrorKind::WouldBlock);
    assert_eq!(error.into_unsent().as_ptr(), address);
}

#[test]
fn an_endless_queue_is_never_full() {
    let directory = Directory::new();
    let endpoint = directory.endpoint("work");
    let context = context();
    let push = context.socket(PUSH).unwrap();
    push.set_send_hwm(None).unwrap();
    push.connect(&endpoint).unwrap();
    for number in 0..5000_u32 {
        push.try_send(&number.to_be_bytes()).unwrap();
    }
    let pull = context.socket(PULL).unwrap();
    pull.bind(&endpoint).unwrap();
    expect_exactly(&pull, &push, 5000);
}

/// A PUSH that binds queues nothing while there is no worker: it waits for the first.
#[test]
fn a_bound_push_queues_nothing_for_nobody() {
    let context = context();
    let push = context.socket(PUSH).unwrap();
    push.bind("tcp://127.0.0.1:*").unwrap();
    assert_eq!(fill(&push), 0);
    assert!(push.try_send_multipart(["a", "b"]).unwrap_err().is_full());

    // A plain send waits for the first worker.
    let endpoint = push.last_endpoint().unwrap();
    let (blocking, blocked) = mpsc::channel();
    let sender = thread::spawn(move || {
        blocking.send(ThreadId::current()).unwrap();
        push.send("at last")
    });
    blocked.recv().unwrap().wait_until_asleep();
    let pull = context.socket(PULL).unwrap();
    pull.connect(endpoint).unwrap();
    assert_eq!(recv(&pull), "at last");
    within_deadline(|| sender.join()).unwrap().unwrap();
}
