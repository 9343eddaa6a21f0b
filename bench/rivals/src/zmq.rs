use ferromq_bench_worker::{Pattern, blocking as sides};
use maybe_async::must_be_sync as either;

pub use work::run;

#[path = "../../worker/src/work.rs"]
mod work;

#[derive(Clone)]
struct Context(zmq::Context);

impl Context {
    fn new() -> Self {
        Self(zmq::Context::new())
    }
}

pub fn kind(pattern: Pattern) -> zmq::SocketType {
    match pattern {
        Pattern::Push => zmq::PUSH,
        Pattern::Pull => zmq::PULL,
        Pattern::Req => zmq::REQ,
        Pattern::Rep => zmq::REP,
        Pattern::Dealer => zmq::DEALER,
        Pattern::Router => zmq::ROUTER,
        Pattern::Pub => zmq::PUB,
        Pattern::Sub => zmq::SUB,
    }
}

/// The context ends sockets in the background, and may have no room before it has.
pub fn made(context: &zmq::Context, pattern: Pattern) -> zmq::Socket {
    loop {
        match context.socket(kind(pattern)) {
            Err(zmq::Error::EMFILE) => {}
            socket => return socket.unwrap(),
        }
    }
}

struct Socket {
    socket: zmq::Socket,
    message: zmq::Message,
}

impl Socket {
    fn new(context: &Context, pattern: Pattern) -> Self {
        Self {
            socket: made(&context.0, pattern),
            message: zmq::Message::new(),
        }
    }

    fn unlimited(&mut self) {
        self.socket.set_sndhwm(0).unwrap();
        self.socket.set_rcvhwm(0).unwrap();
    }

    fn bind(&mut self, endpoint: &str) {
        self.socket.bind(endpoint).unwrap();
    }

    fn connect(&mut self, endpoint: &str) {
        self.socket.connect(endpoint).unwrap();
    }

    fn subscribe(&mut self, topic: &[u8]) {
        self.socket.set_subscribe(topic).unwrap();
    }

    #[inline]
    fn send(&mut self, payload: &[u8]) {
        self.socket.send(payload, 0).unwrap();
    }

    #[inline]
    fn recv(&mut self) -> &[u8] {
        self.socket.recv(&mut self.message, 0).unwrap();
        &self.message
    }

    fn echo(&mut self) -> usize {
        loop {
            let message = self.socket.recv_msg(0).unwrap();
            let (length, more) = (message.len(), message.get_more());
            let flags = if more { zmq::SNDMORE } else { 0 };
            self.socket.send(message, flags).unwrap();
            if !more {
                return length;
            }
        }
    }

    fn close(self) {}
}
