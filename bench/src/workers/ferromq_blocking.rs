//! Blocking sockets, which receive into a message that is used again.

use ferromq::{Any, Message};
use ferromq_bench_worker::{Pattern, blocking as sides};
use maybe_async::must_be_sync as either;

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
    socket: ferromq::Socket<Any>,
    message: Message,
    pattern: Pattern,
}

impl Socket {
    fn new(context: &Context, pattern: Pattern) -> Self {
        Self {
            socket: context.0.socket(kind(pattern)).unwrap(),
            message: Message::new(),
            pattern,
        }
    }

    fn unlimited(&mut self) {
        self.socket.set_send_hwm(None).unwrap();
        self.socket.set_recv_hwm(None).unwrap();
    }

    fn bind(&mut self, endpoint: &str) {
        self.socket.bind(endpoint).unwrap();
    }

    fn connect(&mut self, endpoint: &str) {
        self.socket.connect(endpoint).unwrap();
    }

    fn subscribe(&mut self, topic: &[u8]) {
        self.socket.subscribe(topic).unwrap();
    }

    #[inline]
    fn send(&mut self, payload: &[u8]) {
        self.socket.send(payload).unwrap();
    }

    #[inline]
    fn recv(&mut self) -> &[u8] {
        self.socket.recv_into(&mut self.message).unwrap();
        &self.message
    }

    fn echo(&mut self) -> usize {
        if self.pattern == Pattern::Router {
            let message = self.socket.recv_multipart().unwrap();
            let length = message[message.len() - 1].len();
            self.socket.send_multipart(message).unwrap();
            return length;
        }
        let message = self.socket.recv().unwrap();
        let length = message.len();
        self.socket.send(message).unwrap();
        length
    }

    fn close(self) {}
}
