//! What a kind cannot do is refused with the reason.

use ferromq::{ErrorKind, REP, REQ, SocketType};

use crate::support::{context, join, recv_multipart, send_multipart};

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
            let reason = refused(SocketType::Dgram, operation, endpoint);
            assert!(reason.contains("a DGRAM sends datagrams"), "{reason}");
        }
        for endpoint in [INPROC, IPC] {
            let reason = refused(SocketType::Stream, operation, endpoint);
            assert!(reason.contains("a STREAM talks plain TCP"), "{reason}");
        }
    }
    assert!(refused(SocketType::Dgram, "connect", UDP).contains("a DGRAM binds only"));
    for (kind, operation) in [(SocketType::Radio, "bind"), (SocketType::Dish, "connect")] {
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
fn single_frames_only() {
    let context = context();
    for kind in [SocketType::Channel, SocketType::Client, SocketType::Radio] {
        let socket = context.socket(kind).unwrap();
        socket.bind("tcp://127.0.0.1:*").unwrap();
        let error = socket.send_multipart(["two", "frames"]).unwrap_err();
        assert_eq!(error.error().kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("single frames"), "{error}");
        assert_eq!(error.into_unsent().len(), 2);
    }
    // The stable ones may.
    let (req, rep) = (context.socket(REQ).unwrap(), context.socket(REP).unwrap());
    join(&rep, &req);
    send_multipart(&req, ["two", "frames"]);
    assert_eq!(recv_multipart(&rep).len(), 2);
}
