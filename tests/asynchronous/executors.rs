//! Executors of all kinds, many sockets, and turns.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context as TaskContext, Poll, Waker};
use std::{pin::pin, thread};

use ferromq::{ErrorKind, PAIR, PULL, PUSH, with_async_io, with_tokio::Socket};

use crate::support::{context, narrow_pair, pair, run, run_on_threads, wrapped};

/// Any executor will do: this one blocks the thread, with async-io's reactor in its own.
#[test]
fn async_io_needs_no_runtime() {
    async_io::block_on(async {
        let context = context();
        let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
        pull.set_recv_hwm(3).unwrap();
        push.set_send_hwm(3).unwrap();
        pull.bind("tcp://127.0.0.1:*").unwrap();
        push.connect(pull.last_endpoint().unwrap()).unwrap();
        let mut push = with_async_io::Socket::new(push).unwrap();
        let mut pull = with_async_io::Socket::new(pull).unwrap();
        let sender = thread::spawn(move || {
            async_io::block_on(async {
                for n in 0..20_000_u32 {
                    push.send(&n.to_ne_bytes()).await.unwrap();
                }
                push
            })
        });
        for n in 0..20_000_u32 {
            assert_eq!(pull.recv().await.unwrap(), n.to_ne_bytes());
        }
        sender.join().unwrap();
    });
}

#[test]
fn halves_wait_with_async_io() {
    let context = context();
    let (a, b) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
    for socket in [&a, &b] {
        socket.set_send_hwm(2).unwrap();
        socket.set_recv_hwm(2).unwrap();
    }
    a.bind("inproc://halves").unwrap();
    b.connect("inproc://halves").unwrap();
    let threads = [a, b].map(|socket| {
        let (mut send, mut recv) = with_async_io::Socket::new(socket).unwrap().split();
        let sender = thread::spawn(move || {
            async_io::block_on(async {
                for n in 0..10_000_u32 {
                    send.send(&n.to_ne_bytes()).await.unwrap();
                }
                send
            })
        });
        let receiver = thread::spawn(move || {
            async_io::block_on(async {
                for n in 0..10_000_u32 {
                    assert_eq!(recv.recv().await.unwrap(), n.to_ne_bytes());
                }
                recv
            })
        });
        (sender, receiver)
    });
    for (sender, receiver) in threads {
        let (send, recv) = (sender.join().unwrap(), receiver.join().unwrap());
        assert!(send.reunite(recv).is_ok());
    }
}

#[test]
fn outside_of_a_runtime_the_socket_comes_back() {
    let pull = context().socket(PULL).unwrap();
    let error = Socket::new(pull).unwrap_err();
    assert_eq!(error.error().kind(), ErrorKind::WrongState);
    assert!(error.to_string().contains("not in a runtime"), "{error}");
    error.into_inner().bind("tcp://127.0.0.1:*").unwrap();
}

/// It would panic in tokio.
#[test]
fn a_runtime_without_io_is_an_error() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let _guard = runtime.enter();
    let error = Socket::new(context().socket(PULL).unwrap()).unwrap_err();
    assert_eq!(error.error().kind(), ErrorKind::WrongState);
    assert!(error.to_string().contains("enable_io"), "{error}");
    error.into_inner().bind("tcp://127.0.0.1:*").unwrap();
}

/// What waits when its runtime ends is woken, in whatever runtime it waits.
#[test]
fn a_socket_whose_runtime_has_ended_says_so() {
    let first = tokio::runtime::Runtime::new().unwrap();
    let mut pull = first.block_on(async { wrapped(context().socket(PULL).unwrap()) });
    let second = tokio::runtime::Runtime::new().unwrap();
    let (waits, waiting) = std::sync::mpsc::channel();
    let receiver = second.spawn(async move {
        let error = {
            let mut recv = pin!(pull.recv());
            std::future::poll_fn(|context| {
                let result = recv.as_mut().poll(context);
                let _ = waits.send(());
                result
            })
            .await
            .unwrap_err()
        };
        (pull, error)
    });
    waiting.recv().unwrap();
    drop(first);
    let (pull, error) = second.block_on(receiver).unwrap();
    assert_eq!(error.kind(), ErrorKind::WrongState);
    assert!(error.to_string().contains("has ended"), "{error}");
    // And is as good as new in another one.
    second.block_on(async {
        let mut pull = wrapped(pull.into_inner());
        pull.get_ref().bind("tcp://127.0.0.1:*").unwrap();
        assert_eq!(pull.try_recv().unwrap(), None);
    });
}

/// Sockets of one context, each in a runtime of its own, on a thread of its own.
#[test]
fn several_runtimes_work_in_one_process() {
    let context = context();
    let threads: Vec<_> = (0..4)
        .map(|at| {
            let context = context.clone();
            thread::spawn(move || {
                run(async {
                    let endpoint = format!("inproc://runtime-{at}");
                    let mut pull = wrapped(context.socket(PULL).unwrap());
                    pull.get_ref().bind(endpoint.as_str()).unwrap();
                    let mut push = wrapped(context.socket(PUSH).unwrap());
                    push.get_ref().connect(endpoint.as_str()).unwrap();
                    let sender = tokio::spawn(async move {
                        for n in 0..5_000_u32 {
                            push.send(&n.to_ne_bytes()).await.unwrap();
                        }
                        push
                    });
                    for n in 0..5_000_u32 {
                        assert_eq!(pull.recv().await.unwrap(), n.to_ne_bytes());
                    }
                    sender.await.unwrap();
                });
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

/// A runtime that is shut down drops the futures that wait, and what they borrow.
#[test]
fn a_runtime_ends_with_operations_pending() {
    for threads in [1, 3] {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_all()
            .build()
            .unwrap();
        let context = context();
        for _ in 0..50 {
            let _guard = runtime.enter();
            let mut pull = wrapped(context.socket(PULL).unwrap());
            let (mut send, mut recv) = wrapped(context.socket(PAIR).unwrap()).split();
            runtime.spawn(async move { pull.recv().await.map(drop) });
            runtime.spawn(async move { recv.recv().await.map(drop) });
            runtime.spawn(async move { send.send("nobody").await });
        }
        drop(runtime);
        // All the sockets are closed.
        context.terminate(crate::support::DEADLINE).unwrap();
    }
}

#[test]
fn two_thousand_sockets_wait_at_once() {
    run_on_threads(async {
        let context = ferromq::Context::builder()
            .max_sockets(3_000)
            .linger(std::time::Duration::ZERO)
            .build()
            .unwrap();
        let mut push = Vec::new();
        let mut receivers = Vec::new();
        for at in 0..1_000 {
            let mut pull = wrapped(context.socket(PULL).unwrap());
            pull.get_ref().bind(format!("inproc://{at}")).unwrap();
            receivers.push(tokio::spawn(
                async move { (pull.recv().await.unwrap(), pull) },
            ));
            push.push(wrapped(context.socket(PUSH).unwrap()));
        }
        for (at, push) in push.iter_mut().enumerate().rev() {
            push.get_ref().connect(format!("inproc://{at}")).unwrap();
            push.send(&at.to_ne_bytes()).await.unwrap();
        }
        for (at, receiver) in receivers.into_iter().enumerate() {
            assert_eq!(receiver.await.unwrap().0, at.to_ne_bytes());
        }
    });
}

/// A socket that never has to wait lets others run all the same.
#[test]
fn a_flooded_socket_does_not_starve_the_executor() {
    // They take many times as long as a socket goes on alone, on any machine.
    const MESSAGES: u32 = 200_000;
    run(async {
        let (mut pull, mut push) = narrow_pair(PULL, PUSH, 1_000_000);
        for n in 0..MESSAGES {
            push.send(&n.to_ne_bytes()).await.unwrap();
        }
        let turns = Arc::new(std::sync::atomic::AtomicU32::new(0));
        let (over, other) = (Arc::new(AtomicBool::new(false)), Arc::clone(&turns));
        let stop = Arc::clone(&over);
        let counter = tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                other.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        });
        for n in 0..MESSAGES {
            assert_eq!(pull.recv().await.unwrap(), n.to_ne_bytes());
        }
        over.store(true, Ordering::Relaxed);
        counter.await.unwrap();
        let turns = turns.load(Ordering::Relaxed);
        assert!(turns > 20, "only {turns} turns for another task");
    });
}

/// A poll outside of any executor, with a waker that does nothing.
#[test]
fn a_future_can_be_polled_by_hand() {
    run(async {
        let (mut pull, mut push) = pair(PULL, PUSH);
        let mut context = TaskContext::from_waker(Waker::noop());
        assert!(pin!(pull.recv()).poll(&mut context).is_pending());
        push.send("hello").await.unwrap();
        pull.recv_ready().await.unwrap();
        assert!(matches!(
            pin!(pull.recv()).poll(&mut context),
            Poll::Ready(Ok(_))
        ));
    });
}
