//! Messages that cannot be sent, and come back.

use std::sync::Arc;
use std::time::Duration;

use ferromq::{Context, ErrorKind, Message, Multipart, PULL, PUSH, Push, REP, REQ, Socket};

use crate::source::each_source;
use crate::support::{context, join, recv, recv_multipart, send, send_multipart, within_deadline};

fn push_without_peer(context: &Context) -> Socket<Push> {
    let push = context.socket(PUSH).unwrap();
    push.bind("inproc://joined").unwrap();
    push
}

#[test]
fn refused_and_dropped() {
    each_source(|source| {
        let push = push_without_peer(&context());
        let mut message = source.message();
        for _ in 0..3 {
            message = push.try_send(message).unwrap_err().into_unsent();
            let back = push.send_timeout(message, Duration::from_millis(1));
            message = back.unwrap_err().into_unsent();
            source.assert_held();
        }
        drop(message);
        source.assert_freed_here();
    });
}

#[test]
fn refused_and_sent_later() {
    each_source(|source| {
        let context = context();
        let push = push_without_peer(&context);
        let message = push.try_send(source.message()).unwrap_err().into_unsent();
        let pull = context.socket(PULL).unwrap();
        pull.connect("inproc://joined").unwrap();
        send(&push, message);
        let message = recv(&pull);
        within_deadline(|| drop((push, pull, context)));
        source.assert_held();
        drop(message);
        source.assert_freed_here();
    });
}

#[test]
fn refused_when_the_queue_is_full() {
    each_source(|source| {
        let context = context();
        let push = context.socket(PUSH).unwrap();
        push.set_send_hwm(3).unwrap();
        push.connect("inproc://joined").unwrap();
        let refused = loop {
            match push.try_send(source.message()) {
                Ok(()) => {}
                Err(error) => break error.into_unsent(),
            }
        };
        source.assert_held();
        drop(refused);
        source.assert_freed(1);
        within_deadline(|| drop((push, context)));
    });
}

#[test]
fn refused_by_a_context_that_was_shut_down() {
    each_source(|source| {
        let context = context();
        let push = push_without_peer(&context);
        context.shutdown().unwrap();
        let error = push.send(source.message()).unwrap_err();
        assert_eq!(error.error().kind(), ErrorKind::Terminated);
        within_deadline(|| drop((push, context)));
        source.assert_held();
        drop(error);
        source.assert_freed_here();
    });
}

#[test]
fn refused_and_dropped_with_the_error_that_holds_it() {
    each_source(|source| {
        let push = push_without_peer(&context());
        let error = push.try_send(source.message()).unwrap_err();
        source.assert_held();
        let error = ferromq::Error::from(error);
        source.assert_freed_here();
        assert_eq!(error.kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn out_of_turn() {
    each_source(|source| {
        let context = context();
        let (req, rep) = (context.socket(REQ).unwrap(), context.socket(REP).unwrap());
        join(&rep, &req);
        let message = rep.send(source.message()).unwrap_err().into_unsent();
        send(&req, "question");
        let error = req.send_multipart([message, "end".into()]).unwrap_err();
        assert_eq!(error.error().kind(), ErrorKind::WrongState);
        source.assert_held();
        recv(&rep);
        send_multipart(&rep, error.into_unsent());
        assert_eq!(recv_multipart(&req).len(), 2);
        source.wait_until_freed();
    });
}

#[test]
fn frames_refused_and_dropped() {
    each_source(|source| {
        let push = push_without_peer(&context());
        let mut message = source.message();
        let shared = message.share();
        let frames = Multipart::from([message, shared, source.message()]);
        let frames = push.try_send_multipart(frames).unwrap_err().into_unsent();
        assert_eq!(frames.len(), 3);
        source.assert_held();
        drop(frames);
        source.assert_freed_here();
    });
}

#[test]
fn frames_refused_and_sent_later() {
    each_source(|source| {
        let context = context();
        let push = push_without_peer(&context);
        let frames = [source.message(), source.message()];
        let mut frames = push.try_send_multipart(frames).unwrap_err().into_unsent();
        drop(frames.pop());
        source.assert_freed(1);
        frames.push(source.message());
        let pull = context.socket(PULL).unwrap();
        pull.connect("inproc://joined").unwrap();
        send_multipart(&push, frames);
        let mut frames = recv_multipart(&pull);
        source.assert_freed(1);
        drop(frames.pop_front());
        source.assert_freed(2);
        drop(frames);
        source.assert_freed_here();
    });
}

#[test]
fn buffers_refused_before_they_are_messages() {
    let push = push_without_peer(&context());
    for len in [0, 1, Message::COPY_BELOW - 1, Message::COPY_BELOW, 100_000] {
        let arc: Arc<[u8]> = vec![7; len].into();
        let refused = [
            push.try_send(vec![7; len]).unwrap_err(),
            push.try_send(vec![7; len].into_boxed_slice()).unwrap_err(),
            push.try_send("\x07".repeat(len)).unwrap_err(),
            push.try_send(Arc::clone(&arc)).unwrap_err(),
            #[cfg(feature = "bytes")]
            push.try_send(bytes::Bytes::from(vec![7; len])).unwrap_err(),
        ];
        for error in refused {
            assert_eq!(error.into_unsent(), vec![7; len]);
        }
        assert_eq!(Arc::strong_count(&arc), 1);
    }
}
