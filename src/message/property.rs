//! What the connection that brought a message says about the peer.

use std::ffi::CString;
use std::net::IpAddr;

use super::Message;
use crate::error::{Error, Result};
use crate::kind::SocketType;
use crate::zap;

/// Properties of the peer (`zmq_msg_gets`). There are none on `inproc`, and none in a message that
/// was not received. They tell of a connection: the one of the process that received the message. In
/// a [forked](crate::guide::fork) child, which has the message and not the connection, they answer
/// [`Forked`](crate::ErrorKind::Forked).
impl Message {
    /// A property by its name: one of the standard ones, or one that starts with `X-` and that the
    /// peer's program chose. The bytes are the peer's; nothing vouches for them. Values end at
    /// their first zero byte.
    ///
    /// # Errors
    /// [`Forked`](crate::ErrorKind::Forked) in a child that inherited the message.
    ///
    /// ```
    /// # use ferromq::Message;
    /// # fn main() -> ferromq::Result<()> {
    /// assert_eq!(Message::from("made here").property("X-Version")?, None);
    /// # Ok(()) }
    /// ```
    pub fn property(&self, name: &str) -> Result<Option<&[u8]>> {
        self.property_under(CString::new(name).ok(), name)
    }

    /// No value is under a name that libzmq cannot have.
    fn property_under(&self, key: Option<CString>, name: &str) -> Result<Option<&[u8]>> {
        self.0.property(&key.unwrap_or_default()).map_err(|errno| {
            Error::new(errno, "get property").on(format_args!("{name:?} of a message"))
        })
    }

    /// Where the peer is (`Peer-Address`), as the kernel told libzmq.
    ///
    /// # Errors
    /// As [`property`](Message::property).
    ///
    /// ```
    /// # use ferromq::{Context, PULL, PUSH, PeerAddress};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// pull.bind("tcp://127.0.0.1:*")?;
    /// push.connect(pull.last_endpoint()?)?;
    /// push.send("hello")?;
    /// let message = pull.recv()?;
    /// let localhost = "127.0.0.1".parse().unwrap();
    /// assert_eq!(message.peer_address()?, Some(PeerAddress::Ip(localhost)));
    /// # Ok(()) }
    /// ```
    pub fn peer_address(&self) -> Result<Option<PeerAddress>> {
        let text = text(self.property("Peer-Address")?);
        Ok(text.and_then(PeerAddress::parse))
    }

    /// The kind of the peer's socket (`Socket-Type`), as the peer said in the handshake.
    ///
    /// # Errors
    /// As [`property`](Message::property).
    ///
    /// ```
    /// # use ferromq::Message;
    /// # fn main() -> ferromq::Result<()> {
    /// assert_eq!(Message::from("made here").peer_socket_type()?, None);
    /// # Ok(()) }
    /// ```
    pub fn peer_socket_type(&self) -> Result<Option<SocketType>> {
        let name = text(self.property("Socket-Type")?);
        let mut all = SocketType::ALL.iter().copied();
        Ok(all.find(|kind| Some(kind.name()) == name))
    }

    /// The name that a REQ, DEALER or ROUTER gave itself (`Identity`), up to its first zero byte;
    /// a ROUTER has the whole of it in the first frame.
    ///
    /// # Errors
    /// As [`property`](Message::property).
    ///
    /// ```
    /// # use ferromq::{Context, DEALER};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (a, b) = (context.socket(DEALER)?, context.socket(DEALER)?);
    /// a.set_routing_id("worker-1")?;
    /// b.bind("tcp://127.0.0.1:*")?;
    /// a.connect(b.last_endpoint()?)?;
    /// a.send("hello")?;
    /// assert_eq!(b.recv()?.peer_routing_id()?, Some(&b"worker-1"[..]));
    /// # Ok(()) }
    /// ```
    pub fn peer_routing_id(&self) -> Result<Option<&[u8]>> {
        // The name on the wire; libzmq has no value under `ZMQ_MSG_PROPERTY_ROUTING_ID`.
        self.property("Identity")
    }

    /// The user that the [`Authenticator`](crate::zap::Authenticator) of the receiving socket's
    /// context found the peer to be. What the peer itself says under the name `User-Id` is not
    /// heeded.
    ///
    /// # Errors
    /// As [`property`](Message::property).
    ///
    /// ```
    /// # use ferromq::Message;
    /// # fn main() -> ferromq::Result<()> {
    /// assert_eq!(Message::from("made here").user_id()?, None);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_MSG_PROPERTY_USER_ID")]
    pub fn user_id(&self) -> Result<Option<&str>> {
        Ok(text(self.verified_property("User-Id")?))
    }

    /// A property that the [`Authenticator`](crate::zap::Authenticator) gave the peer; unlike
    /// [`property`](Message::property), never what the peer says itself.
    ///
    /// # Errors
    /// As [`property`](Message::property).
    ///
    /// ```
    /// # use ferromq::Message;
    /// # fn main() -> ferromq::Result<()> {
    /// assert_eq!(Message::from("made here").verified_property("X-Role")?, None);
    /// # Ok(()) }
    /// ```
    pub fn verified_property(&self, name: &str) -> Result<Option<&[u8]>> {
        self.property_under(zap::marked(name), name)
    }
}

fn text(value: Option<&[u8]>) -> Option<&str> {
    std::str::from_utf8(value?).ok()
}

/// Where the peer of a connection is: [`Message::peer_address`].
///
/// ```
/// # use ferromq::*;
/// let address = PeerAddress::Ip("127.0.0.1".parse().unwrap());
/// assert!(matches!(address, PeerAddress::Ip(ip) if ip.is_loopback()));
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PeerAddress {
    /// Over `tcp` and the transports on top of it.
    Ip(IpAddr),
    /// Over `ipc`: which process, of which user.
    Process {
        /// The user.
        uid: u32,
        /// The group.
        gid: u32,
        /// The process.
        pid: i32,
    },
}

impl PeerAddress {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Ok(ip) = text.parse() {
            return Some(Self::Ip(ip));
        }
        // Before the numbers stands a name of this host, or nothing.
        let mut numbers = text.split_once(':')?.1.split(':');
        let process = Self::Process {
            uid: numbers.next()?.parse().ok()?,
            gid: numbers.next()?.parse().ok()?,
            pid: numbers.next()?.parse().ok()?,
        };
        numbers.next().is_none().then_some(process)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_parsed_or_none() {
        let ip = |text: &str| Some(PeerAddress::Ip(text.parse().unwrap()));
        assert_eq!(PeerAddress::parse("127.0.0.1"), ip("127.0.0.1"));
        assert_eq!(PeerAddress::parse("::1"), ip("::1"));
        let process = PeerAddress::Process {
            uid: 1000,
            gid: 100,
            pid: 4711,
        };
        for text in [":1000:100:4711", "localhost:1000:100:4711"] {
            assert_eq!(PeerAddress::parse(text), Some(process));
        }
        for text in ["", ":", ":1:2", ":1:2:3:4", ":-1:2:3", "1:2:3", "x"] {
            assert_eq!(PeerAddress::parse(text), None, "{text}");
        }
    }
}
