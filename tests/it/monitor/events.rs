//! What a monitor tells.

use std::io::Write;
use std::time::Duration;

use ferromq::{
    AuthStatus, ErrorKind, MonitorEventKind, MonitorEvents, PULL, ProtocolError, REP, REQ, Security,
};

use ferromq::zap::{Authenticator, Rules};

use super::{bound, monitored, next, raw_client, wait};
use crate::support::{DEADLINE, context, join};

#[test]
fn both_ends_tell_of_their_connection() {
    use MonitorEventKind::{
        Accepted, Closed, Connected, Disconnected, HandshakeSucceeded, Listening,
    };

    let context = context();
    let (rep, at_rep) = monitored(&context);
    let endpoint = bound(&rep);
    let req = context.socket(REQ).unwrap();
    let at_req = req.monitor(MonitorEvents::all()).unwrap();
    req.connect(&endpoint).unwrap();

    for kind in [Listening, Accepted, HandshakeSucceeded] {
        let event = next(&at_rep);
        assert_eq!((event.kind, &event.endpoint), (kind, &endpoint));
    }
    for kind in [Connected, HandshakeSucceeded] {
        let event = wait(&at_req, kind);
        assert_eq!(event.endpoint, endpoint);
    }

    drop(req);
    let event = next(&at_rep);
    assert_eq!((event.kind, &event.endpoint), (Disconnected, &endpoint));
    rep.unbind(&endpoint).unwrap();
    let event = next(&at_rep);
    assert_eq!((event.kind, &event.endpoint), (Closed, &endpoint));
}

#[test]
fn a_connection_that_was_ended_is_told_to_the_one_who_made_it() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    let req = context.socket(REQ).unwrap();
    let monitor = req.monitor(MonitorEvents::all()).unwrap();
    join(&rep, &req);
    let endpoint = rep.last_endpoint().unwrap();
    wait(&monitor, MonitorEventKind::HandshakeSucceeded);
    drop(rep);
    let event = wait(&monitor, MonitorEventKind::Disconnected);
    assert_eq!(event.endpoint, endpoint);
    assert_eq!(event.to_string(), format!("{endpoint}: Disconnected"));
}

#[cfg(feature = "draft")]
#[test]
fn the_second_form_tells_both_addresses() {
    use MonitorEventKind::{
        Accepted, ConnectDelayed, Connected, Disconnected, HandshakeSucceeded, Listening,
    };

    let context = context();
    let rep = context.socket(REP).unwrap();
    let at_rep = rep.monitor_v2(MonitorEvents::all()).unwrap();
    let endpoint = bound(&rep);
    let req = context.socket(REQ).unwrap();
    let at_req = req.monitor_v2(MonitorEvents::all()).unwrap();
    req.connect(&endpoint).unwrap();

    let delayed = wait(&at_req, ConnectDelayed);
    assert_eq!((&delayed.endpoint, delayed.local), (&endpoint, None));
    let connected = wait(&at_req, Connected);
    assert_eq!(connected.endpoint, endpoint);
    let client = connected.local.unwrap();

    let listening = wait(&at_rep, Listening);
    assert_eq!(listening.local.as_ref(), Some(&endpoint));
    assert_eq!(listening.endpoint, endpoint);
    for kind in [Accepted, HandshakeSucceeded] {
        let event = wait(&at_rep, kind);
        assert_eq!(event.local.as_ref(), Some(&endpoint));
        assert_eq!(event.endpoint, client);
    }
    drop(req);
    assert_eq!(wait(&at_rep, Disconnected).endpoint, client);
    drop(rep);
    assert_eq!(at_rep.recv_timeout(DEADLINE).unwrap(), None);
    assert!(at_rep.has_ended());
}

#[test]
fn a_mask_lets_only_its_events_through() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    let monitor = rep.monitor(MonitorEvents::DISCONNECTED).unwrap();
    let endpoint = bound(&rep);
    drop(raw_client(&endpoint));
    assert_eq!(next(&monitor).kind, MonitorEventKind::Disconnected);
    drop(rep);
    assert_eq!(monitor.recv_timeout(DEADLINE).unwrap(), None);
    assert!(monitor.has_ended());
}

#[test]
fn a_failed_bind_is_told() {
    let context = context();
    let first = context.socket(REP).unwrap();
    let endpoint = bound(&first);
    let (rep, monitor) = monitored(&context);
    rep.bind(&endpoint).unwrap_err();
    let event = wait(
        &monitor,
        MonitorEventKind::BindFailed(ErrorKind::AddressInUse),
    );
    assert!(event.endpoint.as_str().ends_with(endpoint.address()));
    assert_eq!(event.error().unwrap().kind(), ErrorKind::AddressInUse);
}

#[test]
fn a_connection_nobody_takes_is_tried_again() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    let free = bound(&rep);
    rep.unbind(&free).unwrap();
    let req = context.socket(REQ).unwrap();
    let monitor = req.monitor(MonitorEvents::CONNECT_RETRIED).unwrap();
    req.connect(&free).unwrap();
    let event = next(&monitor);
    let MonitorEventKind::ConnectRetried(interval) = event.kind else {
        panic!("{event}");
    };
    // `ZMQ_RECONNECT_IVL`, and up to as much by chance.
    let range = Duration::from_millis(100)..Duration::from_millis(200);
    assert!(range.contains(&interval), "{interval:?}");
    assert_eq!(event.endpoint, free);
}

/// What a client that speaks ZMTP 3 sends first.
fn greeting(mechanism: &[u8]) -> [u8; 64] {
    let mut greeting = [0; 64];
    greeting[0] = 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    greeting[12..12 + mechanism.len()].copy_from_slice(mechanism);
    greeting
}

#[test]
fn a_handshake_that_fails_tells_why() {
    for (mechanism, command, reason) in [
        (
            &b"GARBAGE"[..],
            &b""[..],
            ProtocolError::ZmtpMechanismMismatch,
        ),
        (
            b"NULL",
            b"\x04\x06\x05HELLO",
            ProtocolError::ZmtpUnexpectedCommand,
        ),
        (
            b"NULL",
            b"\x04\x08\x05ERROR\xff\x00",
            ProtocolError::ZmtpMalformedCommandError,
        ),
    ] {
        let context = context();
        let (rep, monitor) = monitored(&context);
        let endpoint = bound(&rep);
        let mut client = raw_client(&endpoint);
        client.write_all(&greeting(mechanism)).unwrap();
        client.write_all(command).unwrap();
        let event = wait(&monitor, MonitorEventKind::HandshakeFailedProtocol(reason));
        let text = format!("handshake at {endpoint}: {reason} (EPROTO)");
        assert_eq!(event.error().unwrap().to_string(), text);
        wait(&monitor, MonitorEventKind::Disconnected);
    }
}

#[test]
fn a_handshake_that_breaks_off_has_no_reason() {
    let context = context();
    let (rep, monitor) = monitored(&context);
    drop(raw_client(&bound(&rep)));
    let error = monitor.wait_handshake(DEADLINE).unwrap_err();
    assert!(
        error.to_string().contains("the connection broke"),
        "{error}"
    );
}

/// libzmq ends such a connection with no word about the handshake.
#[test]
fn kinds_that_do_not_go_together_fail_the_handshake() {
    let context = context();
    let pull = context.socket(PULL).unwrap();
    let at_pull = pull.monitor(MonitorEvents::all()).unwrap();
    let endpoint = bound(&pull);
    let req = context.socket(REQ).unwrap();
    let at_req = req.monitor(MonitorEvents::all()).unwrap();
    req.connect(&endpoint).unwrap();
    for monitor in [at_pull, at_req] {
        let error = monitor.wait_handshake(DEADLINE).unwrap_err();
        let text = format!("handshake at {endpoint}: ");
        assert!(error.to_string().starts_with(&text), "{error}");
        assert_eq!(error.kind(), ErrorKind::Other);
    }
}

#[test]
fn a_peer_that_is_not_let_in_is_told_so() {
    let context = context();
    let _nobody = Authenticator::start(&context, Rules::new()).unwrap();
    let (rep, at_rep) = monitored(&context);
    rep.set_security(Security::NullServer {
        domain: "test".into(),
    })
    .unwrap();
    let endpoint = bound(&rep);
    let req = context.socket(REQ).unwrap();
    let at_req = req.monitor(MonitorEvents::HANDSHAKE).unwrap();
    req.connect(&endpoint).unwrap();

    let denied = MonitorEventKind::HandshakeFailedAuth(AuthStatus::Denied);
    assert_eq!(wait(&at_rep, denied).endpoint, endpoint);
    let error = at_req.wait_handshake(DEADLINE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    let text = format!("handshake at {endpoint}: the authenticator denied access (status 400)");
    assert!(error.to_string().starts_with(&text), "{error}");
}

#[test]
fn waiting_tells_what_came_instead() {
    let context = context();
    let (rep, monitor) = monitored(&context);
    let endpoint = bound(&rep);
    let error = monitor.wait_connected(Duration::ZERO).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    let text = format!(
        "monitor REP socket: it did not happen within 0ns; the last event was: {endpoint}: Listening (EAGAIN)"
    );
    assert_eq!(error.to_string(), text);

    let req = context.socket(REQ).unwrap();
    req.connect(&endpoint).unwrap();
    let event = monitor.wait_connected(DEADLINE).unwrap();
    assert_eq!(event.kind, MonitorEventKind::Accepted);
    let event = monitor.wait_handshake(DEADLINE).unwrap();
    assert_eq!(event.kind, MonitorEventKind::HandshakeSucceeded);

    drop((req, rep));
    let error = monitor.wait_handshake(DEADLINE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Terminated);
    assert!(error.to_string().contains("was dropped"), "{error}");
}

#[test]
fn waiting_for_what_is_masked_is_refused() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    let monitor = rep.monitor(MonitorEvents::HANDSHAKE_SUCCEEDED).unwrap();
    for result in [
        monitor.wait_connected(DEADLINE),
        monitor.wait_handshake(DEADLINE),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("made without"), "{error}");
    }
}
