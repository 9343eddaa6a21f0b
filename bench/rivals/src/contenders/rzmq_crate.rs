use std::time::Duration;

use rzmq::{Context, Msg, SocketType};
use tokio::sync::oneshot::{Receiver, Sender};

use super::{ask_all, receive_all, send_all};
use crate::Case;

/// Its contexts belong to a runtime: the side that binds makes one, and hands it over.
pub fn shared() -> std::sync::Arc<std::sync::OnceLock<Context>> {
    std::sync::Arc::default()
}

type Shared = std::sync::Arc<std::sync::OnceLock<Context>>;

fn context(shared: &Shared) -> &Context {
    shared.get_or_init(|| Context::new().unwrap())
}

fn message(payload: &[u8]) -> Msg {
    Msg::from_vec(payload.to_vec())
}

pub async fn pull(shared: Shared, case: Case, ready: Sender<()>) -> f64 {
    let pull = context(&shared).socket(SocketType::Pull).unwrap();
    pull.bind(&case.endpoint).await.unwrap();
    ready.send(()).unwrap();
    receive_all!(pull.recv().await.unwrap().data().map_or(0, <[u8]>::len))
}

pub async fn push(shared: Shared, case: Case, is_ready: Receiver<()>) {
    is_ready.await.unwrap();
    let push = context(&shared).socket(SocketType::Push).unwrap();
    push.connect(&case.endpoint).await.unwrap();
    // Where libzmq waits, as before the connection is made, its send is an error.
    send_all!(
        case,
        |payload| while push.send(message(payload)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    );
    std::future::pending().await
}

pub async fn rep(shared: Shared, case: Case, ready: Sender<()>) {
    let rep = context(&shared).socket(SocketType::Rep).unwrap();
    rep.bind(&case.endpoint).await.unwrap();
    ready.send(()).unwrap();
    loop {
        let message = rep.recv().await.unwrap();
        rep.send(message).await.unwrap();
    }
}

pub async fn req(shared: Shared, case: Case, is_ready: Receiver<()>) -> f64 {
    is_ready.await.unwrap();
    let req = context(&shared).socket(SocketType::Req).unwrap();
    req.connect(&case.endpoint).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    ask_all!(case, |payload| {
        req.send(message(payload)).await.unwrap();
        req.recv().await.unwrap();
    })
}
