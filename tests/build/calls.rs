//! What libzmq asks of the system without need: the fix `mailbox-asked-in-vain`.

use std::sync::atomic::{AtomicU32, Ordering};

use ferromq::Context;
use libc::{c_int, c_long, nfds_t, pollfd};

use crate::peers::Peers;
use crate::process::alone;

static POLLS: AtomicU32 = AtomicU32::new(0);

#[test]
fn a_socket_without_commands_asks_nothing() {
    alone(|| {
        let context = Context::new().unwrap();
        let peers = Peers::connected(&context, "inproc://quiet");
        let before = POLLS.load(Ordering::Relaxed);
        for _ in 0..1000 {
            assert_eq!(peers.binder.try_recv().unwrap(), None);
            peers.binder.events().unwrap();
        }
        assert_eq!(POLLS.load(Ordering::Relaxed) - before, 0);
    });
}

/// Takes the place of the C library's `poll` in this program, and counts.
///
/// # Safety
/// As that of `poll`.
#[unsafe(no_mangle)]
unsafe extern "C" fn poll(fds: *mut pollfd, count: nfds_t, timeout: c_int) -> c_int {
    POLLS.fetch_add(1, Ordering::Relaxed);
    let time = libc::timespec {
        tv_sec: (timeout / 1000).into(),
        tv_nsec: c_long::from(timeout % 1000) * 1_000_000,
    };
    let time = if timeout < 0 {
        std::ptr::null()
    } else {
        &raw const time
    };
    // SAFETY: as the caller promises; with the same signals blocked, `ppoll` is `poll`.
    unsafe { libc::ppoll(fds, count, time, std::ptr::null()) }
}
