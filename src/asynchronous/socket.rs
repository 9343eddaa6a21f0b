use std::fmt;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_sink::Sink;

use super::core::{Core, Operation};
use super::link::{Link, attempt, flush, perform, perform_next, poll, try_flush};
use super::operation::{
    AllFrames, Nothing, OneFrame, Recv, RecvInto, RecvMany, Send, SendMultipart, SendReady,
};
use super::reactor::{Reactor, RegisterError};
use super::split::{RecvHalf, SendHalf};
use super::verbs::{receives, sends};
use crate::error::{Error, ErrorKind, Result};
use crate::frame::{Buffer, Frame, SendError, TrySendError};
use crate::kind::{CanMultipart, CanRecv, CanRequest, CanSend, Kind};
use crate::message::Message;
use crate::multipart::Multipart;
use crate::proxy::{AsSide, Side};
use crate::socket::{SendAllError, SendAllResult, Socket as Blocking};

/// A [socket](crate::Socket) whose verbs are futures. `R` is what it waits with: the types are
/// [`with_tokio::Socket`](crate::with_tokio::Socket) and [`with_async_io::Socket`](crate::with_async_io::Socket).
///
/// It has the verbs of its kind, and these only. Options, `bind` and `connect` are those of the
/// socket in it: set them before, or through [`get_ref`](Socket::get_ref).
///
/// The futures are `Send`. Each borrows the socket, so there is one at a time;
/// [`split`](Socket::split) lets one task send while another one receives.
pub struct Socket<K, R: Reactor> {
    link: Core<Blocking<K>, R>,
    /// Given to the `Sink`, and not sent yet.
    unsent: Option<SendMultipart>,
    /// Whether the `Stream` has ended.
    ended: bool,
}

impl<K: Kind, R: Reactor> Socket<K, R> {
    /// Makes a socket asynchronous. From here on its context [ends in a thread of its
    /// own](crate::guide::asynchronous#endings).
    ///
    /// # Errors
    /// The error holds the socket. [`WrongState`](crate::ErrorKind::WrongState) outside of the
    /// runtime, [`Terminated`](crate::ErrorKind::Terminated),
    /// [`Forked`](crate::ErrorKind::Forked), and those of the reactor.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use ferromq::{Context, REP, with_tokio::Socket};
    ///
    /// let rep = Context::new()?.socket(REP)?;
    /// rep.bind("tcp://127.0.0.1:*")?;
    /// let rep = Socket::new(rep)?;
    /// # Ok(()) }
    /// ```
    pub fn new(socket: Blocking<K>) -> Result<Self, RegisterError<Blocking<K>>> {
        let core = Core::new(socket)?;
        core.owner().context().end_in_background();
        Ok(Self::of(core, None))
    }

    pub(super) fn of(link: Core<Blocking<K>, R>, unsent: Option<SendMultipart>) -> Self {
        Self {
            link,
            unsent,
            ended: false,
        }
    }

    /// The socket in it, for options, `bind`, `connect`, `subscribe`, and whatever does not wait.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, SUB, with_tokio::Socket};
    /// let sub = Socket::new(Context::new()?.socket(SUB)?)?;
    /// sub.get_ref().subscribe("weather")?;
    /// # Ok(()) }
    /// ```
    pub fn get_ref(&self) -> Inner<'_, K, R> {
        Inner { core: &self.link }
    }

    /// The socket, no longer asynchronous. Of what was given to the `Sink` and is not flushed
    /// nothing is sent any more.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, PULL, Pull, with_tokio::Socket};
    /// let pull = Socket::new(Context::new()?.socket(PULL)?)?;
    /// let pull: ferromq::Socket<Pull> = pull.into_inner();
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn into_inner(self) -> Blocking<K> {
        self.link.into_owner()
    }

    /// Two halves, for two tasks. They share the socket under a lock, which one takes only for as
    /// long as a try lasts, never to wait.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, DEALER, with_tokio::Socket};
    /// # let context = Context::new()?;
    /// # let (a, b) = (context.socket(DEALER)?, context.socket(DEALER)?);
    /// # a.bind("inproc://x")?;
    /// # b.connect("inproc://x")?;
    /// # let mut b = Socket::new(b)?;
    /// let (mut send, mut recv) = Socket::new(a)?.split();
    /// let receiver = tokio::spawn(async move { recv.recv().await });
    /// send.send("question").await?;
    /// # let question = b.recv().await?;
    /// # b.send("answer").await?;
    /// assert_eq!(receiver.await??, "answer");
    /// # Ok(()) }
    /// ```
    pub fn split(self) -> (SendHalf<K, R>, RecvHalf<K, R>) {
        super::split::split(self.link, self.unsent)
    }

    /// Sends a request, and waits for the reply.
    ///
    /// # Cancel safety
    /// The future may be dropped after it has sent the request. It is then the socket's turn to
    /// receive, and the next request answers [`WrongState`](crate::ErrorKind::WrongState): receive
    /// the late reply, or allow requests out of turn before, with
    /// [`set_req_relaxed`](crate::Socket::set_req_relaxed) and
    /// [`set_req_correlate`](crate::Socket::set_req_correlate), by which libzmq drops late replies.
    ///
    /// # Errors
    /// As [`send_multipart`](Socket::send_multipart), with the request, and as
    /// [`recv`](Socket::recv), with no frames.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, REP, REQ, with_tokio::Socket};
    /// # let context = Context::new()?;
    /// # let rep = context.socket(REP)?;
    /// # rep.bind("inproc://x")?;
    /// # let server = std::thread::spawn(move || {
    /// #     let request = rep.recv().unwrap();
    /// #     rep.send(request).unwrap();
    /// # });
    /// let mut req = Socket::new(context.socket(REQ)?)?;
    /// req.get_ref().connect("inproc://x")?;
    /// let reply = req.request(["Are you OK?"]).await?;
    /// assert_eq!(reply[0], "Are you OK?");
    /// # server.join().unwrap();
    /// # Ok(()) }
    /// ```
    pub async fn request<M: Into<Multipart>>(
        &mut self,
        frames: M,
    ) -> Result<Multipart, SendError<Multipart>>
    where
        K: CanRequest,
    {
        perform(&mut self.link, SendMultipart(frames.into())).await?;
        let reply = perform(&mut self.link, Recv(AllFrames)).await;
        reply.map_err(|error| SendError::new(error, Multipart::new()))
    }
}

receives!(Socket);
sends!(Socket);

impl<K: Kind, R: Reactor> Socket<K, R> {
    pub(super) fn core(&mut self) -> &mut Core<Blocking<K>, R> {
        &mut self.link
    }
}

impl<K: Kind, R: Reactor> AsSide for Socket<K, R> {
    fn side(&self) -> &dyn Side {
        self.link.owner()
    }
}

impl<K: Kind, R: Reactor> fmt::Debug for Socket<K, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.link.owner().fmt(f)
    }
}

/// The [socket](crate::Socket) in an asynchronous one, lent by [`Socket::get_ref`].
// What was done with the socket may have used up the call that somebody waits for.
pub struct Inner<'a, K: Kind, R: Reactor> {
    core: &'a Core<Blocking<K>, R>,
}

impl<K: Kind, R: Reactor> Deref for Inner<'_, K, R> {
    type Target = Blocking<K>;

    fn deref(&self) -> &Blocking<K> {
        self.core.owner()
    }
}

impl<K: Kind, R: Reactor> Drop for Inner<'_, K, R> {
    fn drop(&mut self) {
        self.core.touched();
    }
}

impl<K: Kind, R: Reactor> fmt::Debug for Inner<'_, K, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
