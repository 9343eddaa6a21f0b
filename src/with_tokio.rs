//! Async sockets in a runtime of tokio: the [types](crate::asynchronous) that wait with it.
//!
//! They are made and used in a runtime with I/O, as `#[tokio::main]` makes it, of one thread or
//! several. A socket belongs to the runtime that it was made asynchronous in, whatever thread or
//! other runtime it is used in afterwards.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, ready};

use tokio::io::unix::AsyncFd;
use tokio::runtime::Handle;

use crate::asynchronous::{self, Reactor, reactor};
use crate::error::Result;
use crate::kind::Any;
use crate::raw::{SignalFd, register_with_tokio};

/// [`asynchronous::Socket`] in tokio.
pub type Socket<K = Any> = asynchronous::Socket<K, Tokio>;
/// [`asynchronous::SendHalf`] in tokio.
pub type SendHalf<K = Any> = asynchronous::SendHalf<K, Tokio>;
/// [`asynchronous::RecvHalf`] in tokio.
pub type RecvHalf<K = Any> = asynchronous::RecvHalf<K, Tokio>;
/// [`asynchronous::Monitor`] in tokio.
pub type Monitor = asynchronous::Monitor<Tokio>;
/// [`asynchronous::Proxy`] in tokio.
pub type Proxy<F, B, C = Any> = asynchronous::Proxy<F, B, C, Tokio>;
/// [`asynchronous::Authenticator`] in tokio.
pub type Authenticator = asynchronous::Authenticator<Tokio>;

/// Waits with tokio's `AsyncFd`.
#[derive(Clone, Copy, Debug)]
pub enum Tokio {}

impl reactor::sealed::Sealed for Tokio {}

impl Reactor for Tokio {
    type Registration = AsyncFd<SignalFd>;

    fn register(fd: SignalFd) -> Result<AsyncFd<SignalFd>> {
        let runtime = Handle::try_current();
        runtime.map_err(|_| reactor::unavailable("this is not in a runtime of tokio"))?;
        // Panics in a runtime without I/O, and there is no way to ask.
        let register = AssertUnwindSafe(|| register_with_tokio(fd));
        match catch_unwind(register) {
            Ok(Ok(registration)) => Ok(registration),
            Ok(Err(error)) => Err(reactor::refused(&error)),
            Err(_) => Err(reactor::unavailable(
                "the runtime of tokio has no I/O: make it with `enable_io` or `enable_all`",
            )),
        }
    }

    fn poll_call(registration: &AsyncFd<SignalFd>, context: &mut Context<'_>) -> Poll<Result<()>> {
        match ready!(registration.poll_read_ready(context)) {
            Ok(mut guard) => {
                guard.clear_ready();
                Poll::Ready(Ok(()))
            }
            Err(_) => Poll::Ready(Err(reactor::unavailable(
                "the runtime of tokio has ended that the socket was made asynchronous in",
            ))),
        }
    }

    // To wake the own task at once costs a system call, and may move it to another thread.
    fn let_others_run(context: &mut Context<'_>) {
        let first = pin!(tokio::task::yield_now()).poll(context);
        debug_assert!(first.is_pending());
    }
}
