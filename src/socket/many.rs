//! Many messages by one call.

use std::fmt;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::frame::{Buffer, Frame, SendError};
use crate::kind::{CanRecv, CanSend, Kind};
use crate::message::Message;
use crate::raw::{Errno, Wait};
use crate::socket::Socket;

impl<K: Kind> Socket<K> {
    /// Sends each frame as a message of its own, as [`send`](Socket::send) does, until there are no
    /// more; returns how many it has sent.
    ///
    /// # Errors
    /// As [`send`](Socket::send), at the first frame that is not sent. The error tells how many were,
    /// and holds this frame and the iterator with those behind it.
    ///
    /// ```
    /// # use ferromq::{Context, PULL, PUSH};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// # pull.bind("inproc://x")?;
    /// # push.connect("inproc://x")?;
    /// assert_eq!(push.send_all(["plough", "sow", "reap"])?, 3);
    /// assert_eq!(pull.recv()?, "plough");
    /// # Ok(()) }
    /// ```
    pub fn send_all<I>(&self, frames: I) -> SendAllResult<I>
    where
        K: CanSend,
        I: IntoIterator<Item: Frame>,
    {
        self.send_while(frames.into_iter(), Wait::AsSet)
    }

    /// Sends each frame as a message of its own as long as a peer can take it at once; returns how
    /// many it has sent, which is all of them.
    ///
    /// # Errors
    /// As [`send_all`](Socket::send_all), and [`WouldBlock`](crate::ErrorKind::WouldBlock) when no
    /// peer can take the next one.
    ///
    /// ```
    /// # use ferromq::{Context, ErrorKind, Message, PULL, PUSH};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// push.set_send_hwm(1)?;
    /// pull.set_recv_hwm(1)?;
    /// # pull.bind("inproc://x")?;
    /// # push.connect("inproc://x")?;
    /// let tasks = ["plough", "sow", "reap"].map(Message::from);
    /// let error = push.try_send_all(tasks).unwrap_err();
    /// assert_eq!(error.error().kind(), ErrorKind::WouldBlock);
    /// assert_eq!(error.sent(), 2);
    /// let (unsent, rest) = error.into_unsent();
    /// assert_eq!(unsent, "reap");
    /// assert_eq!(rest.count(), 0);
    /// # Ok(()) }
    /// ```
    pub fn try_send_all<I>(&self, frames: I) -> SendAllResult<I>
    where
        K: CanSend,
        I: IntoIterator<Item: Frame>,
    {
        self.send_while(frames.into_iter(), Wait::No)
    }

    fn send_while<F: Frame, I: Iterator<Item = F>>(
        &self,
        mut rest: I,
        wait: Wait,
    ) -> Result<usize, SendAllError<F::Back, I>> {
        let mut sent = 0;
        while let Some(frame) = rest.next() {
            if let Err((errno, kept)) = self.send_frame(frame, wait) {
                let error = self.send_error(errno, F::give_back(kept));
                return Err(SendAllError::new(error, sent, rest));
            }
            sent += 1;
        }
        Ok(sent)
    }

    /// Receives up to `limit` frames and puts them at the end of `messages`: waits for the first as
    /// [`recv`](Socket::recv) does, and takes the others as long as they are there. Returns how
    /// many; 0 only where that is the limit.
    ///
    /// The frames of a multipart message are told by [`Message::more`]; where the limit cuts one,
    /// the next receive goes on with it.
    ///
    /// # Errors
    /// As [`recv`](Socket::recv), with nothing received. An error after the first frame is left to the
    /// next receive.
    ///
    /// ```
    /// # use ferromq::{Context, PULL, PUSH};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// # pull.bind("inproc://x")?;
    /// # push.connect("inproc://x")?;
    /// push.send_all(["plough", "sow", "reap"])?;
    /// let mut messages = Vec::new();
    /// assert_eq!(pull.recv_many(&mut messages, 100)?, 3);
    /// assert_eq!(messages[2], "reap");
    /// # Ok(()) }
    /// ```
    pub fn recv_many(&self, messages: &mut Vec<Message>, limit: usize) -> Result<usize>
    where
        K: CanRecv,
    {
        self.recv_while(messages, limit, Wait::AsSet)
            .map_err(|errno| self.recv_error(errno))
    }

    /// Receives up to `limit` frames as long as they are there; 0 if there is none.
    ///
    /// # Errors
    /// As [`recv_many`](Socket::recv_many).
    ///
    /// ```
    /// # use ferromq::{Context, PULL};
    /// # fn main() -> ferromq::Result<()> {
    /// let pull = Context::new()?.socket(PULL)?;
    /// assert_eq!(pull.try_recv_many(&mut Vec::new(), 100)?, 0);
    /// # Ok(()) }
    /// ```
    pub fn try_recv_many(&self, messages: &mut Vec<Message>, limit: usize) -> Result<usize>
    where
        K: CanRecv,
    {
        self.recv_many_within(messages, limit, Wait::No)
    }

    /// Receives up to `limit` frames, and waits for the first at most so long; 0 if none came.
    ///
    /// # Errors
    /// As [`recv_many`](Socket::recv_many).
    ///
    /// ```
    /// # use ferromq::{Context, PULL};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// let pull = Context::new()?.socket(PULL)?;
    /// let time = Duration::from_millis(1);
    /// assert_eq!(pull.recv_many_timeout(&mut Vec::new(), 100, time)?, 0);
    /// # Ok(()) }
    /// ```
    pub fn recv_many_timeout(
        &self,
        messages: &mut Vec<Message>,
        limit: usize,
        timeout: Duration,
    ) -> Result<usize>
    where
        K: CanRecv,
    {
        self.recv_many_within(messages, limit, Wait::For(timeout))
    }

    pub(crate) fn recv_many_within(
        &self,
        messages: &mut Vec<Message>,
        limit: usize,
        wait: Wait,
    ) -> Result<usize> {
        match self.recv_while(messages, limit, wait) {
            Err(Errno::AGAIN) => Ok(0),
            result => result.map_err(|errno| self.recv_error(errno)),
        }
    }

    fn recv_while(
        &self,
        messages: &mut Vec<Message>,
        limit: usize,
        wait: Wait,
    ) -> Result<usize, Errno> {
        for received in 0..limit {
            let wait = if received == 0 { wait } else { Wait::No };
            let mut message = Message::new();
            match message.recv_on(self.raw(), wait) {
                Ok(()) => messages.push(message),
                Err(errno) if received == 0 => return Err(errno),
                // What it is, if not that nothing is there, the next call will find again.
                Err(_) => return Ok(received),
            }
        }
        Ok(limit)
    }
}

/// What [`Socket::send_all`] returns for frames from an `I`.
pub type SendAllResult<I> = Result<
    usize,
    SendAllError<<<I as IntoIterator>::Item as Frame>::Back, <I as IntoIterator>::IntoIter>,
>;

/// A [`send_all`](Socket::send_all) that ended early, with what was not sent: a frame, or `()` if it
/// was only borrowed, and an iterator with all that come behind it.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let rep = Context::new()?.socket(REP)?;
/// let error = rep.send_all(["no", "request", "yet"].map(Message::from)).unwrap_err();
/// assert_eq!(error.error().kind(), ErrorKind::WrongState);
/// assert_eq!(error.sent(), 0);
/// # Ok(()) }
/// ```
pub struct SendAllError<T, I> {
    error: SendError<T>,
    sent: usize,
    rest: I,
}

impl<T, I> SendAllError<T, I> {
    #[cold]
    pub(crate) fn new(error: SendError<T>, sent: usize, rest: I) -> Self {
        Self { error, sent, rest }
    }

    /// What went wrong.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// let error = rep.send_all(["no", "request", "yet"]).unwrap_err();
    /// assert_eq!(error.error().kind(), ErrorKind::WrongState);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn error(&self) -> &Error {
        self.error.error()
    }

    /// How many were sent, which is also the index of the one that was not.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// assert_eq!(rep.send_all(["no", "request", "yet"]).unwrap_err().sent(), 0);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn sent(&self) -> usize {
        self.sent
    }

    /// The frame that was not sent, and those behind it.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// let error = rep.send_all(["no", "request", "yet"].map(Message::from)).unwrap_err();
    /// let (unsent, rest) = error.into_unsent();
    /// assert_eq!(unsent, "no");
    /// assert!(rest.eq(["request", "yet"]));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn into_unsent(self) -> (T, I) {
        (self.error.into_unsent(), self.rest)
    }
}

impl<T, I> fmt::Debug for SendAllError<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendAllError")
            .field("error", &self.error)
            .field("sent", &self.sent)
            .finish_non_exhaustive()
    }
}

impl<T, I> fmt::Display for SendAllError<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} were sent before)", self.error, self.sent)
    }
}

impl<T, I> std::error::Error for SendAllError<T, I> {}

impl<T, I> From<SendAllError<T, I>> for Error {
    fn from(error: SendAllError<T, I>) -> Self {
        error.error.into()
    }
}
