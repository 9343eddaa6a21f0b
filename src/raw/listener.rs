//! A listening descriptor that libzmq is given (`ZMQ_USE_FD`).

use std::ffi::{c_int, c_void};
use std::os::fd::{AsFd, AsRawFd, IntoRawFd, OwnedFd};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ferromq_sys as sys;

use super::{Errno, Socket};

/// The descriptor, kept until a bind hands it over to libzmq.
#[derive(Debug, Default)]
pub(super) struct Listener(Mutex<Option<OwnedFd>>);

/// What a listening socket accepts connections from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Ip,
    Unix,
}

/// The family of a stream socket that listens; `None` for anything else.
pub(crate) fn listener_family(fd: impl AsFd) -> Option<Family> {
    let option = |name| {
        let mut value: c_int = 0;
        let mut len = size_of::<c_int>() as libc::socklen_t;
        // SAFETY: the descriptor is open as it is borrowed; `value` is valid for writes of `len`
        // bytes.
        let code = unsafe {
            libc::getsockopt(
                fd.as_fd().as_raw_fd(),
                libc::SOL_SOCKET,
                name,
                (&raw mut value).cast::<c_void>(),
                &mut len,
            )
        };
        (code == 0).then_some(value)
    };
    if option(libc::SO_ACCEPTCONN)? == 0 || option(libc::SO_TYPE)? != libc::SOCK_STREAM {
        return None;
    }
    // SAFETY: the type is made of integers, for which zeros are values.
    let mut address: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
    let mut len = size_of::<libc::sockaddr_storage>() as libc::socklen_t;
    // SAFETY: the descriptor is open; `address` is valid for writes of `len` bytes.
    let code = unsafe {
        libc::getsockname(
            fd.as_fd().as_raw_fd(),
            (&raw mut address).cast::<libc::sockaddr>(),
            &mut len,
        )
    };
    match c_int::from(address.ss_family) {
        libc::AF_INET | libc::AF_INET6 if code == 0 => Some(Family::Ip),
        libc::AF_UNIX if code == 0 => Some(Family::Unix),
        _ => None,
    }
}

impl Socket {
    /// Has the next bind listen on `fd`.
    pub(crate) fn use_fd(&self, fd: OwnedFd) -> Result<(), Errno> {
        let mut given = self.given_listener();
        self.set(sys::ZMQ_USE_FD, &fd.as_raw_fd().to_ne_bytes())?;
        *given = Some(fd);
        Ok(())
    }

    /// The family of the descriptor that waits for a bind.
    pub(crate) fn use_fd_family(&self) -> Option<Family> {
        self.given_listener().as_ref().and_then(listener_family)
    }

    /// Leaves the descriptor to libzmq, which listens on it now, and has the next bind make its
    /// own: with the same, libzmq would abort.
    pub(crate) fn fd_is_bound(&self) {
        if let Some(fd) = self.given_listener().take() {
            let _libzmqs = fd.into_raw_fd();
            // Fails only once the context is shut down, and then nothing is bound any more.
            let _ = self.set(sys::ZMQ_USE_FD, &(-1_i32).to_ne_bytes());
        }
    }

    fn given_listener(&self) -> MutexGuard<'_, Option<OwnedFd>> {
        let listener = self.listener.0.lock();
        listener.unwrap_or_else(PoisonError::into_inner)
    }
}
