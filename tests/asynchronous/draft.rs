//! The draft kinds that threads share have no descriptor of their own.

use ferromq::{
    CHANNEL, CLIENT, Context, DISH, GATHER, IntoKind, Message, RADIO, SCATTER, SERVER, Socket,
};
use futures_util::future::{Either, select};
use std::time::Duration;

use crate::support::{run, run_on_threads, wrapped};

fn pair<A: IntoKind, B: IntoKind>(a: A, b: B) -> (Socket<A::Kind>, Socket<B::Kind>) {
    let context = Context::builder()
        .linger(Duration::ZERO)
        .socket_default(|socket| socket.set_send_hwm(2))
        .socket_default(|socket| socket.set_recv_hwm(2))
        .build()
        .unwrap();
    let (a, b) = (context.socket(a).unwrap(), context.socket(b).unwrap());
    a.bind("tcp://127.0.0.1:*").unwrap();
    b.connect(a.last_endpoint().unwrap()).unwrap();
    (a, b)
}

#[test]
fn a_client_is_answered() {
    run(async {
        let (server, client) = pair(SERVER, CLIENT);
        let (mut server, mut client) = (wrapped(server), wrapped(client));
        tokio::spawn(async move {
            loop {
                let question = server.recv().await?;
                let id = question.routing_id().unwrap();
                server
                    .send(Message::from(&question[..]).with_routing_id(id)?)
                    .await?;
            }
            #[allow(unreachable_code)]
            Ok::<(), ferromq::Error>(())
        });
        for n in 0..1000_u32 {
            client.send(&n.to_ne_bytes()).await.unwrap();
            assert_eq!(client.recv().await.unwrap(), n.to_ne_bytes());
        }
    });
}

#[test]
fn work_is_scattered_and_gathered() {
    run_on_threads(async {
        let (gather, scatter) = pair(GATHER, SCATTER);
        let (mut gather, mut scatter) = (wrapped(gather), wrapped(scatter));
        let sender = tokio::spawn(async move {
            for n in 0..20_000_u32 {
                scatter.send(&n.to_ne_bytes()).await.unwrap();
            }
            scatter
        });
        for n in 0..20_000_u32 {
            assert_eq!(gather.recv().await.unwrap(), n.to_ne_bytes());
        }
        sender.await.unwrap();
    });
}

#[test]
fn a_channel_is_full_in_both_directions() {
    run_on_threads(async {
        let (a, b) = pair(CHANNEL, CHANNEL);
        let mut tasks = Vec::new();
        for socket in [a, b] {
            let (mut send, mut recv) = wrapped(socket).split();
            tasks.push(tokio::spawn(async move {
                for n in 0..10_000_u32 {
                    send.send(&n.to_ne_bytes()).await.unwrap();
                }
                std::mem::forget(send);
            }));
            tasks.push(tokio::spawn(async move {
                for n in 0..10_000_u32 {
                    assert_eq!(recv.recv().await.unwrap(), n.to_ne_bytes());
                }
                std::mem::forget(recv);
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
}

#[test]
fn a_group_is_received() {
    run(async {
        let (radio, dish) = pair(RADIO, DISH);
        dish.join("berlin").unwrap();
        let (mut radio, mut dish) = (wrapped(radio), wrapped(dish));
        let sender = tokio::spawn(async move {
            loop {
                let message = Message::from("11 degrees").with_group("berlin").unwrap();
                radio.send(message).await.unwrap();
                tokio::task::yield_now().await;
            }
        });
        assert_eq!(dish.recv().await.unwrap().group(), Some("berlin"));
        sender.abort();
    });
}

/// With async-io, whose reactor asks for the level of the descriptor and not for its edges.
#[test]
fn they_wait_with_async_io() {
    let (gather, scatter) = pair(GATHER, SCATTER);
    let mut gather = ferromq::with_async_io::Socket::new(gather).unwrap();
    let mut scatter = ferromq::with_async_io::Socket::new(scatter).unwrap();
    let sender = std::thread::spawn(move || {
        async_io::block_on(async {
            for n in 0..5_000_u32 {
                scatter.send(&n.to_ne_bytes()).await.unwrap();
            }
            scatter
        })
    });
    async_io::block_on(async {
        for n in 0..5_000_u32 {
            assert_eq!(gather.recv().await.unwrap(), n.to_ne_bytes());
        }
    });
    sender.join().unwrap();
}

/// One that has taken its message sleeps until the next one, although the level of its descriptor
/// is high until somebody takes the signal.
#[test]
fn who_waits_sleeps() {
    let (gather, scatter) = pair(GATHER, SCATTER);
    let mut gather = ferromq::with_async_io::Socket::new(gather).unwrap();
    async_io::block_on(async {
        let mut polls = 0;
        for n in 0..10_u32 {
            let mut recv = std::pin::pin!(gather.recv());
            let received = std::future::poll_fn(|context| {
                polls += 1;
                recv.as_mut().poll(context)
            });
            let sleeps = async_io::Timer::after(Duration::from_millis(20));
            let Either::Right((_, received)) = select(received, sleeps).await else {
                panic!("nothing was sent yet");
            };
            scatter.send(&n.to_ne_bytes()).unwrap();
            assert_eq!(received.await.unwrap(), n.to_ne_bytes());
        }
        assert!(polls < 100, "polled {polls} times for 10 messages");
    });
}

/// The context may end before the sockets, and the sockets in any order.
#[test]
fn they_end_with_the_context() {
    run(async {
        let context = crate::support::context();
        let mut gather = wrapped(context.socket(GATHER).unwrap());
        let receiver = tokio::spawn(async move {
            let error = gather.recv().await.unwrap_err();
            (gather, error)
        });
        tokio::task::yield_now().await;
        context.shutdown().unwrap();
        let (gather, error) = receiver.await.unwrap();
        assert_eq!(error.kind(), ferromq::ErrorKind::Terminated);
        drop(gather);
        context
            .terminate_async(crate::support::DEADLINE)
            .await
            .unwrap();
    });
}
