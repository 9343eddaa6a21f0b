//! Peers in Python's asyncio, which `peer.py` is.

use std::process::{Command, Output, Stdio};

use ferromq::with_tokio::Socket;
use ferromq::{IntoKind, PULL, PUSH, REQ, ROUTER};
use tokio::task::JoinHandle;

use crate::python;
use crate::support::{context, run, wrapped};

const NUMBERS: u32 = 2000;

/// A socket, and a peer that has connected to it or is about to.
fn with_peer<K: IntoKind>(kind: K, does: &'static str) -> (Socket<K::Kind>, JoinHandle<Output>) {
    let socket = context().socket(kind).unwrap();
    socket.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = socket.last_endpoint().unwrap().to_string();
    let peer = tokio::task::spawn_blocking(move || {
        Command::new(python::interpreter())
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/asynchronous/peer.py"
            ))
            .args([does, endpoint.as_str()])
            .stdin(Stdio::null())
            .output()
            .unwrap()
    });
    (wrapped(socket), peer)
}

async fn ended_well(peer: JoinHandle<Output>) -> String {
    let output = peer.await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn asyncio_asks() {
    run(async {
        let (mut router, peer) = with_peer(ROUTER, "ask");
        for _ in 0..200 {
            let request = router.recv_multipart().await.unwrap();
            router.send_multipart(request).await.unwrap();
        }
        ended_well(peer).await;
    });
}

#[test]
fn asyncio_answers() {
    run(async {
        let (mut req, peer) = with_peer(REQ, "answer");
        for n in 0..200 {
            let reply = req
                .request([format!("{n}"), "second".into()])
                .await
                .unwrap();
            assert_eq!(reply[..], [format!("{n}"), "second".into()]);
        }
        assert_eq!(req.request(["end"]).await.unwrap()[0], "end");
        ended_well(peer).await;
    });
}

#[test]
fn asyncio_pulls() {
    run(async {
        let (mut push, peer) = with_peer(PUSH, "pull");
        for n in 0..NUMBERS {
            push.send_multipart([format!("{n}").as_str(), "x"])
                .await
                .unwrap();
        }
        push.send("end").await.unwrap();
        assert_eq!(ended_well(peer).await.trim(), NUMBERS.to_string());
    });
}

#[test]
fn asyncio_pushes() {
    run(async {
        let (mut pull, peer) = with_peer(PULL, "push");
        for n in 0..NUMBERS {
            assert_eq!(pull.recv_multipart().await.unwrap()[0], format!("{n}"));
        }
        assert_eq!(pull.recv().await.unwrap(), "end");
        ended_well(peer).await;
    });
}
