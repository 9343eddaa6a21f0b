//! What a proxy does with its sockets, whatever their kinds.

use std::fmt::Debug;
use std::os::fd::BorrowedFd;

use super::lane::Seat;
use crate::error::{Error, Result};
use crate::kind::{Kind, SocketType};
use crate::message::Message;
use crate::option::Events;
use crate::poller::{Poller, Registration};
use crate::raw::{Errno, Wait};
use crate::socket::Socket;

/// A socket as a [`Proxy`](crate::Proxy) takes it: `Socket<K>`, which it then owns, or
/// `&Socket<K>`.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let context = Context::new()?;
/// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
/// fn sides<F: ProxySocket, B: ProxySocket>(frontend: F, backend: B) -> Proxy<F, B> {
///     Proxy::new(frontend, backend)
/// }
/// sides(&pull, &push); // borrowed
/// sides(pull, push); // owned
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a socket",
    label = "expected `Socket<K>` or `&Socket<K>`"
)]
pub trait ProxySocket: AsSide {}

impl<K: Kind> ProxySocket for Socket<K> {}
impl<K: Kind> ProxySocket for &Socket<K> {}

pub trait AsSide: Debug {
    #[doc(hidden)]
    fn side(&self) -> &dyn Side;
}

impl<K: Kind> AsSide for Socket<K> {
    fn side(&self) -> &dyn Side {
        self
    }
}

impl<K: Kind> AsSide for &Socket<K> {
    fn side(&self) -> &dyn Side {
        *self
    }
}

pub trait Side {
    fn kind(&self) -> SocketType;

    /// Whether it was made by another process.
    fn is_forked(&self) -> bool;

    /// Takes one message, if there is one.
    fn try_recv(&self, frames: &mut Vec<Message>) -> Result<bool>;

    /// Sends the frames as one message; if that cannot be done now they stay as they are.
    fn try_send(&self, frames: &mut [Message]) -> Result<bool>;

    /// What the socket is ready for. Asking also lets libzmq do its work on the socket.
    fn ready_for(&self) -> Result<Events>;

    /// Becomes readable when the answer of `ready_for` may have changed; the thread-safe kinds
    /// have none.
    fn fd(&self) -> Result<Option<BorrowedFd<'_>>>;

    fn add_to<'a>(
        &'a self,
        poller: &mut Poller<'a, Option<Seat>>,
        seat: Seat,
    ) -> Result<Registration>;
}

impl<K: Kind> Side for Socket<K> {
    fn kind(&self) -> SocketType {
        self.kind()
    }

    fn is_forked(&self) -> bool {
        self.raw().is_forked()
    }

    fn try_recv(&self, frames: &mut Vec<Message>) -> Result<bool> {
        loop {
            let mut frame = Message::new();
            match self.raw().recv_msg(frame.raw(), Wait::No) {
                Ok(()) => {}
                // A REP or REQ whose turn is to send.
                Err(Errno::AGAIN | Errno::WRONG_STATE) if frames.is_empty() => return Ok(false),
                Err(errno) => {
                    frames.clear();
                    return Err(Error::new(errno, "proxy: receive").on(self.described()));
                }
            }
            let more = frame.more();
            frames.push(frame);
            if !more {
                return Ok(true);
            }
        }
    }

    fn try_send(&self, frames: &mut [Message]) -> Result<bool> {
        match self.send_whole(frames, Wait::No) {
            Ok(()) => Ok(true),
            Err(Errno::AGAIN | Errno::WRONG_STATE) => Ok(false),
            Err(errno) => Err(Error::new(errno, "proxy: send").on(self.described())),
        }
    }

    fn ready_for(&self) -> Result<Events> {
        self.events()
    }

    fn fd(&self) -> Result<Option<BorrowedFd<'_>>> {
        if self.kind().has("ThreadSafe") {
            return Ok(None);
        }
        match self.raw().fd() {
            Ok(fd) => Ok(Some(fd)),
            Err(errno) => Err(Error::new(errno, "proxy: read").on("ZMQ_FD")),
        }
    }

    fn add_to<'a>(
        &'a self,
        poller: &mut Poller<'a, Option<Seat>>,
        seat: Seat,
    ) -> Result<Registration> {
        poller.add(self, Events::empty(), Some(seat))
    }
}
