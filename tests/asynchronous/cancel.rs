//! Futures that are dropped before they are ready lose nothing and duplicate nothing.

use std::collections::VecDeque;
use std::time::Duration;

use ferromq::with_tokio::Socket;
use ferromq::{Message, PULL, PUSH, Pull, Push, REP, REQ};
use tokio::time::timeout;

use crate::support::{narrow_pair, pair, run, run_on_threads, turns};

/// Numbers from a random sequence, the same in every run (a linear congruential generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Sends numbers, giving up whenever a coin says so.
async fn send_with_interruptions(mut push: Socket<Push>, messages: u64) -> (Socket<Push>, u64) {
    let (mut dice, mut next, mut given_up) = (Dice(1), 0_u64, 0);
    while next < messages {
        let number = next.to_ne_bytes();
        let interruption = yields(dice.below(3));
        tokio::select! {
            biased;
            result = async {
                match next % 2 {
                    0 => push.send(&number).await.map_err(ferromq::Error::from),
                    _ => push.send_multipart([&number[..], b"second"]).await.map_err(ferromq::Error::from),
                }
            } => {
                result.unwrap();
                next += 1;
            }
            () = interruption => given_up += 1,
        }
    }
    (push, given_up)
}

/// Receives numbers in order, giving up whenever a coin says so.
async fn receive_with_interruptions(mut pull: Socket<Pull>, messages: u64) -> (Socket<Pull>, u64) {
    let (mut dice, mut next, mut given_up) = (Dice(2), 0_u64, 0);
    while next < messages {
        let interruption = yields(dice.below(3));
        tokio::select! {
            biased;
            message = pull.recv_multipart() => {
                let message = message.unwrap();
                assert_eq!(message[0], next.to_ne_bytes());
                assert_eq!(message.len() as u64, 1 + next % 2);
                next += 1;
            }
            () = interruption => given_up += 1,
        }
    }
    (pull, given_up)
}

async fn yields(times: u64) {
    for _ in 0..times {
        tokio::task::yield_now().await;
    }
}

/// Both sides give up again and again, and every message arrives once and in order.
async fn interrupted_on_both_sides(hwm: u32) {
    let (pull, push) = narrow_pair(PULL, PUSH, hwm);
    let messages = turns();
    let sender = tokio::spawn(send_with_interruptions(push, messages));
    let receiver = tokio::spawn(receive_with_interruptions(pull, messages));
    let (_push, sends) = sender.await.unwrap();
    let (mut pull, receives) = receiver.await.unwrap();
    assert!(
        sends > 0 && receives > 0,
        "{sends} sends, {receives} receives"
    );
    assert_eq!(pull.try_recv().unwrap(), None);
}

#[test]
fn select_loops_on_one_thread_lose_and_duplicate_nothing() {
    run(interrupted_on_both_sides(2));
}

#[test]
fn select_loops_on_several_threads_lose_and_duplicate_nothing() {
    run_on_threads(interrupted_on_both_sides(2));
}

#[test]
fn timeout_loops_lose_and_duplicate_nothing() {
    run_on_threads(async {
        let (mut pull, mut push) = narrow_pair(PULL, PUSH, 5);
        let messages = turns();
        let sender = tokio::spawn(async move {
            for n in 0..messages {
                while timeout(Duration::ZERO, push.send(&n.to_ne_bytes()))
                    .await
                    .is_err()
                {}
            }
            push
        });
        let mut next = 0_u64;
        while next < messages {
            if let Ok(message) = timeout(Duration::ZERO, pull.recv()).await {
                assert_eq!(message.unwrap(), next.to_ne_bytes());
                next += 1;
            }
        }
        sender.await.unwrap();
        assert_eq!(pull.try_recv().unwrap(), None);
    });
}

/// Owned messages are accounted for as well: waited for, then tried.
#[test]
fn ten_thousand_operations_are_cancelled_under_load() {
    run_on_threads(async {
        let (mut pull, mut push) = narrow_pair(PULL, PUSH, 4);
        let sender = tokio::spawn(async move {
            let (mut cancelled, mut sent) = (0, 0_u64);
            let mut waiting: VecDeque<Message> = VecDeque::new();
            while cancelled < 10_000 {
                if waiting.is_empty() {
                    waiting.push_back(Message::from(sent.to_ne_bytes().to_vec()));
                }
                if timeout(Duration::ZERO, push.send_ready()).await.is_err() {
                    cancelled += 1;
                    continue;
                }
                match push.try_send(waiting.pop_front().unwrap()) {
                    Ok(()) => sent += 1,
                    Err(error) if error.is_full() => waiting.push_front(error.into_unsent()),
                    Err(error) => panic!("{error}"),
                }
            }
            push.send("end").await.unwrap();
            (push, sent)
        });
        let (mut cancelled, mut next) = (0, 0_u64);
        loop {
            match timeout(Duration::ZERO, pull.recv()).await {
                Ok(message) => {
                    let message = message.unwrap();
                    if message == "end" {
                        break;
                    }
                    assert_eq!(message, next.to_ne_bytes());
                    next += 1;
                    // The sender gets to wait.
                    yields(next % 20).await;
                }
                Err(_) => cancelled += 1,
            }
        }
        let (_push, sent) = sender.await.unwrap();
        assert_eq!(sent, next);
        assert!(cancelled > 0);
    });
}

/// A dropped multipart send has sent all frames or none, whatever fits.
#[test]
fn a_dropped_send_has_sent_all_frames_or_none() {
    run(async {
        let (mut pull, mut push) = narrow_pair(PULL, PUSH, 3);
        let (mut sent, mut received) = (0, 0);
        for _ in 0..1000 {
            let frames = ["1", "2", "3", "4", "5"];
            if timeout(Duration::ZERO, push.send_multipart(frames))
                .await
                .is_ok()
            {
                sent += 1;
                continue;
            }
            while let Some(message) = pull.try_recv_multipart().unwrap() {
                assert_eq!(message[..], frames);
                received += 1;
            }
        }
        while received < sent {
            assert_eq!(pull.recv_multipart().await.unwrap().len(), 5);
            received += 1;
        }
        assert_eq!(pull.try_recv().unwrap(), None);
        assert!(sent > 0);
    });
}

/// As the documentation of `request` says.
#[test]
fn a_request_that_was_given_up_leaves_the_turn_to_receive() {
    run(async {
        let (mut rep, mut req) = pair(REP, REQ);
        let given_up = timeout(Duration::from_millis(20), req.request(["first"])).await;
        assert!(given_up.is_err());
        let error = req.request(["too early"]).await.unwrap_err();
        assert_eq!(error.error().kind(), ferromq::ErrorKind::WrongState);
        let first = rep.recv().await.unwrap();
        rep.send(first).await.unwrap();
        assert_eq!(req.recv().await.unwrap(), "first");
    });
}

#[test]
fn a_relaxed_req_asks_again_and_drops_the_late_reply() {
    run(async {
        let (mut rep, req) = pair(REP, REQ);
        req.get_ref().set_req_relaxed(true).unwrap();
        req.get_ref().set_req_correlate(true).unwrap();
        let mut req = req;
        let given_up = timeout(Duration::from_millis(20), req.request(["first"])).await;
        assert!(given_up.is_err());
        let server = tokio::spawn(async move {
            for _ in 0..2 {
                let request = rep.recv().await.unwrap();
                rep.send(request).await.unwrap();
            }
            rep
        });
        assert_eq!(req.request(["second"]).await.unwrap()[0], "second");
        server.await.unwrap();
    });
}
