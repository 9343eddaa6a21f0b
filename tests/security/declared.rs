//! `set_security`: all or nothing, before the first bind or connect, and never undone unnoticed.

use ferromq::curve::{Keypair, SecretKey};
use ferromq::zap::{Authenticator, Domain, Rules};
use ferromq::{
    AuthPolicy, Capability, Error, ErrorKind, Mechanism, MonitorEventKind, PULL, PUSH, REP, STREAM,
    Security, has,
};

use crate::support::{DEADLINE, context};
use crate::{
    HOME, curve_client, curve_server, join, keys, nothing_passes, null_server, passes,
    plain_client, plain_server, result, start,
};

#[track_caller]
fn refused(result: Result<(), Error>, kind: ErrorKind, reason: &str) {
    let error = result.expect_err("it should be refused");
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(reason), "{error}");
}

fn servers() -> Vec<Security> {
    let mut servers = vec![null_server(), plain_server()];
    if let Some([keys]) = keys() {
        servers.push(curve_server(&keys));
    }
    servers
}

#[test]
fn a_server_needs_an_authenticator() {
    let context = context();
    for security in servers() {
        let (server, other) = (context.socket(PULL).unwrap(), context.socket(PULL).unwrap());
        for socket in [&server, &other] {
            socket.set_security(security.clone()).unwrap();
        }
        for endpoint in ["tcp://127.0.0.1:*", "inproc://x"] {
            refused(
                server.bind(endpoint),
                ErrorKind::WrongState,
                "start a `zap::Authenticator` first",
            );
            refused(
                server.connect("tcp://127.0.0.1:5555"),
                ErrorKind::WrongState,
                "start a `zap::Authenticator` first",
            );
        }
        let elsewhere = crate::support::context();
        let _elsewhere = start(&elsewhere, Domain::new());
        server.bind("tcp://127.0.0.1:*").unwrap_err();

        let authenticator = start(&context, Domain::new());
        server.bind("tcp://127.0.0.1:*").unwrap();
        drop(authenticator);
        other.bind("tcp://127.0.0.1:*").unwrap_err();
    }
}

/// Although the bind was before.
#[test]
fn nobody_is_let_in_when_the_authenticator_is_gone() {
    let context = context();
    let authenticator = start(&context, Domain::new().allow("*").unwrap());
    let (server, client) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    server.set_security(null_server()).unwrap();
    let (at_server, _) = join(&server, &client);
    assert_eq!(result(&at_server), MonitorEventKind::HandshakeSucceeded);
    passes(&client, &server);
    authenticator.stop().unwrap();
    // Who is in stays.
    passes(&client, &server);

    let late = context.socket(PUSH).unwrap();
    late.connect(server.last_endpoint().unwrap()).unwrap();
    assert_eq!(
        result(&at_server),
        MonitorEventKind::HandshakeFailedNoDetail
    );
    nothing_passes(&late, &server);
}

#[test]
fn it_is_set_before_the_first_bind_or_connect() {
    let context = context();
    let bound = context.socket(PULL).unwrap();
    bound.bind("tcp://127.0.0.1:*").unwrap();
    let connected = context.socket(PULL).unwrap();
    connected.connect(bound.last_endpoint().unwrap()).unwrap();
    for socket in [bound, connected] {
        for security in [Security::Null, plain_server(), plain_client("a", "b")] {
            refused(
                socket.set_security(security),
                ErrorKind::WrongState,
                "already bound or connected",
            );
        }
    }
}

#[test]
fn a_later_value_replaces_all_of_the_earlier_one() {
    let context = context();
    let socket = context.socket(REP).unwrap();
    let mut values = vec![
        Security::Null,
        plain_client("alice", "secret"),
        null_server(),
        plain_server(),
        Security::Null,
        plain_server(),
        plain_client("alice", "secret"),
        Security::Null,
    ];
    if let Some([one, other]) = keys() {
        let open = Security::CurveServer {
            keys: one.clone(),
            policy: AuthPolicy::AllowAnyClient,
        };
        values.extend([
            curve_server(&one),
            open.clone(),
            plain_client("alice", "secret"),
            curve_client(&one, &other),
            Security::Null,
            curve_client(&other, &one),
            curve_server(&other),
            plain_server(),
            open,
            null_server(),
        ]);
    }
    for security in values {
        socket.set_security(security.clone()).unwrap();
        let (mechanism, server, domain) = match &security {
            Security::Null => (Mechanism::Null, false, None),
            Security::NullServer { domain } => (Mechanism::Null, false, Some(domain)),
            Security::PlainServer { domain } => (Mechanism::Plain, true, Some(domain)),
            Security::PlainClient { .. } => (Mechanism::Plain, false, None),
            Security::CurveClient { .. } => (Mechanism::Curve, false, None),
            Security::CurveServer { policy, .. } => match policy {
                AuthPolicy::Authenticator { domain } => (Mechanism::Curve, true, Some(domain)),
                _ => (Mechanism::Curve, true, None),
            },
            _ => unreachable!(),
        };
        assert_eq!(socket.mechanism().unwrap(), mechanism, "{security:?}");
        assert_eq!(
            socket.zap_enforce_domain().unwrap(),
            domain.is_some(),
            "{security:?}"
        );
        match domain {
            Some(domain) => assert_eq!(&socket.zap_domain().unwrap(), domain),
            None => assert_ne!(socket.zap_domain().unwrap(), HOME),
        }
        let plain = mechanism == Mechanism::Plain && server;
        assert_eq!(socket.plain_server().unwrap(), plain, "{security:?}");
        if has(Capability::Curve) {
            let curve = mechanism == Mechanism::Curve && server;
            assert_eq!(socket.curve_server().unwrap(), curve, "{security:?}");
        }
        if let Security::CurveClient { keys, server } = &security {
            assert_eq!(socket.curve_publickey().unwrap(), keys.public);
            assert_eq!(socket.curve_serverkey().unwrap(), *server);
        }
        if let Security::PlainClient { username, .. } = &security {
            assert_eq!(socket.plain_username().unwrap().as_ref(), Some(username));
        }
    }
}

/// An authenticator for other sockets has no say, and lets everybody in to this one.
#[test]
fn what_is_open_is_open_to_all() {
    let context = context();
    let _nobody = start(&context, Domain::new().deny("*").unwrap());

    let (was_closed, client) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    was_closed.set_security(null_server()).unwrap();
    was_closed.set_security(Security::Null).unwrap();
    let (at_server, _) = join(&was_closed, &client);
    assert_eq!(result(&at_server), MonitorEventKind::HandshakeSucceeded);
    assert_eq!(passes(&client, &was_closed).user_id().unwrap(), None);

    if let Some([one, other]) = keys() {
        let (open, client) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
        let policy = AuthPolicy::AllowAnyClient;
        let keys = one.clone();
        open.set_security(Security::CurveServer { keys, policy })
            .unwrap();
        client.set_security(curve_client(&other, &one)).unwrap();
        let (at_server, _) = join(&open, &client);
        assert_eq!(result(&at_server), MonitorEventKind::HandshakeSucceeded);
        assert_eq!(passes(&client, &open).user_id().unwrap(), None);
    }
}

#[test]
fn any_client_may_connect_without_an_authenticator_if_that_is_said() {
    let Some([one, other]) = keys() else { return };
    let context = context();
    let (open, client) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    let policy = AuthPolicy::AllowAnyClient;
    let keys = one.clone();
    open.set_security(Security::CurveServer { keys, policy })
        .unwrap();
    client.set_security(curve_client(&other, &one)).unwrap();
    join(&open, &client);
    passes(&client, &open);
}

#[test]
fn the_domain_of_open_sockets_is_not_to_be_had() {
    let context = context();
    let socket = context.socket(PULL).unwrap();
    socket.set_security(null_server()).unwrap();
    socket.set_security(Security::Null).unwrap();
    let domain = socket.zap_domain().unwrap();
    refused(
        socket.set_security(Security::PlainServer { domain }),
        ErrorKind::InvalidInput,
        "internal use",
    );
}

#[test]
fn what_libzmq_cannot_carry_is_refused() {
    let context = context();
    let socket = context.socket(PULL).unwrap();
    let long = "x".repeat(256);
    for text in ["", "a\0b", &long] {
        for (security, what) in [
            (plain_client(text, "secret"), "the user name"),
            (plain_client("alice", text), "the password"),
            (
                Security::PlainServer {
                    domain: text.into(),
                },
                "the domain",
            ),
            (
                Security::NullServer {
                    domain: text.into(),
                },
                "the domain",
            ),
        ] {
            let reason = format!("{what} is from 1 to 255 bytes");
            refused(
                socket.set_security(security),
                ErrorKind::InvalidInput,
                &reason,
            );
        }
    }
    assert_eq!(socket.mechanism().unwrap(), Mechanism::Null);
    let longest = "x".repeat(255);
    socket
        .set_security(plain_client(&longest, &longest))
        .unwrap();
}

#[test]
fn keys_that_do_not_fit_are_refused() {
    let context = context();
    let socket = context.socket(PULL).unwrap();
    let Some([one, other]) = keys() else {
        let keys = Keypair {
            public: [1; 32].into(),
            secret: [2; 32].into(),
        };
        for security in [curve_server(&keys), curve_client(&keys, &keys)] {
            refused(
                socket.set_security(security),
                ErrorKind::NotSupported,
                "without CURVE",
            );
        }
        return;
    };
    let mixed = Keypair {
        public: one.public,
        secret: other.secret.clone(),
    };
    for security in [curve_server(&mixed), curve_client(&mixed, &one)] {
        refused(
            socket.set_security(security),
            ErrorKind::InvalidInput,
            "does not belong to the secret one",
        );
    }
    let nobody = Keypair {
        public: [0; 32].into(),
        secret: SecretKey::from([0; 32]),
    };
    refused(
        socket.set_security(curve_client(&one, &nobody)),
        ErrorKind::InvalidInput,
        "all zeros",
    );
}

#[test]
fn sockets_and_transports_without_a_handshake_are_refused() {
    let context = context();
    let _authenticator = start(&context, Domain::new().allow("*").unwrap());
    let stream = context.socket(STREAM).unwrap();
    stream.set_security(Security::Null).unwrap();
    for security in [null_server(), plain_server(), plain_client("a", "b")] {
        refused(
            stream.set_security(security.clone()),
            ErrorKind::NotSupported,
            "have no handshake",
        );
        let pull = context.socket(PULL).unwrap();
        pull.set_security(security).unwrap();
        for endpoint in ["pgm://eth0;239.0.0.1:5555", "epgm://x", "norm://x"] {
            let reason = "multicast has no security";
            let kind = ErrorKind::IncompatibleTransport;
            refused(pull.bind(endpoint), kind, reason);
            refused(pull.connect(endpoint), kind, reason);
        }
    }
    // Whoever overlooks the error does not get a socket without security.
    refused(
        stream.bind("tcp://127.0.0.1:*"),
        ErrorKind::WrongState,
        "`set_security` has failed",
    );
    stream.set_security(Security::Null).unwrap();
    stream.bind("tcp://127.0.0.1:*").unwrap();
    let pull = context.socket(PULL).unwrap();
    pull.set_security(null_server()).unwrap();
    refused(
        pull.bind("ws://127.0.0.1:*"),
        ErrorKind::IncompatibleTransport,
        "get around",
    );
}

/// Option 44 is `ZMQ_PLAIN_SERVER`, and 0 makes the mechanism NULL.
#[test]
fn a_mechanism_that_was_undone_is_noticed() {
    let context = context();
    let _authenticator = start(&context, Domain::new());
    for security in servers() {
        let socket = context.socket(PULL).unwrap();
        socket.set_security(security.clone()).unwrap();
        let other = i32::from(security == null_server());
        // SAFETY: a flag, which libzmq takes.
        unsafe { socket.set_raw_option(44, &other.to_ne_bytes()) }.unwrap();
        refused(
            socket.bind("tcp://127.0.0.1:*"),
            ErrorKind::WrongState,
            "other options have made it",
        );
        socket.set_security(security).unwrap();
        socket.bind("tcp://127.0.0.1:*").unwrap();
    }
}

#[test]
fn nobody_else_takes_the_place_of_the_authenticator() {
    let context = context();
    for kind in [ferromq::SocketType::Rep, ferromq::SocketType::Pull] {
        let socket = context.socket(kind).unwrap();
        refused(
            socket.bind("inproc://zeromq.zap.01"),
            ErrorKind::InvalidInput,
            "start a `zap::Authenticator`",
        );
    }
    let _authenticator = Authenticator::start(&context, Rules::new()).unwrap();
}

#[test]
fn it_can_be_a_default_of_the_context() {
    let security = plain_client("alice", "secret");
    let context = ferromq::Context::builder()
        .socket_default(move |socket| socket.set_security(security.clone()))
        .build()
        .unwrap();
    let stream = context.socket(STREAM).unwrap();
    refused(
        stream.connect("tcp://127.0.0.1:5555"),
        ErrorKind::WrongState,
        "`set_security` has failed",
    );
    let socket = context.socket(PUSH).unwrap();
    assert_eq!(socket.mechanism().unwrap(), Mechanism::Plain);
    socket.set_linger(std::time::Duration::ZERO).unwrap();
    // Its own sockets are not concerned.
    let _authenticator = start(&context, Domain::new().password("alice", "secret"));
    let server = context.socket(PULL).unwrap();
    server.set_security(plain_server()).unwrap();
    let (at_server, _) = join(&server, &socket);
    assert_eq!(
        at_server.wait_handshake(DEADLINE).unwrap().kind,
        MonitorEventKind::HandshakeSucceeded
    );
    assert_eq!(passes(&socket, &server).user_id().unwrap(), Some("alice"));
}
