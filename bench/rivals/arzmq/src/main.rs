//! arzmq as a worker of the benchmarks; the harness starts this.

use std::ops::Deref;
use std::process::ExitCode;

use arzmq::prelude::*;
use ferromq_bench_worker::{Cell, Pattern, Report, blocking as sides, call};
use maybe_async::must_be_sync as either;

#[path = "../../../worker/src/work.rs"]
mod work;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    Report::main(&arguments, |library, cell: Cell| {
        (library == "arzmq").then(|| work::run(cell))
    })
}

#[derive(Clone)]
struct Context(arzmq::prelude::Context);

impl Context {
    fn new() -> Self {
        Self(arzmq::prelude::Context::new().unwrap())
    }
}

enum Typed {
    Push(PushSocket),
    Pull(PullSocket),
    Req(RequestSocket),
    Rep(ReplySocket),
    Dealer(DealerSocket),
    Router(RouterSocket),
    Pub(PublishSocket),
    Sub(SubscribeSocket),
}

struct Socket {
    typed: Typed,
    message: Message,
}

/// The context ends sockets in the background, and may have no room before it has.
fn made<T>(new: impl Fn() -> ZmqResult<T>) -> T {
    loop {
        match new() {
            Err(ZmqError::TooManyOpenFiles) => {}
            socket => return socket.unwrap(),
        }
    }
}

impl Socket {
    fn new(Context(context): &Context, pattern: Pattern) -> Self {
        let typed = match pattern {
            Pattern::Push => Typed::Push(made(|| PushSocket::from_context(context))),
            Pattern::Pull => Typed::Pull(made(|| PullSocket::from_context(context))),
            Pattern::Req => Typed::Req(made(|| RequestSocket::from_context(context))),
            Pattern::Rep => Typed::Rep(made(|| ReplySocket::from_context(context))),
            Pattern::Dealer => Typed::Dealer(made(|| DealerSocket::from_context(context))),
            Pattern::Router => Typed::Router(made(|| RouterSocket::from_context(context))),
            Pattern::Pub => Typed::Pub(made(|| PublishSocket::from_context(context))),
            Pattern::Sub => Typed::Sub(made(|| SubscribeSocket::from_context(context))),
        };
        Self {
            typed,
            message: Message::new(),
        }
    }

    fn unlimited(&mut self) {
        call!(&self.typed, [Push Pull Req Rep Dealer Router Pub Sub], socket => {
            socket.set_send_highwater_mark(0).unwrap();
            socket.set_receive_highwater_mark(0).unwrap();
        });
    }

    fn bind(&mut self, endpoint: &str) {
        call!(&self.typed, [Push Pull Req Rep Dealer Router Pub Sub], socket => {
            socket.bind(endpoint).unwrap();
        });
    }

    fn connect(&mut self, endpoint: &str) {
        call!(&self.typed, [Push Pull Req Rep Dealer Router Pub Sub], socket => {
            socket.connect(endpoint).unwrap();
        });
    }

    fn subscribe(&mut self, topic: &[u8]) {
        call!(&self.typed, [Sub], socket => socket.subscribe(topic).unwrap());
    }

    fn send(&mut self, payload: &[u8]) {
        call!(&self.typed, [Push Req Dealer Pub], socket => {
            socket.send_msg(payload, SendFlags::empty()).unwrap();
        });
    }

    fn recv(&mut self) -> impl Deref<Target = [u8]> {
        self.message = call!(&self.typed, [Pull Req Dealer Sub], socket => {
            socket.recv_msg(RecvFlags::empty()).unwrap()
        });
        self.message.as_bytes()
    }

    fn echo(&mut self) -> usize {
        call!(&self.typed, [Rep Router], socket => loop {
            let message = socket.recv_msg(RecvFlags::empty()).unwrap();
            let (length, more) = (message.len(), message.get_more());
            let flags = if more { SendFlags::SEND_MORE } else { SendFlags::empty() };
            socket.send_msg(message, flags).unwrap();
            if !more {
                return length;
            }
        })
    }

    fn close(self) {}
}
