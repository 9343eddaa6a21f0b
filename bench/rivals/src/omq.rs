use ferromq_bench_worker::{Pattern, futures as sides, named};
use maybe_async::must_be_async as either;
use omq_tokio::{Message, Options, Socket as Omq, SocketType};

pub use work::run;

#[path = "../../worker/src/work.rs"]
mod work;

/// It has none.
#[derive(Clone)]
struct Context;

impl Context {
    fn new() -> Self {
        Self
    }
}

struct Socket {
    socket: Omq,
    message: Message,
}

impl Socket {
    async fn new(_context: &Context, pattern: Pattern) -> Self {
        let options = match pattern {
            // High-water marks are set when a socket is made.
            Pattern::Pub | Pattern::Sub | Pattern::Router => {
                Options::default().send_hwm(100_000).recv_hwm(100_000)
            }
            _ => Options::default(),
        };
        Self {
            socket: Omq::new(named!(pattern, SocketType), options),
            message: Message::new(),
        }
    }

    /// `new` has done what can be done.
    async fn unlimited(&mut self) {}

    async fn bind(&mut self, endpoint: &str) {
        self.socket.bind(endpoint).await.unwrap();
    }

    async fn connect(&mut self, endpoint: &str) {
        self.socket.connect(endpoint).await.unwrap();
    }

    async fn subscribe(&mut self, topic: &[u8]) {
        self.socket.subscribe(topic.to_vec()).await.unwrap();
    }

    async fn send(&mut self, payload: &[u8]) {
        self.socket
            .send(Message::from_slice(payload))
            .await
            .unwrap();
    }

    async fn recv(&mut self) -> &[u8] {
        self.message = self.socket.recv().await.unwrap();
        self.message.part_slice(0).unwrap()
    }

    async fn echo(&mut self) -> usize {
        let message = self.socket.recv().await.unwrap();
        let length = message.part_slice(message.len() - 1).unwrap().len();
        self.socket.send(message).await.unwrap();
        length
    }

    async fn close(self) {
        self.socket.close().await.unwrap();
    }
}
