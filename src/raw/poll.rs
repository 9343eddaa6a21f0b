//! Waiting for sockets and descriptors.

use std::ffi::{c_int, c_long, c_short};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;
use std::time::{Duration, Instant};

use ferromq_sys as sys;

use super::{Errno, Generation, Socket};
use crate::option::Events;

/// Sockets and descriptors to wait for, all borrowed for `'a`.
#[derive(Debug)]
pub(crate) struct PollSet<'a> {
    items: Vec<sys::zmq_pollitem_t>,
    /// The process of the sockets, once there was one.
    owner: Option<Generation>,
    /// The pointers also keep this from moving to another thread, where it would use the sockets
    /// together with this one.
    borrowed: PhantomData<(&'a Socket, BorrowedFd<'a>)>,
}

impl<'a> PollSet<'a> {
    pub(crate) const fn new() -> Self {
        Self {
            items: Vec::new(),
            owner: None,
            borrowed: PhantomData,
        }
    }

    pub(crate) fn push_socket(&mut self, socket: &'a Socket, events: Events) -> Result<(), Errno> {
        socket.owner.check()?;
        if let Some(owner) = self.owner {
            owner.check()?;
        }
        self.owner = Some(socket.owner);
        self.items.push(socket_item(socket, events));
        Ok(())
    }

    pub(crate) fn push_fd(&mut self, fd: BorrowedFd<'a>, events: Events) {
        self.items.push(sys::zmq_pollitem_t {
            socket: ptr::null_mut(),
            fd: fd.as_raw_fd(),
            events: to_raw(events),
            revents: 0,
        });
    }

    pub(crate) fn set_events(&mut self, at: usize, events: Events) {
        self.items[at].events = to_raw(events);
    }

    pub(crate) fn remove(&mut self, at: usize) {
        self.items.remove(at);
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// What the last [`wait`](Self::wait) found, if it found anything.
    pub(crate) fn found(&self, at: usize) -> Events {
        from_raw(self.items[at].revents)
    }

    /// Waits until something is ready, and says whether that was in time; `None` is for ever.
    /// There must be something to wait for.
    pub(crate) fn wait(&mut self, timeout: Option<Duration>) -> Result<bool, Errno> {
        // SAFETY: the sockets and descriptors are borrowed for `'a`, and the sockets that this
        // thread borrows no other thread uses.
        unsafe { poll(self.owner, &mut self.items, timeout) }
    }
}

impl Socket {
    /// Waits until the socket is ready for one of `events`; nothing if that was not in time.
    pub(crate) fn poll(&self, events: Events, timeout: Option<Duration>) -> Result<Events, Errno> {
        let mut item = [socket_item(self, events)];
        // SAFETY: the socket is open until drop and used by this thread only.
        let ready = unsafe { poll(Some(self.owner), &mut item, timeout) }?;
        Ok(match ready {
            true => from_raw(item[0].revents),
            false => Events::empty(),
        })
    }
}

fn socket_item(socket: &Socket, events: Events) -> sys::zmq_pollitem_t {
    sys::zmq_pollitem_t {
        socket: socket.as_ptr(),
        fd: 0,
        events: to_raw(events),
        revents: 0,
    }
}

fn to_raw(events: Events) -> c_short {
    events.bits() as c_short
}

fn from_raw(events: c_short) -> Events {
    Events::from_bits_truncate(u32::from(events.unsigned_abs()))
}

/// How many descriptors the system lets this process wait for at a time.
pub(crate) fn descriptor_limit() -> usize {
    let mut limit = MaybeUninit::<libc::rlimit>::uninit();
    // SAFETY: the pointer is valid for writes.
    let code = unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, limit.as_mut_ptr()) };
    if code != 0 {
        return usize::MAX;
    }
    // SAFETY: the call succeeded and has filled it.
    let limit = unsafe { limit.assume_init() };
    usize::try_from(limit.rlim_cur).unwrap_or(usize::MAX)
}

/// Fails with `EMFILE` at more items than descriptors are allowed, on which libzmq aborts.
///
/// # Safety
/// The sockets of `items` must be open, made by the process of `owner`, and used by this thread
/// only; the descriptors must be open.
unsafe fn poll(
    owner: Option<Generation>,
    items: &mut [sys::zmq_pollitem_t],
    timeout: Option<Duration>,
) -> Result<bool, Errno> {
    if items.len() > descriptor_limit() {
        return Err(Errno(libc::EMFILE));
    }
    // A time that no clock can hold is for ever.
    let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    loop {
        if let Some(owner) = owner {
            owner.check()?;
        }
        // SAFETY: passed on to the caller.
        #[cfg(feature = "draft")]
        unsafe { check_terminated(items) }?;
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        // SAFETY: the pointer and the length are those of `items`; the caller vouches for what is
        // in them, and the process is the one that they belong to.
        let code = unsafe {
            sys::zmq_poll(
                items.as_mut_ptr(),
                items.len() as c_int,
                left.map_or(-1, millis),
            )
        };
        match Errno::check(code) {
            Ok(0) if left.is_some_and(|left| left.is_zero()) => return Ok(false),
            Ok(0) | Err(Errno::INTERRUPTED) => {}
            Ok(_) => return Ok(true),
            Err(errno) => return Err(errno),
        }
    }
}

/// Rounded up, so that a wait does not turn into a busy loop shortly before its end.
fn millis(time: Duration) -> c_long {
    c_int::try_from(time.as_nanos().div_ceil(1_000_000))
        .unwrap_or(c_int::MAX)
        .into()
}

/// libzmq 4.3.5 aborts when it polls a thread-safe socket together with another one that has
/// learned of its context's end; only this thread's own calls let it learn.
///
/// # Safety
/// As for [`poll`].
#[cfg(feature = "draft")]
unsafe fn check_terminated(items: &[sys::zmq_pollitem_t]) -> Result<(), Errno> {
    let sockets = items.iter().filter(|item| !item.socket.is_null());
    for item in sockets {
        let mut value: c_int = 0;
        let mut len = size_of::<c_int>();
        // SAFETY: the caller vouches for the socket; `value` is valid for writes of `len` bytes.
        Errno::check(unsafe {
            sys::zmq_getsockopt(
                item.socket,
                sys::ZMQ_TYPE,
                ptr::from_mut(&mut value).cast(),
                &mut len,
            )
        })?;
    }
    Ok(())
}
