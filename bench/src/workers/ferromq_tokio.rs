//! Async sockets in tokio, which receive into a message that is used again.

use ferromq::with_tokio::Socket as Async;
use ferromq::{Any, Message};
use ferromq_bench_worker::{Pattern, futures as sides};
use maybe_async::must_be_async as either;

use super::kind::kind;

pub use work::run;

#[path = "../../worker/src/work.rs"]
mod work;

#[derive(Clone)]
struct Context(ferromq::Context);

impl Context {
    fn new() -> Self {
        Self(ferromq::Context::new().unwrap())
    }
}

struct Socket {
    socket: Async<Any>,
    message: Message,
    pattern: Pattern,
}

impl Socket {
    async fn new(context: &Context, pattern: Pattern) -> Self {
        Self {
            socket: Async::new(context.0.socket(kind(pattern)).unwrap()).unwrap(),
            message: Message::new(),
            pattern,
        }
    }

    async fn unlimited(&mut self) {
        self.socket.get_ref().set_send_hwm(None).unwrap();
        self.socket.get_ref().set_recv_hwm(None).unwrap();
    }

    async fn bind(&mut self, endpoint: &str) {
        self.socket.get_ref().bind(endpoint).unwrap();
    }

    async fn connect(&mut self, endpoint: &str) {
        self.socket.get_ref().connect(endpoint).unwrap();
    }

    async fn subscribe(&mut self, topic: &[u8]) {
        self.socket.get_ref().subscribe(topic).unwrap();
    }

    async fn send(&mut self, payload: &[u8]) {
        self.socket.send(payload).await.unwrap();
    }

    async fn recv(&mut self) -> &[u8] {
        self.socket.recv_into(&mut self.message).await.unwrap();
        &self.message
    }

    async fn echo(&mut self) -> usize {
        if self.pattern == Pattern::Router {
            let message = self.socket.recv_multipart().await.unwrap();
            let length = message[message.len() - 1].len();
            self.socket.send_multipart(message).await.unwrap();
            return length;
        }
        let message = self.socket.recv().await.unwrap();
        let length = message.len();
        self.socket.send(message).await.unwrap();
        length
    }

    async fn close(self) {}
}
