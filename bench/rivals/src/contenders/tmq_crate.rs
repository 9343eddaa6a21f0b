use futures_util::{SinkExt, StreamExt};
use tmq::{Context, Multipart};
use tokio::sync::oneshot::{Receiver, Sender};

use super::{ask_all, receive_all, send_all};
use crate::Case;

pub fn shared() -> Context {
    Context::new()
}

pub async fn pull(context: Context, case: Case, ready: Sender<()>) -> f64 {
    let mut pull = tmq::pull(&context).bind(&case.endpoint).unwrap();
    ready.send(()).unwrap();
    receive_all!(pull.next().await.unwrap().unwrap()[0].len())
}

pub async fn push(context: Context, case: Case, is_ready: Receiver<()>) {
    is_ready.await.unwrap();
    let mut push = tmq::push(&context).connect(&case.endpoint).unwrap();
    send_all!(case, |payload| push
        .send(Multipart::from(vec![payload]))
        .await
        .unwrap());
    std::future::pending().await
}

pub async fn rep(context: Context, case: Case, ready: Sender<()>) {
    let mut rep = tmq::reply(&context).bind(&case.endpoint).unwrap();
    ready.send(()).unwrap();
    loop {
        let (message, answer) = rep.recv().await.unwrap();
        rep = answer.send(message).await.unwrap();
    }
}

pub async fn req(context: Context, case: Case, is_ready: Receiver<()>) -> f64 {
    is_ready.await.unwrap();
    let mut req = Some(tmq::request(&context).connect(&case.endpoint).unwrap());
    ask_all!(case, |payload| {
        let asked = req
            .take()
            .unwrap()
            .send(Multipart::from(vec![payload]))
            .await
            .unwrap();
        req = Some(asked.recv().await.unwrap().1);
    })
}
