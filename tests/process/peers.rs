//! Sockets that talk to each other.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ferromq::{Context, DEALER, Dealer, Socket};

use crate::child::DEADLINE;

/// One whose sockets do not linger.
pub fn context() -> Context {
    Context::builder().linger(Duration::ZERO).build().unwrap()
}

/// Two sockets that have talked to each other over the network.
pub fn connected_pair(context: &Context) -> (Socket<Dealer>, Socket<Dealer>) {
    let (a, b) = (
        context.socket(DEALER).unwrap(),
        context.socket(DEALER).unwrap(),
    );
    a.bind("tcp://127.0.0.1:*").unwrap();
    b.connect(a.last_endpoint().unwrap()).unwrap();
    works(&a, &b);
    (a, b)
}

pub fn works(a: &Socket<Dealer>, b: &Socket<Dealer>) {
    for (from, to) in [(a, b), (b, a)] {
        from.send_timeout("hello", DEADLINE).unwrap();
        assert_eq!(to.recv_timeout(DEADLINE).unwrap().unwrap(), "hello");
    }
}

/// Talks within a new context.
pub fn exchange() {
    let context = context();
    let (a, b) = connected_pair(&context);
    works(&a, &b);
}

/// Tells the other threads that it is over, also when the test fails.
pub struct SetOnDrop<'a>(pub &'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
