//! Waiting for several sockets and descriptors.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use ferromq::{
    DEALER, ErrorKind, Events, PAIR, PUB, PULL, PUSH, Poller, ROUTER, SUB, SocketType, XPUB,
};

use crate::support::{DEADLINE, ThreadId, context, join, join_inproc, recv, send, within_deadline};

/// The keys of what is ready now, without waiting.
fn ready<T: Copy>(poller: &mut Poller<'_, T>) -> Vec<(T, Events)> {
    let events = poller.wait(Duration::ZERO).unwrap();
    events.map(|event| (*event.key, event.events)).collect()
}

#[test]
fn each_key_leads_back_to_its_socket() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    let (dealer, router) = (
        context.socket(DEALER).unwrap(),
        context.socket(ROUTER).unwrap(),
    );
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (server, _) = listener.accept().unwrap();
    join(&pull, &push);
    join(&router, &dealer);

    let mut poller = Poller::new();
    poller.add(&pull, Events::RECV, "pull").unwrap();
    poller.add(&router, Events::RECV, "router").unwrap();
    poller.add_fd(&server, Events::RECV, "tcp").unwrap();
    assert_eq!(ready(&mut poller), []);

    client.write_all(b"x").unwrap();
    let event = poller.wait(DEADLINE).unwrap().next().unwrap();
    assert_eq!((*event.key, event.events), ("tcp", Events::RECV));

    send(&push, "work");
    send(&dealer, "request");
    let mut left = vec!["pull", "router"];
    while !left.is_empty() {
        let events: Vec<_> = poller.wait(DEADLINE).unwrap().collect();
        assert!(!events.is_empty(), "{left:?} never ready");
        assert!(events.is_sorted_by_key(|event| event.id));
        for event in events {
            assert_eq!(event.events, Events::RECV);
            match *event.key {
                "pull" => assert_eq!(recv(&pull), "work"),
                "router" => assert_eq!(router.recv_multipart().unwrap()[1], "request"),
                _ => continue,
            }
            left.retain(|key| key != event.key);
        }
    }
    assert_eq!(ready(&mut poller), [("tcp", Events::RECV)]);
}

#[test]
fn keys_may_be_the_sockets_themselves() {
    let context = context();
    let (a, b) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
    join_inproc(&a, &b);
    let mut poller = Poller::new();
    poller.add(&a, Events::RECV, &a).unwrap();
    poller.add(&b, Events::RECV, &b).unwrap();
    send(&a, "ping");
    for event in poller.wait(DEADLINE).unwrap() {
        assert_eq!(event.key.recv().unwrap(), "ping");
    }
    assert!(ready(&mut poller).is_empty());
}

#[test]
fn what_is_ready_stays_so_until_it_is_taken() {
    let context = context();
    let (a, b) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
    join_inproc(&a, &b);
    let mut poller = Poller::new();
    poller.add(&b, Events::RECV | Events::SEND, ()).unwrap();
    send(&a, "1");
    send(&a, "2");
    for _ in 0..2 {
        assert_eq!(ready(&mut poller), [((), Events::RECV | Events::SEND)]);
        recv(&b);
    }
    assert_eq!(ready(&mut poller), [((), Events::SEND)]);
}

#[test]
fn a_wait_is_never_shorter_than_asked_for() {
    let context = context();
    let pull = context.socket(PULL).unwrap();
    let mut poller = Poller::new();
    let started = Instant::now();
    assert!(
        poller
            .wait(Duration::from_millis(20))
            .unwrap()
            .next()
            .is_none()
    );
    assert!(started.elapsed() >= Duration::from_millis(20));
    poller.add(&pull, Events::RECV, ()).unwrap();
    for micros in [1, 999, 1000, 1001, 4999, 20_000] {
        let time = Duration::from_micros(micros);
        let started = Instant::now();
        assert!(poller.wait(time).unwrap().next().is_none());
        assert!(
            started.elapsed() >= time,
            "{:?} < {time:?}",
            started.elapsed()
        );
        let started = Instant::now();
        assert_eq!(pull.poll(Events::RECV, time).unwrap(), Events::empty());
        assert!(
            started.elapsed() >= time,
            "{:?} < {time:?}",
            started.elapsed()
        );
    }
}

#[test]
fn a_time_beyond_all_clocks_is_for_ever() {
    for timeout in [
        None,
        Some(Duration::MAX),
        Some(Duration::from_secs(1 << 40)),
    ] {
        let context = context();
        let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
        join_inproc(&pull, &push);
        let (started, thread) = std::sync::mpsc::channel();
        let waiter = std::thread::spawn(move || {
            started.send(ThreadId::current()).unwrap();
            within_deadline(move || {
                let mut poller = Poller::new();
                poller.add(&pull, Events::RECV, ()).unwrap();
                poller.wait(timeout).unwrap().count()
            })
        });
        thread.recv_timeout(DEADLINE).unwrap().wait_until_asleep();
        send(&push, "at last");
        assert_eq!(waiter.join().unwrap(), 1);
    }
}

#[test]
fn nothing_to_wait_for_is_an_error_when_it_is_for_ever() {
    let error = Poller::<()>::new().wait(None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let pull = context().socket(PULL).unwrap();
    let error = pull.poll(Events::empty(), None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn members_change_and_go() {
    let context = context();
    let (a, b) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
    join_inproc(&a, &b);
    send(&b, "for a");
    send(&a, "for b");
    let mut poller = Poller::new();
    let first = poller.add(&a, Events::empty(), 'a').unwrap();
    let second = poller.add(&b, Events::RECV, 'b').unwrap();
    assert_eq!(ready(&mut poller), [('b', Events::RECV)]);
    poller.modify(first, Events::SEND).unwrap();
    assert_eq!(
        ready(&mut poller),
        [('a', Events::SEND), ('b', Events::RECV)]
    );
    assert_eq!(poller.remove(first).unwrap(), 'a');
    assert_eq!(ready(&mut poller), [('b', Events::RECV)]);
    let third = poller.add(&a, Events::RECV, 'c').unwrap();
    assert_eq!(poller.len(), 2);

    for stale in [
        poller.modify(first, Events::RECV),
        poller.remove(first).map(drop),
    ] {
        assert_eq!(stale.unwrap_err().kind(), ErrorKind::NotFound);
    }
    poller.modify(second, Events::empty()).unwrap();
    assert_eq!(ready(&mut poller), [('c', Events::RECV)]);
    assert_eq!(poller.remove(third).unwrap(), 'c');
    assert_eq!(poller.remove(second).unwrap(), 'b');
    assert!(poller.is_empty());
}

#[test]
fn one_socket_may_be_there_twice() {
    let context = context();
    let (a, b) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
    join_inproc(&a, &b);
    let mut poller = Poller::new();
    poller.add(&a, Events::SEND, "out").unwrap();
    poller.add(&a, Events::RECV, "in").unwrap();
    assert_eq!(ready(&mut poller), [("out", Events::SEND)]);
    send(&b, "x");
    assert_eq!(
        ready(&mut poller),
        [("out", Events::SEND), ("in", Events::RECV)]
    );
}

#[test]
fn more_members_than_libzmq_keeps_on_its_stack() {
    let context = context();
    let pulls: Vec<_> = (0..60).map(|_| context.socket(PULL).unwrap()).collect();
    let mut poller = Poller::new();
    for (number, pull) in pulls.iter().enumerate() {
        pull.bind(format!("inproc://{number}")).unwrap();
        poller.add(pull, Events::RECV, number).unwrap();
    }
    let push = context.socket(PUSH).unwrap();
    for number in [59, 0, 17] {
        push.connect(format!("inproc://{number}")).unwrap();
        send(&push, "x");
    }
    // PUSH goes round: the first peer gets all that were sent while it was alone.
    let found = ready(&mut poller);
    assert!(found.contains(&(59, Events::RECV)), "{found:?}");
    let sum: usize = found
        .iter()
        .map(|&(number, _)| pulls[number].try_recv().iter().flatten().count())
        .sum();
    assert_eq!(sum, found.len());
}

#[test]
fn events_that_a_kind_never_has_are_refused() {
    let context = context();
    let refused = [
        (
            SocketType::Push,
            Events::RECV,
            "a PUSH socket cannot receive",
        ),
        (
            SocketType::Pub,
            Events::RECV | Events::SEND,
            "a PUB socket cannot receive",
        ),
        (SocketType::Pull, Events::SEND, "a PULL socket cannot send"),
        (SocketType::Sub, Events::SEND, "a SUB socket cannot send"),
        (
            SocketType::Pair,
            Events::ERROR,
            "a PAIR socket has no events besides",
        ),
        (
            SocketType::Pair,
            Events::PRIORITY,
            "a PAIR socket has no events besides",
        ),
    ];
    for (kind, events, reason) in refused {
        let socket = context.socket(kind).unwrap();
        let mut poller = Poller::new();
        let added = poller.add(&socket, events, ()).unwrap_err();
        let id = poller.add(&socket, Events::empty(), ()).unwrap();
        let modified = poller.modify(id, events).unwrap_err();
        let polled = socket.poll(events, Duration::ZERO).unwrap_err();
        for error in [added, modified, polled] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().contains(reason), "{error}");
        }
    }
}

#[test]
fn a_lost_connection_is_reported_unasked() {
    let (near, far) = UnixStream::pair().unwrap();
    let mut poller = Poller::new();
    poller.add_fd(&near, Events::empty(), ()).unwrap();
    assert_eq!(ready(&mut poller), []);
    drop(far);
    assert_eq!(ready(&mut poller), [((), Events::ERROR)]);
}

#[test]
fn a_shutdown_ends_the_wait() {
    for timeout in [None, Some(DEADLINE)] {
        let context = context();
        let (pull, sub) = (context.socket(PULL).unwrap(), context.socket(SUB).unwrap());
        let (started, thread) = std::sync::mpsc::channel();
        let waiter = std::thread::spawn(move || {
            let mut poller = Poller::new();
            poller.add(&pull, Events::RECV, ()).unwrap();
            poller.add(&sub, Events::RECV, ()).unwrap();
            started.send(ThreadId::current()).unwrap();
            let first = poller.wait(timeout).unwrap_err();
            let again = poller.wait(timeout).unwrap_err();
            let polled = pull.poll(Events::RECV, timeout).unwrap_err();
            [first, again, polled].map(|error| error.kind())
        });
        thread.recv_timeout(DEADLINE).unwrap().wait_until_asleep();
        context.shutdown().unwrap();
        let kinds = within_deadline(move || waiter.join().unwrap());
        assert_eq!(kinds, [ErrorKind::Terminated; 3]);
    }
}

#[test]
fn one_socket_is_polled_by_itself() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    push.set_send_hwm(1).unwrap();
    pull.set_recv_hwm(1).unwrap();
    join_inproc(&pull, &push);
    assert_eq!(push.poll(Events::SEND, None).unwrap(), Events::SEND);
    while push.try_send("x").is_ok() {}
    assert_eq!(
        push.poll(Events::SEND, Duration::ZERO).unwrap(),
        Events::empty()
    );
    assert_eq!(pull.poll(Events::RECV, None).unwrap(), Events::RECV);
    while pull.try_recv().unwrap().is_some() {}
    assert_eq!(push.poll(Events::SEND, DEADLINE).unwrap(), Events::SEND);
    let publisher = context.socket(PUB).unwrap();
    assert_eq!(publisher.poll(Events::SEND, None).unwrap(), Events::SEND);
}

/// A SUB that binds learns of a new publisher, and tells it its subscriptions, only when its own
/// thread does something with it.
#[test]
fn a_bound_sub_subscribes_when_it_is_touched() {
    let context = context();
    let (sub, publisher) = (context.socket(SUB).unwrap(), context.socket(XPUB).unwrap());
    join_inproc(&sub, &publisher);
    sub.subscribe("news").unwrap();
    let late = context.socket(XPUB).unwrap();
    late.connect("inproc://joined").unwrap();
    // In the process all is done by the threads of the sockets: if it did not happen yet it
    // will not while they rest.
    assert_eq!(late.try_recv().unwrap(), None);
    sub.events().unwrap();
    assert_eq!(late.try_recv().unwrap().unwrap(), "\x01news");
}

/// Thread-safe sockets have no descriptor; libzmq polls them in another way.
#[cfg(feature = "draft")]
mod thread_safe {
    use ferromq::{GATHER, SCATTER};

    use super::*;

    #[test]
    fn they_wait_together_with_the_others() {
        let context = context();
        let (gather, scatter) = (
            context.socket(GATHER).unwrap(),
            context.socket(SCATTER).unwrap(),
        );
        join(&gather, &scatter);
        let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
        join(&pull, &push);
        let (reader, mut writer) = UnixStream::pair().unwrap();
        let mut poller = Poller::new();
        poller.add(&gather, Events::RECV, "gather").unwrap();
        poller.add(&pull, Events::RECV, "pull").unwrap();
        poller.add_fd(&reader, Events::RECV, "bytes").unwrap();
        assert_eq!(ready(&mut poller), []);
        let time = Duration::from_millis(20);
        let started = Instant::now();
        assert!(poller.wait(time).unwrap().next().is_none());
        assert!(started.elapsed() >= time);

        let keys = |poller: &mut Poller<'_, _>| {
            let events = poller.wait(DEADLINE).unwrap();
            events.map(|event| *event.key).collect::<Vec<&str>>()
        };
        send(&scatter, "x");
        assert_eq!(keys(&mut poller), ["gather"]);
        assert_eq!(recv(&gather), "x");
        send(&push, "x");
        assert_eq!(keys(&mut poller), ["pull"]);
        assert_eq!(recv(&pull), "x");
        writer.write_all(b"x").unwrap();
        assert_eq!(keys(&mut poller), ["bytes"]);
        assert_eq!(scatter.poll(Events::SEND, DEADLINE).unwrap(), Events::SEND);
    }

    /// libzmq 4.3.5 aborts the process when the other socket knows of the shutdown already.
    #[test]
    fn a_shutdown_ends_the_wait() {
        let context = context();
        let (gather, pull) = (
            context.socket(GATHER).unwrap(),
            context.socket(PULL).unwrap(),
        );
        let waiter = std::thread::spawn(move || {
            let mut poller = Poller::new();
            poller.add(&pull, Events::RECV, ()).unwrap();
            poller.add(&gather, Events::RECV, ()).unwrap();
            let kinds = [(); 3].map(|()| poller.wait(None).unwrap_err().kind());
            assert_eq!(kinds, [ErrorKind::Terminated; 3]);
        });
        context.shutdown().unwrap();
        within_deadline(|| waiter.join().unwrap());
    }
}
