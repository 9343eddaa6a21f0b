//! What one frame is sent from, and received into.

use std::fmt;
use std::sync::Arc;

use crate::error::Error;
use crate::message::Message;
use crate::raw::{Errno, Socket, Wait};

mod sealed {
    pub trait Sealed {}
}
use sealed::Sealed;

/// What [`Socket::send`](crate::Socket::send) takes.
///
/// | you pass | what happens | a failed send gives back |
/// |---|---|---|
/// | `&[u8]`, `&[u8; N]`, `&str`, `&Vec<u8>`, `&String`, `&Message` | copied by libzmq | `()`: you still have it |
/// | `Vec<u8>`, `Box<[u8]>`, `Arc<[u8]>`, `String` | from [`Message::COPY_BELOW`] bytes on handed over, below copied | a [`Message`] |
/// | [`Message`] | handed over | the [`Message`] |
///
/// ```
/// # use ferromq::*;
/// fn tell<F: Frame>(push: &Socket<Push>, frame: F) -> Result<()> {
///     push.send(frame)?;
///     Ok(())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a frame",
    label = "not bytes, text or a `Message`",
    note = "send `&[u8]`, `&str`, `Vec<u8>`, `String` or a `Message`; several frames go through `send_multipart`"
)]
pub trait Frame: Sealed {
    /// What a failed send gives back.
    type Back: 'static;

    /// What is left of a frame that was not sent, to be sent again or given back.
    #[doc(hidden)]
    type Kept: Frame<Back = Self::Back, Kept = Self::Kept>;

    #[doc(hidden)]
    fn keep(self) -> Self::Kept;

    #[doc(hidden)]
    fn give_back(kept: Self::Kept) -> Self::Back;

    #[doc(hidden)]
    fn send_on(self, socket: &Socket, wait: Wait) -> Result<(), (Errno, Self::Kept)>;

    /// For kinds that cannot send every message, and where its routing id or group matters.
    #[cfg(feature = "draft")]
    #[doc(hidden)]
    fn send_checked(
        self,
        socket: &Socket,
        wait: Wait,
        check: &dyn Fn(&Message) -> Result<(), Errno>,
    ) -> Result<(), (Errno, Self::Kept)>;
}

macro_rules! borrowed_frames {
    ($([$($generics:tt)*] $frame:ty),* $(,)?) => {$(
        impl<$($generics)*> Sealed for $frame {}
        impl<$($generics)*> Frame for $frame {
            type Back = ();
            type Kept = Self;

            fn keep(self) -> Self {
                self
            }

            fn give_back(_: Self) {}

            #[inline]
            fn send_on(self, socket: &Socket, wait: Wait) -> Result<(), (Errno, Self)> {
                let bytes: &[u8] = self.as_ref();
                socket.send_bytes(bytes, false, wait).map_err(|errno| (errno, self))
            }

            #[cfg(feature = "draft")]
            fn send_checked(
                self,
                socket: &Socket,
                wait: Wait,
                check: &dyn Fn(&Message) -> Result<(), Errno>,
            ) -> Result<(), (Errno, Self)> {
                let sent = Message::from(self).send_checked(socket, wait, check);
                sent.map_err(|(errno, _)| (errno, self))
            }
        }
    )*};
}

borrowed_frames!([] &[u8], [const N: usize] &[u8; N], [] &str, [] &Vec<u8>, [] &String, [] &Message);

macro_rules! owned_frames {
    ($($frame:ty),*) => {$(
        impl Sealed for $frame {}
        impl Frame for $frame {
            type Back = Message;
            type Kept = Message;

            fn keep(self) -> Message {
                Message::from(self)
            }

            fn give_back(kept: Message) -> Message {
                kept
            }

            #[inline]
            fn send_on(self, socket: &Socket, wait: Wait) -> Result<(), (Errno, Message)> {
                let bytes: &[u8] = self.as_ref();
                if bytes.len() < Message::COPY_BELOW {
                    return socket
                        .send_bytes(bytes, false, wait)
                        .map_err(|errno| (errno, self.keep()));
                }
                self.keep().send_on(socket, wait)
            }

            #[cfg(feature = "draft")]
            fn send_checked(
                self,
                socket: &Socket,
                wait: Wait,
                check: &dyn Fn(&Message) -> Result<(), Errno>,
            ) -> Result<(), (Errno, Message)> {
                Message::from(self).send_checked(socket, wait, check)
            }
        }
    )*};
}

owned_frames!(Vec<u8>, Box<[u8]>, Arc<[u8]>, String);

#[cfg(feature = "bytes")]
owned_frames!(bytes::Bytes);

impl Sealed for Message {}
impl Frame for Message {
    type Back = Self;
    type Kept = Self;

    fn keep(self) -> Self {
        self
    }

    fn give_back(kept: Self) -> Self {
        kept
    }

    #[inline]
    fn send_on(mut self, socket: &Socket, wait: Wait) -> Result<(), (Errno, Self)> {
        match socket.send_msg(self.raw(), false, wait) {
            Ok(()) => Ok(()),
            Err(errno) => Err((errno, self)),
        }
    }

    #[cfg(feature = "draft")]
    fn send_checked(
        self,
        socket: &Socket,
        wait: Wait,
        check: &dyn Fn(&Message) -> Result<(), Errno>,
    ) -> Result<(), (Errno, Self)> {
        match check(&self) {
            Ok(()) => self.send_on(socket, wait),
            Err(errno) => Err((errno, self)),
        }
    }
}

/// What [`Socket::recv_into`](crate::Socket::recv_into) fills: a [`Message`], a `Vec<u8>` or a
/// `[u8]`.
///
/// ```
/// # use ferromq::*;
/// fn take<B: Buffer>(pull: &Socket<Pull>, buffer: &mut B) -> Result<B::Received> {
///     pull.recv_into(buffer)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be received into",
    note = "receive into a `Message`, a `Vec<u8>` or a `[u8]`; for an array write `&mut array[..]`"
)]
pub trait Buffer: Sealed {
    /// What is known of the frame.
    type Received;

    #[doc(hidden)]
    fn recv_on(&mut self, socket: &Socket, wait: Wait) -> Result<Self::Received, Errno>;
}

impl Buffer for Message {
    type Received = ();

    #[inline]
    fn recv_on(&mut self, socket: &Socket, wait: Wait) -> Result<(), Errno> {
        socket.recv_msg(self.raw(), wait)
    }
}

impl Buffer for Vec<u8> {
    type Received = ();

    #[inline]
    fn recv_on(&mut self, socket: &Socket, wait: Wait) -> Result<(), Errno> {
        let mut message = Message::new();
        socket.recv_msg(message.raw(), wait)?;
        self.clear();
        self.extend_from_slice(&message);
        Ok(())
    }
}

impl Sealed for [u8] {}
impl Buffer for [u8] {
    type Received = Received;

    #[inline]
    fn recv_on(&mut self, socket: &Socket, wait: Wait) -> Result<Received, Errno> {
        let frame_len = socket.recv_bytes(self, wait)?;
        Ok(Received {
            len: frame_len.min(self.len()),
            frame_len,
        })
    }
}

/// What a frame received into a `[u8]` left there.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let context = Context::new()?;
/// let (a, b) = (context.socket(PAIR)?, context.socket(PAIR)?);
/// a.bind("inproc://x")?;
/// b.connect("inproc://x")?;
/// a.send("too long")?;
/// let received = b.recv_into(&mut [0; 3][..])?;
/// assert!(received.is_truncated());
/// # Ok(()) }
/// ```
#[must_use = "the frame may have been longer than the buffer"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    len: usize,
    frame_len: usize,
}

impl Received {
    /// How many bytes of the buffer were written.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let (a, b) = (context.socket(PAIR)?, context.socket(PAIR)?);
    /// a.bind("inproc://x")?;
    /// b.connect("inproc://x")?;
    /// a.send("too long")?;
    /// let received = b.recv_into(&mut [0; 3][..])?;
    /// assert_eq!(received.len(), 3);
    /// # Ok(()) }
    /// ```
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub fn len(self) -> usize {
        self.len
    }

    /// How many bytes the frame had.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let (a, b) = (context.socket(PAIR)?, context.socket(PAIR)?);
    /// a.bind("inproc://x")?;
    /// b.connect("inproc://x")?;
    /// a.send("too long")?;
    /// let received = b.recv_into(&mut [0; 3][..])?;
    /// assert_eq!(received.frame_len(), 8);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn frame_len(self) -> usize {
        self.frame_len
    }

    /// Whether the buffer was too short, so that the rest of the frame is lost.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let (a, b) = (context.socket(PAIR)?, context.socket(PAIR)?);
    /// a.bind("inproc://x")?;
    /// b.connect("inproc://x")?;
    /// a.send("too long")?;
    /// let received = b.recv_into(&mut [0; 3][..])?;
    /// assert!(received.is_truncated());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_truncated(self) -> bool {
        self.frame_len > self.len
    }
}

/// A send that failed, with what was to be sent: a [`Message`], a [`Multipart`](crate::Multipart), or `()` for a
/// frame that was only borrowed.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let rep = Context::new()?.socket(REP)?;
/// let error = rep.send(Message::from("no request yet")).unwrap_err();
/// assert_eq!(error.error().kind(), ErrorKind::WrongState);
/// assert_eq!(error.into_unsent(), "no request yet");
/// # Ok(()) }
/// ```
pub struct SendError<T = Message> {
    error: Error,
    unsent: T,
}

impl<T> SendError<T> {
    pub(crate) fn new(error: Error, unsent: T) -> Self {
        Self { error, unsent }
    }

    /// What went wrong.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// let error = rep.send(Message::from("no request yet")).unwrap_err();
    /// assert_eq!(error.error().kind(), ErrorKind::WrongState);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// What was to be sent.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// let error = rep.send(Message::from("no request yet")).unwrap_err();
    /// assert_eq!(error.into_unsent(), "no request yet");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn into_unsent(self) -> T {
        self.unsent
    }

    /// What went wrong, and what was to be sent.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// let error = rep.send(Message::from("no request yet")).unwrap_err();
    /// let (error, message) = error.into_parts();
    /// assert_eq!(error.kind(), ErrorKind::WrongState);
    /// assert_eq!(message, "no request yet");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn into_parts(self) -> (Error, T) {
        (self.error, self.unsent)
    }
}

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.error, f)
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

impl<T> std::error::Error for SendError<T> {}

impl<T> From<SendError<T>> for Error {
    fn from(error: SendError<T>) -> Self {
        error.error
    }
}

/// A send that could not be done at once, or within its time, or at all.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let push = Context::new()?.socket(PUSH)?;
/// push.bind("inproc://nobody")?;
/// match push.try_send(Message::from("work")) {
///     Err(TrySendError::Full(message)) => assert_eq!(message, "work"),
///     other => panic!("{other:?}"),
/// }
/// # Ok(()) }
/// ```
pub enum TrySendError<T = Message> {
    /// No peer can take it now; what was to be sent comes back.
    Full(T),
    /// It will not get better by waiting.
    Failed(SendError<T>),
}

impl<T> TrySendError<T> {
    /// What was to be sent.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let push = Context::new()?.socket(PUSH)?;
    /// push.bind("inproc://nobody")?;
    /// let error = push.try_send(Message::from("work")).unwrap_err();
    /// assert_eq!(error.into_unsent(), "work");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn into_unsent(self) -> T {
        match self {
            Self::Full(unsent) => unsent,
            Self::Failed(error) => error.unsent,
        }
    }

    /// Whether waiting may help.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let push = Context::new()?.socket(PUSH)?;
    /// push.bind("inproc://nobody")?;
    /// assert!(push.try_send("work").unwrap_err().is_full());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full(_))
    }
}

impl<T> fmt::Debug for TrySendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(_) => f.write_str("Full"),
            Self::Failed(error) => fmt::Debug::fmt(error, f),
        }
    }
}

impl<T> fmt::Display for TrySendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(_) => f.write_str("send: no peer can take a message now"),
            Self::Failed(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl<T> std::error::Error for TrySendError<T> {}

impl<T> From<TrySendError<T>> for Error {
    fn from(error: TrySendError<T>) -> Self {
        match error {
            TrySendError::Full(_) => Self::new(Errno::AGAIN, "send"),
            TrySendError::Failed(error) => error.error,
        }
    }
}
