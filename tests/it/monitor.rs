//! What a monitor tells, and that it never holds up what it watches.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::time::Duration;
use std::{fs, thread};

use ferromq::{
    AuthStatus, Context, Endpoint, ErrorKind, Kind, Monitor, MonitorEvent, MonitorEventKind,
    MonitorEvents, PAIR, PULL, PUSH, ProtocolError, REP, REQ, Rep, Socket, SocketRef, SocketType,
};

use crate::support::{
    DEADLINE, ThreadId, context, join, recv, send, send_multipart, wait_until, within_deadline,
};

fn next(monitor: &Monitor) -> MonitorEvent {
    let event = monitor.recv_timeout(DEADLINE).unwrap();
    event.expect("no event comes")
}

#[track_caller]
fn wait(monitor: &Monitor, kind: MonitorEventKind) -> MonitorEvent {
    let event = monitor.wait_for(DEADLINE, |event| event.kind == kind);
    event.unwrap()
}

fn monitored(context: &Context) -> (Socket<Rep>, Monitor) {
    let rep = context.socket(REP).unwrap();
    let monitor = rep.monitor(MonitorEvents::all()).unwrap();
    (rep, monitor)
}

fn bound<K: Kind>(socket: &Socket<K>) -> Endpoint {
    socket.bind("tcp://127.0.0.1:*").unwrap();
    socket.last_endpoint().unwrap()
}

/// A client of the system's, which speaks no ZMTP by itself.
fn raw_client(endpoint: &Endpoint) -> TcpStream {
    let address: SocketAddr = endpoint.address().parse().unwrap();
    let client = TcpStream::connect_timeout(&address, DEADLINE).unwrap();
    client.set_read_timeout(Some(DEADLINE)).unwrap();
    client
}

/// Makes a connection, waits for the begin of libzmq's greeting, and ends it.
fn call_on(endpoint: &Endpoint) {
    let mut client = raw_client(endpoint);
    client.read_exact(&mut [0; 10]).unwrap();
}

#[test]
fn both_ends_tell_of_their_connection() {
    use MonitorEventKind::{
        Accepted, Closed, Connected, Disconnected, HandshakeSucceeded, Listening,
    };

    let context = context();
    let (rep, at_rep) = monitored(&context);
    let endpoint = bound(&rep);
    let req = context.socket(REQ).unwrap();
    let at_req = req.monitor(MonitorEvents::all()).unwrap();
    req.connect(&endpoint).unwrap();

    for kind in [Listening, Accepted, HandshakeSucceeded] {
        let event = next(&at_rep);
        assert_eq!((event.kind, &event.endpoint), (kind, &endpoint));
    }
    for kind in [Connected, HandshakeSucceeded] {
        let event = wait(&at_req, kind);
        assert_eq!(event.endpoint, endpoint);
    }

    drop(req);
    let event = next(&at_rep);
    assert_eq!((event.kind, &event.endpoint), (Disconnected, &endpoint));
    rep.unbind(&endpoint).unwrap();
    let event = next(&at_rep);
    assert_eq!((event.kind, &event.endpoint), (Closed, &endpoint));
}

#[test]
fn a_connection_that_was_ended_is_told_to_the_one_who_made_it() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    let req = context.socket(REQ).unwrap();
    let monitor = req.monitor(MonitorEvents::all()).unwrap();
    join(&rep, &req);
    let endpoint = rep.last_endpoint().unwrap();
    wait(&monitor, MonitorEventKind::HandshakeSucceeded);
    drop(rep);
    let event = wait(&monitor, MonitorEventKind::Disconnected);
    assert_eq!(event.endpoint, endpoint);
    assert_eq!(event.to_string(), format!("{endpoint}: Disconnected"));
}

#[test]
fn a_mask_lets_only_its_events_through() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    let monitor = rep.monitor(MonitorEvents::DISCONNECTED).unwrap();
    let endpoint = bound(&rep);
    drop(raw_client(&endpoint));
    assert_eq!(next(&monitor).kind, MonitorEventKind::Disconnected);
    drop(rep);
    assert_eq!(monitor.recv_timeout(DEADLINE).unwrap(), None);
    assert!(monitor.has_ended());
}

#[test]
fn a_failed_bind_is_told() {
    let context = context();
    let first = context.socket(REP).unwrap();
    let endpoint = bound(&first);
    let (rep, monitor) = monitored(&context);
    rep.bind(&endpoint).unwrap_err();
    let event = wait(
        &monitor,
        MonitorEventKind::BindFailed(ErrorKind::AddressInUse),
    );
    assert!(event.endpoint.as_str().ends_with(endpoint.address()));
    assert_eq!(event.error().unwrap().kind(), ErrorKind::AddressInUse);
}

#[test]
fn a_connection_nobody_takes_is_tried_again() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    let free = bound(&rep);
    rep.unbind(&free).unwrap();
    let req = context.socket(REQ).unwrap();
    let monitor = req.monitor(MonitorEvents::CONNECT_RETRIED).unwrap();
    req.connect(&free).unwrap();
    let event = next(&monitor);
    let MonitorEventKind::ConnectRetried(interval) = event.kind else {
        panic!("{event}");
    };
    // `ZMQ_RECONNECT_IVL`, and up to as much by chance.
    let range = Duration::from_millis(100)..Duration::from_millis(200);
    assert!(range.contains(&interval), "{interval:?}");
    assert_eq!(event.endpoint, free);
}

/// What a client that speaks ZMTP 3 sends first.
fn greeting(mechanism: &[u8]) -> [u8; 64] {
    let mut greeting = [0; 64];
    greeting[0] = 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    greeting[12..12 + mechanism.len()].copy_from_slice(mechanism);
    greeting
}

#[test]
fn a_handshake_that_fails_tells_why() {
    for (mechanism, command, reason) in [
        (
            &b"GARBAGE"[..],
            &b""[..],
            ProtocolError::ZmtpMechanismMismatch,
        ),
        (
            b"NULL",
            b"\x04\x06\x05HELLO",
            ProtocolError::ZmtpUnexpectedCommand,
        ),
        (
            b"NULL",
            b"\x04\x08\x05ERROR\xff\x00",
            ProtocolError::ZmtpMalformedCommandError,
        ),
    ] {
        let context = context();
        let (rep, monitor) = monitored(&context);
        let endpoint = bound(&rep);
        let mut client = raw_client(&endpoint);
        client.write_all(&greeting(mechanism)).unwrap();
        client.write_all(command).unwrap();
        let event = wait(&monitor, MonitorEventKind::HandshakeFailedProtocol(reason));
        let text = format!("handshake at {endpoint}: {reason} (EPROTO)");
        assert_eq!(event.error().unwrap().to_string(), text);
        wait(&monitor, MonitorEventKind::Disconnected);
    }
}

#[test]
fn a_handshake_that_breaks_off_has_no_reason() {
    let context = context();
    let (rep, monitor) = monitored(&context);
    drop(raw_client(&bound(&rep)));
    let error = monitor.wait_handshake(DEADLINE).unwrap_err();
    assert!(
        error.to_string().contains("the connection broke"),
        "{error}"
    );
}

/// libzmq ends such a connection with no word about the handshake.
#[test]
fn kinds_that_do_not_go_together_fail_the_handshake() {
    let context = context();
    let pull = context.socket(PULL).unwrap();
    let at_pull = pull.monitor(MonitorEvents::all()).unwrap();
    let endpoint = bound(&pull);
    let req = context.socket(REQ).unwrap();
    let at_req = req.monitor(MonitorEvents::all()).unwrap();
    req.connect(&endpoint).unwrap();
    for monitor in [at_pull, at_req] {
        let error = monitor.wait_handshake(DEADLINE).unwrap_err();
        let text = format!("handshake at {endpoint}: ");
        assert!(error.to_string().starts_with(&text), "{error}");
        assert_eq!(error.kind(), ErrorKind::Other);
    }
}

/// Lets nobody in: replies to every request of the context's authentication with `status`.
fn refuse(context: &Context, status: &'static str) -> thread::JoinHandle<()> {
    let authenticator = context.socket(REP).unwrap();
    authenticator.bind("inproc://zeromq.zap.01").unwrap();
    thread::spawn(move || {
        while let Ok(request) = authenticator.recv_multipart() {
            let frames: [&[u8]; 6] = [b"1.0", &request[1], status.as_bytes(), b"no", b"", b""];
            send_multipart(&authenticator, frames);
        }
    })
}

#[test]
fn a_peer_that_is_not_let_in_is_told_so() {
    const ZMQ_ZAP_DOMAIN: i32 = 55;
    let context = context();
    let authenticator = refuse(&context, "400");
    let (rep, at_rep) = monitored(&context);
    // SAFETY: a name of a few bytes, as libzmq expects.
    unsafe { rep.set_raw_option(ZMQ_ZAP_DOMAIN, b"test") }.unwrap();
    let endpoint = bound(&rep);
    let req = context.socket(REQ).unwrap();
    let at_req = req.monitor(MonitorEvents::HANDSHAKE).unwrap();
    req.connect(&endpoint).unwrap();

    let denied = MonitorEventKind::HandshakeFailedAuth(AuthStatus::Denied);
    assert_eq!(wait(&at_rep, denied).endpoint, endpoint);
    let error = at_req.wait_handshake(DEADLINE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    let text = format!("handshake at {endpoint}: the authenticator denied access (status 400)");
    assert!(error.to_string().starts_with(&text), "{error}");

    context.shutdown().unwrap();
    authenticator.join().unwrap();
}

#[test]
fn waiting_tells_what_came_instead() {
    let context = context();
    let (rep, monitor) = monitored(&context);
    let endpoint = bound(&rep);
    let error = monitor.wait_connected(Duration::ZERO).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    let text = format!(
        "monitor REP socket: it did not happen within 0ns; the last event was: {endpoint}: Listening (EAGAIN)"
    );
    assert_eq!(error.to_string(), text);

    let req = context.socket(REQ).unwrap();
    req.connect(&endpoint).unwrap();
    let event = monitor.wait_connected(DEADLINE).unwrap();
    assert_eq!(event.kind, MonitorEventKind::Accepted);
    let event = monitor.wait_handshake(DEADLINE).unwrap();
    assert_eq!(event.kind, MonitorEventKind::HandshakeSucceeded);

    drop((req, rep));
    let error = monitor.wait_handshake(DEADLINE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Terminated);
    assert!(error.to_string().contains("was dropped"), "{error}");
}

#[test]
fn waiting_for_what_is_masked_is_refused() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    let monitor = rep.monitor(MonitorEvents::HANDSHAKE_SUCCEEDED).unwrap();
    for result in [
        monitor.wait_connected(DEADLINE),
        monitor.wait_handshake(DEADLINE),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("made without"), "{error}");
    }
}

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
    let told: Vec<_> = monitor.map(|event| event.unwrap().endpoint).collect();
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
fn a_context_waits_for_its_monitors() {
    within_deadline(|| {
        let context = Context::new().unwrap();
        let (rep, monitor) = monitored(&context);
        drop(rep);
        let error = context.terminate(Duration::from_millis(1)).unwrap_err();
        let [pending] = error.pending() else {
            panic!("{error}");
        };
        assert_eq!(pending.kind(), SocketType::Pair);
        assert_eq!(pending.made_at().file(), file!());
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
fn nothing_follows_the_end() {
    let context = context();
    let (rep, mut monitor) = monitored(&context);
    bound(&rep);
    drop(rep);
    assert!(monitor.recv().unwrap().is_some());
    assert!(!monitor.has_ended());
    for _ in 0..2 {
        assert_eq!(monitor.recv().unwrap(), None);
        assert_eq!(monitor.try_recv().unwrap(), None);
        assert!(monitor.next().is_none());
        assert!(monitor.has_ended());
    }
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
