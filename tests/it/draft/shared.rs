//! One socket, several threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use ferromq::{
    Any, CLIENT, Channel, Client, DGRAM, Dgram, Dish, ErrorKind, Events, GATHER, Gather, Message,
    MonitorEvent, MonitorEventKind, MonitorEvents, PULL, PUSH, Peer, Poller, Radio, Req, SCATTER,
    SERVER, Scatter, Server, Socket,
};

use crate::support::{DEADLINE, ThreadId, context, join, recv, send, wait_until, within_deadline};

#[test]
fn a_client_is_shared_by_threads_that_send_and_receive() {
    const THREADS: usize = 4;
    const EACH: usize = 2500;
    within_deadline(|| {
        let context = context();
        let (server, client) = (
            context.socket(SERVER).unwrap(),
            context.socket(CLIENT).unwrap(),
        );
        join(&server, &client);
        let echo = thread::spawn(move || {
            for _ in 0..THREADS * EACH {
                server.send(server.recv().unwrap()).unwrap();
            }
        });
        let client = Arc::new(client);
        let sums: Vec<_> = (0..THREADS)
            .map(|thread| {
                let client = Arc::clone(&client);
                thread::spawn(move || {
                    let mut sum = 0;
                    for number in 0..EACH {
                        client
                            .send(&(thread * EACH + number).to_ne_bytes())
                            .unwrap();
                        // The answer to this thread's question or to another's.
                        let answer = match number % 2 {
                            0 => client.recv().unwrap(),
                            _ => recv(&client),
                        };
                        sum += usize::from_ne_bytes(answer[..].try_into().unwrap());
                    }
                    sum
                })
            })
            .collect();
        let sum: usize = sums.into_iter().map(|sum| sum.join().unwrap()).sum();
        assert_eq!(sum, (0..THREADS * EACH).sum::<usize>());
        echo.join().unwrap();
    });
}

#[test]
fn times_are_kept_on_a_shared_socket() {
    let context = context();
    let (gather, scatter) = (
        context.socket(GATHER).unwrap(),
        context.socket(SCATTER).unwrap(),
    );
    join(&gather, &scatter);
    let gather = Arc::new(gather);
    let (id, asleep) = mpsc::channel();
    let waiting = thread::spawn({
        let gather = Arc::clone(&gather);
        move || {
            id.send(ThreadId::current()).unwrap();
            recv(&gather)
        }
    });
    asleep.recv().unwrap().wait_until_asleep();
    let time = Duration::from_millis(30);
    let started = Instant::now();
    // In time although another thread waits much longer, and without changing its time.
    assert_eq!(gather.recv_timeout(time).unwrap(), None);
    assert!(started.elapsed() >= time);
    assert!(started.elapsed() < DEADLINE / 2);
    assert_eq!(gather.rcvtimeo().unwrap(), None);
    gather.set_rcvtimeo(time).unwrap();
    let started = Instant::now();
    assert_eq!(gather.recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    assert!(started.elapsed() >= time);
    assert!(!waiting.is_finished());
    send(&scatter, "at last");
    assert_eq!(waiting.join().unwrap(), "at last");
}

#[test]
fn a_full_server_waits_for_its_time_although_it_is_always_ready() {
    let context = context();
    let (server, client) = (
        context.socket(SERVER).unwrap(),
        context.socket(CLIENT).unwrap(),
    );
    server.set_send_hwm(1).unwrap();
    client.set_recv_hwm(1).unwrap();
    join(&server, &client);
    send(&client, "hello");
    let id = recv(&server).routing_id().unwrap();
    let large = vec![0; 1_000_000];
    let message = || Message::from(&large).with_routing_id(id).unwrap();
    let time = Duration::from_millis(50);
    wait_until("the queues are full", || {
        let started = Instant::now();
        let Err(error) = server.send_timeout(message(), time) else {
            return false;
        };
        assert!(error.is_full(), "{error}");
        assert!(started.elapsed() >= time);
        assert_eq!(error.into_unsent().routing_id(), Some(id));
        true
    });
    assert!(server.events().unwrap().contains(Events::SEND));

    let sending = thread::spawn(move || {
        let message = Message::from("after the wait");
        send(&server, message.with_routing_id(id).unwrap());
        server
    });
    wait_until("the message comes", || recv(&client) == "after the wait");
    sending.join().unwrap();
}

#[test]
fn a_shutdown_wakes_all_threads_of_a_shared_socket() {
    let context = context();
    let client = Arc::new(context.socket(CLIENT).unwrap());
    client.bind("tcp://127.0.0.1:*").unwrap();
    let (ids, all) = mpsc::channel();
    let threads: Vec<_> = (0..4)
        .map(|number| {
            let (client, ids) = (Arc::clone(&client), ids.clone());
            thread::spawn(move || {
                ids.send(ThreadId::current()).unwrap();
                match number % 2 {
                    0 => client.recv().unwrap_err().kind(),
                    _ => client.recv_timeout(DEADLINE).unwrap_err().kind(),
                }
            })
        })
        .collect();
    all.iter().take(4).for_each(ThreadId::wait_until_asleep);
    context.shutdown().unwrap();
    for thread in threads {
        let kind = within_deadline(move || thread.join().unwrap());
        assert_eq!(kind, ErrorKind::Terminated);
    }
}

#[test]
fn a_limit_is_refused_once_another_thread_has_connected() {
    let context = context();
    for _ in 0..200 {
        let client = context.socket(CLIENT).unwrap();
        let connected = AtomicUsize::new(0);
        thread::scope(|scope| {
            scope.spawn(|| {
                client.connect("tcp://127.0.0.1:9").unwrap();
                connected.store(1, Ordering::SeqCst);
            });
            scope.spawn(|| {
                let before = connected.load(Ordering::SeqCst);
                let set = client.set_send_hwm(10);
                assert!(before == 0 || set.is_err());
            });
        });
        assert!(client.set_send_hwm(10).is_err());
    }
}

/// Says whether a type is `Sync`: for those that are, its own constant hides that of the trait.
struct Shared<T>(std::marker::PhantomData<T>);

trait Alone {
    const SYNC: bool = false;
}

impl<T> Alone for Shared<T> {}

impl<T: Sync> Shared<T> {
    const SYNC: bool = true;
}

#[test]
fn sockets_are_shared_where_libzmq_locks_them() {
    macro_rules! kinds {
        ($($kind:ident $shared:literal)*) => {$(
            assert_eq!(Shared::<Socket<$kind>>::SYNC, $shared, stringify!($kind));
            let socket = context().socket($kind).unwrap();
            let mut libzmqs = [0; 4];
            // ZMQ_THREAD_SAFE
            socket.raw_option(81, &mut libzmqs).unwrap();
            assert_eq!(i32::from_ne_bytes(libzmqs) == 1, $shared, stringify!($kind));
        )*};
    }
    kinds! {
        Client true Server true Radio true Dish true Gather true Scatter true Peer true
        Channel true Dgram false Req false
    }
    const { assert!(!Shared::<Socket<Any>>::SYNC) };
}

#[test]
fn a_shared_socket_has_no_descriptor() {
    let context = context();
    let error = context.socket(CLIENT).unwrap().fd().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    assert!(error.to_string().contains("Poller"), "{error}");
    context.socket(DGRAM).unwrap().fd().unwrap();
}

#[test]
fn a_poller_waits_for_shared_sockets() {
    let context = context();
    let (gather, scatter) = (
        context.socket(GATHER).unwrap(),
        context.socket(SCATTER).unwrap(),
    );
    let pull = context.socket(PULL).unwrap();
    let push = context.socket(PUSH).unwrap();
    join(&gather, &scatter);
    join(&pull, &push);
    let mut poller = Poller::new();
    poller.add(&gather, Events::RECV, "gather").unwrap();
    poller.add(&pull, Events::RECV, "pull").unwrap();
    assert_eq!(poller.wait(Duration::ZERO).unwrap().count(), 0);
    let mut next = || {
        let found = poller.wait(DEADLINE).unwrap();
        found.map(|event| *event.key).collect::<Vec<_>>()
    };
    send(&scatter, "x");
    assert_eq!(next(), ["gather"]);
    assert_eq!(recv(&gather), "x");
    send(&push, "y");
    assert_eq!(next(), ["pull"]);
    assert_eq!(recv(&pull), "y");
}

#[test]
fn shared_sockets_are_monitored() {
    let context = context();
    let server = context.socket(SERVER).unwrap();
    server.bind("tcp://127.0.0.1:*").unwrap();
    let client = Arc::new(context.socket(CLIENT).unwrap());
    let waiting = thread::spawn({
        let client = Arc::clone(&client);
        move || recv(&client)
    });
    let monitor = client.monitor(MonitorEvents::all()).unwrap();
    client.connect(server.last_endpoint().unwrap()).unwrap();
    monitor.wait_handshake(DEADLINE).unwrap();
    send(&client, "hello");
    send(&server, recv(&server));
    assert_eq!(waiting.join().unwrap(), "hello");
    drop(server);
    let disconnected = |event: &MonitorEvent| event.kind == MonitorEventKind::Disconnected;
    monitor.wait_for(DEADLINE, disconnected).unwrap();
}
