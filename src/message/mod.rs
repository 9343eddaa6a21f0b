//! [`Message`]: one frame.

mod convert;
#[cfg(feature = "draft")]
mod draft;
mod property;

#[cfg(feature = "draft")]
pub(crate) use draft::group_name;
pub use property::PeerAddress;

use std::ops::Deref;
use std::str::Utf8Error;
use std::{fmt, hash};

use crate::error::{Error, Result};
use crate::raw::Msg;
use convert::out_of_memory;

/// One frame: bytes, and what is known about the peer that sent them.
///
/// It reads as a `&[u8]` and is built without a copy from `Vec<u8>`, `Box<[u8]>` and
/// `Arc<[u8]>` of at least [`Message::COPY_BELOW`] bytes, from `&'static [u8]` by
/// [`from_static`](Message::from_static), and from other owners of bytes by
/// [`from_owner`](Message::from_owner). Wraps `zmq_msg_t`.
///
/// libzmq shares one buffer between the subscribers of a process; writing goes through
/// [`make_mut`](Message::make_mut), which copies a shared buffer first.
///
/// ```
/// use ferromq::Message;
///
/// let message = Message::from("消息群发");
/// assert_eq!(message.len(), 12);
/// assert_eq!(message.to_str(), Ok("消息群发"));
/// ```
pub struct Message(Msg);

impl Message {
    /// Buffers shorter than this are copied into the message, longer ones handed over.
    ///
    /// By measurement (`cargo run --release -p ferromq-bench -- threshold`): within the process
    /// both cost the same at about this size. Far below it copying saves up to a quarter of the
    /// time of an `Arc`, far above it handing over saves a tenth of that of a `Vec` and nine tenths
    /// of that of an `Arc`. Over TCP they differ less.
    ///
    /// ```
    /// # use ferromq::*;
    /// let large = vec![0; Message::COPY_BELOW];
    /// let address = large.as_ptr();
    /// assert_eq!(Message::from(large).as_ptr(), address); // not copied
    /// ```
    pub const COPY_BELOW: usize = 1024;

    /// An empty message (`zmq_msg_init`); nothing is allocated.
    ///
    /// ```
    /// # use ferromq::*;
    /// assert!(Message::new().is_empty());
    /// ```
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self(Msg::new())
    }

    /// A message of `len` zero bytes, to be written in place (`zmq_msg_init_size`).
    ///
    /// # Errors
    /// [`OutOfMemory`](crate::ErrorKind::OutOfMemory).
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// let mut message = ferromq::Message::zeroed(4)?;
    /// message.make_mut()[0] = 7;
    /// assert_eq!(&message[..], [7, 0, 0, 0]);
    /// # Ok(()) }
    /// ```
    pub fn zeroed(len: usize) -> Result<Self> {
        Msg::zeroed(len).map(Self).map_err(|errno| {
            Error::new(errno, "allocate a message").on(format_args!("of {len} bytes"))
        })
    }

    /// A message over constant bytes; nothing is copied (`zmq_msg_init_data`).
    ///
    /// ```
    /// let message = ferromq::Message::from_static(b"I am OK!");
    /// assert_eq!(&message[..], b"I am OK!");
    /// ```
    #[must_use]
    pub fn from_static(bytes: &'static [u8]) -> Self {
        if bytes.is_empty() {
            return Self::new();
        }
        Self(Msg::constant(bytes).unwrap_or_else(|errno| out_of_memory(errno, bytes.len())))
    }

    /// A message that shows the bytes of `owner`, whatever their number, without a copy
    /// (`zmq_msg_init_data`). `owner` is dropped with the last message over it, by whichever
    /// thread that is: the socket's, or one of libzmq's.
    ///
    /// ```
    /// # use ferromq::Message;
    /// let page = vec![7; 100_000];
    /// let address = page.as_ptr();
    /// let message = Message::from_owner(page);
    /// assert_eq!(message.as_ptr(), address);
    /// ```
    #[must_use]
    pub fn from_owner<T: AsRef<[u8]> + Send + 'static>(owner: T) -> Self {
        let len = owner.as_ref().len();
        if len == 0 {
            return Self::new();
        }
        Self(Msg::from_owner(owner).unwrap_or_else(|errno| out_of_memory(errno, len)))
    }

    /// A second message over the same bytes, with the same properties; nothing is copied
    /// (`zmq_msg_copy`). `clone` copies the bytes and leaves the properties behind.
    ///
    /// ```
    /// # use ferromq::Message;
    /// let mut first = Message::from(vec![7; 100_000]);
    /// let second = first.share();
    /// assert_eq!(first.as_ptr(), second.as_ptr());
    /// ```
    #[must_use]
    pub fn share(&mut self) -> Self {
        Self(self.0.share())
    }

    /// The bytes for writing; copied first if another message shares them (`ZMQ_SHARED`).
    ///
    /// ```
    /// # use ferromq::Message;
    /// let mut first = Message::from("quite a few bytes, more than a message holds in itself");
    /// let second = first.share();
    /// first.make_mut()[0] = b'Q';
    /// assert_eq!(first[0], b'Q');
    /// assert_eq!(second[0], b'q');
    /// ```
    pub fn make_mut(&mut self) -> &mut [u8] {
        if self.0.as_mut_slice().is_none() {
            *self = self.clone();
        }
        self.0.as_mut_slice().unwrap_or_default()
    }

    /// The bytes.
    ///
    /// ```
    /// # use ferromq::*;
    /// assert_eq!(Message::from("abc").as_bytes(), b"abc");
    /// ```
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The bytes as text.
    ///
    /// # Errors
    /// If they are not UTF-8.
    ///
    /// ```
    /// # use ferromq::*;
    /// assert_eq!(Message::from("abc").to_str(), Ok("abc"));
    /// assert!(Message::from(b"\xff").to_str().is_err());
    /// ```
    #[inline]
    pub fn to_str(&self) -> Result<&str, Utf8Error> {
        std::str::from_utf8(self)
    }

    /// Whether more frames of the same multipart message follow (`ZMQ_MORE`).
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let (a, b) = (context.socket(PAIR)?, context.socket(PAIR)?);
    /// a.bind("inproc://x")?;
    /// b.connect("inproc://x")?;
    /// a.send_multipart(["first", "last"])?;
    /// assert!(b.recv()?.more());
    /// assert!(!b.recv()?.more());
    /// # Ok(()) }
    /// ```
    #[must_use]
    #[inline]
    pub fn more(&self) -> bool {
        self.0.more()
    }

    #[inline]
    pub(crate) fn raw(&mut self) -> &mut Msg {
        &mut self.0
    }
}

impl Default for Message {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for Message {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl AsRef<[u8]> for Message {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// Copies the bytes. The properties and [`more`](Message::more) stay behind; see
/// [`share`](Message::share).
impl Clone for Message {
    fn clone(&self) -> Self {
        let copy = Self::from(&self[..]);
        #[cfg(feature = "draft")]
        let copy = copy.addressed_like(self);
        copy
    }
}

impl<T: AsRef<[u8]> + ?Sized> PartialEq<T> for Message {
    fn eq(&self, other: &T) -> bool {
        self[..] == *other.as_ref()
    }
}

impl Eq for Message {}

impl hash::Hash for Message {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self[..].hash(state);
    }
}

/// The length and the first bytes, with what is not printable escaped.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 64;
        let shown = &self[..self.len().min(SHOWN)];
        let rest = if self.len() > SHOWN { "..." } else { "" };
        write!(
            f,
            "Message({} bytes: \"{}{rest}\")",
            self.len(),
            shown.escape_ascii()
        )
    }
}
