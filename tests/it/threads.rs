//! What may move between threads, what may be shared, and that it works.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::mpsc;
use std::thread;

use ferromq::*;

use crate::support::{DEADLINE, context, join, join_inproc, recv, send, within_deadline};

/// Answers at compile time whether a type is `Send` or `Sync`: the constants of the type itself,
/// which exist only if it is, come before those of the trait.
struct Is<T>(PhantomData<T>);

trait IsNot {
    const SEND: bool = false;
    const SYNC: bool = false;
}

impl<T> IsNot for Is<T> {}

impl<T: Send> Is<T> {
    const SEND: bool = true;
}

impl<T: Sync> Is<T> {
    const SYNC: bool = true;
}

macro_rules! table {
    ($table:ident: $($type:ty: $send:literal $sync:literal;)*) => {
        $(const _: () = {
            assert!(Is::<$type>::SEND == $send, concat!(stringify!($type), ": Send"));
            assert!(Is::<$type>::SYNC == $sync, concat!(stringify!($type), ": Sync"));
        };)*
        const $table: &[&str] = &[$(stringify!($type)),*];
    };
}

table! { TYPES:
    //                        Send  Sync
    Context:                  true  true;
    ContextBuilder:           true  true;
    SchedPolicy:              true  true;
    Socket:                   true  false;
    Socket<Any>:              true  false;
    Socket<Pair>:             true  false;
    Socket<Pub>:              true  false;
    Socket<Sub>:              true  false;
    Socket<Req>:              true  false;
    Socket<Rep>:              true  false;
    Socket<Dealer>:           true  false;
    Socket<Router>:           true  false;
    Socket<Pull>:             true  false;
    Socket<Push>:             true  false;
    Socket<XPub>:             true  false;
    Socket<XSub>:             true  false;
    Socket<Stream>:           true  false;
    &'static Socket<Push>:    false false;
    SocketRef<'static>:       true  false;
    Poller<'static, u8>:      false false;
    Event<'static, u8>:       true  true;
    Ready<'static, u8>:       false false;
    Registration:             true  true;
    Events:                   true  true;
    Monitor:                  true  false;
    MonitorEvent:             true  true;
    MonitorEventKind:         true  true;
    MonitorEvents:            true  true;
    AuthStatus:               true  true;
    ProtocolError:            true  true;
    Proxy<Socket, Socket>:    true  false;
    Proxy<&'static Socket, Socket>: false false;
    ProxyController:          true  true;
    ProxyHandle<Socket, Socket>: true  true;
    ProxyParts<Socket, Socket>: true  false;
    ProxyStatistics:          true  true;
    SideStatistics:           true  true;
    Traffic:                  true  true;
    Message:                  true  true;
    Multipart:                true  true;
    PeerAddress:              true  true;
    Received:                 true  true;
    SendError:                true  true;
    SendError<Multipart>:     true  true;
    SendError<()>:            true  true;
    SendAllError<Message, std::vec::IntoIter<Message>>: true true;
    TrySendError:             true  true;
    TrySendError<Multipart>:  true  true;
    Endpoint:                 true  true;
    Transport:                true  true;
    Error:                    true  true;
    ErrorKind:                true  true;
    TerminateError:           true  true;
    PendingSocket:            true  true;
    SocketType:               true  true;
    OptionInfo:               true  true;
    Acts:                     true  true;
    GssapiNameType:           true  true;
    Mechanism:                true  true;
    ReconnectStop:            true  true;
    Capability:               true  true;
    Linkage:                  true  true;
    Version:                  true  true;
    curve::PublicKey:         true  true;
    curve::SecretKey:         true  true;
    curve::Keypair:           true  true;
    curve::Certificate:       true  true;
    Security:                 true  true;
    AuthPolicy:               true  true;
    Password:                 true  true;
    zap::Authenticator:       true  true;
    zap::Rules:               true  true;
    zap::Domain:              true  true;
    zap::Request<'static>:    true  true;
    zap::Verdict:             true  true;
    // The table can say no.
    std::rc::Rc<()>:          false false;
    std::cell::Cell<()>:      true  false;
}

#[cfg(feature = "draft")]
table! { DRAFT_TYPES:
    //                        Send  Sync
    Socket<Client>:           true  true;
    Socket<Server>:           true  true;
    Socket<Radio>:            true  true;
    Socket<Dish>:             true  true;
    Socket<Scatter>:          true  true;
    Socket<Gather>:           true  true;
    Socket<Peer>:             true  true;
    Socket<Channel>:          true  true;
    Socket<Dgram>:            true  false;
    NormMode:                 true  true;
    RouterNotify:             true  true;
}

#[cfg(not(feature = "draft"))]
const DRAFT_TYPES: &[&str] = &[];

/// What the crate's root exports, besides the kinds.
#[test]
fn every_public_type_is_in_the_table() {
    const NOT_TYPES: &[&str] = &[
        "Frame",
        "Buffer",
        "IntoLimit",
        "IntoText",
        "IntoTimeout",
        "ProxySocket",
        "Result",
        "SendAllResult",
    ];
    let root = include_str!("../../src/lib.rs");
    let names = root
        .split("pub use ")
        .skip(1)
        .flat_map(|exported| {
            let list = exported.split(';').next().unwrap_or_default();
            list.split(|c: char| !c.is_alphanumeric() && c != '_')
        })
        .filter(|name| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase))
        .filter(|name| !NOT_TYPES.contains(name))
        .filter(|name| cfg!(feature = "draft") || !["NormMode", "RouterNotify"].contains(name));
    let table: Vec<_> = [TYPES, DRAFT_TYPES]
        .concat()
        .iter()
        .map(|entry| entry.split(['<', ' ']).next().unwrap())
        .collect();
    let mut count = 0;
    for name in names {
        assert!(table.contains(&name), "{name} is not in the table");
        count += 1;
    }
    assert!(count > 40, "found {count} only");
}

#[test]
fn a_socket_moves_from_thread_to_thread() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    join(&push, &pull);
    let mut push = push;
    for number in 0..10_u8 {
        push = within_deadline(move || {
            send(&push, &[number]);
            push
        });
        assert_eq!(recv(&pull), [number]);
    }
    let pull = within_deadline(move || {
        send(&push, "made here, used there, dropped elsewhere");
        drop(push);
        pull
    });
    assert_eq!(recv(&pull), "made here, used there, dropped elsewhere");
}

/// One producer that binds serves many consumers that connect, each in a thread of its own: each
/// message goes to one of them, exactly once.
#[test]
fn one_producer_for_many_consumers() {
    const CONSUMERS: usize = 8;
    const MESSAGES: u32 = 2000;
    let context = context();
    let producer = context.socket(PUSH).unwrap();
    producer.bind("inproc://messages").unwrap();
    let (report, reports) = mpsc::channel();
    let (connected, connections) = mpsc::channel();
    let consumers: Vec<_> = (0..CONSUMERS)
        .map(|consumer| {
            let (context, report) = (context.clone(), report.clone());
            let connected = connected.clone();
            thread::spawn(move || {
                let pull = context.socket(PULL).unwrap();
                pull.connect("inproc://messages").unwrap();
                connected.send(()).unwrap();
                while let Ok(message) = pull.recv() {
                    report.send((consumer, message)).unwrap();
                }
            })
        })
        .collect();
    drop(report);
    for _ in 0..CONSUMERS {
        connections.recv_timeout(DEADLINE).unwrap();
    }
    producer.events().unwrap(); // meets all that have connected

    let sender = thread::spawn(move || {
        for number in 0..MESSAGES {
            send(&producer, &number.to_be_bytes());
        }
        producer
    });
    let (mut numbers, mut who) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..MESSAGES {
        let (consumer, message) = reports.recv_timeout(DEADLINE).unwrap();
        assert!(numbers.insert(message.to_vec()), "received twice");
        who.insert(consumer);
    }
    assert_eq!(numbers.len(), MESSAGES as usize);
    assert_eq!(who.len(), CONSUMERS, "some consumer got none");

    context.shutdown().unwrap();
    drop(within_deadline(|| sender.join()).unwrap());
    for consumer in consumers {
        within_deadline(|| consumer.join()).unwrap();
    }
    assert!(reports.recv().is_err(), "more messages than were sent");
}

#[test]
fn threads_make_their_own_sockets_at_once() {
    let context = context();
    let threads = [(); 8].map(|()| {
        let context = context.clone();
        thread::spawn(move || {
            for _ in 0..50 {
                let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
                join(&push, &pull);
                send(&push, "hello");
                assert_eq!(recv(&pull), "hello");
            }
        })
    });
    for thread in threads {
        within_deadline(|| thread.join()).unwrap();
    }
}

#[test]
fn a_message_is_read_by_many_threads() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    join_inproc(&push, &pull);
    send(&push, vec![7; 10_000]);
    let message = recv(&pull);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(message, [7; 10_000]));
        }
    });
}
