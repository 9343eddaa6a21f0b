use std::time::Duration;

use crate::error::Error;
use crate::frame::{Frame, SendError, TrySendError};
use crate::kind::{CanMultipart, CanSend, Kind, SocketType};
use crate::message::Message;
use crate::multipart::Multipart;
use crate::raw::{Errno, Wait};
use crate::socket::Socket;

impl<K: Kind> Socket<K> {
    /// Sends one frame (`zmq_send`, `zmq_msg_send`), and waits while no peer can take it: for
    /// ever, or as [`set_sndtimeo`](Socket::set_sndtimeo) says. PUB, XPUB, ROUTER and REP drop
    /// instead of waiting; see the [kinds](crate::SocketType).
    ///
    /// Success means that libzmq has queued it, not that a peer has it.
    ///
    /// # Errors
    /// The error holds the unsent frame, if it was not just borrowed.
    /// [`WrongState`](crate::ErrorKind::WrongState) for a REQ or REP out of turn,
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock) when `sndtimeo` has passed,
    /// [`HostUnreachable`](crate::ErrorKind::HostUnreachable),
    /// [`Terminated`](crate::ErrorKind::Terminated), [`Forked`](crate::ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::{Context, Message, PULL, PUSH};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// # pull.bind("inproc://x")?;
    /// # push.connect("inproc://x")?;
    /// push.send("text")?;
    /// push.send(b"bytes")?;
    /// push.send(vec![0; 1_000_000])?; // handed over, not copied
    /// push.send(Message::from_static(b"constant"))?;
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn send<F: Frame>(&self, frame: F) -> Result<(), SendError<F::Back>>
    where
        K: CanSend,
    {
        self.send_frame(frame, Wait::AsSet)
            .map_err(|(errno, kept)| self.send_error(errno, F::give_back(kept)))
    }

    /// Sends one frame if a peer can take it at once (`ZMQ_DONTWAIT`).
    ///
    /// # Errors
    /// [`TrySendError::Full`] with the frame if not; otherwise as [`send`](Socket::send).
    ///
    /// ```
    /// # use ferromq::{Context, Message, PUSH};
    /// # fn main() -> ferromq::Result<()> {
    /// let push = Context::new()?.socket(PUSH)?;
    /// push.bind("inproc://nobody-connects")?;
    /// let error = push.try_send(Message::from("hello")).unwrap_err();
    /// assert!(error.is_full());
    /// assert_eq!(error.into_unsent(), "hello");
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn try_send<F: Frame>(&self, frame: F) -> Result<(), TrySendError<F::Back>>
    where
        K: CanSend,
    {
        self.send_frame(frame, Wait::No)
            .map_err(|(errno, kept)| self.try_send_error(errno, F::give_back(kept)))
    }

    /// Sends one frame, and waits at most so long while no peer can take it. Signals do not
    /// stretch the time.
    ///
    /// # Errors
    /// As [`try_send`](Socket::try_send).
    ///
    /// ```
    /// # use ferromq::{Context, PUSH};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// let push = Context::new()?.socket(PUSH)?;
    /// push.bind("inproc://nobody-connects")?;
    /// let error = push.send_timeout("hello", Duration::from_millis(1)).unwrap_err();
    /// assert!(error.is_full());
    /// # Ok(()) }
    /// ```
    pub fn send_timeout<F: Frame>(
        &self,
        frame: F,
        timeout: Duration,
    ) -> Result<(), TrySendError<F::Back>>
    where
        K: CanSend,
    {
        self.send_frame(frame, Wait::For(timeout))
            .map_err(|(errno, kept)| self.try_send_error(errno, F::give_back(kept)))
    }

    /// Sends several frames as one message, all or none (`ZMQ_SNDMORE`), and waits as
    /// [`send`](Socket::send) does.
    ///
    /// # Errors
    /// As [`send`](Socket::send), with all the frames;
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if there are none.
    ///
    /// ```
    /// # use ferromq::{Context, PULL, PUSH};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// # pull.bind("inproc://x")?;
    /// # push.connect("inproc://x")?;
    /// push.send_multipart(["topic", "body"])?;
    /// assert_eq!(pull.recv_multipart()?[1], "body");
    /// # Ok(()) }
    /// ```
    pub fn send_multipart<M: Into<Multipart>>(&self, frames: M) -> Result<(), SendError<Multipart>>
    where
        K: CanMultipart,
    {
        self.send_frames(frames.into(), Wait::AsSet)
    }

    /// Sends several frames as one message if a peer can take it at once.
    ///
    /// # Errors
    /// [`TrySendError::Full`] with the frames if not; otherwise as
    /// [`send_multipart`](Socket::send_multipart).
    ///
    /// ```
    /// # use ferromq::{Context, PUSH};
    /// # fn main() -> ferromq::Result<()> {
    /// let push = Context::new()?.socket(PUSH)?;
    /// push.bind("inproc://nobody-connects")?;
    /// let frames = push.try_send_multipart(["a", "b"]).unwrap_err().into_unsent();
    /// assert_eq!(frames.len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn try_send_multipart<M: Into<Multipart>>(
        &self,
        frames: M,
    ) -> Result<(), TrySendError<Multipart>>
    where
        K: CanMultipart,
    {
        self.send_frames(frames.into(), Wait::No)
            .map_err(full_or_failed)
    }

    /// Sends several frames as one message, and waits at most so long while no peer can take it.
    ///
    /// # Errors
    /// As [`try_send_multipart`](Socket::try_send_multipart).
    ///
    /// ```
    /// # use ferromq::{Context, PUSH};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// let push = Context::new()?.socket(PUSH)?;
    /// push.bind("inproc://nobody-connects")?;
    /// let time = Duration::from_millis(1);
    /// assert!(push.send_multipart_timeout(["a", "b"], time).unwrap_err().is_full());
    /// # Ok(()) }
    /// ```
    pub fn send_multipart_timeout<M: Into<Multipart>>(
        &self,
        frames: M,
        timeout: Duration,
    ) -> Result<(), TrySendError<Multipart>>
    where
        K: CanMultipart,
    {
        self.send_frames(frames.into(), Wait::For(timeout))
            .map_err(full_or_failed)
    }

    #[inline]
    pub(crate) fn send_frame<F: Frame>(
        &self,
        frame: F,
        wait: Wait,
    ) -> Result<(), (Errno, F::Kept)> {
        #[cfg(feature = "draft")]
        if self.reads_messages() {
            return frame.send_checked(self.raw(), wait, &|message| self.check(message));
        }
        frame.send_on(self.raw(), wait)
    }

    fn send_frames(&self, mut frames: Multipart, wait: Wait) -> Result<(), SendError<Multipart>> {
        if frames.is_empty() {
            return Err(no_frames(frames));
        }
        match self.send_whole(&mut frames, wait) {
            Ok(()) => Ok(()),
            Err(errno) => Err(self.send_error(errno, frames)),
        }
    }

    /// Sends the frames, of which there is at least one, as one message. A failure leaves them as
    /// they are.
    pub(crate) fn send_whole(&self, frames: &mut [Message], wait: Wait) -> Result<(), Errno> {
        #[cfg(feature = "draft")]
        match (self.kind(), &*frames) {
            (SocketType::Dgram, _) => return self.send_datagram(frames, wait),
            (_, [frame]) => self.check(frame)?,
            _ => {}
        }
        let last = frames.len() - 1;
        loop {
            match (self.send_each(frames, last, wait), wait) {
                (Ok(()), _) => return Ok(()),
                (Err((0, errno)), _) => return Err(errno),
                (Err((at, errno)), _) if !self.rolled_back(at, last, errno) => return Err(errno),
                (Err(_), Wait::No) => return Err(Errno::AGAIN),
                (Err(_), Wait::AsSet | Wait::For(_)) => {}
            }
        }
    }

    /// Sends each frame; a failure tells the index of the frame that was refused. The frames stay
    /// whole until all are sent: libzmq gets further messages over the same bytes.
    fn send_each(
        &self,
        frames: &mut [Message],
        last: usize,
        wait: Wait,
    ) -> Result<(), (usize, Errno)> {
        for (at, frame) in frames.iter_mut().enumerate() {
            // Only the first frame ever waits: the others go where it went, in no time.
            let wait = if at == 0 { wait } else { Wait::No };
            // With the last one all are sent: it is not needed any more.
            let sent = match at < last {
                true => self.raw().send_msg(frame.share().raw(), true, wait),
                false => self.raw().send_msg(frame.raw(), false, wait),
            };
            sent.map_err(|errno| (at, errno))?;
        }
        Ok(())
    }

    /// The peer vanished in the middle of a message, and libzmq took back the frames that it had
    /// queued for it. Leaves the socket ready for the whole message to be sent again, and says
    /// whether that can be done.
    fn rolled_back(&self, at: usize, last: usize, errno: Errno) -> bool {
        match (errno, self.kind()) {
            (Errno::AGAIN, SocketType::Push | SocketType::Dealer) => {
                // Until the end of the message libzmq discards what it is given.
                at == last
                    || self
                        .raw()
                        .send_msg(Message::new().raw(), false, Wait::No)
                        .is_ok()
            }
            (Errno::AGAIN, SocketType::Pair) => true,
            _ => false,
        }
    }

    #[cold]
    pub(crate) fn send_error<T>(&self, errno: Errno, unsent: T) -> SendError<T> {
        #[cfg(feature = "draft")]
        if let Some(error) = self.draft_error(errno) {
            return SendError::new(error.on(self.described()), unsent);
        }
        SendError::new(Error::new(errno, "send").on(self.described()), unsent)
    }

    #[cold]
    fn try_send_error<T>(&self, errno: Errno, unsent: T) -> TrySendError<T> {
        match errno {
            Errno::AGAIN => TrySendError::Full(unsent),
            errno => TrySendError::Failed(self.send_error(errno, unsent)),
        }
    }
}

#[cold]
pub(crate) fn no_frames(frames: Multipart) -> SendError<Multipart> {
    let error = Error::invalid("send", "a multipart message has at least one frame");
    SendError::new(error, frames)
}

fn full_or_failed<T>(error: SendError<T>) -> TrySendError<T> {
    match error.error().errno() {
        libc::EAGAIN => TrySendError::Full(error.into_unsent()),
        _ => TrySendError::Failed(error),
    }
}
