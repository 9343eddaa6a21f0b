//! What each verb does.

use ferromq::with_tokio::{RecvHalf, SendHalf, Socket};
use ferromq::{
    DEALER, ErrorKind, Events, Message, Multipart, PAIR, PUB, PULL, PUSH, Pull, Push, REP, REQ,
    ROUTER, SUB, SocketType, TrySendError, XPUB,
};
use futures_util::{SinkExt, StreamExt};

use crate::support::{narrow_pair, pair, run, serve, wrapped};

#[test]
fn frames_and_messages_pass() {
    run(async {
        let (mut pull, mut push) = pair(PULL, PUSH);
        push.send("text").await.unwrap();
        push.send(b"bytes").await.unwrap();
        push.send(vec![7; 100_000]).await.unwrap();
        push.send(Message::from("message")).await.unwrap();
        push.send_multipart(["two", "frames"]).await.unwrap();
        assert_eq!(pull.recv().await.unwrap(), "text");
        let mut buffer = [0; 5];
        let received = pull.recv_into(&mut buffer[..]).await.unwrap();
        assert_eq!((received.len(), &buffer), (5, b"bytes"));
        assert_eq!(pull.recv().await.unwrap().len(), 100_000);
        pull.recv_ready().await.unwrap();
        assert_eq!(pull.try_recv().unwrap().unwrap(), "message");
        assert_eq!(pull.recv_multipart().await.unwrap()[..], ["two", "frames"]);
        assert_eq!(pull.try_recv_multipart().unwrap(), None);
    });
}

#[test]
fn a_full_socket_gives_back_and_waits() {
    run(async {
        let (mut pull, mut push) = narrow_pair(PULL, PUSH, 1);
        let mut sent = 0;
        let unsent = loop {
            match push.try_send(Message::from(format!("{sent}"))) {
                Ok(()) => sent += 1,
                Err(TrySendError::Full(message)) => break message,
                Err(error) => panic!("{error}"),
            }
        };
        assert_eq!(unsent, format!("{sent}"));
        let frames = push.try_send_multipart(["a", "b"]).unwrap_err();
        assert!(frames.is_full());
        let last = sent;
        let sender = tokio::spawn(async move {
            push.send_ready().await.unwrap();
            push.send(unsent).await.unwrap();
            push.send_multipart(["a", "b"]).await.unwrap();
            push
        });
        for at in 0..=last {
            assert_eq!(pull.recv().await.unwrap(), format!("{at}"));
        }
        assert_eq!(pull.recv_multipart().await.unwrap().len(), 2);
        sender.await.unwrap();
    });
}

#[test]
fn a_request_is_answered() {
    run(async {
        let (rep, mut req) = pair(REP, REQ);
        tokio::spawn(serve(rep));
        for n in 0..100 {
            let reply = req.request([format!("request {n}")]).await.unwrap();
            assert_eq!(reply[0], format!("request {n}"));
        }
    });
}

#[test]
fn errors_hold_what_was_to_be_sent() {
    run(async {
        let (mut rep, mut req) = pair(REP, REQ);
        let error = rep.send(Message::from("no request yet")).await.unwrap_err();
        assert_eq!(error.error().kind(), ErrorKind::WrongState);
        assert_eq!(error.into_unsent(), "no request yet");
        let error = req.send_multipart(Multipart::new()).await.unwrap_err();
        assert_eq!(error.error().kind(), ErrorKind::InvalidInput);
        req.send("first").await.unwrap();
        let error = req.request(["second"]).await.unwrap_err();
        assert_eq!(error.error().kind(), ErrorKind::WrongState);
        assert_eq!(error.into_unsent()[..], ["second"]);
        let error = req.try_send(Message::from("second")).unwrap_err();
        assert!(!error.is_full());
    });
}

#[test]
fn subscriptions_are_made_through_the_socket_inside() {
    run(async {
        let (mut xpub, sub) = pair(XPUB, SUB);
        sub.get_ref().subscribe("weather").unwrap();
        assert_eq!(xpub.recv().await.unwrap(), "\x01weather");
        let mut sub = sub;
        xpub.send("weather: fine").await.unwrap();
        assert_eq!(sub.recv().await.unwrap(), "weather: fine");
        assert_eq!(sub.into_inner().socket_type().unwrap(), SocketType::Sub);
    });
}

#[test]
fn a_kind_chosen_at_run_time_is_refused_what_it_lacks() {
    run(async {
        let (pull, mut push) = pair(SocketType::Pull, PUSH);
        let mut pull: Socket = pull;
        let error = pull.send("hello").await.unwrap_err();
        assert_eq!(error.error().kind(), ErrorKind::NotSupported);
        push.send("hello").await.unwrap();
        assert_eq!(pull.recv().await.unwrap(), "hello");
    });
}

#[test]
fn a_stream_is_forwarded_to_a_sink() {
    run(async {
        let (pull, mut push) = narrow_pair(PULL, PUSH, 10);
        let (mut last, middle) = narrow_pair(PULL, PUSH, 10);
        let forward = tokio::spawn(pull.forward(middle));
        let feed = tokio::spawn(async move {
            for n in 0..1000 {
                push.feed(Message::from(format!("{n}"))).await.unwrap();
            }
            SinkExt::<Message>::flush(&mut push).await.unwrap();
            push
        });
        for n in 0..1000 {
            assert_eq!(last.next().await.unwrap().unwrap()[0], format!("{n}"));
        }
        feed.await.unwrap();
        forward.abort();
    });
}

/// What the sink could not send yet goes before what is sent otherwise.
#[test]
fn a_sink_keeps_the_order() {
    run(async {
        let (mut pull, mut push) = narrow_pair(PULL, PUSH, 1);
        let mut fed = 0;
        while push.try_send(format!("{fed}").as_str()).is_ok() {
            fed += 1;
        }
        push.feed(Message::from("fed")).await.unwrap();
        assert!(push.try_send("too early").unwrap_err().is_full());
        let sender = tokio::spawn(async move {
            push.send("sent").await.unwrap();
            push
        });
        for n in 0..fed {
            assert_eq!(pull.recv().await.unwrap(), format!("{n}"));
        }
        assert_eq!(pull.recv().await.unwrap(), "fed");
        assert_eq!(pull.recv().await.unwrap(), "sent");
        sender.await.unwrap();
    });
}

#[test]
fn a_sink_keeps_what_has_failed() {
    run(async {
        let (router, _dealer) = pair(ROUTER, DEALER);
        router.get_ref().set_router_mandatory(true).unwrap();
        let mut router = router;
        let message = Multipart::from(["nobody", "hello"]);
        let error = SinkExt::send(&mut router, message.clone())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostUnreachable);
        let error = router
            .send_multipart(["nobody", "again"])
            .await
            .unwrap_err();
        assert_eq!(error.into_unsent()[1], "again");
        assert_eq!(router.take_unsent(), Some(message));
        assert_eq!(router.take_unsent(), None);
    });
}

#[test]
fn a_stream_ends_with_the_context() {
    run(async {
        let context = crate::support::context();
        let mut pull = wrapped(context.socket(PULL).unwrap());
        let shut_down = tokio::spawn(async move { context.shutdown().unwrap() });
        let error = pull.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Terminated);
        assert!(pull.next().await.is_none());
        shut_down.await.unwrap();
    });
}

/// Time-outs of the socket are for those who block.
#[test]
fn the_time_outs_of_the_socket_do_not_count() {
    run(async {
        let (mut pull, mut push) = pair(PULL, PUSH);
        pull.get_ref()
            .set_rcvtimeo(std::time::Duration::ZERO)
            .unwrap();
        let later = tokio::spawn(async move {
            tokio::task::yield_now().await;
            push.send("hello").await.unwrap();
            push
        });
        assert_eq!(pull.recv().await.unwrap(), "hello");
        later.await.unwrap();
    });
}

/// Compiles only if it is so.
#[test]
fn futures_are_send() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    fn all(push: &mut Socket<Push>, pull: &mut Socket<Pull>) {
        drop(is_send(push.send("x")));
        drop(is_send(push.send_multipart(["x"])));
        drop(is_send(push.send_ready()));
        drop(is_send(pull.recv()));
        drop(is_send(pull.recv_into(&mut Message::new())));
        drop(is_send(pull.recv_multipart()));
        drop(is_send(pull.recv_ready()));
    }
    fn halves(send: &mut SendHalf<Push>, recv: &mut RecvHalf<Pull>) {
        drop(is_send(send.send("x")));
        drop(is_send(recv.recv()));
    }
    let _ = (all, halves);
}

#[test]
fn a_publisher_never_waits() {
    run(async {
        let (mut publisher, _sub) = pair(PUB, SUB);
        for _ in 0..10_000 {
            publisher.send("news").await.unwrap();
        }
    });
}

/// The same socket serves, blocking, then asynchronous, then blocking again.
#[test]
fn a_socket_goes_there_and_back() {
    run(async {
        let (mut a, b) = pair(PAIR, PAIR);
        let b = b.into_inner();
        a.send("one").await.unwrap();
        assert_eq!(b.recv().unwrap(), "one");
        b.send("two").unwrap();
        let mut b = wrapped(b);
        b.send("three").await.unwrap();
        assert_eq!(a.recv().await.unwrap(), "two");
        assert_eq!(a.recv().await.unwrap(), "three");
    });
}

/// A call through `get_ref` swallows the call that the stream waits for, and passes it on.
#[test]
fn a_call_on_the_socket_inside_passes_on_what_it_swallows() {
    run(async {
        let (mut a, b) = narrow_pair(PAIR, PAIR, 10);
        let b = b.into_inner();
        let mut told = false;
        let message = std::future::poll_fn(|context| {
            let result = a.poll_next_unpin(context);
            if result.is_pending() && !told {
                told = true;
                b.send("hello").unwrap();
                assert!(a.get_ref().events().unwrap().contains(Events::RECV));
            }
            result
        });
        assert_eq!(message.await.unwrap().unwrap()[0], "hello");
    });
}
