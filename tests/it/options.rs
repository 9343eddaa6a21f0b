//! The options as a whole, the values that they refuse, and when they act.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use ferromq::{
    Acts, DEALER, ErrorKind, Events, NOT_OFFERED, OPTIONS, PULL, PUSH, ROUTER, Result, SUB,
    SocketType, XPUB, XSUB,
};

use crate::logs;
use crate::support::{Directory, context, join, join_inproc, recv, recv_multipart, send};

#[test]
fn rows_are_unique_and_complete() {
    let names: BTreeSet<_> = OPTIONS.iter().map(|option| option.name).collect();
    let numbers: BTreeSet<_> = OPTIONS.iter().map(|option| option.number).collect();
    assert_eq!((names.len(), numbers.len()), (OPTIONS.len(), OPTIONS.len()));
    for option in OPTIONS {
        assert_eq!(
            option.setter.is_none(),
            option.acts == Acts::Never,
            "{option:?}"
        );
        assert!(option.meaning.ends_with('.'), "{option:?}");
        assert!(
            SocketType::ALL.iter().any(|kind| option.applies_to(*kind)),
            "{option:?}"
        );
    }
}

/// Each name that `zmq.h` has for an option of sockets, as `ferromq-sys` declares them, is a row or
/// has a reason not to be one.
#[test]
fn every_option_of_the_header_is_a_row_or_has_a_reason() {
    let declared = concat!(env!("CARGO_MANIFEST_DIR"), "/sys/src/options.rs");
    let declared = fs::read_to_string(declared).unwrap();
    let (stable, draft) = declared
        .split_once("#[cfg(feature = \"draft\")]")
        .expect("the drafts come last");
    let text = match cfg!(feature = "draft") {
        true => declared.as_str(),
        false => stable,
    };
    let mut names: BTreeSet<_> = names_in(text).collect();
    assert!(
        names.len() > 90 && names_in(draft).count() > 20,
        "{names:?}"
    );
    for (name, reason) in NOT_OFFERED {
        assert!(!reason.is_empty(), "{name}");
        assert!(OPTIONS.iter().all(|option| option.name != *name), "{name}");
    }
    let rows = OPTIONS.iter().map(|option| option.name);
    for name in rows.chain(NOT_OFFERED.iter().map(|(name, _)| *name)) {
        names.remove(name);
    }
    assert!(names.is_empty(), "neither offered nor explained: {names:?}");
}

fn names_in(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim_start);
    lines.filter_map(|line| Some(line.split_once(" = ")?.0).filter(|name| name.starts_with("ZMQ_")))
}

#[track_caller]
fn refused(result: Result<()>, option: &str, possible: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let text = error.to_string();
    assert!(text.starts_with(&format!("set {option}: ")), "{text}");
    assert!(text.contains(possible), "{text}");
}

#[test]
fn values_that_cannot_be_are_refused_with_those_that_can() {
    let socket = context().socket(DEALER).unwrap();
    let long = Duration::from_millis(i32::MAX as u64 + 1);
    refused(socket.set_linger(long), "ZMQ_LINGER", "2147483647");
    refused(socket.set_linger(Duration::MAX), "ZMQ_LINGER", "`None`");
    refused(socket.set_rcvtimeo(long), "ZMQ_RCVTIMEO", "2147483647");
    refused(socket.set_sndtimeo(long), "ZMQ_SNDTIMEO", "2147483647");
    refused(socket.set_send_hwm(0), "ZMQ_SNDHWM", "from 1 to");
    refused(socket.set_recv_hwm(u32::MAX), "ZMQ_RCVHWM", "from 1 to");
    refused(socket.set_routing_id(""), "ZMQ_ROUTING_ID", "1 to 255");
    refused(
        socket.set_routing_id([0; 256]),
        "ZMQ_ROUTING_ID",
        "1 to 255",
    );
    for count in [0, 128] {
        let result = socket.set_tcp_keepalive_cnt(count);
        refused(result, "ZMQ_TCP_KEEPALIVE_CNT", "1 to 127");
    }
    for time in [
        Duration::ZERO,
        Duration::from_millis(1500),
        Duration::from_secs(32_768),
        Duration::from_secs(1 << 32 | 1),
    ] {
        let result = socket.set_tcp_keepalive_idle(time);
        refused(result, "ZMQ_TCP_KEEPALIVE_IDLE", "1s up to 32767s");
        let result = socket.set_tcp_keepalive_intvl(time);
        refused(result, "ZMQ_TCP_KEEPALIVE_INTVL", "1s up to 32767s");
    }
    // Nothing of it was set.
    assert_eq!(socket.linger().unwrap(), Some(Duration::ZERO));
    assert_eq!(socket.rcvtimeo().unwrap(), None);
    assert_eq!(socket.send_hwm().unwrap(), Some(1000));
    assert_eq!(socket.tcp_keepalive_cnt().unwrap(), None);
    assert_eq!(socket.tcp_keepalive_idle().unwrap(), None);
    assert_eq!(socket.routing_id().unwrap(), b"");
}

/// Libzmq takes these, and later aborts, or accepts no connection any more.
#[test]
fn values_that_would_do_harm_are_refused() {
    let context = context();
    let socket = context.socket(DEALER).unwrap();
    refused(socket.set_tos(256), "ZMQ_TOS", "0 to 255");
    refused(
        socket.set_backlog(u32::MAX),
        "ZMQ_BACKLOG",
        "0 to 2147483647",
    );
    // Handshakes have commands of that size.
    refused(socket.set_max_msg_size(63), "ZMQ_MAXMSGSIZE", "from 64 to");
    let beyond = i64::MAX as u64 + 1;
    refused(
        socket.set_max_msg_size(beyond),
        "ZMQ_MAXMSGSIZE",
        "9223372036854775807",
    );
    for ttl in [
        Duration::ZERO,
        Duration::from_millis(150),
        Duration::from_millis(65_600),
    ] {
        let result = socket.set_heartbeat_ttl(ttl);
        refused(result, "ZMQ_HEARTBEAT_TTL", "100ms up to 65.5s");
    }
    for (result, option) in [
        (
            socket.set_heartbeat_ivl(Duration::ZERO),
            "ZMQ_HEARTBEAT_IVL",
        ),
        (
            socket.set_handshake_ivl(Duration::ZERO),
            "ZMQ_HANDSHAKE_IVL",
        ),
        (
            socket.set_connect_timeout(Duration::ZERO),
            "ZMQ_CONNECT_TIMEOUT",
        ),
        (
            socket.set_reconnect_ivl(Duration::ZERO),
            "ZMQ_RECONNECT_IVL",
        ),
        (
            socket.set_reconnect_ivl_max(Duration::ZERO),
            "ZMQ_RECONNECT_IVL_MAX",
        ),
        (socket.set_tcp_maxrt(Duration::ZERO), "ZMQ_TCP_MAXRT"),
    ] {
        refused(result, option, "from 1 to 2147483647 milliseconds");
    }
    for proxy in ["proxy", "proxy:0", "proxy:65536", "proxy:", ":1080", ""] {
        refused(
            socket.set_socks_proxy(proxy),
            "ZMQ_SOCKS_PROXY",
            "1 to 65535",
        );
    }
    for metadata in ["a:b", "X-a", "X-a:", "X-a:b\0", "X-:b", "x-a:b"] {
        refused(
            socket.set_metadata(metadata),
            "ZMQ_METADATA",
            "`X-key:value`",
        );
    }
    refused(
        socket.set_bind_to_device("0123456789abcdef"),
        "ZMQ_BINDTODEVICE",
        "1 to 15",
    );

    let router = context.socket(ROUTER).unwrap();
    for name in [&b""[..], b"\0name", &[7; 256]] {
        let result = router.set_connect_routing_id(name);
        refused(result, "ZMQ_CONNECT_ROUTING_ID", "");
    }
    let xpub = context.socket(XPUB).unwrap();
    let long = vec![0; (1 << 20) + 1];
    refused(
        xpub.set_xpub_welcome_msg(long),
        "ZMQ_XPUB_WELCOME_MSG",
        "up to 1048576",
    );
}

/// A topic is a chain of nested calls in libzmq, which overflow the stack of a thread.
#[test]
fn long_topics_are_refused() {
    let context = context();
    let (sub, xsub) = (context.socket(SUB).unwrap(), context.socket(XSUB).unwrap());
    let longest = vec![b'x'; 4096];
    let mut long = longest.clone();
    long.push(b'x');
    for result in [
        sub.subscribe(&long),
        xsub.subscribe(&long),
        sub.unsubscribe(&long),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("up to 4096"), "{error}");
    }
    sub.subscribe(&longest).unwrap();
    sub.unsubscribe(&longest).unwrap();
}

#[test]
fn what_a_kind_lacks_is_refused_where_only_the_program_knows_the_kind() {
    let context = context();
    // With it, a client that goes away can abort libzmq.
    let rep = context.socket(SocketType::Rep).unwrap();
    let req = context.socket(SocketType::Req).unwrap();
    for (result, option, kind) in [
        (
            rep.set_router_mandatory(true),
            "ZMQ_ROUTER_MANDATORY",
            "REP",
        ),
        (req.set_conflate(true), "ZMQ_CONFLATE", "REQ"),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotSupported);
        let text = error.to_string();
        assert!(text.starts_with(&format!("set {option}: ")), "{text}");
        assert!(
            text.contains(&format!("a {kind} does not have it")),
            "{text}"
        );
    }
    let router = context.socket(SocketType::Router).unwrap();
    router.set_router_mandatory(true).unwrap();
}

#[test]
fn high_water_marks_are_refused_once_attached() {
    let context = context();
    let (bound, connected) = (
        context.socket(DEALER).unwrap(),
        context.socket(DEALER).unwrap(),
    );
    join(&bound, &connected);
    for socket in [bound, connected] {
        for (result, option) in [
            (socket.set_send_hwm(1), "ZMQ_SNDHWM"),
            (socket.set_recv_hwm(None), "ZMQ_RCVHWM"),
        ] {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::WrongState);
            let text = error.to_string();
            assert!(text.starts_with(&format!("set {option}: ")), "{text}");
            assert!(text.contains("already bound or connected"), "{text}");
        }
        assert_eq!(socket.send_hwm().unwrap(), Some(1000));
        assert_eq!(socket.recv_hwm().unwrap(), Some(1000));
    }
}

/// The only test of this program that sets this option late, as it warns once per process.
#[test]
fn an_option_that_comes_late_warns_once() {
    logs::collect();
    let warnings = || logs::warnings("ZMQ_TCP_KEEPALIVE_CNT ");
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    push.set_tcp_keepalive_cnt(1).unwrap();
    assert_eq!(warnings(), [""; 0], "in time");
    join(&push, &pull);
    push.set_linger(Duration::ZERO).unwrap();
    push.set_tcp_keepalive_cnt(2).unwrap();
    push.set_tcp_keepalive_cnt(3).unwrap();
    pull.set_tcp_keepalive_cnt(4).unwrap();
    let [warning] = &warnings()[..] else {
        panic!("one warning: {:?}", warnings());
    };
    assert!(warning.contains("on a PUSH socket"), "{warning}");
    assert_eq!(
        push.tcp_keepalive_cnt().unwrap(),
        Some(3),
        "it is set all the same"
    );
    assert_eq!(logs::warnings("ZMQ_LINGER ").len(), 0, "it acts at once");
}

#[test]
fn an_option_that_failed_to_attach_is_not_late() {
    let socket = context().socket(DEALER).unwrap();
    socket.bind("tcp://192.0.2.1:5555").unwrap_err();
    socket.connect("tcp://").unwrap_err();
    socket.set_send_hwm(7).unwrap();
}

#[test]
fn routing_id_names_the_socket() {
    let context = context();
    let (router, dealer) = (
        context.socket(ROUTER).unwrap(),
        context.socket(DEALER).unwrap(),
    );
    dealer.set_routing_id("worker-1").unwrap();
    join(&router, &dealer);
    send(&dealer, "hello");
    assert_eq!(recv_multipart(&router)[..], ["worker-1", "hello"]);
}

#[test]
fn immediate_does_not_queue_for_nobody() {
    let directory = Directory::new();
    let push = context().socket(PUSH).unwrap();
    push.set_immediate(true).unwrap();
    push.connect(directory.endpoint("nobody")).unwrap();
    assert!(push.try_send("text").unwrap_err().is_full());
}

#[test]
fn conflate_keeps_the_newest() {
    let directory = Directory::new();
    let endpoint = directory.endpoint("news");
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    push.set_conflate(true).unwrap();
    push.connect(&endpoint).unwrap();
    for number in 0..10 {
        send(&push, format!("{number}"));
    }
    pull.bind(&endpoint).unwrap();
    assert_eq!(recv(&pull), "9");
}

#[test]
fn ipv6_reaches_the_network() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    push.set_ipv6(true).unwrap();
    pull.set_ipv6(true).unwrap();
    pull.bind("tcp://[::1]:*").unwrap();
    push.connect(pull.last_endpoint().unwrap()).unwrap();
    send(&push, "over IPv6");
    assert_eq!(recv(&pull), "over IPv6");
}

#[test]
fn events_tell_what_is_possible() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    join_inproc(&push, &pull);
    assert_eq!(push.events().unwrap(), Events::SEND);
    assert_eq!(pull.events().unwrap(), Events::empty());
    send(&push, "text");
    assert_eq!(pull.events().unwrap(), Events::RECV);
    recv(&pull);
    assert_eq!(pull.events().unwrap(), Events::empty());
}

#[test]
fn an_endpoint_of_any_length_is_read_back() {
    let socket = context().socket(DEALER).unwrap();
    for len in [1, 200, 256, 10_000] {
        let endpoint = format!("inproc://{}", "x".repeat(len));
        socket.bind(&endpoint).unwrap();
        assert_eq!(socket.last_endpoint().unwrap().as_str(), endpoint);
    }
}
