//! No descriptor and no place for a socket is free: an error that says so, until there is one.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use ferromq::{
    Context, DEALER, Error, ErrorKind, Events, Linkage, MonitorEventKind, MonitorEvents, PULL,
    PUSH, Poller, Proxy, REP, Result, linkage,
};

use crate::child::{DEADLINE, in_child};
use crate::descriptors::{AllTaken, open_files, set_limit};
use crate::peers::context;
use crate::sandbox::refuse;

#[track_caller]
fn expect(error: &Error, words: &[&str]) {
    assert_eq!(error.kind(), ErrorKind::TooManyOpen, "{error}");
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "no {word:?} in: {text}");
    }
}

#[test]
fn the_limit_of_a_context_is_named() {
    let context = Context::builder().max_sockets(3).build().unwrap();
    let _open = [PULL; 3].map(|kind| context.socket(kind).unwrap());
    let error = context.socket(PULL).unwrap_err();
    expect(
        &error,
        &[
            "open socket PULL: ",
            "the 3 sockets",
            "(ZMQ_MAX_SOCKETS): 3 are open;",
            "max_sockets(..)",
            "(EMFILE)",
        ],
    );
}

#[test]
fn a_place_is_waited_for_while_a_dropped_socket_ends() {
    let context = Context::builder()
        .max_sockets(1)
        .linger(Duration::ZERO)
        .build()
        .unwrap();
    for _ in 0..1000 {
        let push = context.socket(PUSH).unwrap();
        push.connect("tcp://127.0.0.1:9").unwrap();
    }
}

#[test]
fn sockets_that_linger_keep_their_places() {
    in_child(|| {
        let context = Context::builder()
            .max_sockets(3)
            .linger(None)
            .build()
            .unwrap();
        let mut made = 0;
        let error = loop {
            match context.socket(PUSH) {
                Ok(push) => {
                    push.connect("tcp://127.0.0.1:9").unwrap();
                    push.send("nobody will ever take this").unwrap();
                    made += 1;
                }
                Err(error) => break error,
            }
        };
        assert_eq!(made, 3);
        expect(
            &error,
            &["ZMQ_MAX_SOCKETS): 0 are open, ", "lingering", "linger less"],
        );
        // Dropping the context would wait for ever.
        std::mem::forget(context);
    });
}

/// What an error of a process without descriptors says, besides what was tried.
const NO_DESCRIPTOR: [&str; 3] = ["(RLIMIT_NOFILE), 256;", "`ulimit -n`", "(EMFILE)"];

#[test]
fn the_limit_of_the_process_is_named() {
    in_child(|| {
        let context = context();
        let pull = context.socket(PULL).unwrap();
        let taken = AllTaken::but(0);
        expect(&context.socket(PULL).unwrap_err(), &NO_DESCRIPTOR);
        expect(&Context::new().unwrap_err(), &NO_DESCRIPTOR);
        expect(&pull.bind("tcp://127.0.0.1:*").unwrap_err(), &NO_DESCRIPTOR);
        expect(&pull.bind("tcp://*:*").unwrap_err(), &NO_DESCRIPTOR);
        expect(&pull.bind("ipc://*").unwrap_err(), &NO_DESCRIPTOR);
        let monitored = pull.monitor(MonitorEvents::all()).unwrap_err();
        expect(&monitored, &NO_DESCRIPTOR);
        taken.give_back();
        pull.bind("tcp://127.0.0.1:*").unwrap();
        pull.monitor(MonitorEvents::all()).unwrap();
    });
}

/// Where libzmq, left to itself, aborts.
#[test]
fn a_sandbox_hides_the_interfaces() {
    in_child(|| {
        refuse(libc::SYS_socket, Some(libc::AF_NETLINK), libc::EACCES);
        let context = context();
        let pull = context.socket(PULL).unwrap();
        match pull.bind("tcp://127.0.0.1:*") {
            Ok(()) => assert_eq!(linkage(), Linkage::Vendored),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::PermissionDenied);
                let text = error.to_string();
                assert!(text.contains("list its network interfaces"), "{text}");
            }
        }
        pull.bind("tcp://*:*").unwrap();
    });
}

/// As the guide's page on descriptors says.
#[test]
fn what_takes_how_many() {
    in_child(|| {
        let mut before = open_files().len();
        let mut taken = || {
            let now = open_files().len();
            now - std::mem::replace(&mut before, now)
        };
        let context = Context::builder().io_threads(2).build().unwrap();
        assert_eq!(taken(), 1);
        let server = context.socket(PULL).unwrap();
        assert_eq!(taken(), 2 + 2 * 2 + 1);
        let client = context.socket(PUSH).unwrap();
        assert_eq!(taken(), 1);
        let endpoints = ["tcp://127.0.0.1:*", "ipc://*"].map(|endpoint| {
            server.bind(endpoint).unwrap();
            assert_eq!(taken(), 1);
            server.last_endpoint().unwrap()
        });
        for endpoint in endpoints {
            client.connect(endpoint).unwrap();
        }
        for _ in 0..2 {
            client.send("on each connection").unwrap();
            assert!(server.recv_timeout(DEADLINE).unwrap().is_some());
        }
        assert_eq!(taken(), 2 * 2);
        let _monitor = server.monitor(MonitorEvents::all()).unwrap();
        assert_eq!(taken(), 2);
        let mut proxy = Proxy::new(&server, &client);
        proxy.controller().unwrap();
        assert_eq!(taken(), 2);
    });
}

/// It takes descriptors for the context's threads, too.
#[test]
fn the_first_socket_finds_too_few() {
    in_child(|| {
        let context = Context::builder().io_threads(2).build().unwrap();
        for free in 0..7 {
            let taken = AllTaken::but(free);
            expect(&context.socket(PULL).unwrap_err(), &NO_DESCRIPTOR);
            taken.give_back();
        }
        let taken = AllTaken::but(7);
        let pull = context.socket(PULL).unwrap();
        taken.give_back();
        pull.bind("tcp://127.0.0.1:*").unwrap();
    });
}

/// Clients that come when there are descriptors for some of them only are all accepted in the end.
fn storm(endpoint: &str, connect: impl Fn(&str) -> Box<dyn Read> + Sync) {
    const CLIENTS: usize = 20;
    in_child(|| {
        let context = context();
        let rep = context.socket(REP).unwrap();
        let monitor = rep.monitor(MonitorEvents::all()).unwrap();
        rep.bind(endpoint).unwrap();
        let address = rep.last_endpoint().unwrap().to_string();
        let (_, address) = address.split_once("://").unwrap();
        let (mut server, mut clients) = UnixStream::pair().unwrap();
        thread::scope(|scope| {
            // In a process of their own, for their descriptors not to be the server's.
            let greeted = scope.spawn(|| {
                in_child(|| {
                    clients.write_all(b"x").unwrap();
                    clients.read_exact(&mut [0]).unwrap();
                    let mut connections = [(); CLIENTS].map(|()| connect(address));
                    for connection in &mut connections {
                        connection.read_exact(&mut [0]).expect("a greeting");
                    }
                });
            });
            server.read_exact(&mut [0]).unwrap();
            let taken = AllTaken::but(3);
            server.write_all(b"x").unwrap();
            for _ in 0..2 {
                let failed = MonitorEventKind::AcceptFailed(ErrorKind::TooManyOpen);
                let failure = monitor.wait_for(DEADLINE, |event| event.kind == failed);
                failure.unwrap();
            }
            taken.give_back();
            greeted.join().unwrap();
        });
        drop((rep, monitor));
        context.terminate(DEADLINE).unwrap();
    });
}

#[test]
fn an_accept_storm_over_tcp() {
    storm("tcp://127.0.0.1:*", |address| {
        let client = TcpStream::connect(address).unwrap();
        client.set_read_timeout(Some(DEADLINE)).unwrap();
        Box::new(client)
    });
}

/// The system's libzmq aborts at it.
#[cfg(ferromq_vendored)]
#[test]
fn an_accept_storm_over_ipc() {
    storm("ipc://*", |path| {
        let client = UnixStream::connect(path).unwrap();
        client.set_read_timeout(Some(DEADLINE)).unwrap();
        Box::new(client)
    });
}

/// What could be had; else the first error is kept.
fn kept<T>(result: Result<T>, failed: &mut Result<()>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            if failed.is_ok() {
                *failed = Err(error);
            }
            None
        }
    }
}

/// Tries everything, whatever of it fails, and gives the first error. Then there is room, and what
/// was sent has to arrive.
fn try_everything(transports: &[&str], limit: libc::rlim_t) -> Result<()> {
    set_limit(limit);
    let context = Context::builder().linger(Duration::ZERO).build()?;
    let mut failed = Ok(());
    let sockets = |count, failed: &mut _| {
        let sockets = (0..count).map(|_| kept(context.socket(DEALER), failed));
        sockets.collect::<Vec<_>>().into_iter().flatten()
    };
    let clients: Vec<_> = sockets(10, &mut failed).collect();
    let servers: Vec<_> = transports
        .iter()
        .zip(sockets(transports.len(), &mut failed))
        .collect();
    let mut endpoints = Vec::new();
    for (transport, server) in &servers {
        if kept(server.bind(**transport), &mut failed).is_some() {
            endpoints.push(server.last_endpoint()?);
        }
    }
    let mut under_way = 0;
    for endpoint in &endpoints {
        for client in &clients {
            client.connect(endpoint)?;
            // The I/O thread looks local addresses up, and the system's libzmq aborts at it.
            let address = endpoint.as_str().strip_prefix("tcp://");
            if let Some(address) = address.filter(|_| cfg!(ferromq_vendored)) {
                client.connect(format!("tcp://127.0.0.1:0;{address}"))?;
            }
            client.send("text")?;
            under_way += 1;
        }
    }
    let mut poller = Poller::new();
    for (_, server) in &servers {
        poller.add(server, Events::RECV, ())?;
    }
    poller.wait(Duration::ZERO)?.count();
    if let [(_, server), ..] = &servers[..] {
        if let Some(monitor) = kept(server.monitor(MonitorEvents::all()), &mut failed) {
            // With the system's libzmq the I/O thread may take a descriptor that was found free.
            if cfg!(ferromq_vendored) {
                kept(server.bind("tcp://127.0.0.1:*"), &mut failed);
            }
            monitor.try_recv()?;
        }
        kept(Proxy::new(server, server).controller(), &mut failed);
    }

    set_limit(AllTaken::LIMIT);
    while under_way > 0 {
        assert!(poller.wait(DEADLINE)?.next().is_some(), "not all arrive");
        for (_, server) in &servers {
            while server.try_recv()?.is_some() {
                under_way -= 1;
            }
        }
    }
    drop(poller);
    drop((clients, servers));
    context.terminate(DEADLINE)?;
    failed
}

/// Waits for the other threads, also when this one fails.
struct Together<'a>(&'a Barrier);

impl Drop for Together<'_> {
    fn drop(&mut self) {
        self.0.wait();
    }
}

/// From too few for anything to enough for some.
fn with_few_descriptors(transports: &[&str]) {
    const LIMITS: std::ops::Range<libc::rlim_t> = 3..65;
    // A child forked while a thread starts or ends could never start one: the standard library's
    // lock for that would be held for ever.
    let all = Barrier::new(LIMITS.count());
    thread::scope(|scope| {
        for limit in LIMITS {
            let all = &all;
            scope.spawn(move || {
                all.wait();
                let _none_ends_before = Together(all);
                in_child(|| {
                    if let Err(error) = try_everything(transports, limit) {
                        assert_eq!(error.kind(), ErrorKind::TooManyOpen, "{limit}: {error}");
                    }
                });
            });
        }
    });
    in_child(|| try_everything(transports, AllTaken::LIMIT).unwrap());
}

#[test]
fn few_descriptors() {
    with_few_descriptors(&["tcp://127.0.0.1:*", "tcp://*:*", "inproc://name"]);
}

/// Over ipc the system's libzmq aborts as soon as it cannot accept.
#[cfg(ferromq_vendored)]
#[test]
fn few_descriptors_over_ipc() {
    with_few_descriptors(&["ipc://*"]);
}
