//! [`SendHalf`] and [`RecvHalf`].

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_sink::Sink;

use super::core::{Core, Operation};
use super::link::{Link, Shared, attempt, flush, perform, perform_next, poll, try_flush};
use super::operation::{
    AllFrames, Nothing, OneFrame, Recv, RecvInto, RecvMany, Send, SendMultipart, SendReady,
};
use super::reactor::Reactor;
use super::socket::Socket;
use super::verbs::{receives, sends};
use crate::error::{Error, ErrorKind, Result};
use crate::frame::{Buffer, Frame, SendError, TrySendError};
use crate::kind::{CanMultipart, CanRecv, CanSend, Kind};
use crate::message::Message;
use crate::multipart::Multipart;
use crate::socket::{SendAllError, SendAllResult, Socket as Blocking};

/// The half of a [`Socket`] that sends, from [`Socket::split`].
pub struct SendHalf<K, R: Reactor> {
    link: Shared<Blocking<K>, R>,
    unsent: Option<SendMultipart>,
}

/// The half of a [`Socket`] that receives, from [`Socket::split`].
pub struct RecvHalf<K, R: Reactor> {
    link: Shared<Blocking<K>, R>,
    ended: bool,
}

pub(super) fn split<K: Kind, R: Reactor>(
    core: Core<Blocking<K>, R>,
    unsent: Option<SendMultipart>,
) -> (SendHalf<K, R>, RecvHalf<K, R>) {
    let [send, recv] = Shared::pair(core);
    let send = SendHalf { link: send, unsent };
    let recv = RecvHalf {
        link: recv,
        ended: false,
    };
    (send, recv)
}

receives!(RecvHalf);
sends!(SendHalf);

impl<K: Kind, R: Reactor> SendHalf<K, R> {
    /// The socket that the halves are of.
    ///
    /// # Errors
    /// Both halves, if they are not of the same socket.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, DEALER, with_tokio::Socket};
    /// let (send, recv) = Socket::new(Context::new()?.socket(DEALER)?)?.split();
    /// let dealer = send.reunite(recv).unwrap();
    /// # Ok(()) }
    /// ```
    pub fn reunite(self, recv: RecvHalf<K, R>) -> Result<Socket<K, R>, (Self, RecvHalf<K, R>)> {
        let (unsent, ended) = (self.unsent, recv.ended);
        match self.link.join(recv.link) {
            Ok(core) => Ok(Socket::of(core, unsent)),
            Err((send, recv)) => Err((Self { link: send, unsent }, RecvHalf { link: recv, ended })),
        }
    }
}

impl<K, R: Reactor> fmt::Debug for SendHalf<K, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendHalf").finish_non_exhaustive()
    }
}

impl<K, R: Reactor> fmt::Debug for RecvHalf<K, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecvHalf").finish_non_exhaustive()
    }
}
