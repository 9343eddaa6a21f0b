use std::time::Duration;

use crate::error::{Error, Result};
use crate::frame::Buffer;
use crate::kind::{CanRecv, Kind};
use crate::message::Message;
use crate::multipart::Multipart;
use crate::raw::{Errno, Wait};
use crate::socket::Socket;

impl<K: Kind> Socket<K> {
    /// Receives one frame (`zmq_msg_recv`), and waits for it: for ever, or as
    /// [`set_rcvtimeo`](Socket::set_rcvtimeo) says. [`Message::more`] tells whether further
    /// frames of the same message follow; [`recv_multipart`](Socket::recv_multipart) takes them
    /// all.
    ///
    /// # Errors
    /// [`WrongState`](crate::ErrorKind::WrongState) for a REQ or REP out of turn,
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock) when `rcvtimeo` has passed,
    /// [`Terminated`](crate::ErrorKind::Terminated), [`Forked`](crate::ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::{Context, PULL, PUSH};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// # pull.bind("inproc://x")?;
    /// # push.connect("inproc://x")?;
    /// push.send("hello")?;
    /// assert_eq!(pull.recv()?.to_str(), Ok("hello"));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn recv(&self) -> Result<Message>
    where
        K: CanRecv,
    {
        let mut message = Message::new();
        self.recv_into(&mut message)?;
        Ok(message)
    }

    /// Receives one frame if one is there (`ZMQ_DONTWAIT`).
    ///
    /// # Errors
    /// As [`recv`](Socket::recv).
    ///
    /// ```
    /// # use ferromq::{Context, PULL};
    /// # fn main() -> ferromq::Result<()> {
    /// let pull = Context::new()?.socket(PULL)?;
    /// assert_eq!(pull.try_recv()?, None);
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn try_recv(&self) -> Result<Option<Message>>
    where
        K: CanRecv,
    {
        self.recv_within(Wait::No)
    }

    /// Receives one frame, and waits for it at most so long. Signals do not stretch the time.
    ///
    /// # Errors
    /// As [`recv`](Socket::recv).
    ///
    /// ```
    /// # use ferromq::{Context, PULL};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// let pull = Context::new()?.socket(PULL)?;
    /// assert_eq!(pull.recv_timeout(Duration::from_millis(1))?, None);
    /// # Ok(()) }
    /// ```
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Option<Message>>
    where
        K: CanRecv,
    {
        self.recv_within(Wait::For(timeout))
    }

    /// Receives one frame into what the caller has, and waits as [`recv`](Socket::recv) does:
    /// a [`Message`], whose old content is dropped and which keeps [`Message::more`]; a
    /// `Vec<u8>`, whose memory is used again; or a `[u8]` (`zmq_recv`), of which the
    /// [result](crate::Received) tells how much was written and whether the frame was longer.
    ///
    /// # Errors
    /// As [`recv`](Socket::recv).
    ///
    /// ```
    /// # use ferromq::{Context, PULL, PUSH};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// # pull.bind("inproc://x")?;
    /// # push.connect("inproc://x")?;
    /// push.send("too long")?;
    /// let mut buffer = [0; 3];
    /// let received = pull.recv_into(&mut buffer[..])?;
    /// assert_eq!(&buffer[..received.len()], b"too");
    /// assert!(received.is_truncated());
    /// assert_eq!(received.frame_len(), 8);
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn recv_into<B: Buffer + ?Sized>(&self, buffer: &mut B) -> Result<B::Received>
    where
        K: CanRecv,
    {
        buffer
            .recv_on(self.raw(), Wait::AsSet)
            .map_err(|errno| self.recv_error(errno))
    }

    /// Receives all the frames of one message, and waits as [`recv`](Socket::recv) does.
    ///
    /// # Errors
    /// As [`recv`](Socket::recv).
    ///
    /// ```
    /// # use ferromq::{Context, DEALER, ROUTER};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (router, dealer) = (context.socket(ROUTER)?, context.socket(DEALER)?);
    /// router.bind("inproc://x")?;
    /// dealer.connect("inproc://x")?;
    /// dealer.send("hello")?;
    /// let mut message = router.recv_multipart()?;
    /// let routing_id = message.pop_front().unwrap();
    /// assert_eq!(message[0], "hello");
    /// router.send_multipart([routing_id, "reply".into()])?;
    /// assert_eq!(dealer.recv()?, "reply");
    /// # Ok(()) }
    /// ```
    pub fn recv_multipart(&self) -> Result<Multipart>
    where
        K: CanRecv,
    {
        let first = self.recv()?;
        self.recv_rest(first)
    }

    /// Receives all the frames of one message if one is there.
    ///
    /// # Errors
    /// As [`recv`](Socket::recv).
    ///
    /// ```
    /// # use ferromq::{Context, PULL};
    /// # fn main() -> ferromq::Result<()> {
    /// let pull = Context::new()?.socket(PULL)?;
    /// assert_eq!(pull.try_recv_multipart()?, None);
    /// # Ok(()) }
    /// ```
    pub fn try_recv_multipart(&self) -> Result<Option<Multipart>>
    where
        K: CanRecv,
    {
        self.try_recv()?
            .map(|first| self.recv_rest(first))
            .transpose()
    }

    /// Receives all the frames of one message, and waits for it at most so long.
    ///
    /// # Errors
    /// As [`recv`](Socket::recv).
    ///
    /// ```
    /// # use ferromq::{Context, PULL};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// let pull = Context::new()?.socket(PULL)?;
    /// assert_eq!(pull.recv_multipart_timeout(Duration::from_millis(1))?, None);
    /// # Ok(()) }
    /// ```
    pub fn recv_multipart_timeout(&self, timeout: Duration) -> Result<Option<Multipart>>
    where
        K: CanRecv,
    {
        self.recv_timeout(timeout)?
            .map(|first| self.recv_rest(first))
            .transpose()
    }

    #[inline]
    pub(crate) fn recv_within(&self, wait: Wait) -> Result<Option<Message>> {
        let mut message = Message::new();
        match message.recv_on(self.raw(), wait) {
            Ok(()) => Ok(Some(message)),
            Err(Errno::AGAIN) => Ok(None),
            Err(errno) => Err(self.recv_error(errno)),
        }
    }

    /// libzmq delivers whole messages only: all the other frames are there with the first.
    pub(crate) fn recv_rest(&self, first: Message) -> Result<Multipart> {
        let mut more = first.more();
        let mut message = Multipart::beginning_with(first);
        while more {
            let mut frame = Message::new();
            frame
                .recv_on(self.raw(), Wait::AsSet)
                .map_err(|errno| self.recv_error(errno))?;
            more = frame.more();
            message.push(frame);
        }
        Ok(message)
    }

    #[cold]
    pub(crate) fn recv_error(&self, errno: Errno) -> Error {
        Error::new(errno, "receive").on(self.described())
    }
}
