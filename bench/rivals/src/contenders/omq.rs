use omq_tokio::{Message, Options, Socket, SocketType};
use tokio::sync::oneshot::{Receiver, Sender};

use super::{ask_all, receive_all, send_all};
use crate::Case;

pub fn shared() {}

fn socket(kind: SocketType) -> Socket {
    Socket::new(kind, Options::default())
}

pub async fn pull((): (), case: Case, ready: Sender<()>) -> f64 {
    let pull = socket(SocketType::Pull);
    pull.bind(case.endpoint.as_str()).await.unwrap();
    ready.send(()).unwrap();
    receive_all!(pull.recv().await.unwrap().byte_len())
}

pub async fn push((): (), case: Case, is_ready: Receiver<()>) {
    is_ready.await.unwrap();
    let push = socket(SocketType::Push);
    push.connect(case.endpoint.as_str()).await.unwrap();
    send_all!(case, |payload| push
        .send(Message::from_slice(payload))
        .await
        .unwrap());
    std::future::pending().await
}

pub async fn rep((): (), case: Case, ready: Sender<()>) {
    let rep = socket(SocketType::Rep);
    rep.bind(case.endpoint.as_str()).await.unwrap();
    ready.send(()).unwrap();
    loop {
        let message = rep.recv().await.unwrap();
        rep.send(message).await.unwrap();
    }
}

pub async fn req((): (), case: Case, is_ready: Receiver<()>) -> f64 {
    is_ready.await.unwrap();
    let req = socket(SocketType::Req);
    req.connect(case.endpoint.as_str()).await.unwrap();
    ask_all!(case, |payload| {
        req.send(Message::from_slice(payload)).await.unwrap();
        req.recv().await.unwrap();
    })
}
