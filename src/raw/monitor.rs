//! The event feed of a socket: started through the socket, ended from any thread.
//!
//! libzmq sends events with calls that wait for a reader, on whatever thread has an event to
//! tell, its own included. So a feed has to end before its reader goes away, and libzmq has to be
//! asked for that as long as the socket is open.

use std::ffi::{CStr, c_int, c_void};
use std::ptr::{self, NonNull};
use std::sync::{Arc, Mutex};

use ferromq_sys as sys;

use super::{Errno, Generation, Socket};
use crate::context::lock;

/// What a socket and its feed share.
#[derive(Debug)]
pub(super) struct Source {
    owner: Generation,
    pointer: NonNull<c_void>,
    /// Held through every call of `zmq_socket_monitor`, and on the way to `zmq_close`.
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The socket is open.
    Silent,
    /// The socket is open, and a [`Feed`] exists.
    Feeding,
    /// The socket is closed, or about to be: the pointer is not to be used.
    Closed,
}

// SAFETY: the pointer is used under the lock of `state`, and only for `zmq_socket_monitor`, in
// which libzmq (from 4.2.0 on) works under a lock of its own, apart from the rest of the socket.
unsafe impl Send for Source {}
// SAFETY: as above.
unsafe impl Sync for Source {}

/// The events of a socket, on their way to an `inproc` endpoint; ended by drop, by the end of the
/// socket, or by that of the context. While it lasts somebody has to read there.
#[derive(Debug)]
pub(crate) struct Feed(Arc<Source>);

impl Socket {
    /// Binds a PAIR to `endpoint` that sends `events`; `None` if there is a feed already.
    pub(crate) fn feed(&self, endpoint: &CStr, events: c_int) -> Result<Option<Feed>, Errno> {
        // SAFETY: the socket is open until drop; the endpoint is NUL-terminated. libzmq locks
        // what other threads, which bring events, use.
        self.start_feed(|| unsafe {
            sys::zmq_socket_monitor(self.pointer.as_ptr(), endpoint.as_ptr(), events)
        })
    }

    /// As [`Self::feed`], in the second form of the messages.
    #[cfg(feature = "draft")]
    pub(crate) fn feed_v2(&self, endpoint: &CStr, events: c_int) -> Result<Option<Feed>, Errno> {
        // SAFETY: as above.
        self.start_feed(|| unsafe {
            sys::zmq_socket_monitor_versioned(
                self.pointer.as_ptr(),
                endpoint.as_ptr(),
                events.unsigned_abs().into(),
                sys::ZMQ_CURRENT_EVENT_VERSION_DRAFT,
                sys::ZMQ_PAIR,
            )
        })
    }

    fn start_feed(&self, call: impl FnMut() -> c_int) -> Result<Option<Feed>, Errno> {
        self.owner.check()?;
        let source = self.source.get_or_init(|| {
            Arc::new(Source {
                owner: self.owner,
                pointer: self.pointer,
                state: Mutex::new(State::Silent),
            })
        });
        let mut state = lock(&source.state);
        if *state != State::Silent {
            return Ok(None);
        }
        Errno::retry(self.owner, call)?;
        *state = State::Feeding;
        Ok(Some(Feed(Arc::clone(source))))
    }
}

impl Source {
    /// To be called before the socket is closed, in the process that made it.
    pub(super) fn close(&self) {
        self.end(State::Closed);
    }

    fn end(&self, next: State) {
        let mut state = lock(&self.state);
        if *state == State::Feeding {
            uninterrupted(|| {
                // SAFETY: the socket is open: before `zmq_close` its owner waits for this lock to
                // write `Closed`. Null ends the feed.
                unsafe { sys::zmq_socket_monitor(self.pointer.as_ptr(), ptr::null(), 0) };
            });
        }
        if *state != State::Closed {
            *state = next;
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        // In a forked child the lock may be held for ever by a thread that the fork left behind.
        if self.0.owner.is_current() {
            self.0.end(State::Silent);
        }
    }
}

/// Keeps signals of this thread waiting. libzmq gives an event up when a signal interrupts it,
/// and the reader would never hear of the end.
#[cfg(unix)]
fn uninterrupted(work: impl FnOnce()) {
    use std::mem::MaybeUninit;

    let (mut all, mut before) = (MaybeUninit::uninit(), MaybeUninit::uninit());
    // SAFETY: both pointers are valid for writes, and `all` is filled before it is read.
    unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
    }
    work();
    // SAFETY: the call above has filled `before`; it fails for a wrong first argument only.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), ptr::null_mut()) };
}

#[cfg(not(unix))]
fn uninterrupted(work: impl FnOnce()) {
    work();
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::CString;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::raw::{Context, Msg, Wait};

    /// Waits until `child` has ended, and ends it at the deadline.
    fn ended_by_itself(child: libc::pid_t) -> bool {
        let deadline = Instant::now() + Duration::from_secs(10);
        let mut status = 0;
        // SAFETY: `status` is valid for writes.
        while unsafe { libc::waitpid(child, &mut status, libc::WNOHANG) } == 0 {
            if Instant::now() > deadline {
                // SAFETY: the child is not reaped yet, so the number is still its own.
                unsafe {
                    libc::kill(child, libc::SIGKILL);
                    libc::waitpid(child, &mut status, 0);
                }
                return false;
            }
            thread::yield_now();
        }
        status == 0
    }

    /// The fork catches the lock in the hands of another thread, played by this one.
    #[test]
    fn a_forked_child_does_not_wait_for_the_lock() {
        let context = Context::new(Generation::current().unwrap()).unwrap();
        let socket = context.socket(sys::ZMQ_REP).unwrap();
        let reader = context.socket(sys::ZMQ_PAIR).unwrap();
        let feed = socket.feed(c"inproc://feed", 0).unwrap().unwrap();
        reader.connect(c"inproc://feed").unwrap();

        let source = Arc::clone(&feed.0);
        let held = lock(&source.state);
        // SAFETY: the child drops what was made here, takes no lock, and leaves by `_exit`.
        let child = unsafe { libc::fork() };
        if child == 0 {
            drop((feed, socket));
            // SAFETY: ends the child without running what belongs to its parent.
            unsafe { libc::_exit(0) }
        }
        assert!(ended_by_itself(child), "the child hangs");
        drop(held);
        drop((feed, reader, socket));
        context.terminate();
    }

    extern "C" fn ignore(_: libc::c_int) {}

    /// The reader is told of the end though signals interrupt this thread all the time.
    #[test]
    fn signals_do_not_swallow_the_end() {
        // SAFETY: all zeroes is a valid `sigaction`, and the handler does nothing.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = ignore as extern "C" fn(libc::c_int) as usize;
            libc::sigaction(libc::SIGUSR2, &action, ptr::null_mut());
        }
        let context = Context::new(Generation::current().unwrap()).unwrap();
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            // SAFETY: no preconditions.
            let target = unsafe { libc::pthread_self() };
            let over = &over;
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    // SAFETY: the target waits for this thread at the end of the scope.
                    unsafe { libc::pthread_kill(target, libc::SIGUSR2) };
                }
            });
            let _end = SetAtEnd(over);
            for round in 0..300 {
                assert!(tells_of_the_end(&context, round), "in round {round}");
            }
        });
        context.terminate();
    }

    struct SetAtEnd<'a>(&'a AtomicBool);

    impl Drop for SetAtEnd<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    fn tells_of_the_end(context: &Context, round: u32) -> bool {
        let endpoint = CString::new(format!("inproc://feed-{round}")).unwrap();
        let socket = context.socket(sys::ZMQ_REP).unwrap();
        let reader = context.socket(sys::ZMQ_PAIR).unwrap();
        let mask = sys::ZMQ_EVENT_MONITOR_STOPPED;
        let feed = socket.feed(&endpoint, mask).unwrap().unwrap();
        reader.connect(&endpoint).unwrap();
        // For a while after a call libzmq makes none that a signal could interrupt.
        let started = Instant::now();
        while started.elapsed() < Duration::from_millis(2) {}
        drop(feed);
        let wait = Wait::For(Duration::from_millis(100));
        reader.recv_msg(&mut Msg::new(), wait).is_ok()
    }
}
