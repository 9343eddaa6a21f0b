use ferromq_bench_worker::{Pattern, call, futures as sides};
use futures_util::{SinkExt, StreamExt};
use maybe_async::must_be_async as either;
use tmq::dealer::Dealer;
use tmq::publish::Publish;
use tmq::pull::Pull;
use tmq::push::Push;
use tmq::request_reply::{RequestReceiver, RequestSender};
use tmq::router::Router;
use tmq::subscribe::{Subscribe, SubscribeWithoutTopic};
use tmq::{AsZmqSocket, FromZmqSocket, Multipart};

use crate::zmq::made;

pub use work::run;

#[path = "../../worker/src/work.rs"]
mod work;

#[derive(Clone)]
struct Context(tmq::Context);

impl Context {
    fn new() -> Self {
        Self(tmq::Context::new())
    }
}

enum Typed {
    Push(Push),
    Pull(Pull),
    Dealer(Dealer),
    Router(Router),
    Publish(Publish),
    Subscribe(Subscribe),
    Asks(RequestSender),
    Answers(RequestReceiver),
    /// Between two of the last ones.
    Busy,
}

struct Socket {
    typed: Typed,
    message: Multipart,
}

impl Socket {
    async fn new(context: &Context, pattern: Pattern) -> Self {
        let socket = made(&context.0, pattern);
        let typed = match pattern {
            Pattern::Push => Typed::Push(Push::from_zmq_socket(socket).unwrap()),
            Pattern::Pull => Typed::Pull(Pull::from_zmq_socket(socket).unwrap()),
            Pattern::Dealer => Typed::Dealer(Dealer::from_zmq_socket(socket).unwrap()),
            Pattern::Router => Typed::Router(Router::from_zmq_socket(socket).unwrap()),
            Pattern::Pub => Typed::Publish(Publish::from_zmq_socket(socket).unwrap()),
            Pattern::Req => Typed::Asks(RequestSender::from_zmq_socket(socket).unwrap()),
            Pattern::Rep => Typed::Answers(RequestReceiver::from_zmq_socket(socket).unwrap()),
            Pattern::Sub => {
                // It wants a topic at once: one of which there are no messages.
                let socket = SubscribeWithoutTopic::from_zmq_socket(socket).unwrap();
                Typed::Subscribe(socket.subscribe(b"\xff").unwrap())
            }
        };
        Self {
            typed,
            message: Multipart::default(),
        }
    }

    fn plain(&self) -> &zmq::Socket {
        call!(&self.typed, [Push Pull Dealer Router Publish Subscribe Asks Answers], socket => {
            socket.get_socket()
        })
    }

    async fn unlimited(&mut self) {
        self.plain().set_sndhwm(0).unwrap();
        self.plain().set_rcvhwm(0).unwrap();
    }

    async fn bind(&mut self, endpoint: &str) {
        self.plain().bind(endpoint).unwrap();
    }

    async fn connect(&mut self, endpoint: &str) {
        self.plain().connect(endpoint).unwrap();
    }

    async fn subscribe(&mut self, topic: &[u8]) {
        self.plain().set_subscribe(topic).unwrap();
    }

    async fn send(&mut self, payload: &[u8]) {
        self.send_multipart(Multipart::from(vec![payload])).await;
    }

    async fn send_multipart(&mut self, message: Multipart) {
        if matches!(self.typed, Typed::Asks(_)) {
            let asks = std::mem::replace(&mut self.typed, Typed::Busy);
            let answers = call!(asks, [Asks], socket => socket.send(message).await.unwrap());
            self.typed = Typed::Answers(answers);
            return;
        }
        call!(&mut self.typed, [Push Dealer Router Publish], socket => {
            socket.send(message).await.unwrap();
        });
    }

    async fn recv(&mut self) -> &[u8] {
        self.message = self.recv_multipart().await;
        &self.message[0]
    }

    async fn recv_multipart(&mut self) -> Multipart {
        if matches!(self.typed, Typed::Answers(_)) {
            let answers = std::mem::replace(&mut self.typed, Typed::Busy);
            let (message, asks) = call!(answers, [Answers], socket => socket.recv().await.unwrap());
            self.typed = Typed::Asks(asks);
            return message;
        }
        call!(&mut self.typed, [Pull Dealer Router Subscribe], socket => {
            socket.next().await.unwrap().unwrap()
        })
    }

    async fn echo(&mut self) -> usize {
        let message = self.recv_multipart().await;
        let length = message[message.len() - 1].len();
        self.send_multipart(message).await;
        length
    }

    async fn close(self) {}
}
