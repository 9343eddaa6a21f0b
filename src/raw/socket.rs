use std::ffi::{CStr, c_int, c_void};
use std::os::fd::{BorrowedFd, RawFd};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use ferromq_sys as sys;

use super::listener::Listener;
use super::monitor::Source;
use super::{Errno, Generation, Msg};
use crate::kind::ThreadSafe;
use crate::option::Events;

/// How long a call may wait.
#[derive(Clone, Copy, Debug)]
pub enum Wait {
    /// As `ZMQ_SNDTIMEO` or `ZMQ_RCVTIMEO` says.
    AsSet,
    /// Not at all.
    No,
    /// At most so long.
    For(Duration),
}

/// Which of the two time-outs a call obeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Send,
    Recv,
}

impl Direction {
    fn option(self) -> c_int {
        match self {
            Self::Send => sys::ZMQ_SNDTIMEO,
            Self::Recv => sys::ZMQ_RCVTIMEO,
        }
    }

    fn event(self) -> Events {
        match self {
            Self::Send => Events::SEND,
            Self::Recv => Events::RECV,
        }
    }
}

/// How long a wait with `zmq_poll` lasts until the call is tried again.
const SLICE: Duration = Duration::from_millis(100);

/// How long a send rests that cannot be done although the socket is ready, as a SERVER always is.
const REST: Duration = Duration::from_millis(1);

/// Owner of an open libzmq socket.
#[derive(Debug)]
pub struct Socket {
    pub(super) pointer: NonNull<c_void>,
    pub(super) owner: Generation,
    /// The flags of a first try: none where `ZMQ_SNDTIMEO` and `ZMQ_RCVTIMEO` are for ever, and
    /// the library may wait; else `ZMQ_DONTWAIT`, to take the time only when it has to wait.
    send_flags: AtomicI32,
    recv_flags: AtomicI32,
    /// Whether a timed call leaves the time-outs of the socket alone, and waits with `zmq_poll`.
    polls: bool,
    /// Whether to close the socket at the end.
    owned: bool,
    /// Once it was monitored.
    pub(super) source: OnceLock<Arc<Source>>,
    pub(super) listener: Listener,
    /// Whether `ZMQ_XPUB_WELCOME_MSG` is set.
    pub(crate) welcomes: AtomicBool,
}

// SAFETY: a libzmq socket may be used by any thread, one at a time; moving it is a hand-over with
// a fence. The pointer is what keeps it from being `Sync`.
unsafe impl Send for Socket {}

// SAFETY: libzmq locks the kinds marked as thread-safe itself, and this crate's own fields are
// atomics or behind locks.
unsafe impl<K: ThreadSafe> Sync for crate::Socket<K> {}

impl Socket {
    /// # Safety
    /// `pointer` must be an open socket of a context of this process, used by nobody else, with
    /// `ZMQ_SNDTIMEO` and `ZMQ_RCVTIMEO` untouched.
    pub(super) unsafe fn from_open(pointer: NonNull<c_void>, owner: Generation) -> Self {
        Self {
            pointer,
            owner,
            send_flags: AtomicI32::new(0),
            recv_flags: AtomicI32::new(0),
            polls: false,
            owned: true,
            source: OnceLock::new(),
            listener: Listener::default(),
            welcomes: AtomicBool::new(false),
        }
    }

    /// A socket that somebody else opened, and closes unless it is [owned](Self::set_owned).
    ///
    /// # Safety
    /// `pointer` must be an open socket of the linked libzmq, made by this process, that nobody
    /// else uses or closes as long as this exists.
    pub(super) unsafe fn adopt(pointer: NonNull<c_void>, owner: Generation) -> Result<Self, Errno> {
        // SAFETY: the caller vouches for the pointer; the time-outs are read right below.
        let mut socket = unsafe { Self::from_open(pointer, owner) };
        socket.owned = false;
        socket.note_timeouts()?;
        Ok(socket)
    }

    /// Reads the time-outs, which may have been set otherwise than by [`Self::set_timeout`].
    pub(super) fn note_timeouts(&self) -> Result<(), Errno> {
        for direction in [Direction::Send, Direction::Recv] {
            self.note_timeout(direction, self.get_int(direction.option())?);
        }
        Ok(())
    }

    pub(super) fn as_ptr(&self) -> *mut c_void {
        self.pointer.as_ptr()
    }

    #[cfg(feature = "draft")]
    pub(crate) fn set_polls(&mut self, polls: bool) {
        self.polls = polls;
    }

    /// Whether the socket is closed by drop.
    pub(super) fn set_owned(&mut self, owned: bool) {
        self.owned = owned;
    }

    pub(crate) fn is_owned(&self) -> bool {
        self.owned
    }

    pub(crate) fn is_forked(&self) -> bool {
        !self.owner.is_current()
    }

    fn flags(&self, direction: Direction) -> &AtomicI32 {
        match direction {
            Direction::Send => &self.send_flags,
            Direction::Recv => &self.recv_flags,
        }
    }

    pub(crate) fn bind(&self, endpoint: &CStr) -> Result<(), Errno> {
        self.on_endpoint(sys::zmq_bind, endpoint)
    }

    pub(crate) fn connect(&self, endpoint: &CStr) -> Result<(), Errno> {
        self.on_endpoint(sys::zmq_connect, endpoint)
    }

    pub(crate) fn unbind(&self, endpoint: &CStr) -> Result<(), Errno> {
        self.on_endpoint(sys::zmq_unbind, endpoint)
    }

    pub(crate) fn disconnect(&self, endpoint: &CStr) -> Result<(), Errno> {
        self.on_endpoint(sys::zmq_disconnect, endpoint)
    }

    fn on_endpoint(
        &self,
        call: unsafe extern "C" fn(*mut c_void, *const libc::c_char) -> c_int,
        endpoint: &CStr,
    ) -> Result<(), Errno> {
        // SAFETY: the socket is open until drop and used by this thread only; the endpoint is
        // NUL-terminated. The four functions passed here ask for no more.
        Errno::retry(self.owner, || unsafe {
            call(self.pointer.as_ptr(), endpoint.as_ptr())
        })?;
        Ok(())
    }

    /// Sends a copy of `bytes` as one frame.
    #[inline]
    pub(crate) fn send_bytes(&self, bytes: &[u8], more: bool, wait: Wait) -> Result<(), Errno> {
        let more = if more { sys::ZMQ_SNDMORE } else { 0 };
        self.transfer(Direction::Send, wait, |flags| {
            // SAFETY: the socket is open until drop and used by this thread only; `bytes` is
            // valid for reads of its length.
            unsafe {
                sys::zmq_send(
                    self.pointer.as_ptr(),
                    bytes.as_ptr().cast(),
                    bytes.len(),
                    flags | more,
                )
            }
        })?;
        Ok(())
    }

    /// Sends `msg` as one frame and leaves it empty; on failure it is unchanged.
    #[inline]
    pub(crate) fn send_msg(&self, msg: &mut Msg, more: bool, wait: Wait) -> Result<(), Errno> {
        let more = if more { sys::ZMQ_SNDMORE } else { 0 };
        self.transfer(Direction::Send, wait, |flags| {
            // SAFETY: the socket is open until drop and used by this thread only; `msg` is
            // initialised, and so it is after the call.
            unsafe { sys::zmq_msg_send(msg.as_mut_ptr(), self.pointer.as_ptr(), flags | more) }
        })?;
        Ok(())
    }

    /// Receives one frame into `msg`.
    #[inline]
    pub(crate) fn recv_msg(&self, msg: &mut Msg, wait: Wait) -> Result<(), Errno> {
        self.transfer(Direction::Recv, wait, |flags| {
            // SAFETY: the socket is open until drop and used by this thread only; `msg` is
            // initialised, and so it is after the call.
            unsafe { sys::zmq_msg_recv(msg.as_mut_ptr(), self.pointer.as_ptr(), flags) }
        })?;
        msg.received_by(self.owner);
        Ok(())
    }

    /// Receives one frame into `buffer`, which may be too short for it, and returns its size.
    #[inline]
    pub(crate) fn recv_bytes(&self, buffer: &mut [u8], wait: Wait) -> Result<usize, Errno> {
        let size = self.transfer(Direction::Recv, wait, |flags| {
            // SAFETY: the socket is open until drop and used by this thread only; `buffer` is
            // valid for writes of its length.
            unsafe {
                sys::zmq_recv(
                    self.pointer.as_ptr(),
                    buffer.as_mut_ptr().cast(),
                    buffer.len(),
                    flags,
                )
            }
        })?;
        Ok(size.unsigned_abs() as usize)
    }

    /// Makes a `call` that may block, in the way that `wait` asks for.
    #[inline]
    pub(super) fn transfer(
        &self,
        direction: Direction,
        wait: Wait,
        mut call: impl FnMut(c_int) -> c_int,
    ) -> Result<c_int, Errno> {
        self.owner.check()?;
        let flags = match wait {
            Wait::AsSet => self.flags(direction).load(Ordering::Relaxed),
            Wait::No | Wait::For(_) => sys::ZMQ_DONTWAIT,
        };
        let code = call(flags);
        if code >= 0 {
            Ok(code)
        } else {
            self.transfer_failed(direction, wait, call)
        }
    }

    /// Takes `call` by value, so that it costs nothing where this is not reached.
    #[cold]
    #[inline(never)]
    fn transfer_failed(
        &self,
        direction: Direction,
        wait: Wait,
        mut call: impl FnMut(c_int) -> c_int,
    ) -> Result<c_int, Errno> {
        match (Errno::last(), wait) {
            (Errno::AGAIN, Wait::No) => Err(Errno::AGAIN),
            (errno, _) => self.transfer_again(errno, direction, wait, &mut call),
        }
    }

    /// Goes on after a first `call` that failed: interrupted, not possible at once, or for good.
    fn transfer_again(
        &self,
        mut error: Errno,
        direction: Direction,
        wait: Wait,
        call: &mut dyn FnMut(c_int) -> c_int,
    ) -> Result<c_int, Errno> {
        let as_set = self.get_int(direction.option())?;
        let limit = match wait {
            Wait::AsSet => u64::try_from(as_set).ok().map(Duration::from_millis),
            Wait::No => Some(Duration::ZERO),
            Wait::For(limit) => Some(limit),
        };
        let deadline = limit.map(|limit| Instant::now().checked_add(limit));
        loop {
            let remaining = match deadline {
                // Without a limit, or with one beyond what a clock can hold.
                None | Some(None) => None,
                Some(Some(deadline)) => Some(deadline.saturating_duration_since(Instant::now())),
            };
            match (error, remaining) {
                (Errno::INTERRUPTED, _) => {}
                (Errno::AGAIN, Some(left)) if !left.is_zero() => {}
                (Errno::AGAIN, None) if deadline.is_some() => {}
                _ => return Err(error),
            }
            self.owner.check()?;
            let result = match remaining {
                Some(Duration::ZERO) => Errno::check(call(sys::ZMQ_DONTWAIT)),
                _ if self.polls && deadline.is_some() => {
                    self.call_when_ready(direction, remaining, call)?
                }
                None => self.with_timeout(direction, -1, as_set, call)?,
                Some(left) => {
                    let millis = left.as_micros().div_ceil(1000);
                    let millis = millis.try_into().unwrap_or(c_int::MAX);
                    self.with_timeout(direction, millis, as_set, call)?
                }
            };
            match result {
                Ok(code) => return Ok(code),
                Err(errno) => error = errno,
            }
        }
    }

    /// Makes a blocking `call` under a time-out of `millis` instead of the one `as_set`.
    fn with_timeout(
        &self,
        direction: Direction,
        millis: c_int,
        as_set: c_int,
        call: &mut dyn FnMut(c_int) -> c_int,
    ) -> Result<Result<c_int, Errno>, Errno> {
        if millis == as_set {
            return Ok(Errno::check(call(0)));
        }
        self.set(direction.option(), &millis.to_ne_bytes())?;
        let result = Errno::check(call(0));
        // Fails only once the context is shut down, and then nothing waits any more.
        let _ = self.set(direction.option(), &as_set.to_ne_bytes());
        Ok(result)
    }

    /// Makes a `call` that does not block as soon as the socket is ready for it.
    fn call_when_ready(
        &self,
        direction: Direction,
        limit: Option<Duration>,
        call: &mut dyn FnMut(c_int) -> c_int,
    ) -> Result<Result<c_int, Errno>, Errno> {
        // A DGRAM that loses its connection meanwhile is not ready any more, for ever.
        let slice = limit.map_or(SLICE, |limit| limit.min(SLICE));
        let ready = !self.poll(direction.event(), Some(slice))?.is_empty();
        let result = Errno::check(call(sys::ZMQ_DONTWAIT));
        if ready && direction == Direction::Send && result == Err(Errno::AGAIN) {
            thread::sleep(slice.min(REST));
        }
        Ok(result)
    }

    /// Sets an option from the bytes that libzmq expects for it.
    pub(crate) fn set(&self, option: c_int, value: &[u8]) -> Result<(), Errno> {
        self.owner.check()?;
        // SAFETY: the socket is open until drop and used by this thread only; `value` is valid
        // for reads of its length, which libzmq checks against the option.
        Errno::check(unsafe {
            sys::zmq_setsockopt(
                self.pointer.as_ptr(),
                option,
                value.as_ptr().cast(),
                value.len(),
            )
        })?;
        Ok(())
    }

    /// Clears an option by the null pointer that libzmq expects for it.
    pub(crate) fn clear(&self, option: c_int) -> Result<(), Errno> {
        self.owner.check()?;
        // SAFETY: the socket is open until drop and used by this thread only; of an option of no
        // length libzmq reads nothing.
        Errno::check(unsafe {
            sys::zmq_setsockopt(self.pointer.as_ptr(), option, std::ptr::null(), 0)
        })?;
        Ok(())
    }

    /// Reads an option into `buffer` and returns how much of it was written.
    pub(crate) fn get(&self, option: c_int, buffer: &mut [u8]) -> Result<usize, Errno> {
        let mut len = buffer.len();
        // SAFETY: the socket is open until drop and used by this thread only; `buffer` is valid
        // for writes of `len` bytes, which libzmq obeys and updates.
        Errno::retry(self.owner, || unsafe {
            sys::zmq_getsockopt(
                self.pointer.as_ptr(),
                option,
                buffer.as_mut_ptr().cast(),
                &mut len,
            )
        })?;
        Ok(len)
    }

    pub(crate) fn get_int(&self, option: c_int) -> Result<c_int, Errno> {
        let mut bytes = [0; size_of::<c_int>()];
        self.get(option, &mut bytes)?;
        Ok(c_int::from_ne_bytes(bytes))
    }

    /// The descriptor that tells of changes.
    pub(crate) fn fd(&self) -> Result<BorrowedFd<'_>, Errno> {
        let fd = self.raw_fd()?;
        // SAFETY: libzmq keeps the descriptor open as long as the socket, which is borrowed.
        Ok(unsafe { BorrowedFd::borrow_raw(fd) })
    }

    pub(super) fn raw_fd(&self) -> Result<RawFd, Errno> {
        let mut bytes = [0; size_of::<RawFd>()];
        self.get(sys::ZMQ_FD, &mut bytes)?;
        Ok(RawFd::from_ne_bytes(bytes))
    }

    /// Sets a time-out option, in milliseconds, -1 for none.
    pub(crate) fn set_timeout(&self, direction: Direction, millis: c_int) -> Result<(), Errno> {
        self.set(direction.option(), &millis.to_ne_bytes())?;
        self.note_timeout(direction, millis);
        Ok(())
    }

    fn note_timeout(&self, direction: Direction, millis: c_int) {
        let flags = if millis < 0 { 0 } else { sys::ZMQ_DONTWAIT };
        self.flags(direction).store(flags, Ordering::Relaxed);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.is_forked() {
            return;
        }
        if let Some(source) = self.source.get() {
            source.close();
        }
        if !self.owned {
            return;
        }
        // SAFETY: open until now, and not used again. In a forked child it belongs to the parent
        // and is left alone.
        unsafe { sys::zmq_close(self.pointer.as_ptr()) };
    }
}
