//! Many messages by one await.

use ferromq::with_tokio::Socket;
use ferromq::{ErrorKind, Message, PULL, PUSH, REP};

use crate::support::context;

#[tokio::test]
async fn a_receiver_that_waits_gets_what_is_there() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    push.set_send_hwm(1).unwrap();
    pull.set_recv_hwm(1).unwrap();
    pull.bind("inproc://many").unwrap();
    push.connect("inproc://many").unwrap();
    let (mut push, mut pull) = (Socket::new(push).unwrap(), Socket::new(pull).unwrap());

    let mut received = Vec::new();
    let sender = tokio::spawn(async move {
        let numbers = (0..1000_u32).map(|number| number.to_be_bytes().to_vec());
        push.send_all(numbers).await.unwrap()
    });
    while received.len() < 1000 {
        let many = pull.recv_many(&mut received, 7).await.unwrap();
        assert!((1..=7).contains(&many), "{many}");
    }
    assert_eq!(sender.await.unwrap(), 1000);
    assert!(
        (0..1000_u32)
            .zip(&received)
            .all(|(number, message)| message == &number.to_be_bytes())
    );
    assert_eq!(pull.recv_many(&mut received, 0).await.unwrap(), 0);
}

#[tokio::test]
async fn what_was_not_sent_comes_back() {
    let mut rep = Socket::new(context().socket(REP).unwrap()).unwrap();
    let replies = ["no", "request", "yet"].map(Message::from);
    let error = rep.send_all(replies).await.unwrap_err();
    assert_eq!(
        (error.error().kind(), error.sent()),
        (ErrorKind::WrongState, 0)
    );
    let (unsent, rest) = error.into_unsent();
    assert_eq!(unsent, "no");
    assert!(rest.eq(["request", "yet"].map(Message::from)));
}
