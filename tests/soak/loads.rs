//! The loads within this process. Each checks all that it receives, and says how many messages that
//! were.

use std::io::{Read, Write};
use std::mem;
use std::net::TcpStream;
use std::time::Duration;

use ferromq::{
    CanRecv, Context, DEALER, Endpoint, Kind, MonitorEventKind, MonitorEvents, PAIR, PULL, PUSH,
    Proxy, REP, REQ, ROUTER, STREAM, SUB, Socket, XPUB, XSUB,
};

use crate::Leak;
use crate::peers;
use crate::support::{
    DEADLINE, Directory, context, join, recv, recv_multipart, send, send_multipart,
};

/// One turn: gets its number, and returns how many messages were received. Without a number it is to
/// rest, with a call on each socket that it keeps: it is in calls that a socket learns which peers have
/// gone, and gives back what it has of them.
pub type Turn = Box<dyn FnMut(Option<u64>) -> u64 + Send>;

/// Makes what a load keeps from one turn to the next.
pub type Start = fn(&Context) -> Turn;

pub const LOADS: &[(&str, Start)] = &[
    ("requests", requests),
    ("pipeline", pipeline),
    ("late_workers", late_workers),
    ("publish", publish),
    ("forwarder", forwarder),
    ("proxies", proxies),
    ("pairs", pairs),
    ("streams", streams),
    ("monitors", monitors),
    ("contexts", contexts),
    ("large", large),
    ("curve", peers::curve),
    ("kills", peers::kills),
];

/// Binds to each transport.
fn bind_all<K: Kind>(socket: &Socket<K>, name: &str) -> Vec<Endpoint> {
    let wildcards = [
        "tcp://127.0.0.1:*".into(),
        "ipc://*".into(),
        format!("inproc://{name}"),
    ];
    let bind = |endpoint: &String| {
        socket.bind(endpoint).unwrap();
        socket.last_endpoint().unwrap()
    };
    wildcards.iter().map(bind).collect()
}

/// Nothing more comes.
pub fn rest<K: Kind + CanRecv>(socket: &Socket<K>) -> u64 {
    assert!(socket.try_recv_multipart().unwrap().is_none());
    0
}

/// The endpoint of this turn.
fn pick(endpoints: &[Endpoint], turn: u64) -> &Endpoint {
    &endpoints[usize::try_from(turn).unwrap() % endpoints.len()]
}

/// Clients that come, ask and go.
fn requests(context: &Context) -> Turn {
    let context = context.clone();
    let rep = context.socket(REP).unwrap();
    let endpoints = bind_all(&rep, "requests");
    Box::new(move |turn| {
        let Some(turn) = turn else { return rest(&rep) };
        let req = context.socket(REQ).unwrap();
        req.connect(pick(&endpoints, turn)).unwrap();
        for number in 0..20_u64 {
            send(&req, &number.to_be_bytes());
            assert_eq!(recv(&rep), number.to_be_bytes()[..]);
            send(&rep, &(number + turn).to_be_bytes());
            assert_eq!(recv(&req), (number + turn).to_be_bytes()[..]);
        }
        40
    })
}

/// Producers that come and go, while the consumer stays.
fn pipeline(context: &Context) -> Turn {
    let context = context.clone();
    let pull = context.socket(PULL).unwrap();
    let endpoints = bind_all(&pull, "pipeline");
    Box::new(move |turn| {
        let Some(turn) = turn else { return rest(&pull) };
        let push = context.socket(PUSH).unwrap();
        push.connect(pick(&endpoints, turn)).unwrap();
        for number in 0..200 {
            send(&push, format!("{turn}:{number}"));
        }
        for number in 0..200 {
            assert_eq!(recv(&pull), *format!("{turn}:{number}"));
        }
        assert!(pull.try_recv().unwrap().is_none());
        200
    })
}

/// Work that is queued before there is a worker.
fn late_workers(context: &Context) -> Turn {
    let context = context.clone();
    let directory = Directory::new();
    Box::new(move |turn| {
        let Some(turn) = turn else { return 0 };
        let endpoint = directory.endpoint("late");
        let push = context.socket(PUSH).unwrap();
        push.set_reconnect_ivl(Duration::from_millis(5)).unwrap();
        let monitor = push.monitor(MonitorEvents::CONNECT_RETRIED).unwrap();
        push.connect(&endpoint).unwrap();
        for number in 0..100 {
            send(&push, format!("{turn}:{number}"));
        }
        assert!(monitor.recv_timeout(DEADLINE).unwrap().is_some());
        let pull = context.socket(PULL).unwrap();
        pull.bind(&endpoint).unwrap();
        for number in 0..100 {
            assert_eq!(recv(&pull), *format!("{turn}:{number}"));
        }
        drop(push);
        pull.unbind(&endpoint).unwrap();
        100
    })
}

/// Subscribers that come and go, each with a topic of its own.
fn publish(context: &Context) -> Turn {
    let context = context.clone();
    let xpub = context.socket(XPUB).unwrap();
    let endpoints = bind_all(&xpub, "publish");
    Box::new(move |turn| {
        let Some(turn) = turn else { return rest(&xpub) };
        let sub = context.socket(SUB).unwrap();
        let topic = format!("topic {turn}.");
        sub.subscribe(&topic).unwrap();
        sub.connect(pick(&endpoints, turn)).unwrap();
        let subscription = recv(&xpub);
        assert_eq!(subscription[..1], [1]);
        assert_eq!(subscription[1..], *topic.as_bytes());
        for number in 0..100 {
            send(&xpub, format!("{topic}{number}"));
            send(&xpub, "to nobody");
        }
        for number in 0..100 {
            assert_eq!(recv(&sub), *format!("{topic}{number}"));
        }
        drop(sub);
        let end = recv(&xpub);
        assert_eq!(end[..1], [0]);
        assert_eq!(end[1..], *topic.as_bytes());
        100
    })
}

/// Publishers and subscribers that come and go, on either side of a forwarder.
fn forwarder(context: &Context) -> Turn {
    let context = context.clone();
    let (frontend, backend) = (context.socket(XSUB).unwrap(), context.socket(XPUB).unwrap());
    let (entries, exits) = (bind_all(&frontend, "entry"), bind_all(&backend, "exit"));
    let proxy = Proxy::new(frontend, backend).spawn().unwrap();
    Box::new(move |turn| {
        let _ = &proxy; // which ends with the load
        let Some(turn) = turn else { return 0 };
        let (publisher, subscriber) = (context.socket(XPUB).unwrap(), context.socket(SUB).unwrap());
        let topic = format!("topic {turn}.");
        subscriber.subscribe(&topic).unwrap();
        publisher.connect(pick(&entries, turn)).unwrap();
        subscriber.connect(pick(&exits, turn / 3)).unwrap();
        // One of an earlier turn may still be on its way out.
        while recv(&publisher)[1..] != *topic.as_bytes() {}
        for number in 0..100 {
            send(&publisher, format!("{topic}{number}"));
        }
        for number in 0..100 {
            assert_eq!(recv(&subscriber), *format!("{topic}{number}"));
        }
        100
    })
}

/// Pairs, over each transport.
fn pairs(context: &Context) -> Turn {
    let context = context.clone();
    Box::new(move |turn| {
        let Some(turn) = turn else { return 0 };
        let (a, b) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
        let endpoints = bind_all(&a, &format!("pair {turn}"));
        b.connect(pick(&endpoints, turn)).unwrap();
        for number in 0..20 {
            send(&a, format!("{turn}:{number}"));
            assert_eq!(recv(&b), *format!("{turn}:{number}"));
            send(&b, format!("{number}:{turn}"));
            assert_eq!(recv(&a), *format!("{number}:{turn}"));
        }
        40
    })
}

/// Clients of a STREAM that speak plain TCP.
fn streams(context: &Context) -> Turn {
    let stream = context.socket(STREAM).unwrap();
    stream.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = stream.last_endpoint().unwrap();
    Box::new(move |turn| {
        let Some(turn) = turn else {
            return rest(&stream);
        };
        let mut client = TcpStream::connect(endpoint.address()).unwrap();
        client.set_read_timeout(Some(DEADLINE)).unwrap();
        let connected = recv_multipart(&stream);
        assert!(connected[1].is_empty());
        let text = turn.to_be_bytes();
        client.write_all(&text).unwrap();
        let mut received = Vec::new();
        while received.len() < text.len() {
            received.extend_from_slice(&recv_multipart(&stream)[1]);
        }
        assert_eq!(received, text);
        send_multipart(&stream, [connected[0].clone(), received.into()]);
        let mut reply = [0; 8];
        client.read_exact(&mut reply).unwrap();
        assert_eq!(reply, text);
        drop(client);
        let disconnected = recv_multipart(&stream);
        assert!(disconnected[1].is_empty());
        1
    })
}

/// Proxies that begin and end.
fn proxies(context: &Context) -> Turn {
    let context = context.clone();
    Box::new(move |turn| {
        let Some(turn) = turn else { return 0 };
        let (frontend, backend) = (
            context.socket(ROUTER).unwrap(),
            context.socket(DEALER).unwrap(),
        );
        let (capture, log) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
        let (req, rep) = (context.socket(REQ).unwrap(), context.socket(REP).unwrap());
        join(&frontend, &req);
        join(&backend, &rep);
        let endpoint = format!("inproc://log {turn}"); // the last one may not have ended
        log.bind(&endpoint).unwrap();
        capture.connect(&endpoint).unwrap();
        let proxy = Proxy::new(frontend, backend)
            .capture(capture)
            .spawn()
            .unwrap();
        for number in 0..20 {
            send(&req, format!("{turn}:{number}"));
            assert_eq!(recv(&rep), *format!("{turn}:{number}"));
            send(&rep, "done");
            assert_eq!(recv(&req), "done");
            assert_eq!(recv_multipart(&log)[2], *format!("{turn}:{number}"));
            assert_eq!(recv_multipart(&log)[2], "done");
        }
        drop(proxy);
        80
    })
}

/// Monitors that end before and after their sockets; also of peers that do not speak ZMTP.
fn monitors(context: &Context) -> Turn {
    let context = context.clone();
    let server = context.socket(DEALER).unwrap();
    server.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = server.last_endpoint().unwrap();
    Box::new(move |turn| {
        let Some(turn) = turn else {
            return rest(&server);
        };
        let seen = server.monitor(MonitorEvents::all()).unwrap();
        let client = context.socket(DEALER).unwrap();
        let monitor = client.monitor(MonitorEvents::all()).unwrap();
        client.connect(&endpoint).unwrap();
        monitor.wait_handshake(DEADLINE).unwrap();
        if turn % 2 == 0 {
            drop(monitor);
            drop(client);
        } else {
            drop(client);
            drop(monitor);
        }
        let gone = |kind: &MonitorEventKind| matches!(kind, MonitorEventKind::Disconnected);
        seen.wait_for(DEADLINE, |event| gone(&event.kind)).unwrap();

        let mut stranger = TcpStream::connect(endpoint.address()).unwrap();
        stranger.write_all(&[b'?'; 100]).unwrap();
        drop(stranger);
        let failed = |kind: &MonitorEventKind| {
            gone(kind) || matches!(kind, MonitorEventKind::HandshakeFailedNoDetail)
        };
        seen.wait_for(DEADLINE, |event| failed(&event.kind))
            .unwrap();
        0
    })
}

/// Contexts that begin and end.
fn contexts(_: &Context) -> Turn {
    Box::new(|turn| {
        let Some(turn) = turn else { return 0 };
        let context = context();
        let (router, dealer) = (
            context.socket(ROUTER).unwrap(),
            context.socket(DEALER).unwrap(),
        );
        join(&router, &dealer);
        for number in 0..20 {
            send(&dealer, format!("{turn}:{number}"));
            let message = recv_multipart(&router);
            assert_eq!(message[1], *format!("{turn}:{number}"));
            send_multipart(&router, message);
            assert_eq!(recv(&dealer), *format!("{turn}:{number}"));
        }
        if turn % 2 == 0 {
            send(&dealer, "to nobody");
        }
        drop((router, dealer));
        context.terminate(DEADLINE).unwrap();
        40
    })
}

/// Messages that are large, and such of many frames.
fn large(context: &Context) -> Turn {
    let context = context.clone();
    let bound = context.socket(DEALER).unwrap();
    bound.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = bound.last_endpoint().unwrap();
    let monitor = bound.monitor(MonitorEvents::DISCONNECTED).unwrap();
    Box::new(move |turn| {
        let Some(turn) = turn else {
            return rest(&bound);
        };
        let dealer = context.socket(DEALER).unwrap();
        dealer.connect(&endpoint).unwrap();
        let byte = turn.to_be_bytes()[7];
        send(&dealer, vec![byte; 1 << 20]);
        let message = recv(&bound);
        assert_eq!(message.len(), 1 << 20);
        assert!(message.iter().all(|other| *other == byte));
        send(&bound, message);
        assert_eq!(recv(&dealer).len(), 1 << 20);
        let frames: Vec<_> = (0..100).map(|number| vec![byte; number * 10]).collect();
        send_multipart(&dealer, frames.clone());
        assert_eq!(recv_multipart(&bound)[..], frames[..]);
        drop(dealer);
        assert!(monitor.recv_timeout(DEADLINE).unwrap().is_some());
        3
    })
}

/// Has a turn leave something behind.
pub fn leave_behind(context: &Context, leak: Leak) {
    match leak {
        Leak::Nothing => {}
        Leak::Socket => mem::forget(context.socket(PULL).unwrap()),
        Leak::Memory => mem::forget(vec![1_u8; 1024]),
    }
}
