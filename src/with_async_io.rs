//! Async sockets in any executor, such as smol's: the [types](crate::asynchronous) that wait with
//! the reactor of the crate `async-io`, which has a thread of its own.

use std::task::{Context, Poll};

use async_io::Async;

use crate::asynchronous::{self, Reactor, reactor};
use crate::error::Result;
use crate::kind::Any;
use crate::raw::SignalFd;

/// [`asynchronous::Socket`] with async-io.
pub type Socket<K = Any> = asynchronous::Socket<K, AsyncIo>;
/// [`asynchronous::SendHalf`] with async-io.
pub type SendHalf<K = Any> = asynchronous::SendHalf<K, AsyncIo>;
/// [`asynchronous::RecvHalf`] with async-io.
pub type RecvHalf<K = Any> = asynchronous::RecvHalf<K, AsyncIo>;
/// [`asynchronous::Monitor`] with async-io.
pub type Monitor = asynchronous::Monitor<AsyncIo>;
/// [`asynchronous::Proxy`] with async-io.
pub type Proxy<F, B, C = Any> = asynchronous::Proxy<F, B, C, AsyncIo>;
/// [`asynchronous::Authenticator`] with async-io.
pub type Authenticator = asynchronous::Authenticator<AsyncIo>;

/// Waits with `async_io::Async`.
#[derive(Clone, Copy, Debug)]
pub enum AsyncIo {}

impl reactor::sealed::Sealed for AsyncIo {}

impl Reactor for AsyncIo {
    type Registration = Async<SignalFd>;

    fn register(fd: SignalFd) -> Result<Async<SignalFd>> {
        Async::new_nonblocking(fd).map_err(|error| reactor::refused(&error))
    }

    fn poll_call(registration: &Async<SignalFd>, context: &mut Context<'_>) -> Poll<Result<()>> {
        let result = registration.poll_readable(context);
        result.map(|result| result.map_err(|error| reactor::refused(&error)))
    }
}
