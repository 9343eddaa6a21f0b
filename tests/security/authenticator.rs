//! What an authenticator decides, and how it comes and goes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use ferromq::zap::{Authenticator, Credentials, Domain, Rules, Verdict};
use ferromq::{
    AuthStatus, Context, ErrorKind, MonitorEventKind, PULL, PUSH, PeerAddress, Push, Security,
    Socket,
};

use crate::support::{DEADLINE, Directory, context, within_deadline};
use crate::{
    HOME, curve_client, curve_server, event, join, keys, nothing_passes, null_server, passes,
    plain_client, plain_server, result, start,
};

use MonitorEventKind::{HandshakeFailedAuth, HandshakeFailedNoDetail, HandshakeSucceeded};

const DENIED: MonitorEventKind = HandshakeFailedAuth(AuthStatus::Denied);

/// What the server's side sees of a client, and whom it takes it for; none that fails gets a
/// message through.
#[track_caller]
fn outcome(context: &Context, server: Security, client: Security) -> (MonitorEventKind, String) {
    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    pull.set_security(server).unwrap();
    push.set_security(client).unwrap();
    let (at_server, at_client) = join(&pull, &push);
    let event = event(&at_server);
    if event.kind == HandshakeSucceeded {
        let message = passes(&push, &pull);
        return (
            event.kind,
            message.user_id().unwrap().unwrap_or_default().to_owned(),
        );
    }
    if let HandshakeFailedAuth(AuthStatus::Denied | AuthStatus::Failed) = event.kind {
        // The peer is told the same.
        assert_eq!(result(&at_client), event.kind);
        let error = event.error().unwrap();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    }
    nothing_passes(&push, &pull);
    (event.kind, String::new())
}

#[test]
fn passwords_decide() {
    let context = context();
    let home = Domain::new()
        .password("alice", "secret")
        .password("bob", "other");
    let _authenticator = start(&context, home);
    let long = "x".repeat(255);
    for (username, password, expected) in [
        ("alice", "secret", HandshakeSucceeded),
        ("bob", "other", HandshakeSucceeded),
        ("alice", "other", DENIED),
        ("alice", "secre", DENIED),
        ("Alice", "secret", DENIED),
        ("carol", "secret", DENIED),
        (&long, &long, DENIED),
    ] {
        let client = plain_client(username, password);
        let (kind, user) = outcome(&context, plain_server(), client);
        assert_eq!(kind, expected, "{username}");
        if kind == HandshakeSucceeded {
            assert_eq!(user, username);
        }
    }
}

#[test]
fn keys_decide() {
    let Some([server, alice, mallory]) = keys() else {
        return;
    };
    let context = context();
    let _authenticator = start(&context, Domain::new().key(alice.public, "alice"));
    let came = |keys| outcome(&context, curve_server(&server), curve_client(keys, &server));
    assert_eq!(came(&alice), (HandshakeSucceeded, "alice".into()));
    assert_eq!(came(&mallory), (DENIED, String::new()));
}

#[test]
fn addresses_decide() {
    let context = context();
    let home = || Domain::new().password("alice", "secret");
    let authenticator = start(&context, home());
    let came = |null: MonitorEventKind, plain: MonitorEventKind| {
        assert_eq!(outcome(&context, null_server(), Security::Null).0, null);
        let client = plain_client("alice", "secret");
        assert_eq!(outcome(&context, plain_server(), client).0, plain);
    };
    // Those who show nothing else need an address that is allowed.
    came(DENIED, HandshakeSucceeded);
    for (home, null, plain) in [
        (home().deny("10.0.0.0/8"), DENIED, HandshakeSucceeded),
        (home().deny("127.0.0.1"), DENIED, DENIED),
        (home().allow("10.0.0.0/8"), DENIED, DENIED),
        (
            home().allow("127.0.0.0/8"),
            HandshakeSucceeded,
            HandshakeSucceeded,
        ),
        (home().allow("*"), HandshakeSucceeded, HandshakeSucceeded),
        (
            home().allow("*").unwrap().deny("127.0.0.0/8"),
            DENIED,
            DENIED,
        ),
    ] {
        let rules = Rules::new().domain(HOME, home.unwrap());
        authenticator.set_rules(rules).unwrap();
        came(null, plain);
    }
}

#[test]
fn ipc_is_an_address() {
    let context = context();
    let directory = Directory::new();
    let authenticator = start(&context, Domain::new().allow("127.0.0.1").unwrap());
    let server = context.socket(PULL).unwrap();
    server.set_security(null_server()).unwrap();
    let monitor = server.monitor(ferromq::MonitorEvents::HANDSHAKE).unwrap();
    let endpoint = directory.endpoint("server");
    server.bind(&endpoint).unwrap();
    let connect = || {
        let client = context.socket(PUSH).unwrap();
        client.connect(&endpoint).unwrap();
        client
    };
    let kept_out = connect();
    assert_eq!(result(&monitor), DENIED);
    drop(kept_out);
    let allowed = Domain::new().allow("ipc").unwrap();
    authenticator
        .set_rules(Rules::new().domain(HOME, allowed))
        .unwrap();
    let client = connect();
    // The first one may have tried again meanwhile.
    let mut results = std::iter::repeat_with(|| result(&monitor));
    let result = results.find(|kind| *kind != DENIED);
    assert_eq!(result, Some(HandshakeSucceeded));
    let address = passes(&client, &server).peer_address().unwrap();
    assert!(
        matches!(address, Some(PeerAddress::Process { pid, .. }) if pid.unsigned_abs() == std::process::id()),
        "{address:?}"
    );
}

#[test]
fn domains_have_rules_of_their_own() {
    let context = context();
    let rules = Rules::new()
        .domain("one", Domain::new().password("alice", "secret"))
        .domain("other", Domain::new().password("bob", "secret"));
    let _authenticator = Authenticator::start(&context, rules).unwrap();
    let came = |domain: &str| {
        let domain = domain.into();
        let client = plain_client("alice", "secret");
        outcome(&context, Security::PlainServer { domain }, client).0
    };
    assert_eq!(came("one"), HandshakeSucceeded);
    for domain in ["other", "unknown", "One", "*"] {
        assert_eq!(came(domain), DENIED);
    }
}

#[test]
fn a_check_decides_where_the_lists_do_not() {
    let context = context();
    let (asked, questions) = mpsc::channel();
    let asked = Mutex::new(asked);
    let home = Domain::new()
        .deny("10.0.0.0/8")
        .unwrap()
        .password("alice", "secret")
        .check(move |request| {
            let Credentials::Plain { username, password } = &request.credentials else {
                return Verdict::deny("PLAIN only");
            };
            let question = format!("{} {:?}", request.domain, request.address);
            asked.lock().unwrap().send(question).unwrap();
            match (*username, password.as_bytes()) {
                ("bob", b"other") => Verdict::allow("Robert").property("X-Role", "admin"),
                ("later", _) => Verdict::try_later("closed today"),
                ("panic", _) => panic!("the check of the test panics, as it should"),
                ("nul", _) => Verdict::allow("a\0b"),
                ("long", _) => Verdict::allow("x".repeat(256)),
                ("taken", _) => Verdict::allow("x").property("Socket-Type", "REP"),
                ("name", _) => Verdict::allow("x").property("no name", ""),
                ("value", _) => Verdict::allow("x").property("X-A", "a\0b"),
                ("nobody", _) => Verdict::allow(""),
                _ => Verdict::deny("unknown"),
            }
        });
    let _authenticator = start(&context, home);
    let came = |username| outcome(&context, plain_server(), plain_client(username, "other"));
    assert_eq!(came("bob"), (HandshakeSucceeded, "Robert".into()));
    let localhost = PeerAddress::Ip("127.0.0.1".parse().unwrap());
    let expected = format!("{HOME} {:?}", Some(localhost));
    assert_eq!(questions.recv_timeout(DEADLINE).unwrap(), expected);

    let failed = HandshakeFailedAuth(AuthStatus::Failed);
    for username in ["panic", "nul", "long", "taken", "name", "value"] {
        assert_eq!(came(username).0, failed, "{username}");
    }
    assert_eq!(came("later").0, HandshakeFailedAuth(AuthStatus::Temporary));
    assert_eq!(came("alice").0, DENIED);
    assert_eq!(came("nobody"), (HandshakeSucceeded, String::new()));
    // None of that has harmed it, and whoever is listed needs no check.
    let client = plain_client("alice", "secret");
    let alice = (HandshakeSucceeded, "alice".into());
    assert_eq!(outcome(&context, plain_server(), client), alice);
}

#[test]
fn who_is_to_come_later_does_so_by_itself() {
    let context = context();
    let is_open = Arc::new(AtomicBool::new(false));
    let opened = Arc::clone(&is_open);
    let home = Domain::new().check(move |_| match opened.load(Ordering::Relaxed) {
        true => Verdict::allow("patient"),
        false => Verdict::try_later("closed"),
    });
    let _authenticator = start(&context, home);
    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    pull.set_security(plain_server()).unwrap();
    push.set_security(plain_client("a", "b")).unwrap();
    push.set_reconnect_ivl(Duration::from_millis(10)).unwrap();
    push.set_handshake_ivl(Duration::from_millis(100)).unwrap();
    let (at_server, _) = join(&pull, &push);
    let temporary = HandshakeFailedAuth(AuthStatus::Temporary);
    assert_eq!(result(&at_server), temporary);
    is_open.store(true, Ordering::Relaxed);
    let results = std::iter::repeat_with(|| result(&at_server));
    let mut rest = results.skip_while(|kind| *kind == temporary);
    assert_eq!(rest.next(), Some(HandshakeSucceeded));
    assert_eq!(passes(&push, &pull).user_id().unwrap(), Some("patient"));
}

#[test]
fn one_comes_after_the_other() {
    let context = context();
    // As many sockets as a context may have, should none be closed yet.
    for _ in 0..1000 {
        start(&context, Domain::new()).stop().unwrap();
    }
    let _authenticator = start(&context, Domain::new().allow("*").unwrap());
    let error = Authenticator::start(&context, Rules::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddressInUse);
    let text = error.to_string();
    assert!(text.contains("has an authenticator"), "{text}");
    let came = outcome(&context, null_server(), Security::Null);
    assert_eq!(came.0, HandshakeSucceeded);
}

#[test]
fn it_ends_with_its_context() {
    let context = context();
    let authenticator = start(&context, Domain::new());
    context.terminate(DEADLINE).unwrap();
    authenticator.set_rules(Rules::new()).unwrap();
    authenticator.stop().unwrap();
    let error = Authenticator::start(&context, Rules::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Terminated);

    let context = crate::support::context();
    let authenticator = start(&context, Domain::new());
    within_deadline(move || {
        context.shutdown().unwrap();
        drop(authenticator);
        drop(context);
    });
}

/// Nothing waits for itself.
#[test]
fn a_check_may_change_and_end_its_authenticator() {
    let context = context();
    let shared: Arc<Mutex<Option<Authenticator>>> = Arc::default();
    let own = Arc::clone(&shared);
    let home = Domain::new().check(move |_| {
        let authenticator = own.lock().unwrap().take();
        if let Some(authenticator) = authenticator {
            let rules = Rules::new().domain(HOME, Domain::new());
            authenticator.set_rules(rules).unwrap();
            authenticator.stop().unwrap();
        }
        Verdict::allow("last")
    });
    *shared.lock().unwrap() = Some(start(&context, home));
    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    pull.set_security(plain_server()).unwrap();
    // A question that comes while the authenticator ends is not answered any more.
    pull.set_handshake_ivl(Duration::from_secs(1)).unwrap();
    push.set_security(plain_client("a", "b")).unwrap();
    push.set_reconnect_ivl(Duration::from_millis(10)).unwrap();
    let (at_server, _) = join(&pull, &push);
    // The answer to the question is still given.
    assert_eq!(result(&at_server), HandshakeSucceeded);
    assert_eq!(passes(&push, &pull).user_id().unwrap(), Some("last"));
    let late: Socket<Push> = context.socket(PUSH).unwrap();
    late.set_security(plain_client("a", "b")).unwrap();
    late.connect(pull.last_endpoint().unwrap()).unwrap();
    assert_eq!(result(&at_server), HandshakeFailedNoDetail);
}

#[test]
fn rules_that_cannot_be_read_are_an_error() {
    let context = context();
    let rules = || Rules::new().domain(HOME, Domain::new().keys_in("/no/such/directory"));
    let error = Authenticator::start(&context, rules()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("/no/such/directory"), "{error}");

    let authenticator = start(&context, Domain::new().allow("*").unwrap());
    let error = authenticator.set_rules(rules()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let came = outcome(&context, null_server(), Security::Null);
    assert_eq!(came.0, HandshakeSucceeded);
}
