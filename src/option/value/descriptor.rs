//! Descriptors: libzmq's own, and one for libzmq to listen on.

use std::ffi::c_int;
use std::os::fd::{BorrowedFd, OwnedFd, RawFd};

use super::{Get, Refusal, Set, get_int};
use crate::raw::{Errno, Socket, listener_family};

/// `ZMQ_FD`.
pub(in crate::option) struct Descriptor;

impl Get for Descriptor {
    type Value<'s> = BorrowedFd<'s>;
    fn get(self, socket: &Socket, _: c_int) -> Result<BorrowedFd<'_>, Refusal> {
        socket.fd().map_err(|errno| match errno {
            Errno(libc::EINVAL) => Refusal::NotSupported(
                "sockets of kinds that threads share have no descriptor: wait with a `Poller`",
            ),
            errno => errno.into(),
        })
    }
}

/// `ZMQ_USE_FD`: libzmq aborts with a descriptor that does not listen, or listens already.
pub(in crate::option) struct Listener;

impl Get for Listener {
    type Value<'s> = Option<RawFd>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<RawFd>, Refusal> {
        Ok(Some(get_int(socket, option)?).filter(|fd| *fd != -1))
    }
}

impl<V: Into<OwnedFd>> Set<V> for Listener {
    fn set(self, socket: &Socket, _: c_int, value: V) -> Result<(), Refusal> {
        let fd = value.into();
        if listener_family(&fd).is_none() {
            return Err(Refusal::Invalid(
                "it is not a listening stream socket, such as a `TcpListener` or a `UnixListener`"
                    .into(),
            ));
        }
        Ok(socket.use_fd(fd)?)
    }
}
