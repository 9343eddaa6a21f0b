//! The draft kinds: what they carry, their addressing, and sharing them between threads.

use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ferromq::{
    Any, CHANNEL, CLIENT, Channel, Client, Context, DGRAM, DISH, Dgram, Dish, ErrorKind, Events,
    GATHER, Gather, IntoKind, Message, PEER, PUSH, Peer, Poller, RADIO, REQ, Radio, Req, SCATTER,
    SERVER, STREAM, Scatter, Server, Socket, SocketType,
};

use crate::support::{
    DEADLINE, ThreadId, context, join, recv, recv_multipart, send, send_multipart, wait_until,
    within_deadline,
};

/// A `udp` endpoint of the loopback interface that nobody had a moment ago; libzmq does not tell
/// which port it got.
fn udp_endpoint() -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    format!("udp://{}", socket.local_addr().unwrap())
}

fn in_group(bytes: &str, group: &str) -> Message {
    Message::from(bytes).with_group(group).unwrap()
}

/// Sends until the DISH gets something, as what is sent before its join has arrived passes by.
fn first_of(radio: &Socket<Radio>, dish: &Socket<Dish>, message: &Message) -> Message {
    let mut received = None;
    wait_until("the join arrives", || {
        send(radio, message);
        received = dish.recv_timeout(Duration::from_millis(1)).unwrap();
        received.is_some()
    });
    received.unwrap()
}

fn kind_of<I: IntoKind>(kind: I) -> SocketType {
    kind.socket_type()
}

#[test]
fn a_server_answers_the_client_that_asked() {
    let context = context();
    let server = context.socket(SERVER).unwrap();
    let clients: Vec<_> = (0..3).map(|_| context.socket(CLIENT).unwrap()).collect();
    server.bind("tcp://127.0.0.1:*").unwrap();
    for (number, client) in clients.iter().enumerate() {
        client.connect(server.last_endpoint().unwrap()).unwrap();
        send(client, &number.to_string());
    }
    let mut questions: Vec<_> = clients.iter().map(|_| recv(&server)).collect();
    questions.reverse();
    for question in questions {
        let id = question.routing_id().expect("nobody to answer");
        let answer = format!("to {}", question.to_str().unwrap());
        send(&server, Message::from(answer).with_routing_id(id).unwrap());
    }
    for (number, client) in clients.iter().enumerate() {
        let answer = recv(client);
        assert_eq!(answer, format!("to {number}"));
        assert_eq!(answer.routing_id(), None);
    }
}

#[test]
fn a_message_keeps_its_routing_id() {
    let context = context();
    let (server, client) = (
        context.socket(SERVER).unwrap(),
        context.socket(CLIENT).unwrap(),
    );
    join(&server, &client);
    for question in [
        "handed over",
        "borrowed",
        "cloned",
        "long ".repeat(1000).as_str(),
    ] {
        send(&client, question);
        let mut message = recv(&server);
        match question {
            "handed over" => send(&server, message),
            "borrowed" => send(&server, &message),
            "cloned" => send(&server, message.clone()),
            _ => {
                let shared = message.share();
                message.make_mut()[0] = b'L';
                send(&server, message);
                drop(shared);
            }
        }
        assert_eq!(recv(&client)[1..], question.as_bytes()[1..]);
    }
}

#[test]
fn a_message_to_nobody_comes_back() {
    let context = context();
    let server = context.socket(SERVER).unwrap();
    let message = Message::from("hello").with_routing_id(4711).unwrap();
    let (error, message) = server.send(message).unwrap_err().into_parts();
    assert_eq!(error.kind(), ErrorKind::HostUnreachable);
    assert!(error.to_string().contains("set_routing_id"), "{error}");
    assert_eq!(message, "hello");
    assert_eq!(message.routing_id(), Some(4711));

    for unaddressed in [server.send("hello"), server.send(&Message::from("hello"))] {
        let error = unaddressed.unwrap_err();
        assert_eq!(error.error().kind(), ErrorKind::HostUnreachable);
    }
    let error = Message::new().set_routing_id(0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn scatter_hands_out_what_gather_takes() {
    let context = context();
    let scatter = context.socket(SCATTER).unwrap();
    let gathers: Vec<_> = (0..2).map(|_| context.socket(GATHER).unwrap()).collect();
    for gather in &gathers {
        gather.bind("tcp://127.0.0.1:*").unwrap();
        scatter.connect(gather.last_endpoint().unwrap()).unwrap();
    }
    for number in 0..10 {
        send(&scatter, &number.to_string());
    }
    for gather in &gathers {
        let mut got: Vec<_> = (0..5).map(|_| recv(gather).to_vec()).collect();
        got.dedup();
        assert_eq!(got.len(), 5);
    }
}

#[test]
fn a_channel_goes_both_ways() {
    let context = context();
    let (a, b) = (
        context.socket(CHANNEL).unwrap(),
        context.socket(CHANNEL).unwrap(),
    );
    join(&a, &b);
    send(&a, "there");
    assert_eq!(recv(&b), "there");
    send(&b, "and back");
    assert_eq!(recv(&a), "and back");
}

#[test]
fn peers_address_each_other() {
    let context = context();
    let hub = context.socket(PEER).unwrap();
    let others: Vec<_> = (0..2).map(|_| context.socket(PEER).unwrap()).collect();
    for (number, other) in others.iter().enumerate() {
        other.bind("tcp://127.0.0.1:*").unwrap();
        let id = hub.connect_peer(other.last_endpoint().unwrap()).unwrap();
        let greeting = Message::from(number.to_string());
        send(&hub, greeting.with_routing_id(id).unwrap());

        let mut message = recv(other);
        assert_eq!(message, number.to_string());
        message.make_mut()[0] += 1;
        send(other, message);
        let answer = recv(&hub);
        assert_eq!(answer, (number + 1).to_string());
        assert_eq!(answer.routing_id(), Some(id));
    }
}

#[test]
fn connect_peer_says_what_stands_in_its_way() {
    let context = context();
    let peer = context.socket(PEER).unwrap();
    peer.set_immediate(true).unwrap();
    let error = peer.connect_peer("tcp://127.0.0.1:5555").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongState);
    assert!(error.to_string().contains("set_immediate"), "{error}");

    let other = context.socket(SocketType::Client).unwrap();
    let error = other.connect_peer("tcp://127.0.0.1:5555").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    let error = peer.connect_peer("inproc://here").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::IncompatibleTransport);
}

#[test]
fn a_dish_gets_what_is_sent_to_its_groups() {
    let context = context();
    let (radio, dish) = (
        context.socket(RADIO).unwrap(),
        context.socket(DISH).unwrap(),
    );
    join(&radio, &dish);
    dish.join("berlin").unwrap();
    dish.join("oslo").unwrap();
    first_of(&radio, &dish, &in_group("0", "oslo"));
    // Joins arrive in their order: both have.
    send(&radio, "to no group");
    send(&radio, in_group("to another group", "rome"));
    send(&radio, in_group("11", "berlin"));
    dish.leave("oslo").unwrap();
    let message = wait_for(&dish, "11");
    assert_eq!(message.group(), Some("berlin"));

    send(&radio, in_group("-3", "oslo"));
    send(&radio, &in_group("12", "berlin"));
    assert_eq!(recv(&dish), "12");
}

/// What [`first_of`] has sent too much of may still come before.
fn wait_for(dish: &Socket<Dish>, bytes: &str) -> Message {
    loop {
        let message = recv(dish);
        if message == *bytes {
            return message;
        }
        assert_eq!(message, "0");
    }
}

#[test]
fn a_bound_dish_sends_its_joins_when_it_is_touched() {
    let context = context();
    let (dish, radio) = (
        context.socket(DISH).unwrap(),
        context.socket(RADIO).unwrap(),
    );
    dish.join("berlin").unwrap();
    join(&dish, &radio);
    let message = first_of(&radio, &dish, &in_group("11", "berlin"));
    assert_eq!(message.group(), Some("berlin"));
}

#[test]
fn a_dish_bound_to_udp_gets_what_is_sent_to_its_groups() {
    let context = context();
    let (dish, radio) = (
        context.socket(DISH).unwrap(),
        context.socket(RADIO).unwrap(),
    );
    let endpoint = udp_endpoint();
    dish.join("berlin").unwrap();
    dish.bind(&endpoint).unwrap();
    assert_eq!(dish.last_endpoint().unwrap().as_str(), endpoint);
    radio.connect(&endpoint).unwrap();
    let longest = "x".repeat(8192 - 1 - "berlin".len());
    let message = first_of(&radio, &dish, &in_group(&longest, "berlin"));
    assert_eq!(message, longest);
    assert_eq!(message.group(), Some("berlin"));
}

#[test]
fn over_udp_a_radio_refuses_what_would_not_fit() {
    let context = context();
    let too_long = |len, group| in_group(&"x".repeat(len), group);
    for radio in [
        context.socket(SocketType::Radio).unwrap(),
        context.socket(SocketType::Radio).unwrap(),
    ] {
        radio.connect(udp_endpoint()).unwrap();
        for message in [too_long(8192, ""), too_long(8186, "berlin")] {
            let len = message.len();
            assert!(radio.send(&message).is_err());
            assert!(radio.send_multipart(message.clone()).is_err());
            assert!(radio.try_send(vec![0; 8192]).is_err());
            let (error, message) = radio.send(message).unwrap_err().into_parts();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().contains("8192"), "{error}");
            assert_eq!(message.len(), len);
        }
        send(&radio, too_long(8191, ""));
        send(&radio, too_long(8185, "berlin"));
    }
}

#[test]
fn a_radio_that_sends_longer_messages_stays_off_udp() {
    let context = context();
    let (radio, dish) = (
        context.socket(RADIO).unwrap(),
        context.socket(DISH).unwrap(),
    );
    join(&radio, &dish);
    dish.join("berlin").unwrap();
    let long = "x".repeat(100_000);
    assert_eq!(first_of(&radio, &dish, &in_group(&long, "berlin")), long);
    let error = radio.connect(udp_endpoint()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongState);
}

#[test]
fn datagrams_go_there_and_back() {
    let context = context();
    let (a, b) = (
        context.socket(DGRAM).unwrap(),
        context.socket(DGRAM).unwrap(),
    );
    let (at_a, at_b) = (udp_endpoint(), udp_endpoint());
    a.bind(&at_a).unwrap();
    b.bind(&at_b).unwrap();
    let address = |endpoint: &str| endpoint.strip_prefix("udp://").unwrap().to_owned();
    let longest = "x".repeat(8192);
    let mut received = None;
    // Nothing tells when the port is there, and what comes before is lost.
    wait_until("the datagram arrives", || {
        send_multipart(&a, [address(&at_b), longest.clone()]);
        received = b.recv_multipart_timeout(Duration::from_millis(1)).unwrap();
        received.is_some()
    });
    let mut received = received.unwrap();
    assert_eq!(received[0], format!("{}\0", address(&at_a)));
    assert_eq!(received[1], longest);

    received[1] = "answer".into();
    send_multipart(&b, received);
    let answer = recv_multipart(&a);
    assert_eq!(answer[0], format!("{}\0", address(&at_b)));
    assert_eq!(answer[1], "answer");
}

#[test]
fn a_datagram_that_cannot_be_sent_comes_back() {
    let context = context();
    for dgram in [
        context.socket(SocketType::Dgram).unwrap(),
        context.socket(SocketType::Dgram).unwrap(),
    ] {
        let there = udp_endpoint().strip_prefix("udp://").unwrap().to_owned();
        let unbound = dgram.send_multipart([&there, "hello"]).unwrap_err();
        assert_eq!(unbound.error().kind(), ErrorKind::WrongState);
        assert_eq!(unbound.into_unsent()[1], "hello");

        dgram.bind(udp_endpoint()).unwrap();
        let long = "x".repeat(8193);
        for frames in [
            vec![there.as_str(), &long],
            vec![&there],
            vec![&there, "two", "frames"],
            vec!["", "hello"],
            vec!["127.0.0.1", "hello"],
            vec!["127.0.0.1:0", "hello"],
            vec!["255.255.255.255:5555", "hello"],
            vec!["localhost:5555", "hello"],
            vec!["[::1]:5555", "hello"],
        ] {
            let error = dgram.send_multipart(frames.clone()).unwrap_err();
            assert_eq!(error.error().kind(), ErrorKind::InvalidInput, "{frames:?}");
            assert_eq!(error.into_unsent().len(), frames.len());
        }
        let error = dgram.send("no address").unwrap_err();
        assert_eq!(error.error().kind(), ErrorKind::InvalidInput);
        send_multipart(&dgram, [&there, "hello"]);
    }
}

#[test]
fn a_dgram_without_its_port_says_so() {
    let other = UdpSocket::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().to_string();
    let context = context();
    let dgram = context.socket(DGRAM).unwrap();
    // libzmq finds out later, on another thread.
    dgram.bind(format!("udp://{taken}")).unwrap();
    wait_until("libzmq finds out", || {
        match dgram.send_multipart([&taken, "hello"]) {
            Ok(()) => false,
            Err(error) => {
                assert_eq!(error.error().kind(), ErrorKind::WrongState);
                assert!(error.to_string().contains("could not get the port"));
                assert_eq!(error.into_unsent()[1], "hello");
                true
            }
        }
    });
}

#[test]
fn a_dgram_waits_for_its_time() {
    let context = context();
    let dgram = context.socket(DGRAM).unwrap();
    dgram.set_rcvtimeo(Duration::from_millis(50)).unwrap();
    dgram.bind(udp_endpoint()).unwrap();
    let started = Instant::now();
    assert_eq!(dgram.recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    let time = Duration::from_millis(50);
    assert_eq!(dgram.recv_multipart_timeout(time).unwrap(), None);
    assert!(started.elapsed() >= time * 2);
    assert_eq!(dgram.rcvtimeo().unwrap(), Some(time));
}

#[test]
fn a_dgram_is_not_for_ipv6() {
    let context = Context::builder().ipv6(true).build().unwrap();
    let dgram = context.socket(DGRAM).unwrap();
    let error = dgram.bind(udp_endpoint()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::IncompatibleTransport);
    dgram.set_ipv6(false).unwrap();
    dgram.bind(udp_endpoint()).unwrap();
}

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
        assert_eq!(sum, (0..THREADS * EACH).sum());
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
    let waiting = thread::spawn({
        let gather = Arc::clone(&gather);
        move || recv(&gather)
    });
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
    let (ids, all) = std::sync::mpsc::channel();
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
fn no_thread_gets_in_between_a_limit_and_a_connection() {
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
            let socket = context().socket(kind_of($kind)).unwrap();
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
    let pull = context.socket(ferromq::PULL).unwrap();
    let push = context.socket(PUSH).unwrap();
    join(&gather, &scatter);
    join(&pull, &push);
    let mut poller = Poller::new();
    poller.add(&gather, Events::RECV, "gather").unwrap();
    poller.add(&pull, Events::RECV, "pull").unwrap();
    assert_eq!(poller.wait(Duration::ZERO).unwrap().count(), 0);
    for (name, sent) in [("gather", scatter.send("x")), ("pull", push.send("y"))] {
        sent.unwrap();
        let found = poller.wait(DEADLINE).unwrap();
        let keys: Vec<_> = found.map(|event| *event.key).collect();
        assert_eq!(keys, [name]);
        match name {
            "gather" => assert_eq!(recv(&gather), "x"),
            _ => assert_eq!(recv(&pull), "y"),
        }
    }
}

#[test]
fn transports_that_do_not_fit_are_refused_with_the_reason() {
    const TCP: &str = "tcp://127.0.0.1:0";
    const INPROC: &str = "inproc://here";
    const UDP: &str = "udp://127.0.0.1:5555";
    const IPC: &str = "ipc://*";
    let context = context();
    let refused = |kind: SocketType, operation: &str, endpoint: &str| {
        let socket = context.socket(kind).unwrap();
        let result = match operation {
            "bind" => socket.bind(endpoint),
            _ => socket.connect(endpoint),
        };
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::IncompatibleTransport, "{error}");
        assert!(
            error
                .to_string()
                .starts_with(&format!("{operation} {endpoint}: ")),
            "{error}"
        );
        error.to_string()
    };
    for kind in SocketType::ALL.iter().copied() {
        let shared = !matches!(kind, SocketType::Dgram) && kind_is_draft(kind);
        for operation in ["bind", "connect"] {
            if shared {
                assert!(refused(kind, operation, INPROC).contains("block each other for ever"));
            }
            if !matches!(
                kind,
                SocketType::Radio | SocketType::Dish | SocketType::Dgram
            ) {
                let reason = match kind {
                    SocketType::Stream => "a STREAM talks plain TCP",
                    _ => "udp is for the kinds RADIO, DISH and DGRAM",
                };
                assert!(refused(kind, operation, UDP).contains(reason));
            }
        }
    }
    for operation in ["bind", "connect"] {
        for endpoint in [TCP, INPROC, IPC] {
            let reason = refused(kind_of(DGRAM), operation, endpoint);
            assert!(reason.contains("a DGRAM sends datagrams"), "{reason}");
        }
        for endpoint in [INPROC, IPC] {
            let reason = refused(kind_of(STREAM), operation, endpoint);
            assert!(reason.contains("a STREAM talks plain TCP"), "{reason}");
        }
    }
    assert!(refused(kind_of(DGRAM), "connect", UDP).contains("a DGRAM binds only"));
    for (kind, operation) in [(kind_of(RADIO), "bind"), (kind_of(DISH), "connect")] {
        let reason = refused(kind, operation, UDP);
        assert!(
            reason.contains("a RADIO connects and a DISH binds"),
            "{reason}"
        );
    }

    for kind in SocketType::ALL
        .iter()
        .copied()
        .filter(|kind| *kind != SocketType::Dgram)
    {
        context.socket(kind).unwrap().bind(TCP).unwrap();
        if kind != SocketType::Stream {
            context.socket(kind).unwrap().bind(IPC).unwrap();
        }
    }
}

fn kind_is_draft(kind: SocketType) -> bool {
    use SocketType::*;
    !matches!(
        kind,
        Pair | Pub | Sub | Req | Rep | Dealer | Router | Pull | Push | XPub | XSub | Stream
    )
}

#[test]
fn groups_are_named_in_messages() {
    let longest = "fourteen bytes";
    assert_eq!(longest.len(), Message::GROUP_MAX);
    let mut message = Message::from("x".repeat(1000));
    for group in ["a", longest, "", "b"] {
        message.set_group(group).unwrap();
        assert_eq!(
            message.group(),
            Some(group).filter(|group| !group.is_empty())
        );
    }
    for (group, reason) in [
        ("fifteen bytes..", "14 bytes"),
        ("a\0b", "NUL character at byte 1"),
    ] {
        let error = message.set_group(group).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(message.group(), Some("b"));
        let dish = context().socket(DISH).unwrap();
        assert!(dish.join(group).unwrap_err().to_string().contains(reason));
        assert!(dish.leave(group).unwrap_err().to_string().contains(reason));
    }
    assert_eq!(message.clone().group(), Some("b"));
    assert_eq!(message.share().group(), Some("b"));
}

/// libzmq 4.3.5 writes a short name over the pointer to a long one, and frees a long one once per
/// peer.
#[test]
fn a_long_group_that_other_code_joined_does_no_harm() {
    let group = c"a group of more than fourteen bytes";
    let context = context();
    let (radio, dish) = (
        context.socket(RADIO).unwrap(),
        context.socket(DISH).unwrap(),
    );
    join(&radio, &dish);
    // SAFETY: both are open; the group is NUL-terminated.
    assert_eq!(
        unsafe { ferromq_sys::zmq_join(dish.as_ptr(), group.as_ptr()) },
        0
    );
    let mut sent = Message::from("x".repeat(100));
    let mut received = None;
    wait_until("the join arrives", || {
        sent = Message::from("x".repeat(100));
        // SAFETY: `Message` is a `zmq_msg_t`, and the socket is open.
        unsafe {
            let raw = (&raw mut sent).cast::<ferromq_sys::zmq_msg_t>();
            ferromq_sys::zmq_msg_set_group(raw, group.as_ptr());
            assert!(ferromq_sys::zmq_msg_send(raw, radio.as_ptr(), 0) >= 0);
        }
        received = dish.recv_timeout(Duration::from_millis(1)).unwrap();
        received.is_some()
    });
    let message = received.unwrap();
    assert_eq!(message.group(), group.to_str().ok());
    assert_eq!(message.clone().group(), None);
    let (error, mut message) = radio.send(message).unwrap_err().into_parts();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    message.set_group("short").unwrap();
    assert_eq!(message.group(), Some("short"));
    assert_eq!(message, "x".repeat(100));
}

#[test]
fn a_group_is_joined_once() {
    let context = context();
    let dish = context.socket(DISH).unwrap();
    dish.join("berlin").unwrap();
    let error = dish.join("berlin").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("joined already"), "{error}");
    dish.leave("berlin").unwrap();
    let error = dish.leave("berlin").unwrap_err();
    assert!(error.to_string().contains("was not joined"), "{error}");
    let other = context.socket(SocketType::Radio).unwrap();
    assert_eq!(
        other.join("berlin").unwrap_err().kind(),
        ErrorKind::NotSupported
    );
}

#[test]
fn single_frames_only() {
    let context = context();
    for kind in [
        CHANNEL.socket_type(),
        CLIENT.socket_type(),
        RADIO.socket_type(),
    ] {
        let socket = context.socket(kind).unwrap();
        socket.bind("tcp://127.0.0.1:*").unwrap();
        let error = socket.send_multipart(["two", "frames"]).unwrap_err();
        assert_eq!(error.error().kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("single frames"), "{error}");
        assert_eq!(error.into_unsent().len(), 2);
    }
    // The stable ones may.
    let (req, rep) = (
        context.socket(REQ).unwrap(),
        context.socket(ferromq::REP).unwrap(),
    );
    join(&rep, &req);
    send_multipart(&req, ["two", "frames"]);
    assert_eq!(recv_multipart(&rep).len(), 2);
}

#[test]
fn a_dish_does_not_linger() {
    let context = Context::new().unwrap();
    let dish = context.socket(DISH).unwrap();
    assert_eq!(dish.linger().unwrap(), Some(Duration::ZERO));
    let radio = context.socket(RADIO).unwrap();
    assert_eq!(radio.linger().unwrap(), Some(Duration::from_secs(30)));
}
