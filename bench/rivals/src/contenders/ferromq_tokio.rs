use ferromq::with_tokio::Socket;
use ferromq::{Context, Message, PULL, PUSH, REP, REQ};
use tokio::sync::oneshot::{Receiver, Sender};

use super::{ask_all, receive_all, send_all};
use crate::Case;

pub fn shared() -> Context {
    Context::new().unwrap()
}

pub async fn pull(context: Context, case: Case, ready: Sender<()>) -> f64 {
    let mut pull = Socket::new(context.socket(PULL).unwrap()).unwrap();
    pull.get_ref().bind(case.endpoint.as_str()).unwrap();
    ready.send(()).unwrap();
    let mut message = Message::new();
    receive_all!({
        pull.recv_into(&mut message).await.unwrap();
        message.len()
    })
}

pub async fn push(context: Context, case: Case, is_ready: Receiver<()>) {
    is_ready.await.unwrap();
    let mut push = Socket::new(context.socket(PUSH).unwrap()).unwrap();
    push.get_ref().connect(case.endpoint.as_str()).unwrap();
    send_all!(case, |payload| push.send(payload).await.unwrap());
    std::future::pending().await
}

pub async fn rep(context: Context, case: Case, ready: Sender<()>) {
    let mut rep = Socket::new(context.socket(REP).unwrap()).unwrap();
    rep.get_ref().bind(case.endpoint.as_str()).unwrap();
    ready.send(()).unwrap();
    let mut message = Message::new();
    loop {
        rep.recv_into(&mut message).await.unwrap();
        rep.send(&message).await.unwrap();
    }
}

pub async fn req(context: Context, case: Case, is_ready: Receiver<()>) -> f64 {
    is_ready.await.unwrap();
    let mut req = Socket::new(context.socket(REQ).unwrap()).unwrap();
    req.get_ref().connect(case.endpoint.as_str()).unwrap();
    let mut message = Message::new();
    ask_all!(case, |payload| {
        req.send(payload).await.unwrap();
        req.recv_into(&mut message).await.unwrap();
    })
}
