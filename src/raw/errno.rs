use std::ffi::c_int;

use ferromq_sys as sys;

/// An error number as libzmq reports it, or [`Errno::FORKED`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub(crate) c_int);

impl Errno {
    /// The handle was made by another process; libzmq has not been asked.
    pub(crate) const FORKED: Self = Self(0);
    pub(crate) const AGAIN: Self = Self(libc::EAGAIN);
    pub(crate) const INTERRUPTED: Self = Self(libc::EINTR);
    pub(crate) const TERMINATED: Self = Self(sys::ETERM);
    #[cfg(feature = "draft")]
    pub(crate) const FAULT: Self = Self(libc::EFAULT);
    /// A message too long for a datagram; libzmq itself does not look.
    #[cfg(feature = "draft")]
    pub(crate) const TOO_LONG: Self = Self(sys::EMSGSIZE);
    /// The socket's turn is to do something else.
    pub(crate) const WRONG_STATE: Self = Self(sys::EFSM);

    /// The number that the last failed call of this thread left.
    #[cold]
    pub(crate) fn last() -> Self {
        // SAFETY: reads a thread-local number; no preconditions.
        Self(unsafe { sys::zmq_errno() })
    }

    /// That of a call made by the standard library.
    pub(crate) fn of(error: std::io::Error) -> Self {
        Self(error.raw_os_error().unwrap_or(libc::EIO))
    }

    /// Turns the return code of a call that fails with a negative one into a result.
    #[inline]
    pub(crate) fn check(code: c_int) -> Result<c_int, Self> {
        if code >= 0 {
            Ok(code)
        } else {
            Err(Self::last())
        }
    }

    /// Calls `call` until it is not interrupted by a signal, in the process of `owner` only.
    pub(crate) fn retry(
        owner: super::Generation,
        mut call: impl FnMut() -> c_int,
    ) -> Result<c_int, Self> {
        loop {
            owner.check()?;
            match Self::check(call()) {
                Err(Self::INTERRUPTED) => {}
                result => return result,
            }
        }
    }
}
