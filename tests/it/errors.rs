//! Bad input: an error of the right kind, whose text names the operation and the endpoint.
//! (What the system forbids is in `tests/process`.)

use std::os::unix::net::{UnixDatagram, UnixListener};
use std::{fs, io};

use ferromq::{Context, Error, ErrorKind, PULL, PUSH, REP, REQ, Result, SocketType};

use crate::support::{Directory, context, join, join_inproc, recv, send};

#[track_caller]
fn expect(result: Result<()>, operation: &str, endpoint: &str, kind: ErrorKind) -> Error {
    let error = result.expect_err(endpoint);
    assert_eq!(error.kind(), kind, "{error}");
    let text = error.to_string();
    assert!(text.starts_with(&format!("{operation} ")), "{text}");
    assert!(text.contains(endpoint), "{text}");
    error
}

#[test]
fn malformed_endpoints() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    for endpoint in [
        "",
        "tcp",
        "tcp:/127.0.0.1:5555",
        "://127.0.0.1:5555",
        "tcp://",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:",
        "tcp://127.0.0.1:65536",
        "tcp://127.0.0.1:-1",
        "tcp://127.0.0.1:http",
        "tcp://127.0.0.1:5555 ",
        "tcp://:5555",
        "tcp://127.0.0.256:5555",
        "inproc://",
        "ipc://",
    ] {
        let quoted = format!("{endpoint:?}");
        for (operation, result) in [
            ("bind", rep.bind(endpoint)),
            ("connect", rep.connect(endpoint)),
            ("unbind", rep.unbind(endpoint)),
            ("disconnect", rep.disconnect(endpoint)),
        ] {
            let error = expect(result, operation, &quoted, ErrorKind::InvalidInput);
            assert_eq!(error.errno(), libc::EINVAL);
        }
    }
}

#[test]
fn malformed_endpoints_that_only_libzmq_can_tell() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    for endpoint in ["tcp://[::1:5555", "tcp://[]:5555", "tcp://a b:5555"] {
        let error = rep.bind(endpoint).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with(&format!("bind {endpoint}: ")), "{text}");
    }
}

#[test]
fn an_embedded_nul() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    for endpoint in ["inproc://a\0b", "tcp://127.0.0.1:0\0", "ipc://@\0", "\0"] {
        let quoted = format!("{endpoint:?}");
        for (operation, result) in [
            ("bind", rep.bind(endpoint)),
            ("connect", rep.connect(endpoint.to_owned())),
        ] {
            let error = expect(result, operation, &quoted, ErrorKind::InvalidInput);
            assert!(error.to_string().contains("NUL"), "{error}");
        }
    }
}

#[test]
fn an_unknown_transport() {
    let rep = context().socket(REP).unwrap();
    for endpoint in ["carrier-pigeon://roof", "TCP://127.0.0.1:5555"] {
        let kind = ErrorKind::UnsupportedTransport;
        let error = expect(rep.bind(endpoint), "bind", endpoint, kind);
        assert_eq!(error.errno(), libc::EPROTONOSUPPORT);
        expect(rep.connect(endpoint), "connect", endpoint, kind);
    }
}

#[test]
fn a_transport_for_other_kinds() {
    let rep = context().socket(REP).unwrap();
    let endpoint = "udp://127.0.0.1:5555";
    let kind = ErrorKind::IncompatibleTransport;
    expect(rep.bind(endpoint), "bind", endpoint, kind);
    expect(rep.connect(endpoint), "connect", endpoint, kind);
}

#[test]
fn an_address_in_use() {
    let context = context();
    let (first, second) = (context.socket(REP).unwrap(), context.socket(REP).unwrap());
    for endpoint in ["tcp://127.0.0.1:*", "inproc://taken"] {
        first.bind(endpoint).unwrap();
        let taken = first.last_endpoint().unwrap();
        let kind = ErrorKind::AddressInUse;
        let error = expect(second.bind(&taken), "bind", taken.as_str(), kind);
        assert_eq!(error.errno(), libc::EADDRINUSE);
    }
}

#[test]
fn an_address_of_another_host() {
    let rep = context().socket(REP).unwrap();
    // Reserved for documentation: nobody has it.
    let endpoint = "tcp://192.0.2.1:5555";
    let kind = ErrorKind::AddressNotAvailable;
    expect(rep.bind(endpoint), "bind", endpoint, kind);
}

#[test]
fn a_device_that_does_not_exist() {
    let rep = context().socket(REP).unwrap();
    let endpoint = "tcp://no-such-device:5555";
    expect(
        rep.bind(endpoint),
        "bind",
        endpoint,
        ErrorKind::NoSuchDevice,
    );
}

#[test]
fn an_ipc_path_that_is_too_long() {
    let rep = context().socket(REP).unwrap();
    let endpoint = format!("ipc:///tmp/{}", "x".repeat(200));
    let kind = ErrorKind::NameTooLong;
    let error = expect(rep.bind(&endpoint), "bind", &endpoint, kind);
    assert_eq!(error.errno(), libc::ENAMETOOLONG);
    assert!(error.to_string().contains("205 bytes"), "{error}");
    expect(rep.connect(&endpoint), "connect", &endpoint, kind);
}

#[test]
fn the_longest_ipc_path_is_not_too_long() {
    let directory = Directory::new();
    let prefix = directory.endpoint("");
    let rep = context().socket(REP).unwrap();
    let longest = format!("{prefix}{:x<1$}", "", "ipc://".len() + 107 - prefix.len());
    rep.bind(&longest).unwrap();
    assert_eq!(rep.last_endpoint().unwrap().as_str(), longest);
}

#[test]
fn an_ipc_path_where_a_socket_lives() {
    let directory = Directory::new();
    let endpoint = directory.endpoint("taken");
    let context = context();
    let (first, second) = (context.socket(REP).unwrap(), context.socket(REP).unwrap());
    first.bind(&endpoint).unwrap();
    for socket in [&first, &second] {
        let error = socket.bind(&endpoint).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddressInUse);
        let text = error.to_string();
        assert!(text.starts_with(&format!("bind {endpoint}: ")), "{text}");
        assert!(text.contains("choose another path"), "{text}");
    }
    let req = context.socket(REQ).unwrap();
    req.connect(&endpoint).unwrap();
    send(&req, "still its own");
    assert_eq!(recv(&first), "still its own");

    // It is free as soon as the other is gone, or has gone by an accident.
    first.unbind(&endpoint).unwrap();
    second.bind(&endpoint).unwrap();
    drop(second);
    first.bind(&endpoint).unwrap();
    let left_behind = directory.endpoint("left-behind");
    drop(UnixListener::bind(path(&left_behind)).unwrap());
    first.bind(&left_behind).unwrap();
}

#[test]
fn an_ipc_path_where_something_else_is() {
    let directory = Directory::new();
    let rep = context().socket(REP).unwrap();
    let (file, link) = (directory.endpoint("file"), directory.endpoint("link"));
    fs::write(path(&file), "precious").unwrap();
    std::os::unix::fs::symlink(path(&file), path(&link)).unwrap();
    let datagrams = directory.endpoint("datagrams");
    let _other = UnixDatagram::bind(path(&datagrams)).unwrap();
    for endpoint in [&file, &link, &datagrams] {
        let error = rep.bind(endpoint).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddressInUse, "{endpoint}");
    }
    assert_eq!(fs::read(path(&link)).unwrap(), b"precious");
    assert!(fs::exists(path(&datagrams)).unwrap());
}

fn path(endpoint: &str) -> &str {
    endpoint.strip_prefix("ipc://").unwrap()
}

#[test]
fn an_ipc_path_that_does_not_exist() {
    let directory = Directory::new();
    let rep = context().socket(REP).unwrap();
    let endpoint = directory.endpoint("missing/socket");
    expect(rep.bind(&endpoint), "bind", &endpoint, ErrorKind::NotFound);
}

#[test]
fn an_endpoint_that_the_socket_does_not_have() {
    let context = context();
    let (rep, req) = (context.socket(REP).unwrap(), context.socket(REQ).unwrap());
    join(&rep, &req);
    for endpoint in ["tcp://127.0.0.1:1", "inproc://elsewhere"] {
        expect(
            rep.unbind(endpoint),
            "unbind",
            endpoint,
            ErrorKind::NotFound,
        );
        let result = req.disconnect(endpoint);
        expect(result, "disconnect", endpoint, ErrorKind::NotFound);
    }
    let endpoint = rep.last_endpoint().unwrap();
    rep.unbind(&endpoint).unwrap();
    expect(
        rep.unbind(&endpoint),
        "unbind",
        endpoint.as_str(),
        ErrorKind::NotFound,
    );
}

#[test]
fn no_io_thread() {
    let context = Context::builder().io_threads(0).build().unwrap();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    let endpoint = "tcp://127.0.0.1:5555";
    let kind = ErrorKind::NoIoThread;
    expect(push.bind(endpoint), "bind", endpoint, kind);
    expect(push.connect(endpoint), "connect", endpoint, kind);
    join_inproc(&push, &pull);
    send(&push, "needs none");
}

#[test]
fn too_many_sockets() {
    let context = Context::builder().max_sockets(1).build().unwrap();
    let first = context.socket(REP).unwrap();
    let error = context.socket(REP).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooManyOpen);
    let text = error.to_string();
    assert!(text.starts_with("open socket REP: "), "{text}");
    assert!(text.contains("max_sockets"), "{text}");
    drop(first);
}

#[test]
fn a_verb_that_the_kind_chosen_at_run_time_lacks() {
    let context = context();
    let pull = context.socket(SocketType::Pull).unwrap();
    let (error, unsent) = pull.send(vec![7]).unwrap_err().into_parts();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    assert!(
        error.to_string().starts_with("send on PULL socket: "),
        "{error}"
    );
    assert_eq!(unsent, [7]);
    let push = context.socket(SocketType::Push).unwrap();
    let error = push.recv().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    assert!(
        error.to_string().starts_with("receive on PUSH socket: "),
        "{error}"
    );
}

#[test]
fn an_error_says_what_to_do_and_its_number() {
    let rep = context().socket(REP).unwrap();
    let error = rep.bind("carrier-pigeon://roof").unwrap_err();
    assert_eq!(
        error.to_string(),
        "bind carrier-pigeon://roof: transport not supported (EPROTONOSUPPORT); \
         use tcp, ipc or inproc, or a libzmq built with this transport"
    );
    let debug = format!("{error:?}");
    assert!(debug.contains("UnsupportedTransport"), "{debug}");
    assert!(debug.contains(&error.to_string()), "{debug}");
}

#[test]
fn an_error_becomes_one_of_the_standard_library() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    for (endpoint, kind) in [
        ("tcp://", io::ErrorKind::InvalidInput),
        ("carrier-pigeon://roof", io::ErrorKind::Unsupported),
        ("tcp://192.0.2.1:5555", io::ErrorKind::AddrNotAvailable),
    ] {
        let error = rep.bind(endpoint).unwrap_err();
        let text = error.to_string();
        let error = io::Error::from(error);
        assert_eq!(error.kind(), kind);
        assert_eq!(error.to_string(), text);
    }
}
