//! REQ asks, REP replies: in turns, over each transport.

use ferromq::{Any, DEALER, ErrorKind, Message, REP, REQ, ROUTER, Socket, SocketType};

use crate::support::{Directory, context, join, recv, recv_multipart, send, send_multipart};

fn exchange(endpoint: &str) {
    let context = context();
    let (req, rep) = (context.socket(REQ).unwrap(), context.socket(REP).unwrap());
    rep.bind(endpoint).unwrap();
    req.connect(rep.last_endpoint().unwrap()).unwrap();
    for (question, answer) in [
        ("Are you OK?", "I am OK!"),
        ("消息群发", "群发消息"),
        ("", ""),
    ] {
        send(&req, question);
        assert_eq!(recv(&rep).to_str(), Ok(question));
        send(&rep, answer);
        assert_eq!(recv(&req).to_str(), Ok(answer));
    }
}

#[test]
fn over_tcp() {
    exchange("tcp://127.0.0.1:*");
}

#[test]
fn over_inproc() {
    exchange("inproc://exchange");
}

#[test]
fn over_ipc() {
    exchange(&Directory::new().endpoint("exchange"));
}

#[test]
fn over_ipc_at_a_path_of_the_systems_choice() {
    exchange("ipc://*");
}

/// A REQ sends, then receives; a REP receives, then sends. Anything else is an error, and no turn is
/// lost by it.
#[test]
fn out_of_turn_is_an_error_that_gives_the_message_back() {
    let context = context();
    let (req, rep) = (context.socket(REQ).unwrap(), context.socket(REP).unwrap());
    join(&rep, &req);
    let endpoint = rep.last_endpoint().unwrap();

    let error = rep.send(Message::from("too early")).unwrap_err();
    assert_eq!(error.error().kind(), ErrorKind::WrongState);
    assert!(
        error
            .to_string()
            .starts_with(&format!("send on REP socket ({endpoint}): ")),
        "{error}"
    );
    assert_eq!(error.into_unsent(), "too early");

    let error = req.recv().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongState);
    assert!(
        error
            .to_string()
            .starts_with(&format!("receive on REQ socket ({endpoint}): ")),
        "{error}"
    );

    send(&req, "one");
    let (error, unsent) = req.send(vec![7; 3]).unwrap_err().into_parts();
    assert_eq!(error.kind(), ErrorKind::WrongState);
    assert_eq!(unsent, [7; 3]);

    // The turn was not lost.
    assert_eq!(recv(&rep), "one");
    send(&rep, "two");
    assert_eq!(recv(&req), "two");
}

#[test]
fn kinds_chosen_at_run_time() {
    let context = context();
    let open = |kind| -> Socket<Any> { context.socket(kind).unwrap() };
    let (req, rep) = (open(SocketType::Req), open(SocketType::Rep));
    assert_eq!(req.socket_type().unwrap(), SocketType::Req);
    join(&rep, &req);
    send(&req, "typed");
    assert_eq!(recv(&rep), "typed");
}

#[test]
fn a_reply_finds_its_way_through_a_router_and_a_dealer() {
    let context = context();
    let (req, rep) = (context.socket(REQ).unwrap(), context.socket(REP).unwrap());
    let frontend = context.socket(ROUTER).unwrap();
    let backend = context.socket(DEALER).unwrap();
    join(&frontend, &req);
    join(&backend, &rep);

    send(&req, "question");
    let request = recv_multipart(&frontend);
    assert_eq!(request.len(), 3, "routing id, empty delimiter, body");
    assert_eq!(request[1], "");
    send_multipart(&backend, request);

    assert_eq!(recv(&rep), "question");
    send(&rep, "answer");
    send_multipart(&frontend, recv_multipart(&backend));
    assert_eq!(recv(&req), "answer");
}
