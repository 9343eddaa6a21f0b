//! Bytes at a socket that has connected: what a hostile server sends. Each session ends, and harms
//! nobody.
//!
//! The first byte of the input chooses the socket, the second how many bytes are sent at a time.

#![no_main]

use std::net::TcpListener;
use std::sync::{LazyLock, Mutex};

use ferromq::zap::Authenticator;
use ferromq::{Context, MonitorEvents, Security, SocketType};
use ferromq_fuzz::{LIMIT, Securities, context, endure, securities};
use libfuzzer_sys::fuzz_target;

struct Server {
    context: Context,
    by: Securities,
    listener: TcpListener,
    _authenticator: Authenticator,
}

static SERVER: LazyLock<Mutex<Server>> = LazyLock::new(|| {
    let context = context();
    let (by, authenticator) = securities(&context);
    Mutex::new(Server {
        context,
        by,
        listener: TcpListener::bind("127.0.0.1:0").unwrap(),
        _authenticator: authenticator,
    })
});

/// Transport, security and kind of a socket.
fn client(by: &Securities, which: u8) -> (&'static str, &Security, SocketType) {
    match which % 10 {
        0 => ("tcp", &by.null[1], SocketType::Dealer),
        1 => ("tcp", &by.null[1], SocketType::Req),
        2 => ("tcp", &by.null[1], SocketType::Sub),
        3 => ("tcp", &by.null[1], SocketType::Dish),
        4 => ("tcp", &by.plain[1], SocketType::Dealer),
        5 => ("tcp", &by.curve[1], SocketType::Dealer),
        6 => ("ws", &by.null[1], SocketType::XSub),
        7 => ("ws", &by.plain[1], SocketType::Client),
        8 => ("ws", &by.curve[1], SocketType::Dealer),
        _ => ("ws", &by.null[1], SocketType::Router),
    }
}

fuzz_target!(|input: &[u8]| {
    let [which, step, bytes @ ..] = input else {
        return;
    };
    let server = SERVER.lock().unwrap();
    let (transport, security, kind) = client(&server.by, *which);
    let socket = server.context.socket(kind).unwrap();
    socket.set_security(security.clone()).unwrap();
    if which & 0x80 == 0 {
        socket.set_max_msg_size(LIMIT).unwrap();
    }
    match kind {
        SocketType::Sub => socket.subscribe("").unwrap(),
        SocketType::Dish => socket.join("group").unwrap(),
        _ => {}
    }
    let monitor = socket.monitor_v2(MonitorEvents::all()).unwrap();
    let address = server.listener.local_addr().unwrap();
    socket.connect(format!("{transport}://{address}")).unwrap();
    if kind == SocketType::Req {
        socket.send("request").unwrap();
    }
    let (peer, _) = server.listener.accept().unwrap();
    endure(peer, bytes, *step);
    // It may have connected again, which is not to be taken for the next one's connection.
    socket.disconnect(format!("{transport}://{address}")).ok();
    while let Ok(Some(_)) = socket.try_recv() {}
    while let Some(event) = monitor.try_recv().unwrap() {
        assert!(!event.to_string().is_empty());
    }
});
