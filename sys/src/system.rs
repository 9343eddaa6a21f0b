//! What libzmq's interface takes from the C library.

/// Error numbers of the system that `zmq.h` promises to exist everywhere.
pub use libc::{
    EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, ECONNABORTED, ECONNREFUSED, ECONNRESET, EHOSTUNREACH,
    EINPROGRESS, EMSGSIZE, ENETDOWN, ENETRESET, ENETUNREACH, ENOBUFS, ENOTCONN, ENOTSOCK, ENOTSUP,
    EPROTONOSUPPORT, ETIMEDOUT,
};

#[cfg(not(windows))]
pub use libc::{iovec, sigset_t};

/// One buffer of [`zmq_sendiov`](crate::zmq_sendiov) and [`zmq_recviov`](crate::zmq_recviov).
#[cfg(windows)]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct iovec {
    /// Where the buffer starts.
    pub iov_base: *mut core::ffi::c_void,
    /// Its size in bytes.
    pub iov_len: usize,
}

/// A set of signals, which Windows does not have.
#[cfg(windows)]
pub type sigset_t = core::ffi::c_void;
