use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ferromq_bench_worker::{Pattern, futures as sides, named};
use maybe_async::must_be_async as either;
use rzmq::socket::options::{RCVHWM, SNDHWM, SUBSCRIBE};
use rzmq::{Msg, SocketType};

pub use work::run;

#[path = "../../worker/src/work.rs"]
mod work;

/// One belongs to a runtime, so it is made in there.
#[derive(Clone)]
struct Context(Arc<OnceLock<rzmq::Context>>);

impl Context {
    fn new() -> Self {
        Self(Arc::default())
    }
}

struct Socket {
    socket: rzmq::Socket,
    message: Msg,
    pattern: Pattern,
}

impl Socket {
    async fn new(context: &Context, pattern: Pattern) -> Self {
        let context = context.0.get_or_init(|| rzmq::Context::new().unwrap());
        Self {
            socket: context.socket(named!(pattern, SocketType)).unwrap(),
            message: Msg::new(),
            pattern,
        }
    }

    async fn unlimited(&mut self) {
        self.socket.set_option(SNDHWM, 0_i32).await.unwrap();
        self.socket.set_option(RCVHWM, 0_i32).await.unwrap();
    }

    async fn bind(&mut self, endpoint: &str) {
        self.socket.bind(endpoint).await.unwrap();
    }

    async fn connect(&mut self, endpoint: &str) {
        self.socket.connect(endpoint).await.unwrap();
    }

    async fn subscribe(&mut self, topic: &[u8]) {
        self.socket.set_option_raw(SUBSCRIBE, topic).await.unwrap();
    }

    async fn send(&mut self, payload: &[u8]) {
        // Where libzmq waits, as before a connection is made, its send is an error.
        while self
            .socket
            .send(Msg::from_vec(payload.to_vec()))
            .await
            .is_err()
        {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn recv(&mut self) -> &[u8] {
        self.message = match self.pattern {
            Pattern::Dealer => self.socket.recv_multipart().await.unwrap().pop().unwrap(),
            _ => self.socket.recv().await.unwrap(),
        };
        self.message.data().unwrap_or_default()
    }

    async fn echo(&mut self) -> usize {
        if self.pattern == Pattern::Router {
            let message = self.socket.recv_multipart().await.unwrap();
            let length = message[message.len() - 1].size();
            self.socket.send_multipart(message).await.unwrap();
            return length;
        }
        let message = self.socket.recv().await.unwrap();
        let length = message.size();
        self.socket.send(message).await.unwrap();
        length
    }

    async fn close(self) {
        self.socket.close().await.unwrap();
    }
}
