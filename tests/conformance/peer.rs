//! A peer in a process of its own, so that it can be killed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ferromq::Context;

use crate::support::context;

/// Killed when dropped.
pub struct Peer(libc::pid_t);

impl Peer {
    /// Runs `work` in a forked child, which then keeps what `work` returns until it is killed. To
    /// be started before the test makes sockets.
    pub fn start<T>(work: impl FnOnce(&Context) -> T) -> Self {
        // SAFETY: the child runs test code after this, which glibc allows as it makes its allocator
        // fit for a forked child, and leaves by `_exit`.
        match unsafe { libc::fork() } {
            -1 => panic!("fork: {}", std::io::Error::last_os_error()),
            0 => {
                // What fails in the child is reported by the panic's own message, and missed by the
                // parent.
                let _ = catch_unwind(AssertUnwindSafe(|| {
                    let context = context();
                    let _kept = work(&context);
                    // SAFETY: sets a timer that ends this process, should its parent be killed.
                    unsafe { libc::alarm(60) };
                    loop {
                        // SAFETY: no preconditions.
                        unsafe { libc::pause() };
                    }
                }));
                // SAFETY: ends the child without running what belongs to its parent.
                unsafe { libc::_exit(1) }
            }
            child => Self(child),
        }
    }

    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let mut status = 0;
        // SAFETY: the child is not reaped yet, so the number is still its own.
        unsafe { libc::kill(self.0, libc::SIGKILL) };
        // SAFETY: `status` is valid for writes.
        unsafe { libc::waitpid(self.0, &mut status, 0) };
    }
}
