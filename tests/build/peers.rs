//! Two connected sockets.

use ferromq::{Context, Endpoint, PAIR, Pair, Socket};

use crate::process::DEADLINE;

pub struct Peers {
    pub binder: Socket<Pair>,
    pub connector: Socket<Pair>,
}

impl Peers {
    /// Two sockets that are not connected yet.
    pub fn new(context: &Context) -> Self {
        Self {
            binder: context.socket(PAIR).unwrap(),
            connector: context.socket(PAIR).unwrap(),
        }
    }

    /// Two sockets that have exchanged messages over a connection to `endpoint`.
    pub fn connected(context: &Context, endpoint: &str) -> Self {
        let peers = Self::new(context);
        peers.connect_over(endpoint);
        peers
    }

    /// Connects the sockets, exchanges messages, and returns the endpoint without its wildcards.
    pub fn connect_over(&self, endpoint: &str) -> Endpoint {
        self.binder.bind(endpoint).unwrap();
        let endpoint = self.binder.last_endpoint().unwrap();
        self.connector.connect(&endpoint).unwrap();
        pass(&self.connector, &self.binder);
        pass(&self.binder, &self.connector);
        endpoint
    }
}

/// Sends a message from one socket to the other.
#[track_caller]
pub fn pass(from: &Socket<Pair>, to: &Socket<Pair>) {
    from.send_timeout("hello", DEADLINE)
        .expect("nobody takes the message");
    let message = to.recv_timeout(DEADLINE).unwrap();
    assert_eq!(message.expect("no message comes"), "hello");
}
