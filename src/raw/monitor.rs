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
        // SAFETY: the socket is open until drop; the endpoint is NUL-terminated. libzmq locks
        // what other threads, which bring events, use.
        Errno::retry(self.owner, || unsafe {
            sys::zmq_socket_monitor(self.pointer.as_ptr(), endpoint.as_ptr(), events)
        })?;
        *state = State::Feeding;
        Ok(Some(Feed(Arc::clone(source))))
    }
}

impl Source {
    /// To be called in the process that owns the socket, before it is closed.
    pub(super) fn close(&self) {
        let mut state = lock(&self.state);
        self.end_feed(*state);
        *state = State::Closed;
    }

    fn end_feed(&self, state: State) {
        if state != State::Feeding {
            return;
        }
        uninterrupted(|| {
            // SAFETY: the socket is open, as it is not yet `Closed`, and the lock that keeps it so
            // is held by the caller; null ends the feed.
            unsafe { sys::zmq_socket_monitor(self.pointer.as_ptr(), ptr::null(), 0) };
        });
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        if !self.0.owner.is_current() {
            // The lock may be held for ever by a thread that the fork left behind.
            return;
        }
        let mut state = lock(&self.0.state);
        self.0.end_feed(*state);
        if *state == State::Feeding {
            *state = State::Silent;
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
