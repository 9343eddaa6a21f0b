//! Datagrams: RADIO and DISH, and DGRAM.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use ferromq::{Context, DGRAM, DISH, ErrorKind, Multipart, RADIO, SocketType, TrySendError};

use super::{first_of, in_group, udp_endpoint};
use crate::support::{context, join, recv_multipart, send, send_multipart, wait_until};

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
    // libzmq finds out later, on another thread; if that is too quick, it forgets.
    wait_until("libzmq finds out", || {
        let dgram = context.socket(DGRAM).unwrap();
        dgram.bind(format!("udp://{taken}")).unwrap();
        let frames = || Multipart::from([taken.as_str(), "hello"]);
        let time = Duration::from_millis(500);
        let error = loop {
            match dgram.send_multipart_timeout(frames(), time) {
                Ok(()) => {}
                Err(TrySendError::Full(_)) => return false,
                Err(TrySendError::Failed(error)) => break error,
            }
        };
        assert_eq!(error.error().kind(), ErrorKind::WrongState);
        assert!(error.to_string().contains("could not get the port"));
        assert_eq!(error.into_unsent()[1], "hello");
        true
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
