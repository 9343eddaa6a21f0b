use bytes::Bytes;
use ferromq_bench_worker::{Pattern, call, futures as sides};
use maybe_async::must_be_async as either;
use zeromq::{
    DealerSocket, PubSocket, PullSocket, PushSocket, RepSocket, ReqSocket, RouterSocket,
    Socket as _, SocketRecv, SocketSend, SubSocket, ZmqMessage,
};

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

enum Typed {
    Push(PushSocket),
    Pull(PullSocket),
    Req(ReqSocket),
    Rep(RepSocket),
    Dealer(DealerSocket),
    Router(RouterSocket),
    Pub(PubSocket),
    Sub(SubSocket),
}

struct Socket {
    typed: Typed,
    frame: Bytes,
}

impl Socket {
    async fn new(_context: &Context, pattern: Pattern) -> Self {
        let typed = match pattern {
            Pattern::Push => Typed::Push(PushSocket::new()),
            Pattern::Pull => Typed::Pull(PullSocket::new()),
            Pattern::Req => Typed::Req(ReqSocket::new()),
            Pattern::Rep => Typed::Rep(RepSocket::new()),
            Pattern::Dealer => Typed::Dealer(DealerSocket::new()),
            Pattern::Router => Typed::Router(RouterSocket::new()),
            Pattern::Pub => Typed::Pub(PubSocket::new()),
            Pattern::Sub => Typed::Sub(SubSocket::new()),
        };
        Self {
            typed,
            frame: Bytes::new(),
        }
    }

    /// It has no such option.
    async fn unlimited(&mut self) {}

    async fn bind(&mut self, endpoint: &str) {
        call!(&mut self.typed, [Push Pull Req Rep Dealer Router Pub Sub], socket => {
            socket.bind(endpoint).await.unwrap();
        });
    }

    async fn connect(&mut self, endpoint: &str) {
        call!(&mut self.typed, [Push Pull Req Rep Dealer Router Pub Sub], socket => {
            socket.connect(endpoint).await.unwrap();
        });
    }

    async fn subscribe(&mut self, topic: &[u8]) {
        let topic = str::from_utf8(topic).unwrap();
        call!(&mut self.typed, [Sub], socket => socket.subscribe(topic).await.unwrap());
    }

    async fn send(&mut self, payload: &[u8]) {
        self.send_message(Bytes::copy_from_slice(payload).into())
            .await;
    }

    async fn send_message(&mut self, message: ZmqMessage) {
        call!(&mut self.typed, [Push Req Rep Dealer Router Pub], socket => {
            socket.send(message).await.unwrap();
        });
    }

    async fn recv(&mut self) -> &[u8] {
        let message = self.recv_message().await;
        self.frame = message.into_vecdeque().pop_back().unwrap();
        &self.frame
    }

    async fn recv_message(&mut self) -> ZmqMessage {
        call!(&mut self.typed, [Pull Req Rep Dealer Router Sub], socket => {
            socket.recv().await.unwrap()
        })
    }

    async fn echo(&mut self) -> usize {
        let message = self.recv_message().await;
        let length = message.get(message.len() - 1).unwrap().len();
        self.send_message(message).await;
        length
    }

    async fn close(self) {}
}
