//! Bytes at a bound socket: greetings, frames, commands, over tcp and WebSocket. Each session ends, it
//! harms nobody, and a good peer is served after it.
//!
//! The first byte of the input chooses the listener, the second how many bytes are sent at a time.

#![no_main]

use std::net::TcpStream;
use std::sync::{LazyLock, Mutex};

use ferromq::zap::Authenticator;
use ferromq::{Context, Monitor, MonitorEvents, Security, SocketType};
use ferromq_fuzz::{DEADLINE, LIMIT, context, endure, securities};
use libfuzzer_sys::fuzz_target;

const GOOD: &[u8] = b"a good peer";

struct Listener {
    address: String,
    monitor: Monitor,
    /// Has the good peer's message come through.
    serves: Box<dyn Fn() + Send>,
}

/// A socket that is bound, and one that is a good peer to it.
fn listener(
    context: &Context,
    transport: &str,
    [at_server, at_client]: [&Security; 2],
    kinds: [SocketType; 2],
    limit: Option<u64>,
) -> Listener {
    let [server, client] = kinds.map(|kind| context.socket(kind).unwrap());
    server.set_security(at_server.clone()).unwrap();
    client.set_security(at_client.clone()).unwrap();
    server.set_max_msg_size(limit).unwrap();
    if kinds[0] == SocketType::XPub {
        server.set_xpub_verboser(true).unwrap();
    }
    let monitor = server.monitor_v2(MonitorEvents::all()).unwrap();
    server.bind(format!("{transport}://127.0.0.1:*")).unwrap();
    let endpoint = server.last_endpoint().unwrap();
    client.connect(&endpoint).unwrap();

    let serves = move || {
        // For a publisher: to subscribe, and to do so no more.
        let messages: &[&[u8]] = match kinds[0] {
            SocketType::XPub => &[b"\x01a good peer", b"\x00a good peer"],
            _ => &[GOOD],
        };
        for message in messages {
            client.send_timeout(*message, DEADLINE).unwrap();
            // In front of it there may be what the other peer has said.
            loop {
                let received = server.recv_timeout(DEADLINE).unwrap();
                let frame = received.expect("a good peer is not served");
                let is_last = !server.rcvmore().unwrap();
                if kinds[0] == SocketType::Rep && is_last {
                    server.send_timeout("reply", DEADLINE).unwrap();
                }
                if is_last && frame == **message {
                    break;
                }
            }
            if kinds[0] == SocketType::Rep {
                client.recv_timeout(DEADLINE).unwrap().unwrap();
            }
        }
    };
    serves();
    let address = endpoint.address().split('/').next().unwrap().to_owned();
    Listener {
        address,
        monitor,
        serves: Box::new(serves),
    }
}

static ALL: LazyLock<Mutex<(Vec<Listener>, Authenticator, Context)>> = LazyLock::new(|| {
    let context = context();
    let (by, authenticator) = securities(&context);
    let listener = |transport, by: &[Security; 2], kinds: [SocketType; 2], limit| {
        listener(&context, transport, [&by[0], &by[1]], kinds, limit)
    };
    let (router, publisher) = (
        [SocketType::Router, SocketType::Dealer],
        [SocketType::XPub, SocketType::XSub],
    );
    let all = vec![
        listener("tcp", &by.null, router, Some(LIMIT)),
        listener("tcp", &by.null, router, None),
        listener(
            "tcp",
            &by.null,
            [SocketType::Rep, SocketType::Req],
            Some(LIMIT),
        ),
        listener("tcp", &by.null, publisher, Some(LIMIT)),
        listener(
            "tcp",
            &by.null,
            [SocketType::Pull, SocketType::Push],
            Some(LIMIT),
        ),
        listener(
            "tcp",
            &by.null,
            [SocketType::Server, SocketType::Client],
            Some(LIMIT),
        ),
        listener(
            "tcp",
            &by.null,
            [SocketType::Gather, SocketType::Scatter],
            Some(LIMIT),
        ),
        listener("tcp", &by.checked, router, Some(LIMIT)),
        listener("tcp", &by.plain, router, Some(LIMIT)),
        listener("tcp", &by.plain, publisher, Some(LIMIT)),
        listener("tcp", &by.curve, router, Some(LIMIT)),
        listener("tcp", &by.curve, router, None),
        listener("ws", &by.null, router, Some(LIMIT)),
        listener("ws", &by.null, router, None),
        listener("ws", &by.plain, router, Some(LIMIT)),
        listener("ws", &by.curve, router, Some(LIMIT)),
    ];
    Mutex::new((all, authenticator, context))
});

fuzz_target!(|input: &[u8]| {
    let [which, step, bytes @ ..] = input else {
        return;
    };
    let all = ALL.lock().unwrap();
    let listener = &all.0[usize::from(*which) % all.0.len()];
    endure(TcpStream::connect(&listener.address).unwrap(), bytes, *step);
    (listener.serves)();
    while let Some(event) = listener.monitor.try_recv().unwrap() {
        assert!(!event.to_string().is_empty());
    }
});
