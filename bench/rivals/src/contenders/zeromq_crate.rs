use bytes::Bytes;
use tokio::sync::oneshot::{Receiver, Sender};
use zeromq::{
    PullSocket, PushSocket, RepSocket, ReqSocket, Socket, SocketRecv, SocketSend, ZmqMessage,
};

use super::{ask_all, receive_all, send_all};
use crate::Case;

pub fn shared() {}

fn message(payload: &[u8]) -> ZmqMessage {
    ZmqMessage::from(Bytes::copy_from_slice(payload))
}

pub async fn pull((): (), case: Case, ready: Sender<()>) -> f64 {
    let mut pull = PullSocket::new();
    pull.bind(&case.endpoint).await.unwrap();
    ready.send(()).unwrap();
    receive_all!(pull.recv().await.unwrap().get(0).unwrap().len())
}

pub async fn push((): (), case: Case, is_ready: Receiver<()>) {
    is_ready.await.unwrap();
    let mut push = PushSocket::new();
    push.connect(&case.endpoint).await.unwrap();
    send_all!(case, |payload| push.send(message(payload)).await.unwrap());
    std::future::pending().await
}

pub async fn rep((): (), case: Case, ready: Sender<()>) {
    let mut rep = RepSocket::new();
    rep.bind(&case.endpoint).await.unwrap();
    ready.send(()).unwrap();
    loop {
        let message = rep.recv().await.unwrap();
        rep.send(message).await.unwrap();
    }
}

pub async fn req((): (), case: Case, is_ready: Receiver<()>) -> f64 {
    is_ready.await.unwrap();
    let mut req = ReqSocket::new();
    req.connect(&case.endpoint).await.unwrap();
    ask_all!(case, |payload| {
        req.send(message(payload)).await.unwrap();
        req.recv().await.unwrap();
    })
}
