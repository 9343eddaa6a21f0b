//! When monitors begin and end, and what goes on meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::time::Duration;
use std::{fs, thread};

use ferromq::{
    Context, ErrorKind, Monitor, MonitorEvent, MonitorEventKind, MonitorEvents, PAIR, PULL, PUSH,
    Poller, REP, REQ, Rep, Socket, SocketRef, SocketType,
};

#[cfg(feature = "draft")]
use ferromq::{CLIENT, SERVER};

use super::{bound, call_on, monitored, next, raw_client, wait};
use crate::support::{DEADLINE, ThreadId, context, join, recv, send, wait_until, within_deadline};

#[test]
fn one_monitor_at_a_time() {
    let context = context();
    let (rep, monitor) = monitored(&context);
    let error = rep.monitor(MonitorEvents::all()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongState);
    let text = "monitor REP socket: it has a monitor already; drop that one first (EFSM)";
    assert_eq!(error.to_string(), text);

    drop(monitor);
    let first = bound(&rep);
    let monitor = rep.monitor(MonitorEvents::all()).unwrap();
    let second = bound(&rep);
    assert_ne!(first, second);
    assert_eq!(next(&monitor).endpoint, second, "the past is not told");
}

#[test]
fn the_context_of_a_borrowed_socket_is_not_known() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    // SAFETY: `rep` outlives the borrow, and is not used meanwhile.
    let borrowed = unsafe { SocketRef::from_raw(rep.as_ptr()) }.unwrap();
    let error = borrowed.monitor(MonitorEvents::all()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
}

#[test]
fn a_socket_given_away_is_no_longer_monitored() {
    let context = context();
    let (rep, monitor) = monitored(&context);
    let pointer = rep.into_raw();
    assert_eq!(monitor.recv_timeout(DEADLINE).unwrap(), None);
    assert!(monitor.has_ended());
    // SAFETY: the pointer was given up just above.
    let rep = unsafe { Socket::<Rep>::from_raw(&context, pointer) }.unwrap();
    drop(monitor);
    let monitor = rep.monitor(MonitorEvents::all()).unwrap();
    bound(&rep);
    assert_eq!(next(&monitor).kind, MonitorEventKind::Listening);
}

/// A reader that waits for a feed which could not start would stay for ever, and abort the end of
/// the context.
#[test]
fn a_monitor_that_finds_no_room_leaves_nothing_behind() {
    within_deadline(|| {
        let context = Context::builder().max_sockets(2).build().unwrap();
        let rep = context.socket(REP).unwrap();
        for _ in 0..10 {
            let error = rep.monitor(MonitorEvents::all()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TooManyOpen, "{error}");
            wait_until("the reader's place is free", || {
                context.socket(PAIR).is_ok()
            });
            wait_until("that socket's place is free", || {
                context.socket(PAIR).is_ok()
            });
        }
        drop(rep);
        context.terminate(DEADLINE).unwrap();
    });
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

/// The monitor goes first. libzmq left to itself then blocks the thread that closes sockets, or
/// the one that has the next event.
#[test]
fn a_dropped_monitor_holds_nothing_up() {
    within_deadline(|| {
        let context = context();
        let (rep, monitor) = monitored(&context);
        let endpoint = bound(&rep);
        let req = context.socket(REQ).unwrap();
        req.connect(&endpoint).unwrap();
        monitor.wait_handshake(DEADLINE).unwrap();
        drop(monitor);

        bound(&rep);
        send(&req, "still there");
        assert_eq!(recv(&rep), "still there");
        drop((rep, req));
        let before = descriptors();
        for _ in 0..50 {
            bound(&context.socket(REP).unwrap());
        }
        wait_until("their descriptors are closed", || descriptors() <= before);
        context.terminate(DEADLINE).unwrap();
    });
}

/// libzmq left to itself stops all traffic of the I/O thread after 2000 unread events.
#[test]
fn an_unread_monitor_holds_nothing_up() {
    const CONNECTIONS: usize = 2600;
    within_deadline(|| {
        let context = context();
        let (rep, monitor) = monitored(&context);
        let endpoint = bound(&rep);
        let push = context.socket(PUSH).unwrap();
        let pull = context.socket(PULL).unwrap();
        join(&pull, &push);
        for _ in 0..CONNECTIONS {
            call_on(&endpoint);
            send(&push, "other traffic");
            assert_eq!(recv(&pull), "other traffic");
        }

        let (mut events, mut disconnected) = (0, 0);
        while disconnected < CONNECTIONS {
            let event = next(&monitor);
            events += 1;
            disconnected += usize::from(event.kind == MonitorEventKind::Disconnected);
        }
        assert!(events > 5000, "{events}");
    });
}

#[test]
fn what_the_context_says_for_new_sockets_is_not_for_monitors() {
    let context = Context::builder()
        .linger(Duration::ZERO)
        .socket_default(|socket| socket.set_recv_hwm(1))
        .socket_default(|socket| socket.set_conflate(true))
        .socket_default(|socket| socket.set_rcvtimeo(Duration::ZERO))
        .build()
        .unwrap();
    let (rep, monitor) = monitored(&context);
    let endpoints = [bound(&rep), bound(&rep), bound(&rep)];
    drop(rep);
    let told =
        within_deadline(|| -> Vec<_> { monitor.map(|event| event.unwrap().endpoint).collect() });
    assert_eq!(told, endpoints);
}

/// Drops a context, a socket of it that has a connection, and its monitor, in an `order`.
fn drop_in(order: [char; 3], in_threads: bool) {
    let context = context();
    let (rep, monitor) = monitored(&context);
    let endpoint = bound(&rep);
    let client = raw_client(&endpoint);
    wait(&monitor, MonitorEventKind::Accepted);
    let (mut context, mut rep, mut monitor) = (Some(context), Some(rep), Some(monitor));
    for what in order {
        let (context, rep, monitor) = match what {
            'c' => (context.take(), None, None),
            's' => (None, rep.take(), None),
            _ => (None, None, monitor.take()),
        };
        if in_threads {
            thread::spawn(|| drop((context, rep, monitor)))
                .join()
                .unwrap();
        } else {
            drop((context, rep, monitor));
        }
    }
    drop(client);
}

#[test]
fn context_socket_and_monitor_may_go_in_any_order() {
    for order in ["csm", "cms", "scm", "smc", "mcs", "msc"] {
        let order: Vec<_> = order.chars().collect();
        let order = [order[0], order[1], order[2]];
        for in_threads in [false, true] {
            within_deadline(move || drop_in(order, in_threads));
        }
    }
}

#[test]
fn socket_and_monitor_may_go_at_once() {
    within_deadline(|| {
        let context = context();
        for _ in 0..200 {
            let (rep, monitor) = monitored(&context);
            let barrier = Arc::new(Barrier::new(2));
            let other = Arc::clone(&barrier);
            let dropper = thread::spawn(move || {
                other.wait();
                drop(monitor);
            });
            barrier.wait();
            drop(rep);
            dropper.join().unwrap();
        }
        context.terminate(DEADLINE).unwrap();
    });
}

/// A thread that reads to the end, asleep for want of events.
fn reader(monitor: Monitor) -> thread::JoinHandle<Vec<MonitorEvent>> {
    let (ready, is_ready) = mpsc::channel();
    let thread = thread::spawn(move || {
        ready.send(ThreadId::current()).unwrap();
        monitor.map(Result::unwrap).collect()
    });
    is_ready.recv().unwrap().wait_until_asleep();
    thread
}

#[test]
fn the_end_of_the_socket_ends_the_events() {
    within_deadline(|| {
        let context = context();
        let (rep, monitor) = monitored(&context);
        let reader = reader(monitor);
        bound(&rep);
        drop(rep);
        let events = reader.join().unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].kind, MonitorEventKind::Listening);
        context.terminate(DEADLINE).unwrap();
    });
}

#[test]
fn the_end_of_the_context_ends_the_events() {
    within_deadline(|| {
        let context = context();
        let (rep, monitor) = monitored(&context);
        let reader = reader(monitor);
        context.shutdown().unwrap();
        assert_eq!(reader.join().unwrap(), []);
        drop(rep);
        context.terminate(DEADLINE).unwrap();
    });
}

#[test]
fn a_context_may_end_while_monitors_begin() {
    within_deadline(|| {
        for _ in 0..100 {
            let context = context();
            let rep = context.socket(REP).unwrap();
            let (begun, has_begun) = mpsc::channel();
            let monitors = thread::spawn(move || {
                loop {
                    match rep.monitor(MonitorEvents::all()) {
                        Ok(monitor) => drop(monitor),
                        Err(error) => return error,
                    }
                    let _ = begun.send(());
                }
            });
            has_begun.recv().unwrap();
            context.shutdown().unwrap();
            assert_eq!(monitors.join().unwrap().kind(), ErrorKind::Terminated);
            context.terminate(DEADLINE).unwrap();
        }
    });
}

#[test]
fn a_context_waits_for_its_monitors() {
    within_deadline(|| {
        let context = Context::new().unwrap();
        let rep = context.socket(REP).unwrap();
        let (monitor, line) = (rep.monitor(MonitorEvents::all()).unwrap(), line!());
        drop(rep);
        let error = context.terminate(Duration::from_millis(1)).unwrap_err();
        let [pending] = error.pending() else {
            panic!("{error}");
        };
        assert_eq!(pending.kind(), SocketType::Pair);
        let made_at = pending.made_at();
        assert_eq!((made_at.file(), made_at.line()), (file!(), line));
        assert_eq!(monitor.recv().unwrap(), None);
        drop(monitor);
        context.terminate(DEADLINE).unwrap();

        let context = Context::new().unwrap();
        let (rep, monitor) = monitored(&context);
        drop(monitor);
        let error = context.terminate(Duration::from_millis(1)).unwrap_err();
        assert_eq!(error.pending().len(), 1, "{error}");
        assert_eq!(error.pending()[0].kind(), SocketType::Rep);
        drop(rep);
        context.terminate(DEADLINE).unwrap();
    });
}

#[test]
fn a_poller_wakes_up_for_an_event_and_for_the_end() {
    let context = context();
    let (rep, monitor) = monitored(&context);
    let mut poller = Poller::new();
    poller.add_monitor(&monitor, ()).unwrap();
    assert!(poller.wait(Duration::ZERO).unwrap().next().is_none());

    bound(&rep);
    assert!(poller.wait(DEADLINE).unwrap().next().is_some());
    assert!(monitor.try_recv().unwrap().is_some());
    assert!(poller.wait(Duration::ZERO).unwrap().next().is_none());

    drop(rep);
    assert!(poller.wait(DEADLINE).unwrap().next().is_some());
    assert_eq!(monitor.try_recv().unwrap(), None);
    assert!(monitor.has_ended());
}

#[test]
fn nothing_follows_the_end() {
    let context = context();
    let (rep, mut monitor) = monitored(&context);
    bound(&rep);
    drop(rep);
    within_deadline(move || {
        assert!(monitor.recv().unwrap().is_some());
        assert!(!monitor.has_ended());
        for _ in 0..2 {
            assert_eq!(monitor.recv().unwrap(), None);
            assert_eq!(monitor.try_recv().unwrap(), None);
            assert!(monitor.next().is_none());
            assert!(monitor.has_ended());
        }
    });
}

/// Starts and ends monitors while connections come and go.
#[test]
fn monitors_come_and_go_amid_events() {
    within_deadline(|| {
        let context = context();
        let rep = context.socket(REP).unwrap();
        let endpoint = bound(&rep);
        let over = Arc::new(AtomicBool::new(false));
        let storm = thread::spawn({
            let over = Arc::clone(&over);
            move || {
                while !over.load(Ordering::Relaxed) {
                    call_on(&endpoint);
                }
            }
        });
        for round in 0..300 {
            let monitor = rep.monitor(MonitorEvents::all()).unwrap();
            if round % 3 == 0 {
                monitor.wait_connected(DEADLINE).unwrap();
            }
            if round % 2 == 0 {
                drop(monitor);
            } else {
                thread::spawn(|| drop(monitor)).join().unwrap();
            }
        }
        over.store(true, Ordering::Relaxed);
        storm.join().unwrap();
        drop(rep);
        context.terminate(DEADLINE).unwrap();
    });
}

#[cfg(feature = "draft")]
#[test]
fn threads_that_share_a_socket_get_one_monitor() {
    let context = context();
    let client = context.socket(CLIENT).unwrap();
    let start = Barrier::new(4);
    let got: Vec<_> = thread::scope(|scope| {
        let try_it = || {
            start.wait();
            client.monitor(MonitorEvents::all()).ok()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(try_it)).collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().unwrap())
            .collect()
    });
    let [monitor] = &got[..] else {
        panic!("{got:?}");
    };
    let server = context.socket(SERVER).unwrap();
    join(&server, &client);
    monitor.wait_handshake(DEADLINE).unwrap();
    drop(client);
    assert_eq!(monitor.recv_timeout(DEADLINE).unwrap(), None);
    assert!(monitor.has_ended());
}
