//! How contexts are made, shared and ended.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use ferromq::{Context, ErrorKind, PAIR, PULL, PUSH, REP, Result, SocketType};

use crate::logs;
use crate::support::{
    DEADLINE, Directory, ThreadId, context, join, join_inproc, recv, send, wait_until,
    within_deadline,
};

#[test]
fn clones_are_the_same_context() {
    let context = context();
    let clone = context.clone();
    let (a, b) = (context.socket(PAIR).unwrap(), clone.socket(PAIR).unwrap());
    join_inproc(&a, &b);
    send(&a, "to a clone's socket");
    assert_eq!(recv(&b), "to a clone's socket");
}

#[test]
fn sockets_keep_their_context() {
    let context = context();
    let (a, b) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
    drop(context);
    join(&a, &b);
    send(&a, "still here");
    assert_eq!(recv(&b), "still here");
    within_deadline(|| drop((a, b)));
}

#[test]
fn the_builder_checks_its_ranges() {
    for (builder, name, range) in [
        (
            Context::builder().io_threads(65),
            "ZMQ_IO_THREADS",
            "0 to 64",
        ),
        (
            Context::builder().max_sockets(0),
            "ZMQ_MAX_SOCKETS",
            "1 to 65535",
        ),
        (
            Context::builder().max_sockets(65_536),
            "ZMQ_MAX_SOCKETS",
            "1 to 65535",
        ),
        (
            Context::builder().max_sockets(u32::MAX),
            "ZMQ_MAX_SOCKETS",
            "1 to 65535",
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let text = error.to_string();
        assert!(text.contains(name) && text.contains(range), "{text}");
    }
    for builder in [
        Context::builder().io_threads(0),
        Context::builder().max_sockets(1),
        Context::builder().max_sockets(65_535),
    ] {
        builder.build().unwrap();
    }
}

#[test]
fn the_builders_defaults_reach_the_sockets() {
    let plain = Context::new().unwrap().socket(PUSH).unwrap();
    assert_eq!(plain.linger().unwrap(), Some(Duration::from_secs(30)));
    assert!(!plain.ipv6().unwrap());

    let builder = Context::builder().linger(None).ipv6(true).io_threads(2);
    let context = builder.build().unwrap();
    assert_eq!(context.socket(PUSH).unwrap().linger().unwrap(), None);
    assert!(context.socket(PUSH).unwrap().ipv6().unwrap());
}

#[test]
fn every_kind_opens() {
    let context = context();
    for &kind in SocketType::ALL {
        let socket = context.socket(kind).unwrap();
        assert_eq!(socket.socket_type().unwrap(), kind);
        assert_eq!(format!("{socket:?}"), format!("Socket({kind:?})"));
    }
}

/// A thread that blocks in `recv`, asleep by now; its result comes through the channel.
fn blocked_receiver(context: &Context) -> mpsc::Receiver<Result<()>> {
    let pull = context.socket(PULL).unwrap();
    let (report, reports) = mpsc::channel();
    let (blocking, blocked) = mpsc::channel();
    thread::spawn(move || {
        blocking.send(ThreadId::current()).unwrap();
        let result = pull.recv().map(drop);
        drop(pull);
        report.send(result).unwrap();
    });
    blocked.recv().unwrap().wait_until_asleep();
    reports
}

#[test]
fn shutdown_wakes_those_that_block() {
    let context = context();
    let receivers = [(); 3].map(|()| blocked_receiver(&context));
    context.shutdown().unwrap();
    for receiver in receivers {
        let error = receiver.recv_timeout(DEADLINE).unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Terminated);
        let text = error.to_string();
        assert!(text.starts_with("receive on PULL socket: "), "{text}");
    }
}

#[test]
fn after_shutdown_all_is_over() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    join(&push, &pull);
    context.shutdown().unwrap();
    context.shutdown().unwrap();
    let terminated = |result: Result<()>| {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Terminated);
    };
    terminated(context.socket(PUSH).map(drop));
    terminated(push.send("text").map_err(Into::into));
    terminated(push.try_send("text").map_err(Into::into));
    terminated(push.send_multipart(["a", "b"]).map_err(Into::into));
    terminated(pull.try_recv().map(drop));
    terminated(pull.recv_timeout(DEADLINE).map(drop));
    terminated(pull.bind("inproc://late"));
    terminated(pull.events().map(drop));
    terminated(pull.set_rcvtimeo(None));
    push.close(Duration::ZERO).unwrap();
    within_deadline(|| drop((pull, context)));
}

#[test]
fn terminate_names_what_it_waits_for_and_can_go_on() {
    let directory = Directory::new();
    let (here, there) = (directory.endpoint("here"), directory.endpoint("there"));
    let context = Context::builder().linger(None).build().unwrap();
    let push = context.socket(PUSH).unwrap();
    push.connect(&here).unwrap();
    push.connect(&there).unwrap();
    send(&push, "nobody comes");
    let rep = context.socket(REP).unwrap();
    let line = line!() - 1;

    let timeout = Duration::from_millis(50);
    let started = Instant::now();
    let error = context.terminate(timeout).unwrap_err();
    assert!(started.elapsed() >= timeout);
    assert!(started.elapsed() < DEADLINE);
    let [first, second] = error.pending() else {
        panic!("two sockets are open: {error}");
    };
    assert_eq!(first.kind(), SocketType::Push);
    assert_eq!(first.endpoints(), [here.clone(), there.clone()]);
    assert_eq!(second.kind(), SocketType::Rep);
    assert!(second.endpoints().is_empty());
    assert_eq!(second.made_at().file(), file!());
    assert_eq!(second.made_at().line(), line);
    assert!(first.is_open() && second.is_open());
    let text = error.to_string();
    assert!(text.starts_with("terminate context: after 50ms "), "{text}");
    for part in [
        &here,
        &there,
        "PUSH socket, open",
        "REP socket, open",
        file!(),
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(ferromq::Error::from(error).kind(), ErrorKind::WouldBlock);

    // The sockets can tell.
    assert_eq!(rep.try_recv().unwrap_err().kind(), ErrorKind::Terminated);
    assert_eq!(
        context.socket(REP).unwrap_err().kind(),
        ErrorKind::Terminated
    );

    drop(rep);
    let error = context.terminate(timeout).unwrap_err();
    assert_eq!(error.pending().len(), 1);
    drop(push);
    // It was made to linger for ever.
    let error = context.terminate(timeout).unwrap_err();
    assert_eq!(error.pending().len(), 1);
    assert!(!error.pending()[0].is_open());
    assert!(error.to_string().contains("PUSH socket, lingering"));

    // Somebody comes after all.
    let other = self::context();
    let pull = other.socket(PULL).unwrap();
    pull.bind(&here).unwrap();
    assert_eq!(recv(&pull), "nobody comes");
    context.terminate(DEADLINE).unwrap();
    context.terminate(Duration::ZERO).unwrap();
}

#[test]
fn terminate_ends_a_context_without_sockets_at_once() {
    let context = context();
    let clone = context.clone();
    context.terminate(DEADLINE).unwrap();
    let error = clone.socket(PULL).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Terminated);
    clone.shutdown().unwrap();
}

#[test]
fn several_threads_may_terminate() {
    for _ in 0..50 {
        let context = context();
        let receiver = blocked_receiver(&context);
        let threads = [(); 4].map(|()| {
            let context = context.clone();
            thread::spawn(move || context.terminate(DEADLINE))
        });
        assert!(receiver.recv_timeout(DEADLINE).unwrap().is_err());
        for thread in threads {
            within_deadline(|| thread.join()).unwrap().unwrap();
        }
        context.terminate(DEADLINE).unwrap();
    }
}

#[test]
fn a_dropped_context_waits_for_delivery() {
    let other = context();
    let pull = other.socket(PULL).unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
    let context = Context::new().unwrap();
    let push = context.socket(PUSH).unwrap();
    push.connect(pull.last_endpoint().unwrap()).unwrap();
    send(&push, "the tail of a short program");
    within_deadline(|| {
        drop(push);
        drop(context);
    });
    assert_eq!(recv(&pull), "the tail of a short program");
}

#[test]
fn a_dropped_context_waits_no_longer_than_its_sockets_linger() {
    let directory = Directory::new();
    let linger = Duration::from_millis(300);
    let context = Context::builder().linger(linger).build().unwrap();
    let push = context.socket(PUSH).unwrap();
    push.connect(directory.endpoint("nobody")).unwrap();
    send(&push, "never taken");
    let started = Instant::now();
    within_deadline(|| {
        drop(push);
        drop(context);
    });
    // libzmq's timers count whole milliseconds, and may be early by one.
    assert!(started.elapsed() + Duration::from_millis(2) >= linger);
    assert!(started.elapsed() < DEADLINE);
}

/// Not one after the other.
#[test]
fn hundreds_of_sockets_linger_at_once() {
    let directory = Directory::new();
    let linger = Duration::from_millis(300);
    let context = Context::builder().linger(linger).build().unwrap();
    let sockets: Vec<_> = (0..500)
        .map(|number| {
            let push = context.socket(PUSH).unwrap();
            push.connect(directory.endpoint(&number.to_string()))
                .unwrap();
            send(&push, "never taken");
            push
        })
        .collect();
    within_deadline(|| {
        drop(sockets);
        drop(context);
    });
}

#[test]
fn a_dropped_context_says_after_a_second_what_it_waits_for() {
    logs::collect();
    let directory = Directory::new();
    let endpoint = directory.endpoint("nobody");
    let linger = Duration::from_secs(3);
    let context = Context::builder().linger(linger).build().unwrap();
    let push = context.socket(PUSH).unwrap();
    push.connect(&endpoint).unwrap();
    send(&push, "never taken");
    let started = Instant::now();
    let dropping = thread::spawn(move || {
        drop(push);
        drop(context);
    });
    wait_until("a warning", || !logs::warnings(&endpoint).is_empty());
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert!(!dropping.is_finished(), "it speaks while it waits");
    within_deadline(|| dropping.join()).unwrap();
    let warnings = logs::warnings(&endpoint);
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0].contains("PUSH socket, lingering"),
        "{warnings:?}"
    );
    assert!(warnings[0].contains(file!()), "{warnings:?}");
}

#[test]
fn a_dropped_context_that_waits_shortly_says_nothing() {
    logs::collect();
    let directory = Directory::new();
    let endpoint = directory.endpoint("nobody");
    let context = Context::builder()
        .linger(Duration::from_millis(100))
        .build()
        .unwrap();
    let push = context.socket(PUSH).unwrap();
    push.connect(&endpoint).unwrap();
    send(&push, "never taken");
    within_deadline(|| {
        drop(push);
        drop(context);
    });
    assert_eq!(logs::warnings(&endpoint), [""; 0]);
}

#[test]
fn a_socket_that_is_closed_without_linger_is_not_waited_for() {
    let directory = Directory::new();
    let context = Context::builder().linger(None).build().unwrap();
    let push = context.socket(PUSH).unwrap();
    push.connect(directory.endpoint("nobody")).unwrap();
    send(&push, "never taken");
    push.close(Duration::ZERO).unwrap();
    within_deadline(|| drop(context));
}

#[test]
fn the_global_context_is_one_until_it_ends() {
    let global = || Context::global().unwrap();
    let (a, b) = (
        global().socket(PAIR).unwrap(),
        global().socket(PAIR).unwrap(),
    );
    a.bind("inproc://global").unwrap();
    b.connect("inproc://global").unwrap();
    send(&a, "one and the same");
    assert_eq!(recv(&b), "one and the same");

    let first = global();
    first.shutdown().unwrap();
    assert_eq!(a.try_recv().unwrap_err().kind(), ErrorKind::Terminated);
    let fresh = global().socket(PAIR).unwrap();
    fresh.bind("inproc://global").unwrap();
    drop((a, b));
    first.terminate(DEADLINE).unwrap();

    drop(fresh);
    for _ in 0..2 {
        global().terminate(DEADLINE).unwrap();
        global().socket(PAIR).unwrap();
    }
    global().terminate(DEADLINE).unwrap();
}
