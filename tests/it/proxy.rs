//! Proxies between two sockets.

mod control;

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ferromq::{
    Context, DEALER, ErrorKind, Kind, Message, PAIR, PULL, PUSH, Proxy, ProxyController,
    ProxyHandle, Pull, Push, REP, REQ, ROUTER, SUB, Socket, SocketType, XPUB, XSUB, proxy,
};

use crate::support::{
    DEADLINE, ThreadId, context, recv, recv_multipart, send, send_multipart, wait_until,
    within_deadline,
};

/// A PULL and a PUSH for a proxy, and who pushes into it and pulls from it.
struct Pipeline {
    context: Context,
    frontend: Socket<Pull>,
    backend: Socket<Push>,
    source: Socket<Push>,
    sink: Socket<Pull>,
}

impl Pipeline {
    fn new() -> Self {
        Self::with_backend_hwm(1000)
    }

    /// The way from the proxy to the sink takes twice as many messages.
    fn with_backend_hwm(hwm: u32) -> Self {
        let context = context();
        let (frontend, backend) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
        let (source, sink) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
        backend.set_send_hwm(hwm).unwrap();
        sink.set_recv_hwm(hwm).unwrap();
        frontend.bind("inproc://frontend").unwrap();
        backend.bind("inproc://backend").unwrap();
        source.connect("inproc://frontend").unwrap();
        sink.connect("inproc://backend").unwrap();
        Self {
            context,
            frontend,
            backend,
            source,
            sink,
        }
    }

    fn spawn(self) -> (Running, Context) {
        let proxy = Proxy::new(self.frontend, self.backend).spawn().unwrap();
        let running = Running {
            proxy,
            source: self.source,
            sink: self.sink,
        };
        (running, self.context)
    }

    /// Running, with five messages from the source: two on their way to the sink, which takes no
    /// more, one in the proxy, and two that wait in the frontend.
    fn spawn_stuck() -> (Running, Context) {
        let (running, context) = Self::with_backend_hwm(1).spawn();
        let controller = running.proxy.controller();
        controller.pause().unwrap();
        send_five(&running.source);
        controller.resume().unwrap();
        wait_until_passed(controller, 3, 2);
        (running, context)
    }
}

fn send_five(source: &Socket<Push>) {
    for number in 0..5_u8 {
        send_multipart(source, five(number));
    }
}

/// The message of this number.
fn five(number: u8) -> [[u8; 1]; 2] {
    [[number], [100 + number]]
}

struct Running {
    proxy: ProxyHandle<Socket<Pull>, Socket<Push>>,
    source: Socket<Push>,
    sink: Socket<Pull>,
}

fn bound<K: Kind>(socket: Socket<K>) -> Socket<K> {
    socket.bind("tcp://127.0.0.1:*").unwrap();
    socket
}

#[track_caller]
fn wait_until_passed(controller: &ProxyController, received: u64, sent: u64) {
    wait_until(&format!("{received} received, {sent} sent"), || {
        let statistics = controller.statistics().unwrap();
        let (frontend, backend) = (statistics.frontend, statistics.backend);
        assert!(frontend.received.messages <= received && backend.sent.messages <= sent);
        frontend.received.messages == received && backend.sent.messages == sent
    });
}

#[test]
fn requests_reach_the_workers_and_replies_the_clients() {
    let context = context();
    let frontend = bound(context.socket(ROUTER).unwrap());
    let backend = bound(context.socket(DEALER).unwrap());
    let clients = frontend.last_endpoint().unwrap();
    let workers = backend.last_endpoint().unwrap();
    let broker = thread::spawn(move || proxy(&frontend, &backend));

    let workers: Vec<_> = (0..2)
        .map(|_| {
            let worker = context.socket(REP).unwrap();
            worker.connect(&workers).unwrap();
            thread::spawn(move || {
                let mut done = 0;
                while let Ok(request) = worker.recv_multipart() {
                    done += 1;
                    assert!(worker.send_multipart(request).is_ok());
                }
                done
            })
        })
        .collect();
    let clients: Vec<_> = (0..3)
        .map(|number| {
            let client = context.socket(REQ).unwrap();
            client.connect(&clients).unwrap();
            thread::spawn(move || {
                for turn in 0..200 {
                    let request = [format!("client {number}"), format!("turn {turn}")];
                    send_multipart(&client, request.clone());
                    assert_eq!(recv_multipart(&client)[..], request);
                }
            })
        })
        .collect();
    for client in clients {
        client.join().unwrap();
    }
    context.shutdown().unwrap();
    within_deadline(|| broker.join().unwrap()).unwrap();
    let done: Vec<u32> = workers
        .into_iter()
        .map(|worker| worker.join().unwrap())
        .collect();
    assert_eq!(done.iter().sum::<u32>(), 600);
    assert!(done.iter().all(|&done| done > 0), "{done:?}");
}

#[test]
fn news_pass_one_way_and_subscriptions_the_other() {
    let context = context();
    let frontend = bound(context.socket(XSUB).unwrap());
    let backend = bound(context.socket(XPUB).unwrap());
    let publisher = context.socket(XPUB).unwrap();
    publisher
        .connect(frontend.last_endpoint().unwrap())
        .unwrap();
    let sub = context.socket(SUB).unwrap();
    sub.connect(backend.last_endpoint().unwrap()).unwrap();
    let proxy = Proxy::new(frontend, backend).spawn().unwrap();

    sub.subscribe("berlin").unwrap();
    assert_eq!(recv(&publisher), "\x01berlin");
    for number in 0..100 {
        send(&publisher, format!("oslo {number}"));
        send_multipart(&publisher, [format!("berlin {number}"), "clear".into()]);
    }
    for number in 0..100 {
        assert_eq!(
            recv_multipart(&sub)[..],
            [format!("berlin {number}"), "clear".into()]
        );
    }
    sub.unsubscribe("berlin").unwrap();
    assert_eq!(recv(&publisher), "\0berlin");
    let statistics = proxy.controller().statistics().unwrap();
    assert_eq!(statistics.backend.received.messages, 2);
    assert_eq!(statistics.frontend.sent.bytes, 14);
    assert_eq!(statistics.frontend.received.messages, 100);
}

#[test]
fn work_passes_whole_and_in_order() {
    let (running, _context) = Pipeline::new().spawn();
    let source = running.source;
    let sender = thread::spawn(move || {
        for number in 0..5000_u32 {
            let body = vec![number as u8; number as usize % 3000];
            send_multipart(&source, [number.to_le_bytes().to_vec(), Vec::new(), body]);
        }
    });
    for number in 0..5000_u32 {
        let message = recv_multipart(&running.sink);
        assert_eq!(message.len(), 3);
        assert_eq!(message[0], number.to_le_bytes());
        assert_eq!(message[2], vec![number as u8; number as usize % 3000]);
    }
    sender.join().unwrap();
    let statistics = running.proxy.controller().statistics().unwrap();
    let bytes: u64 = (0..5000).map(|number| 4 + number % 3000).sum();
    for traffic in [statistics.frontend.received, statistics.backend.sent] {
        assert_eq!((traffic.messages, traffic.bytes), (5000, bytes));
    }
    for traffic in [statistics.frontend.sent, statistics.backend.received] {
        assert_eq!((traffic.messages, traffic.bytes), (0, 0));
    }
}

#[test]
fn a_socket_may_be_both_sides() {
    let context = context();
    let (echo, caller) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
    echo.bind("inproc://echo").unwrap();
    caller.connect("inproc://echo").unwrap();
    let thread = thread::spawn(move || proxy(&echo, &echo));
    for word in ["a", "b", "c"] {
        send(&caller, word);
        assert_eq!(recv(&caller), word);
    }
    context.shutdown().unwrap();
    within_deadline(|| thread.join().unwrap()).unwrap();
}

#[test]
fn kinds_without_a_way_between_them_are_refused() {
    let context = context();
    let socket = |kind: SocketType| context.socket(kind).unwrap();
    for (frontend, backend) in [
        (SocketType::Pull, SocketType::Pull),
        (SocketType::Push, SocketType::Push),
        (SocketType::Sub, SocketType::Pull),
        (SocketType::Pub, SocketType::Push),
    ] {
        let text = format!("a {frontend} and a {backend} have no messages for each other");
        let error = proxy(&socket(frontend), &socket(backend)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(&text), "{error}");
        let proxy = Proxy::new(socket(frontend), socket(backend));
        assert_eq!(proxy.spawn().unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    let (pull, push) = (socket(SocketType::Pull), socket(SocketType::Push));
    let mut proxy = Proxy::new(pull, push).capture(socket(SocketType::Sub));
    let error = proxy.run().unwrap_err();
    assert!(
        error.to_string().contains("a SUB socket cannot send"),
        "{error}"
    );
}

#[test]
fn no_message_is_taken_that_nobody_can_have() {
    let pipeline = Pipeline::new();
    drop(pipeline.sink);
    let proxy = Proxy::new(pipeline.frontend, pipeline.backend)
        .spawn()
        .unwrap();
    for number in 0..10_u8 {
        send(&pipeline.source, &[number]);
    }
    let controller = proxy.controller();
    // To answer it has woken up, and seen the messages as well.
    let statistics = controller.statistics().unwrap();
    assert_eq!(statistics.frontend.received.messages, 0);
    controller.terminate().unwrap();
    let parts = proxy.join().unwrap().unwrap();
    assert!(parts.unsent_to_backend.is_none());
    for number in 0..10_u8 {
        assert_eq!(recv(&parts.frontend), [number]);
    }
}

#[test]
fn every_message_is_captured() {
    let context = context();
    let frontend = bound(context.socket(ROUTER).unwrap());
    let backend = bound(context.socket(DEALER).unwrap());
    let (client, worker) = (
        context.socket(DEALER).unwrap(),
        context.socket(REP).unwrap(),
    );
    client.set_routing_id("client").unwrap();
    client.connect(frontend.last_endpoint().unwrap()).unwrap();
    worker.connect(backend.last_endpoint().unwrap()).unwrap();
    let (capture, log) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    log.bind("inproc://log").unwrap();
    capture.connect("inproc://log").unwrap();
    let proxy = Proxy::new(&frontend, &backend).labelled_capture(&capture);
    drop(proxy);
    let proxy = Proxy::new(frontend, backend)
        .labelled_capture(capture)
        .spawn()
        .unwrap();

    let large = vec![7; 100_000];
    send_multipart(&client, [&b""[..], b"question", &large]);
    assert_eq!(recv_multipart(&worker)[1], large);
    send(&worker, "answer");
    assert_eq!(recv_multipart(&client)[1], "answer");
    assert_eq!(
        recv_multipart(&log)[..],
        [&b"in"[..], b"client", b"", b"question", &large]
    );
    assert_eq!(
        recv_multipart(&log)[..],
        [&b"out"[..], b"client", b"", b"answer"]
    );

    let statistics = proxy.controller().statistics().unwrap();
    assert_eq!(statistics.frontend.received.bytes, 100_014);
    assert_eq!(statistics.frontend.sent.bytes, 12);
    assert_eq!(statistics.backend.received, statistics.frontend.sent);
    assert_eq!(statistics.backend.sent, statistics.frontend.received);
}

#[test]
fn a_capture_socket_that_is_full_holds_the_proxy_up() {
    let pipeline = Pipeline::new();
    let capture = pipeline.context.socket(PUSH).unwrap();
    capture.bind("inproc://log").unwrap();
    let proxy = Proxy::new(pipeline.frontend, pipeline.backend)
        .capture(capture)
        .spawn()
        .unwrap();
    for number in 0..10_u8 {
        send(&pipeline.source, &[number]);
    }
    assert_eq!(recv(&pipeline.sink), [0]);
    wait_until_passed(proxy.controller(), 1, 1);
    assert_eq!(pipeline.sink.try_recv().unwrap(), None);
    let log = pipeline.context.socket(PULL).unwrap();
    log.connect("inproc://log").unwrap();
    for number in 0..10_u8 {
        assert_eq!(recv(&log), [number]);
    }
    for number in 1..10_u8 {
        assert_eq!(recv(&pipeline.sink), [number]);
    }
}

/// An XPUB that must not drop always claims to be ready, and refuses when a subscriber is full.
#[test]
fn it_rests_while_a_socket_only_claims_to_be_ready() {
    const ZMQ_XPUB_NODROP: i32 = 69;
    let context = context();
    let (frontend, backend) = (context.socket(XSUB).unwrap(), context.socket(XPUB).unwrap());
    // SAFETY: a flag, which libzmq 4.3 takes as an `int`.
    unsafe { backend.set_raw_option(ZMQ_XPUB_NODROP, &1_i32.to_ne_bytes()) }.unwrap();
    let (publisher, sub) = (context.socket(XPUB).unwrap(), context.socket(SUB).unwrap());
    backend.set_send_hwm(1).unwrap();
    sub.set_recv_hwm(1).unwrap();
    frontend.bind("inproc://frontend").unwrap();
    backend.bind("inproc://backend").unwrap();
    publisher.connect("inproc://frontend").unwrap();
    sub.connect("inproc://backend").unwrap();
    let mut proxy = Proxy::new(frontend, backend);
    let controller = proxy.controller().unwrap();
    let (started, id) = mpsc::channel();
    let thread = thread::spawn(move || {
        started.send(ThreadId::current()).unwrap();
        proxy.run()
    });
    let id = id.recv_timeout(DEADLINE).unwrap();
    sub.subscribe("").unwrap();
    assert_eq!(recv(&publisher), "\x01");
    for number in 0..10_u8 {
        send(&publisher, &[number]);
    }
    wait_until_passed(&controller, 3, 2);
    id.wait_until_asleep();
    for number in 0..10_u8 {
        assert_eq!(recv(&sub), [number]);
    }
    controller.terminate().unwrap();
    within_deadline(|| thread.join().unwrap()).unwrap();
}

#[test]
fn a_router_that_reports_lost_peers_ends_it_with_the_message() {
    const ZMQ_ROUTER_MANDATORY: i32 = 33;
    let context = context();
    let (frontend, backend) = (
        context.socket(ROUTER).unwrap(),
        context.socket(PAIR).unwrap(),
    );
    // SAFETY: a flag, which libzmq takes as an `int`.
    unsafe { frontend.set_raw_option(ZMQ_ROUTER_MANDATORY, &1_i32.to_ne_bytes()) }.unwrap();
    let caller = context.socket(PAIR).unwrap();
    backend.bind("inproc://backend").unwrap();
    caller.connect("inproc://backend").unwrap();
    let somebody = context.socket(DEALER).unwrap();
    frontend.bind("inproc://frontend").unwrap();
    somebody.connect("inproc://frontend").unwrap();
    send_multipart(&caller, ["nobody", "hello"]);
    let mut proxy = Proxy::new(frontend, backend);
    let (error, proxy) = within_deadline(move || (proxy.run().unwrap_err(), proxy));
    assert_eq!(error.kind(), ErrorKind::HostUnreachable);
    let unsent = proxy.into_parts().unsent_to_frontend.unwrap();
    assert_eq!(unsent[..], ["nobody", "hello"]);
}

#[test]
fn large_messages_are_handed_on_without_a_copy() {
    let (running, _context) = Pipeline::new().spawn();
    let message = Message::from(vec![7; 1_000_000]);
    let address = message.as_ptr();
    send(&running.source, message);
    assert_eq!(recv(&running.sink).as_ptr(), address);
    assert_eq!(running.sink.recv_timeout(Duration::ZERO).unwrap(), None);
}

#[cfg(feature = "draft")]
#[test]
fn thread_safe_kinds_are_forwarded_and_paused() {
    use crate::support::join;
    use ferromq::{GATHER, SCATTER};

    let context = context();
    let (frontend, backend) = (
        context.socket(GATHER).unwrap(),
        context.socket(SCATTER).unwrap(),
    );
    let (source, sink) = (
        context.socket(SCATTER).unwrap(),
        context.socket(GATHER).unwrap(),
    );
    join(&frontend, &source);
    join(&backend, &sink);
    let proxy = Proxy::new(frontend, backend).spawn().unwrap();
    send(&source, "1");
    assert_eq!(recv(&sink), "1");
    proxy.controller().pause().unwrap();
    send(&source, "2");
    let statistics = proxy.controller().statistics().unwrap();
    assert_eq!(statistics.frontend.received.messages, 1);
    proxy.controller().resume().unwrap();
    assert_eq!(recv(&sink), "2");
    proxy.controller().pause().unwrap();
    context.shutdown().unwrap();
    assert!(within_deadline(|| proxy.join()).unwrap().is_none());
}
