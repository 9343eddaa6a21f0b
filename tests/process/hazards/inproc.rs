//! Names within the process: connected to before they are bound, and given up again.

use std::sync::Barrier;
use std::thread;

use ferromq::{Context, DEALER, ErrorKind, PAIR, PULL, PUSH, ROUTER};

use crate::child::{DEADLINE, in_child};

/// Fix `pending-told-in-order`.
#[test]
fn a_connection_is_given_up_before_the_name_is_bound() {
    in_child(|| {
        let context = Context::new().unwrap();
        let router = context.socket(ROUTER).unwrap();
        router.connect("inproc://name").unwrap();
        router.disconnect("inproc://name").unwrap();
        assert!(router.try_recv().unwrap().is_none());
        let dealer = context.socket(DEALER).unwrap();
        dealer.bind("inproc://name").unwrap();

        router.connect("inproc://name").unwrap();
        dealer.send_timeout("hello", DEADLINE).unwrap();
        let message = router.recv_multipart_timeout(DEADLINE).unwrap().unwrap();
        assert_eq!(message[1], "hello");
    });
}

/// Fix `pending-told-in-order`.
#[test]
fn a_name_is_bound_that_more_have_connected_to_than_are_let_in() {
    in_child(|| {
        let context = Context::new().unwrap();
        let routers = [(); 2].map(|()| {
            let router = context.socket(ROUTER).unwrap();
            router.connect("inproc://name").unwrap();
            router
        });
        let pair = context.socket(PAIR).unwrap();
        pair.bind("inproc://name").unwrap();
        pair.send_timeout("to the first", DEADLINE).unwrap();
        let message = routers[0].recv_multipart_timeout(DEADLINE).unwrap();
        assert_eq!(message.unwrap()[1], "to the first");
        assert!(routers[1].try_recv().unwrap().is_none());
    });
}

/// Fix `pending-taken-over`: without it ThreadSanitizer complains, which it would not in a child.
#[test]
fn a_name_is_bound_while_those_that_connected_to_it_leave() {
    const ROUNDS: u32 = 300;
    let start = Barrier::new(2);
    let context = Context::new().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..ROUNDS {
                let push = context.socket(PUSH).unwrap();
                push.connect(format!("inproc://{round}")).unwrap();
                push.send_timeout("sent before it left", DEADLINE).unwrap();
                start.wait();
                // In this thread or, by a drop, in one of libzmq.
                if round % 2 == 0 {
                    // Unless the binder has come and gone meanwhile.
                    if let Err(error) = push.disconnect(format!("inproc://{round}")) {
                        assert_eq!(error.kind(), ErrorKind::NotFound);
                    }
                    assert!(push.try_send("to nobody").is_err());
                }
            }
        });
        for round in 0..ROUNDS {
            let pull = context.socket(PULL).unwrap();
            start.wait();
            pull.bind(format!("inproc://{round}")).unwrap();
            let message = pull.recv_timeout(DEADLINE).unwrap().unwrap();
            assert_eq!(message, "sent before it left");
        }
    });
    context.terminate(DEADLINE).unwrap();
}
