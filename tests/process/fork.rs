//! A forked child inherits handles that are not its own: it can neither use nor harm them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use ferromq::{
    Context, DEALER, Dealer, ErrorKind, Events, Message, PAIR, PULL, PUSH, REP, REQ, ROUTER, Socket,
};

use crate::child::{DEADLINE, forked, in_child};
use crate::peers::{SetOnDrop, connected_pair, context, exchange, works};

#[test]
fn a_close_in_the_child_is_refused() {
    let context = context();
    let mut socket = Some(context.socket(PUSH).unwrap());
    in_child(|| {
        forked(
            socket.take().unwrap().close(Duration::ZERO),
            "set ZMQ_LINGER",
        )
    });
    assert_eq!(socket.unwrap().linger().unwrap(), Some(Duration::ZERO));
}

#[test]
fn a_drop_in_the_child_leaves_the_parent_working() {
    let context = context();
    let mut handles = Some((connected_pair(&context), context));
    in_child(|| drop(handles.take()));
    let ((a, b), context) = handles.take().unwrap();
    works(&a, &b);
    let endpoint = a.last_endpoint().unwrap();
    let third = context.socket(DEALER).unwrap();
    third.connect(endpoint).unwrap();
    works(&a, &b);
}

#[test]
fn a_child_makes_its_own_context() {
    let context = context();
    let (a, b) = connected_pair(&context);
    in_child(exchange);
    works(&a, &b);
}

#[test]
fn a_child_of_a_child_does_as_well() {
    let context = context();
    let (a, b) = connected_pair(&context);
    in_child(|| {
        let inner = self::context();
        let (c, d) = connected_pair(&inner);
        // SAFETY: as in `in_child`; the grandchild only computes and leaves.
        match unsafe { libc::fork() } {
            0 => {
                let refused = |socket: &Socket<Dealer>| matches!(socket.events(), Err(error) if error.kind() == ErrorKind::Forked);
                let status = i32::from(!(refused(&a) && refused(&c)));
                // SAFETY: ends the grandchild.
                unsafe { libc::_exit(status) }
            }
            grandchild => {
                let mut status = 0;
                // SAFETY: `status` is valid for writes.
                let reaped = unsafe { libc::waitpid(grandchild, &mut status, 0) };
                assert_eq!((reaped, status), (grandchild, 0));
            }
        }
        works(&c, &d);
    });
    works(&a, &b);
}

#[test]
fn a_child_has_its_own_global_context() {
    let parents = Context::global().unwrap().socket(PAIR).unwrap();
    parents.bind("inproc://global").unwrap();
    in_child(|| {
        let global = || Context::global().unwrap();
        let (a, b) = (
            global().socket(PAIR).unwrap(),
            global().socket(PAIR).unwrap(),
        );
        a.bind("inproc://global").unwrap();
        b.connect("inproc://global").unwrap();
        a.send("in the child").unwrap();
        let message = b.recv_timeout(DEADLINE).unwrap().unwrap();
        assert_eq!(message, "in the child");
    });
    let other = Context::global().unwrap().socket(PAIR).unwrap();
    other.connect("inproc://global").unwrap();
    other.send("in the parent").unwrap();
    let message = parents.recv_timeout(DEADLINE).unwrap().unwrap();
    assert_eq!(message, "in the parent");
}

#[test]
fn a_message_of_the_parent_is_the_childs_too() {
    let mut owned = Some(Message::from(vec![7; 5000]));
    in_child(|| {
        let mut message = owned.take().unwrap();
        message.make_mut()[0] = 8;
        let context = context();
        let (a, b) = connected_pair(&context);
        a.send(message).unwrap();
        assert_eq!(b.recv_timeout(DEADLINE).unwrap().unwrap()[..2], [8, 7]);
    });
    assert_eq!(owned.unwrap(), [7; 5000]);
}

/// Sooner or later the fork finds each lock of the library in the hands of a thread that the child
/// does not have.
#[test]
fn a_child_of_a_busy_parent_does_not_hang() {
    let context = context();
    let (a, b) = connected_pair(&context);
    let mut handles = Some((context.clone(), context.socket(ROUTER).unwrap()));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                context.socket(ROUTER).unwrap();
            }
        });
        scope.spawn(|| {
            let router = context.socket(ROUTER).unwrap();
            while !done.load(Ordering::Relaxed) {
                router.bind("inproc://busy").unwrap();
                router.unbind("inproc://busy").unwrap();
            }
        });
        let _done = SetOnDrop(&done);
        for fork in 0..300 {
            in_child(|| {
                forked(a.send("text").map_err(Into::into), "send");
                forked(context.socket(REQ), "open socket REQ");
                forked(context.shutdown(), "shut down context");
                drop(handles.take());
                if fork % 10 == 0 {
                    exchange();
                }
            });
        }
    });
    works(&a, &b);
}

#[test]
fn a_thread_that_blocks_during_the_fork_goes_on() {
    let context = context();
    let rep = context.socket(REP).unwrap();
    let req = context.socket(REQ).unwrap();
    rep.bind("tcp://127.0.0.1:*").unwrap();
    req.connect(rep.last_endpoint().unwrap()).unwrap();
    let server = thread::spawn(move || {
        let request = rep.recv_timeout(DEADLINE).unwrap().unwrap();
        rep.send(request).unwrap();
        rep
    });
    in_child(exchange);
    req.send("after the fork").unwrap();
    let reply = req.recv_timeout(DEADLINE).unwrap().unwrap();
    assert_eq!(reply, "after the fork");
    let rep = server.join().unwrap();
    assert_eq!(rep.events().unwrap(), Events::empty());
}

#[test]
fn a_full_socket_is_refused_not_waited_for() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    push.bind("tcp://127.0.0.1:*").unwrap();
    in_child(|| {
        forked(push.send("text").map_err(Into::into), "send");
        forked(pull.recv(), "receive");
    });
}
