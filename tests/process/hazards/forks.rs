//! A child closes what it inherits: libzmq knows the process by its number, which
//! `ferromq_process.cpp` keeps for it.

use ferromq_sys::*;

use super::raw::{Context, Socket};
use crate::child::{DEADLINE, in_child, in_child_by};
use crate::forks::clone;

fn talk(a: &Socket, b: &Socket) {
    a.send(&[b"hello"]);
    assert_eq!(b.recv(), b"hello");
}

fn a_child_closes_what_it_inherits(fork: fn() -> libc::pid_t) {
    in_child(|| {
        let context = Context::new();
        let (a, b) = (context.socket(ZMQ_PAIR), context.socket(ZMQ_PAIR));
        a.connect(&b.bind("tcp://127.0.0.1:*"));
        talk(&a, &b);
        let mut sockets = Some((a, b));
        for _ in 0..10 {
            in_child_by(fork, DEADLINE, || {
                let (a, b) = sockets.take().unwrap();
                a.close();
                b.close();
            });
            let (a, b) = sockets.as_ref().unwrap();
            talk(a, b);
            talk(b, a);
        }
        let (a, b) = sockets.unwrap();
        a.close();
        b.close();
        context.terminate().unwrap();
    });
}

#[test]
fn a_forked_child_closes_what_it_inherits() {
    // SAFETY: the child only closes sockets and leaves.
    a_child_closes_what_it_inherits(|| unsafe { libc::fork() });
}

#[test]
fn a_cloned_child_closes_what_it_inherits() {
    a_child_closes_what_it_inherits(clone);
}
