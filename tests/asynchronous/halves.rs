//! Halves in tasks of their own.

use std::time::Duration;

use ferromq::{DEALER, ErrorKind, Message, PAIR, ROUTER, XPUB, XSUB};

use crate::support::{narrow_pair, pair, run, run_on_threads};

/// Both directions of both sockets are full all the time, so that each half waits for what the
/// other one's calls may swallow.
async fn flood(messages: u64) {
    let (a, b) = narrow_pair(PAIR, PAIR, 3);
    let tasks: Vec<_> = [a, b]
        .into_iter()
        .map(|socket| {
            let (mut send, mut recv) = socket.split();
            let sender = tokio::spawn(async move {
                for n in 0..messages {
                    send.send(&n.to_ne_bytes()).await.unwrap();
                }
                send
            });
            let receiver = tokio::spawn(async move {
                for n in 0..messages {
                    assert_eq!(recv.recv().await.unwrap(), n.to_ne_bytes());
                }
                recv
            });
            (sender, receiver)
        })
        .collect();
    for (sender, receiver) in tasks {
        let (send, recv) = (sender.await.unwrap(), receiver.await.unwrap());
        send.reunite(recv).expect("of the same socket");
    }
}

#[test]
fn a_flood_in_both_directions_passes_on_one_thread() {
    run(flood(50_000));
}

#[test]
fn a_flood_in_both_directions_passes_on_several_threads() {
    run_on_threads(flood(50_000));
}

/// The send waits; the receive swallows the call that ends the wait, and then rests.
#[test]
fn a_receive_passes_on_what_it_swallows() {
    run(async {
        let (mut peer, socket) = narrow_pair(PAIR, PAIR, 1);
        let (mut send, mut recv) = socket.split();
        for _ in 0..200 {
            let mut sent = 0;
            while send.try_send("full").is_ok() {
                sent += 1;
            }
            let waiting = tokio::spawn(async move {
                send.send("waits").await.unwrap();
                send
            });
            tokio::task::yield_now().await;
            // One call comes for both: there is room, and there is a message.
            for _ in 0..sent {
                assert_eq!(peer.try_recv().unwrap().unwrap(), "full");
            }
            peer.send("hello").await.unwrap();
            assert_eq!(recv.try_recv().unwrap().unwrap(), "hello");
            send = waiting.await.unwrap();
            assert_eq!(peer.recv().await.unwrap(), "waits");
        }
    });
}

/// A ROUTER that reports what it cannot send always counts as ready to send.
#[test]
fn a_router_that_reports_waits_in_both_directions() {
    run_on_threads(async {
        let (router, dealer) = narrow_pair(ROUTER, DEALER, 2);
        router.get_ref().set_router_mandatory(true).unwrap();
        let (mut send, mut recv) = router.split();
        let (mut answer, mut take) = dealer.split();
        answer.send("hello").await.unwrap();
        let id = recv.recv_multipart().await.unwrap().pop_front().unwrap();
        let sender = tokio::spawn(async move {
            let mut id = id;
            for n in 0..2_000_u32 {
                let frames = [id.share(), Message::from(n.to_ne_bytes().to_vec())];
                send.send_multipart(frames).await.unwrap();
            }
            send
        });
        let receiver = tokio::spawn(async move {
            for n in 0..2_000_u32 {
                assert_eq!(recv.recv_multipart().await.unwrap()[1], n.to_ne_bytes());
            }
            recv
        });
        let answerer = tokio::spawn(async move {
            for n in 0..2_000_u32 {
                answer.send(&n.to_ne_bytes()).await.unwrap();
            }
            answer
        });
        for n in 0..2_000_u32 {
            assert_eq!(take.recv().await.unwrap(), n.to_ne_bytes());
        }
        let (send, recv) = (sender.await.unwrap(), receiver.await.unwrap());
        assert!(send.reunite(recv).is_ok());
        answerer.await.unwrap();
    });
}

#[test]
fn a_half_waits_on_while_the_other_one_is_dropped() {
    run(async {
        let (mut peer, socket) = pair(DEALER, DEALER);
        let (send, mut recv) = socket.split();
        let receiver = tokio::spawn(async move { recv.recv().await });
        tokio::task::yield_now().await;
        drop(send);
        peer.send("hello").await.unwrap();
        assert_eq!(receiver.await.unwrap().unwrap(), "hello");
    });
}

#[test]
fn a_waiting_send_is_given_up_and_the_receive_goes_on() {
    run(async {
        let (mut peer, socket) = narrow_pair(PAIR, PAIR, 1);
        let (mut send, mut recv) = socket.split();
        let mut sent = 0;
        while send.try_send("full").is_ok() {
            sent += 1;
        }
        let receiver = tokio::spawn(async move { recv.recv().await });
        let given_up = tokio::time::timeout(Duration::from_millis(5), send.send("never")).await;
        assert!(given_up.is_err());
        peer.send("hello").await.unwrap();
        assert_eq!(receiver.await.unwrap().unwrap(), "hello");
        for _ in 0..sent {
            assert_eq!(peer.recv().await.unwrap(), "full");
        }
        assert_eq!(peer.try_recv().unwrap(), None);
    });
}

#[test]
fn halves_of_two_sockets_are_not_reunited() {
    run(async {
        let (a, b) = pair(DEALER, DEALER);
        let ((send, _recv), (_send, recv)) = (a.split(), b.split());
        let (mut send, mut recv) = send.reunite(recv).unwrap_err();
        send.send("still").await.unwrap();
        drop(_recv);
        assert_eq!(recv.recv().await.unwrap(), "still");
    });
}

#[test]
fn subscriptions_and_news_pass_through_halves() {
    run(async {
        let (xpub, xsub) = pair(XPUB, XSUB);
        let (mut publish, mut subscriptions) = xpub.split();
        let (mut subscribe, mut news) = xsub.split();
        subscribe.send(b"\x01").await.unwrap();
        assert_eq!(subscriptions.recv().await.unwrap(), b"\x01");
        publish.send("hello").await.unwrap();
        assert_eq!(news.recv().await.unwrap(), "hello");
    });
}

#[test]
fn both_halves_see_the_end_of_the_context() {
    run_on_threads(async {
        let context = crate::support::context();
        let socket = context.socket(PAIR).unwrap();
        let (mut send, mut recv) = crate::support::wrapped(socket).split();
        let sender = tokio::spawn(async move { send.send("nobody").await });
        let receiver = tokio::spawn(async move { recv.recv().await });
        tokio::task::yield_now().await;
        context.shutdown().unwrap();
        let error = sender.await.unwrap().unwrap_err();
        assert_eq!(error.error().kind(), ErrorKind::Terminated);
        assert_eq!(
            receiver.await.unwrap().unwrap_err().kind(),
            ErrorKind::Terminated
        );
    });
}
