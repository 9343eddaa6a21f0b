//! What sockets of the draft kinds do besides, and what is checked of what they send.

use std::net::{Ipv4Addr, SocketAddrV4};

use ferromq_sys as sys;

use crate::endpoint::{Endpoint, Transport};
use crate::error::{Error, ErrorKind, Result};
use crate::kind::{CanConnectPeer, CanJoin, Kind, SocketType};
use crate::message::{Message, group_name};
use crate::raw::{Errno, Wait};
use crate::socket::Socket;

/// The size of libzmq's buffer for a datagram, beyond which it would write.
const DATAGRAM_MAX: usize = 8192;

/// Of the draft kinds, behind the feature `draft`.
impl<K: Kind> Socket<K> {
    /// Takes messages that are sent to `group`, from all RADIOs (`zmq_join`).
    ///
    /// It travels to the RADIOs: what they send before it arrives passes by. To a RADIO that
    /// connects later, a *bound* DISH sends it only when the next call is made on the DISH.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a name of more than
    /// [`Message::GROUP_MAX`] bytes or with a NUL character, or if the socket has joined the
    /// group already, [`Forked`](ErrorKind::Forked), and on a `Socket<Any>` of another kind
    /// [`NotSupported`](ErrorKind::NotSupported).
    ///
    /// ```
    /// # use ferromq::{Context, DISH, Message, RADIO};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// let (radio, dish) = (context.socket(RADIO)?, context.socket(DISH)?);
    /// radio.bind("tcp://127.0.0.1:*")?;
    /// dish.connect(radio.last_endpoint()?)?;
    /// dish.join("berlin")?;
    /// let message = loop {
    ///     radio.send(Message::from("11 degrees").with_group("berlin")?)?;
    ///     if let Some(message) = dish.recv_timeout(Duration::from_millis(10))? {
    ///         break message;
    ///     }
    /// };
    /// assert_eq!(message.group(), Some("berlin"));
    /// # Ok(()) }
    /// ```
    #[doc(alias = "zmq_join")]
    pub fn join(&self, group: &str) -> Result<()>
    where
        K: CanJoin,
    {
        let name = group_name("join", group)?;
        self.raw()
            .join(&name)
            .map_err(|errno| self.group_error(errno, "join", group, "it is joined already"))
    }

    /// Takes a [`join`](Socket::join) back (`zmq_leave`).
    ///
    /// # Errors
    /// As [`join`](Socket::join), or if the socket has not joined the group.
    ///
    /// ```
    /// # use ferromq::{Context, DISH};
    /// # fn main() -> ferromq::Result<()> {
    /// let dish = Context::new()?.socket(DISH)?;
    /// dish.join("berlin")?;
    /// dish.leave("berlin")?;
    /// # Ok(()) }
    /// ```
    #[doc(alias = "zmq_leave")]
    pub fn leave(&self, group: &str) -> Result<()>
    where
        K: CanJoin,
    {
        let name = group_name("leave", group)?;
        self.raw()
            .leave(&name)
            .map_err(|errno| self.group_error(errno, "leave", group, "it was not joined"))
    }

    fn group_error(
        &self,
        errno: Errno,
        operation: &'static str,
        group: &str,
        invalid: &'static str,
    ) -> Error {
        let error = match errno {
            Errno(libc::EINVAL) => Error::invalid(operation, invalid),
            errno => Error::new(errno, operation),
        };
        error.on(format_args!("group {group:?} {}", self.described()))
    }

    /// [Connects](Socket::connect), and returns the [routing id](Message::routing_id) of the peer
    /// there (`zmq_connect_peer`).
    ///
    /// # Errors
    /// As [`connect`](Socket::connect); [`WrongState`](ErrorKind::WrongState) with
    /// `set_immediate(true)`, as the routing id is then not known in time; and on a `Socket<Any>`
    /// of another kind [`NotSupported`](ErrorKind::NotSupported).
    ///
    /// ```
    /// # use ferromq::{Context, Message, PEER};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// let (a, b) = (context.socket(PEER)?, context.socket(PEER)?);
    /// b.bind("tcp://127.0.0.1:*")?;
    /// let id = a.connect_peer(b.last_endpoint()?)?;
    /// a.send(Message::from("hello").with_routing_id(id)?)?;
    /// assert_eq!(b.recv()?, "hello");
    /// # Ok(()) }
    /// ```
    #[doc(alias = "zmq_connect_peer")]
    pub fn connect_peer<E>(&self, endpoint: E) -> Result<u32>
    where
        E: TryInto<Endpoint, Error: Into<Error>>,
        K: CanConnectPeer,
    {
        let endpoint = self.endpoint("connect", endpoint)?;
        let mut attached = self.attaching("connect", &endpoint)?;
        let connected = self.raw().connect_peer(endpoint.as_c_str());
        let routing_id = connected.map_err(|errno| {
            let error = match errno {
                Errno::FAULT => Error::explained(
                    ErrorKind::WrongState,
                    errno.0,
                    "connect",
                    "with `set_immediate(true)` the routing id of a peer is not known in time",
                ),
                errno => Error::new(errno, "connect"),
            };
            error.on(&endpoint)
        })?;
        *attached = true;
        self.register(endpoint.as_str());
        Ok(routing_id)
    }

    /// Refuses what only a DGRAM or RADIO would come to harm by.
    pub(super) fn check_attach(&self, endpoint: &Endpoint, operation: &'static str) -> Result<()> {
        let explained = |kind, errno, detail| {
            Err(Error::explained(kind, errno, operation, detail).on(endpoint))
        };
        match (self.kind(), endpoint.transport()) {
            // It would end the process at the first datagram.
            (SocketType::Dgram, _) if self.raw().get_int(sys::ZMQ_IPV6) == Ok(1) => explained(
                ErrorKind::IncompatibleTransport,
                sys::ENOCOMPATPROTO,
                "a DGRAM knows IPv4 only: `set_ipv6(false)`",
            ),
            (SocketType::Radio, Transport::Udp) if !self.is_over_udp(true) => explained(
                ErrorKind::WrongState,
                libc::EINVAL,
                "the RADIO has sent messages that are too long for a datagram: use another",
            ),
            _ => Ok(()),
        }
    }

    /// Whether a RADIO keeps to the size of a datagram, which is settled at the first call: by
    /// connecting over `udp`, or by sending a longer message.
    pub(crate) fn is_over_udp(&self, otherwise: bool) -> bool {
        *self.inner.over_udp.get_or_init(|| otherwise)
    }

    /// Whether messages are to be checked, or their routing id or group matters, so that they
    /// cannot be sent as mere bytes. Known at compile time unless `K` is `Any`.
    #[inline]
    pub(super) fn reads_messages(&self) -> bool {
        let kind = match K::TYPE {
            Some(kind) => kind,
            None => self.kind(),
        };
        matches!(
            kind,
            SocketType::Server | SocketType::Peer | SocketType::Radio | SocketType::Dgram
        )
    }

    /// Checks a message of one frame.
    pub(super) fn check(&self, message: &Message) -> Result<(), Errno> {
        match self.kind() {
            SocketType::Dgram => Err(Errno(libc::EINVAL)),
            SocketType::Radio => {
                let group = message.group_len();
                if group > Message::GROUP_MAX {
                    return Err(Errno(libc::ENAMETOOLONG));
                }
                if 1 + group + message.len() > DATAGRAM_MAX && self.is_over_udp(false) {
                    return Err(Errno::TOO_LONG);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Sends the two frames of a datagram.
    pub(super) fn send_datagram(&self, frames: &mut [Message], wait: Wait) -> Result<(), Errno> {
        let [address, body] = frames else {
            return Err(Errno(libc::EINVAL));
        };
        if !is_datagram_address(address) {
            return Err(Errno(libc::EINVAL));
        }
        if body.len() > DATAGRAM_MAX {
            return Err(Errno::TOO_LONG);
        }
        self.raw().send_copy(address.raw(), true, wait)?;
        match self.raw().send_copy(body.raw(), false, Wait::No) {
            // Where the address has gone the content can go, unless the connection has ended.
            Err(Errno::AGAIN) => Err(Errno::FAULT),
            result => result,
        }
    }

    /// The error of a send where the number alone does not say what is wrong.
    pub(super) fn draft_error(&self, errno: Errno) -> Option<Error> {
        let (kind, detail) = match (self.kind(), errno) {
            (SocketType::Dgram | SocketType::Radio, Errno::TOO_LONG) => (
                ErrorKind::InvalidInput,
                "over udp a message has at most 8192 bytes, of which a RADIO needs one and those \
                 of the group's name",
            ),
            (SocketType::Radio, Errno(libc::ENAMETOOLONG)) => (
                ErrorKind::InvalidInput,
                "the name of the group has more than 14 bytes",
            ),
            (SocketType::Dgram, Errno(libc::EINVAL)) => (
                ErrorKind::InvalidInput,
                "a DGRAM sends two frames: an address as in 192.0.2.1:5555, and the content",
            ),
            (SocketType::Dgram, Errno::FAULT) => (
                ErrorKind::WrongState,
                "the socket is not bound, or could not get the port",
            ),
            (SocketType::Server | SocketType::Peer, Errno(sys::EHOSTUNREACH)) => (
                ErrorKind::HostUnreachable,
                "the message bears no routing id of a connected peer: see \
                 `Message::set_routing_id`",
            ),
            (kind, Errno(libc::EINVAL)) if kind.is_thread_safe() => (
                ErrorKind::InvalidInput,
                "sockets of kinds that threads share send single frames only",
            ),
            _ => return None,
        };
        Some(Error::explained(kind, errno.0, "send", detail))
    }
}

/// Whether a DGRAM can send there: libzmq drops the message else. What it receives from ends with
/// a zero byte.
fn is_datagram_address(address: &[u8]) -> bool {
    let address = address.strip_suffix(b"\0").unwrap_or(address);
    let parsed = std::str::from_utf8(address).map(str::parse::<SocketAddrV4>);
    matches!(parsed, Ok(Ok(address)) if address.port() != 0 && *address.ip() != Ipv4Addr::BROADCAST)
}
