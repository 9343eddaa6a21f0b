//! CLIENT and SERVER, PEER, SCATTER and GATHER, CHANNEL: messages get where they are sent.

use ferromq::{CHANNEL, CLIENT, ErrorKind, GATHER, Message, PEER, SCATTER, SERVER, SocketType};

use crate::support::{context, join, recv, send};

#[test]
fn a_server_answers_the_client_that_asked() {
    let context = context();
    let server = context.socket(SERVER).unwrap();
    let clients: Vec<_> = (0..3).map(|_| context.socket(CLIENT).unwrap()).collect();
    server.bind("tcp://127.0.0.1:*").unwrap();
    for (number, client) in clients.iter().enumerate() {
        client.connect(server.last_endpoint().unwrap()).unwrap();
        send(client, number.to_string());
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
        send(&scatter, number.to_string());
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
