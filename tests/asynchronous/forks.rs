//! A forked child inherits async sockets that are not its own.

use std::pin::pin;
use std::task::{Context as TaskContext, Waker};

use ferromq::DEALER;

use crate::child::{DEADLINE, forked, in_child, in_child_by};
use crate::support::{pair, run};

#[track_caller]
fn refused<T>(poll: std::task::Poll<Result<T, impl Into<ferromq::Error>>>, operation: &str) {
    let std::task::Poll::Ready(result) = poll else {
        panic!("{operation}: it should fail at once");
    };
    forked(result.map_err(Into::into), operation);
}

#[test]
fn every_verb_in_the_child_is_refused() {
    run(async {
        let (mut a, mut b) = pair(DEALER, DEALER);
        in_child(|| {
            let mut context = TaskContext::from_waker(Waker::noop());
            refused(pin!(a.recv()).poll(&mut context), "receive");
            refused(pin!(a.recv_multipart()).poll(&mut context), "receive");
            refused(pin!(a.recv_ready()).poll(&mut context), "read");
            refused(pin!(a.send("x")).poll(&mut context), "send");
            refused(pin!(a.send_multipart(["x"])).poll(&mut context), "send");
            refused(pin!(a.send_ready()).poll(&mut context), "read");
            forked(a.try_recv(), "receive");
            assert!(!a.try_send("x").unwrap_err().is_full());
        });
        b.send("still works").await.unwrap();
        assert_eq!(a.recv().await.unwrap(), "still works");
    });
}

/// One that waits when the process forks, polled again in the child, with its gate locked there by
/// nobody knows whom.
#[test]
fn a_wait_ends_in_the_child_and_goes_on_in_the_parent() {
    run(async {
        let (mut a, mut b) = pair(DEALER, DEALER);
        let mut recv = pin!(a.recv());
        let mut context = TaskContext::from_waker(Waker::noop());
        assert!(recv.as_mut().poll(&mut context).is_pending());
        in_child(|| {
            let mut context = TaskContext::from_waker(Waker::noop());
            refused(recv.as_mut().poll(&mut context), "receive");
        });
        b.send("for the parent").await.unwrap();
        assert_eq!(recv.await.unwrap(), "for the parent");
    });
}

/// A child by `clone` alone runs no handlers, so that it has all the descriptors that the parent has.
fn clone() -> libc::pid_t {
    // SAFETY: as `fork`: the child has its own memory, and leaves by `_exit`.
    unsafe { libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) as libc::pid_t }
}

fn fork() -> libc::pid_t {
    // SAFETY: as in `in_child`.
    unsafe { libc::fork() }
}

/// The child shares the kernel's side of the parent's reactor. In a process of its own, where no other
/// test allocates at that moment.
#[test]
fn a_drop_in_the_child_leaves_the_parent_its_registration() {
    for by in [fork, clone] {
        in_child(|| {
            run(async {
                let (mut a, mut b) = pair(DEALER, DEALER);
                let (mut c, mut d) = pair(DEALER, DEALER);
                // Afterwards libzmq's threads have nothing to do, and hold no lock of the allocator.
                for (from, to) in [(&mut b, &mut a), (&mut d, &mut c)] {
                    from.send("up").await.unwrap();
                    assert_eq!(to.recv().await.unwrap(), "up");
                }
                let (mut a, mut c) = (Some(a), Some(c.split()));
                in_child_by(by, DEADLINE, || {
                    drop(a.take());
                    drop(c.take());
                });
                let mut a = a.take().unwrap();
                let receiver = tokio::spawn(async move { a.recv().await });
                tokio::task::yield_now().await;
                b.send("heard").await.unwrap();
                assert_eq!(receiver.await.unwrap().unwrap(), "heard");
                let (send, mut recv) = c.take().unwrap();
                let receiver = tokio::spawn(async move { recv.recv().await });
                tokio::task::yield_now().await;
                d.send("heard as well").await.unwrap();
                assert_eq!(receiver.await.unwrap().unwrap(), "heard as well");
                drop(send);
            })
        });
    }
}
