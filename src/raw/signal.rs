//! The descriptor of a socket, where a reactor waits for it.

#[cfg(feature = "draft")]
use std::ffi::{c_int, c_short, c_void};
#[cfg(feature = "tokio")]
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
#[cfg(feature = "draft")]
use std::ptr::{self, NonNull};

use ferromq_sys as sys;
#[cfg(feature = "tokio")]
use tokio::io::Interest;
#[cfg(feature = "tokio")]
use tokio::io::unix::AsyncFd;

use super::{Errno, Generation, Socket};
use crate::error::{Error, Result};
use crate::option::Events;

/// What has a socket, and keeps the same one as long as it lives.
pub(crate) trait Owner {
    fn socket(&self) -> &Socket;

    /// Whether its kind is one that threads share, which has no descriptor of its own.
    #[cfg(feature = "draft")]
    fn is_thread_safe(&self) -> bool;
}

impl<K: crate::Kind> Owner for crate::Socket<K> {
    fn socket(&self) -> &Socket {
        self.raw()
    }

    #[cfg(feature = "draft")]
    fn is_thread_safe(&self) -> bool {
        self.kind().is_thread_safe()
    }
}

impl Socket {
    /// What it is ready for. Asking lets libzmq do all its work on the socket.
    pub(crate) fn events(&self) -> Result<Events, Errno> {
        let events = self.get_int(sys::ZMQ_EVENTS)?;
        Ok(Events::from_bits_truncate(events.unsigned_abs()))
    }
}

impl Owner for crate::Monitor {
    fn socket(&self) -> &Socket {
        self.reader().raw()
    }

    #[cfg(feature = "draft")]
    fn is_thread_safe(&self) -> bool {
        false
    }
}

impl Owner for crate::zap::Service {
    fn socket(&self) -> &Socket {
        self.socket().raw()
    }

    #[cfg(feature = "draft")]
    fn is_thread_safe(&self) -> bool {
        false
    }
}

/// The descriptor that tells of changes, for a registration that a [`Signalled`] has.
#[derive(Debug)]
pub struct SignalFd(RawFd);

impl AsFd for SignalFd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        // SAFETY: open as long as the socket, or the poller, in the `Signalled` that has the
        // registration, which is dropped first. Reactors keep this in the registration.
        unsafe { BorrowedFd::borrow_raw(self.0) }
    }
}

impl AsRawFd for SignalFd {
    fn as_raw_fd(&self) -> RawFd {
        self.0
    }
}

/// Registers with the runtime of tokio that this is in. Panics outside of one, and in one without
/// I/O.
#[cfg(feature = "tokio")]
pub(crate) fn register_with_tokio(fd: SignalFd) -> io::Result<AsyncFd<SignalFd>> {
    // SAFETY: a `SignalFd` always answers with the same descriptor, which stays open as long as
    // the registration: see `SignalFd::as_fd`.
    let registered = unsafe { AsyncFd::register_with_interest(fd, Interest::READABLE) };
    registered.map_err(io::Error::from)
}

/// A socket, and the registration of its descriptor with a reactor.
// Fields are dropped in this order: the registration and the poller need the socket.
pub(crate) struct Signalled<T, S> {
    registration: Registration<S>,
    #[cfg_attr(not(feature = "draft"), expect(dead_code))]
    poller: Poller,
    owner: T,
}

impl<T: Owner, S> Signalled<T, S> {
    /// A failure gives the owner back.
    pub(crate) fn new(
        owner: T,
        operation: &'static str,
        register: impl FnOnce(SignalFd) -> Result<S>,
    ) -> Result<Self, (Error, T)> {
        let generation = owner.socket().owner;
        match Self::register(&owner, operation, register) {
            Ok((registration, poller)) => Ok(Self {
                registration: Registration {
                    inner: ManuallyDrop::new(registration),
                    owner: generation,
                },
                poller,
                owner,
            }),
            Err(error) => Err((error, owner)),
        }
    }

    fn register(
        owner: &T,
        operation: &'static str,
        register: impl FnOnce(SignalFd) -> Result<S>,
    ) -> Result<(S, Poller)> {
        let (fd, poller) = descriptor(owner).map_err(|errno| Error::new(errno, operation))?;
        Ok((register(SignalFd(fd))?, poller))
    }

    pub(crate) fn owner(&self) -> &T {
        &self.owner
    }

    pub(crate) fn into_owner(self) -> T {
        self.owner
    }

    pub(crate) fn registration(&self) -> &S {
        &self.registration.inner
    }

    /// To be called when the descriptor has called: makes it fall silent where reading the events
    /// does not.
    pub(crate) fn silence(&self) {
        #[cfg(feature = "draft")]
        if let Some(poller) = &self.poller {
            poller.silence();
        }
    }

    pub(crate) fn generation(&self) -> Generation {
        self.registration.owner
    }
}

/// In a forked child it is not dropped: parent and child share the kernel's side of it, and the
/// parent would hear no more.
struct Registration<S> {
    inner: ManuallyDrop<S>,
    owner: Generation,
}

impl<S> Drop for Registration<S> {
    fn drop(&mut self) {
        if self.owner.is_current() {
            // SAFETY: dropped here only, and not used again.
            unsafe { ManuallyDrop::drop(&mut self.inner) };
        }
    }
}

#[cfg(feature = "draft")]
type Poller = Option<SocketPoller>;
#[cfg(not(feature = "draft"))]
type Poller = ();

/// The descriptor to wait for, and what it takes.
fn descriptor(owner: &impl Owner) -> Result<(RawFd, Poller), Errno> {
    #[cfg(feature = "draft")]
    if owner.is_thread_safe() {
        let poller = SocketPoller::new(owner.socket())?;
        return Ok((poller.fd()?, Some(poller)));
    }
    Ok((owner.socket().raw_fd()?, Poller::default()))
}

/// One socket in a poller of libzmq: the kinds that threads share have no descriptor otherwise.
#[cfg(feature = "draft")]
struct SocketPoller {
    pointer: NonNull<c_void>,
    owner: Generation,
}

// SAFETY: a poller may be used by any thread, one at a time; the pointer keeps it from being
// `Sync`.
#[cfg(feature = "draft")]
unsafe impl Send for SocketPoller {}

#[cfg(feature = "draft")]
impl SocketPoller {
    /// It is to be dropped before the socket.
    fn new(socket: &Socket) -> Result<Self, Errno> {
        socket.owner.check()?;
        // SAFETY: no preconditions.
        let poller = unsafe { sys::zmq_poller_new() };
        let poller = Self {
            pointer: NonNull::new(poller).ok_or_else(Errno::last)?,
            owner: socket.owner,
        };
        let (to, key) = (poller.pointer.as_ptr(), ptr::null_mut());
        let events = (sys::ZMQ_POLLIN | sys::ZMQ_POLLOUT) as c_short;
        // SAFETY: poller and socket are open, and the poller is dropped first.
        Errno::check(unsafe { sys::zmq_poller_add(to, socket.as_ptr(), key, events) })?;
        Ok(poller)
    }

    fn fd(&self) -> Result<RawFd, Errno> {
        let mut fd: c_int = -1;
        // SAFETY: the poller is open until drop; `fd` is valid for writes.
        Errno::check(unsafe { sys::zmq_poller_fd(self.pointer.as_ptr(), &mut fd) })?;
        Ok(fd)
    }

    /// Takes the signal. What the events are is asked of the socket.
    fn silence(&self) {
        if !self.owner.is_current() {
            return;
        }
        let mut event = std::mem::MaybeUninit::uninit();
        // SAFETY: the poller and its socket are open; `event` is valid for writes.
        unsafe { sys::zmq_poller_wait(self.pointer.as_ptr(), event.as_mut_ptr(), 0) };
    }
}

#[cfg(feature = "draft")]
impl Drop for SocketPoller {
    fn drop(&mut self) {
        if self.owner.is_current() {
            let mut pointer = self.pointer.as_ptr();
            // SAFETY: open until now, and not used again; its socket is still open.
            unsafe { sys::zmq_poller_destroy(&mut pointer) };
        }
    }
}
