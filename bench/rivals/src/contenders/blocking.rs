use std::thread;

use ferromq::{Context, Message, PULL, PUSH, REP, REQ};

use super::{ask_all, receive_all, send_all};
use crate::Case;

pub fn one_way(case: Case) -> f64 {
    let context = Context::new().unwrap();
    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    pull.bind(case.endpoint.as_str()).unwrap();
    push.connect(case.endpoint.as_str()).unwrap();
    let sender = thread::spawn(move || send_all!(case, |payload| push.send(payload).unwrap()));
    let mut message = Message::new();
    let result = receive_all!({
        pull.recv_into(&mut message).unwrap();
        message.len()
    });
    sender.join().unwrap();
    result
}

pub fn round_trip(case: Case) -> f64 {
    let context = Context::new().unwrap();
    let (rep, req) = (context.socket(REP).unwrap(), context.socket(REQ).unwrap());
    rep.bind(case.endpoint.as_str()).unwrap();
    req.connect(case.endpoint.as_str()).unwrap();
    let server = thread::spawn(move || {
        let mut message = Message::new();
        while rep.recv_into(&mut message).is_ok() && message.len() != 1 {
            rep.send(&message).unwrap();
        }
    });
    let mut message = Message::new();
    let result = ask_all!(case, |payload| {
        req.send(payload).unwrap();
        req.recv_into(&mut message).unwrap();
    });
    req.send(b"x").unwrap();
    server.join().unwrap();
    result
}
