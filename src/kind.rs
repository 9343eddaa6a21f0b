//! The kinds of socket, and what each can do.

use std::ffi::c_int;
use std::fmt;

use ferromq_sys as sys;

use crate::socket::Socket;

mod sealed {
    pub trait Sealed {}
}
use sealed::Sealed;

/// A kind of socket as a type: [`Req`], [`Rep`], ..., or [`Any`] for one chosen at run time.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// fn name<K: Kind>(_: &Socket<K>) -> String {
///     K::TYPE.map_or("any".into(), |kind| kind.to_string())
/// }
/// assert_eq!(name(&Context::new()?.socket(REQ)?), "REQ");
/// # Ok(()) }
/// ```
pub trait Kind: Sealed + Copy + fmt::Debug + Send + Sync + 'static {
    /// The kind as a value; `None` for [`Any`].
    const TYPE: Option<SocketType>;
}

/// What [`Context::socket`](crate::Context::socket) takes: a marker such as
/// [`REQ`], or a [`SocketType`].
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// fn bound<K: IntoKind>(context: &Context, kind: K) -> Result<Socket<K::Kind>> {
///     let socket = context.socket(kind)?;
///     socket.bind("tcp://127.0.0.1:*")?;
///     Ok(socket)
/// }
/// bound(&Context::new()?, PULL)?;
/// # Ok(()) }
/// ```
pub trait IntoKind: Sealed {
    /// The type that the socket gets.
    type Kind: Kind;
    /// The kind as a value.
    fn socket_type(self) -> SocketType;
}

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident: $message:literal, $note:literal;)*) => {$(
        $(#[$doc])*
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "not for this kind of socket",
            note = $note
        )]
        pub trait $name: Kind {}
    )*};
}

capabilities! {
    /// Kinds that send single frames: of the stable ones all but [`Sub`] and [`Pull`].
    CanSend: "a `{Self}` socket cannot send",
        "PUSH, PUB, REQ, REP, DEALER, ROUTER, PAIR, XPUB, XSUB and STREAM send; `Socket<Any>` finds out at run time";
    /// Kinds that send messages of several frames: all stable ones that send, and of the draft
    /// kinds DGRAM.
    #[cfg_attr(feature = "draft", doc = "
```compile_fail,E0277
# fn main() -> ferromq::Result<()> {
let client = ferromq::Context::new()?.socket(ferromq::CLIENT)?;
client.send_multipart([\"two\", \"frames\"])?;
# Ok(()) }
```
")]
    CanMultipart: "a `{Self}` socket cannot send messages of several frames",
        "PUSH, PUB, REQ, REP, DEALER, ROUTER, PAIR, XPUB, XSUB and STREAM do; the draft kinds send single frames with `send`, except DGRAM";
    /// Kinds that receive: of the stable ones all but [`Pub`] and [`Push`].
    CanRecv: "a `{Self}` socket cannot receive",
        "PULL, SUB, REQ, REP, DEALER, ROUTER, PAIR, XPUB, XSUB and STREAM receive; `Socket<Any>` finds out at run time";
    /// Kinds that subscribe to topics: [`Sub`], [`XSub`], and [`XPub`] in the name of its
    /// subscribers.
    CanSubscribe: "a `{Self}` socket cannot subscribe",
        "SUB and XSUB subscribe to topics, a manual XPUB for its subscribers; the other kinds get all that their peers send them";
    /// Kinds that publish: [`Pub`] and [`XPub`].
    CanPublish: "a `{Self}` socket does not publish",
        "this is an option of PUB and XPUB";
    /// Kinds that take subscriptions from messages: [`Pub`], [`XPub`] and [`XSub`].
    CanSubscribeByMessage: "a `{Self}` socket takes no subscriptions from messages",
        "this is an option of PUB, XPUB and XSUB";
    /// Kinds that match messages with subscriptions: [`Pub`], [`XPub`] and [`Sub`].
    CanFilter: "a `{Self}` socket does not compare messages with subscriptions",
        "this is an option of PUB, XPUB and SUB";
    /// Kinds that have subscriptions: [`Pub`], [`XPub`], [`Sub`] and [`XSub`].
    HasTopics: "a `{Self}` socket has no subscriptions",
        "this is an option of PUB, XPUB, SUB and XSUB";
    /// The kind that receives the subscriptions of its peers: [`XPub`].
    SeesSubscriptions: "a `{Self}` socket does not receive the subscriptions of its peers",
        "this is an option of XPUB";
    /// The kind that sends subscriptions: [`XSub`].
    SendsSubscriptions: "a `{Self}` socket does not send its subscriptions itself",
        "this is an option of XSUB";
    /// The kind that sends to the peer with a routing id: [`Router`].
    CanRoute: "a `{Self}` socket does not choose the peer that it sends to",
        "this is an option of ROUTER";
    /// Kinds that know each peer by a name: [`Router`] and [`Stream`].
    NamesPeers: "a `{Self}` socket does not know its peers by name",
        "this is an option of ROUTER and STREAM";
    /// Kinds that can announce themselves to a ROUTER: [`Req`], [`Rep`], [`Dealer`] and [`Router`].
    CanProbe: "a `{Self}` socket does not announce itself to a ROUTER",
        "this is an option of REQ, REP, DEALER and ROUTER";
    /// The kind that asks in strict turns: [`Req`].
    CanRequest: "a `{Self}` socket does not ask and wait for the reply",
        "this is an option of REQ";
    /// The kind that talks to peers which are not ZeroMQ: [`Stream`].
    CanStream: "a `{Self}` socket does not talk plain TCP",
        "this is an option of STREAM";
    /// Kinds that can keep the newest message only: [`Pull`], [`Push`], [`Sub`], [`Pub`] and
    /// [`Dealer`].
    CanConflate: "a `{Self}` socket cannot keep the newest message only",
        "PULL, PUSH, SUB, PUB and DEALER conflate; libzmq ignores the option on the other kinds";
    /// Kinds that can greet a new peer with a message: [`Req`], [`Rep`], [`Dealer`] and
    /// [`Router`].
    #[cfg(feature = "draft")]
    CanGreet: "a `{Self}` socket does not greet its peers",
        "this is an option of REQ, REP, DEALER and ROUTER, and of the draft kinds CLIENT, SERVER and PEER";
    /// Kinds that can tell the program by a message that a peer went away: [`Rep`] and [`Router`].
    #[cfg(feature = "draft")]
    MissesPeers: "a `{Self}` socket gets no message when a peer goes away",
        "this is an option of REP and ROUTER, and of the draft kinds SERVER and PEER";
    /// Kinds that can tell the program by a message that a connection broke: [`Req`] and
    /// [`Dealer`].
    #[cfg(feature = "draft")]
    CanHiccup: "a `{Self}` socket gets no message when its connection breaks",
        "this is an option of REQ and DEALER, and of the draft kinds CLIENT and PEER";
    /// The kind that joins groups: [`Dish`].
    #[cfg(feature = "draft")]
    CanJoin: "a `{Self}` socket cannot join a group",
        "DISH joins the groups that a RADIO sends to; a SUB subscribes to topics";
    /// The kind that connects to one peer and learns its routing id: [`Peer`].
    #[cfg(feature = "draft")]
    CanConnectPeer: "a `{Self}` socket does not learn the routing id of whom it connects to",
        "PEER does; the other kinds connect with `connect`";
    /// Kinds that libzmq itself lets several threads use at once: all draft kinds but DGRAM. They
    /// send single frames only, and not over `inproc`.
    #[cfg_attr(feature = "draft", doc = "
```
# use ferromq::{CLIENT, Context, SERVER};
# fn main() -> ferromq::Result<()> {
# let context = Context::new()?;
let (server, client) = (context.socket(SERVER)?, context.socket(CLIENT)?);
server.bind(\"tcp://127.0.0.1:*\")?;
client.connect(server.last_endpoint()?)?;
std::thread::scope(|scope| {
    let other = scope.spawn(|| client.send(\"from one thread\"));
    client.send(\"from another\")?;
    other.join().unwrap()
})?;
assert_ne!(server.recv()?, server.recv()?);
# Ok(()) }
```
")]
    ThreadSafe: "a `{Self}` socket cannot be shared between threads",
        "open one socket per thread from a cloned `Context`, or move the socket to the other thread";
}

macro_rules! kinds {
    ($(
        $(#[doc = $doc:literal])*
        $(#[cfg($row:meta)])?
        $marker:ident $value:ident $constant:ident [$($(#[$when:meta])* $capability:ident)*];
    )*) => {
        $(
            $(#[doc = $doc])*
            $(#[cfg($row)])?
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $marker;

            #[doc = concat!("A [`", stringify!($marker), "`] for `context.socket(", stringify!($value), ")` (`", stringify!($constant), "`).")]
            $(#[cfg($row)])?
            pub const $value: $marker = $marker;

            $(#[cfg($row)])?
            const _: () = {
                impl Sealed for $marker {}
                impl Kind for $marker {
                    const TYPE: Option<SocketType> = Some(SocketType::$marker);
                }
                impl IntoKind for $marker {
                    type Kind = Self;
                    fn socket_type(self) -> SocketType {
                        SocketType::$marker
                    }
                }
                impl From<Socket<$marker>> for Socket {
                    fn from(socket: Socket<$marker>) -> Self {
                        socket.into_any()
                    }
                }
                $($(#[$when])* #[diagnostic::do_not_recommend] impl $capability for $marker {})*
            };
        )*

        /// A kind of socket as a value: what `ZMQ_TYPE` reports, and the way to choose one at run
        /// time.
        ///
        /// ```
        /// # use ferromq::*;
        /// # fn main() -> Result<()> {
        /// let kind = if std::env::args().len() > 1 { SocketType::Pub } else { SocketType::Push };
        /// let socket = Context::new()?.socket(kind)?;
        /// assert_eq!(socket.socket_type()?, kind);
        /// # Ok(()) }
        /// ```
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum SocketType {
            $($(#[doc = $doc])* $(#[cfg($row)])? $marker,)*
        }

        impl SocketType {
            pub(crate) fn to_raw(self) -> c_int {
                match self { $($(#[cfg($row)])? Self::$marker => sys::$constant,)* }
            }

            pub(crate) fn from_raw(raw: c_int) -> Option<Self> {
                match raw {
                    $($(#[cfg($row)])? sys::$constant => Some(Self::$marker),)*
                    _ => None,
                }
            }

            /// The name as ZeroMQ writes it: `REQ`, `XPUB`.
            ///
            /// ```
            /// # use ferromq::*;
            /// assert_eq!(SocketType::XPub.name(), "XPUB");
            /// ```
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $($(#[cfg($row)])? Self::$marker => stringify!($value),)* }
            }

            /// Whether sockets of this kind have the capability with this trait's name.
            pub(crate) fn has(self, capability: &str) -> bool {
                let capabilities: &[&str] = match self {
                    $($(#[cfg($row)])? Self::$marker => &["Kind", $($(#[$when])* stringify!($capability)),*],)*
                };
                capabilities.contains(&capability)
            }

            /// Whether sockets of this kind have anything to deliver.
            pub(crate) fn delivers(self) -> bool {
                self.has("CanSend") || self.has("CanMultipart")
            }

            /// Whether libzmq lets several threads use sockets of this kind at once.
            pub(crate) fn is_thread_safe(self) -> bool {
                self.has("ThreadSafe")
            }

            /// All kinds of this build.
            ///
            /// ```
            /// # use ferromq::*;
            /// assert!(SocketType::ALL.contains(&SocketType::Stream));
            /// ```
            pub const ALL: &'static [Self] = &[$($(#[cfg($row)])? Self::$marker,)*];
        }
    };
}

kinds! {
    /// One peer, both ways; for two threads over `inproc`.
    Pair PAIR ZMQ_PAIR [CanSend CanMultipart CanRecv];
    /// Publishes to all subscribers, and drops for those that cannot keep up.
    Pub PUB ZMQ_PUB [CanSend CanMultipart CanPublish CanSubscribeByMessage CanFilter HasTopics CanConflate];
    /// Receives what it has subscribed to; nothing without a subscription.
    Sub SUB ZMQ_SUB [CanRecv CanSubscribe CanFilter HasTopics CanConflate];
    /// Asks and waits for the reply, strictly in turns.
    Req REQ ZMQ_REQ [
        CanSend CanMultipart CanRecv CanProbe CanRequest
        #[cfg(feature = "draft")] CanGreet
        #[cfg(feature = "draft")] CanHiccup
    ];
    /// Takes a request and replies to it, strictly in turns.
    Rep REP ZMQ_REP [
        CanSend CanMultipart CanRecv CanProbe
        #[cfg(feature = "draft")] CanGreet
        #[cfg(feature = "draft")] MissesPeers
    ];
    /// Asks without waiting: sends round-robin, receives from all.
    Dealer DEALER ZMQ_DEALER [
        CanSend CanMultipart CanRecv CanProbe CanConflate
        #[cfg(feature = "draft")] CanGreet
        #[cfg(feature = "draft")] CanHiccup
    ];
    /// Talks to each peer by its routing id, the first frame of every message.
    Router ROUTER ZMQ_ROUTER [
        CanSend CanMultipart CanRecv CanProbe CanRoute NamesPeers
        #[cfg(feature = "draft")] CanGreet
        #[cfg(feature = "draft")] MissesPeers
    ];
    /// Takes work from all its pushers in turn.
    Pull PULL ZMQ_PULL [CanRecv CanConflate];
    /// Hands out work round-robin, and blocks when nobody can take any.
    Push PUSH ZMQ_PUSH [CanSend CanMultipart CanConflate];
    /// A PUB that also receives the subscriptions.
    XPub XPUB ZMQ_XPUB [
        CanSend CanMultipart CanRecv CanSubscribe CanPublish CanSubscribeByMessage CanFilter HasTopics SeesSubscriptions
    ];
    /// A SUB whose subscriptions are messages that it sends.
    XSub XSUB ZMQ_XSUB [
        CanSend CanMultipart CanRecv CanSubscribe CanSubscribeByMessage HasTopics SendsSubscriptions
    ];
    /// Raw TCP connections; the first frame of every message is the connection's id.
    Stream STREAM ZMQ_STREAM [CanSend CanMultipart CanRecv NamesPeers CanStream];
    /// Asks and is answered like a DEALER; for several threads.
    #[cfg(feature = "draft")]
    Client CLIENT ZMQ_CLIENT [CanSend CanRecv ThreadSafe CanGreet CanHiccup];
    /// Answers CLIENTs: what it sends goes to the peer whose
    /// [routing id](crate::Message::routing_id) it bears.
    #[cfg(feature = "draft")]
    Server SERVER ZMQ_SERVER [CanSend CanRecv ThreadSafe CanGreet MissesPeers];
    /// Sends each message to the DISHes that have joined its [group](crate::Message::group), and
    /// drops for those that cannot keep up.
    #[cfg(feature = "draft")]
    Radio RADIO ZMQ_RADIO [CanSend ThreadSafe];
    /// Receives what is sent to the groups that it has joined.
    ///
    /// A libzmq 4.3.5 that is not the vendored one ends the process when a DISH bound to `udp` gets
    /// a datagram whose first byte is above 127: that is for networks whose every host is trusted.
    #[cfg(feature = "draft")]
    Dish DISH ZMQ_DISH [CanRecv CanJoin ThreadSafe];
    /// Takes work from all its SCATTERs in turn.
    #[cfg(feature = "draft")]
    Gather GATHER ZMQ_GATHER [CanRecv ThreadSafe];
    /// Hands out work round-robin, and blocks when nobody can take any; for several threads.
    #[cfg(feature = "draft")]
    Scatter SCATTER ZMQ_SCATTER [CanSend ThreadSafe];
    /// Datagrams over `udp` (IPv4) from and to anybody: two frames, the address as in
    /// `192.0.2.1:5555`, and the content.
    #[cfg(feature = "draft")]
    Dgram DGRAM ZMQ_DGRAM [CanMultipart CanRecv];
    /// Connects to other PEERs and accepts them: what it sends goes to the one whose
    /// [routing id](crate::Message::routing_id) it bears.
    #[cfg(feature = "draft")]
    Peer PEER ZMQ_PEER [CanSend CanRecv CanConnectPeer ThreadSafe CanGreet MissesPeers CanHiccup];
    /// One peer, both ways, like a PAIR; for several threads.
    #[cfg(feature = "draft")]
    Channel CHANNEL ZMQ_CHANNEL [CanSend CanRecv ThreadSafe];
}

impl SocketType {
    /// Whether connections of sockets of this kind begin with a handshake.
    pub(crate) fn has_handshake(self) -> bool {
        match self {
            Self::Stream => false,
            #[cfg(feature = "draft")]
            Self::Dgram => false,
            _ => true,
        }
    }

    /// Whether sockets of this kind linger by default. For the others libzmq's own default is 0:
    /// they deliver subscriptions at most.
    pub(crate) fn lingers(self) -> bool {
        match self {
            Self::Sub | Self::XSub => false,
            #[cfg(feature = "draft")]
            Self::Dish => false,
            _ => true,
        }
    }
}

impl fmt::Display for SocketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A kind that is known at run time only: libzmq answers what it cannot do with
/// [`ErrorKind::NotSupported`](crate::ErrorKind::NotSupported) or
/// [`InvalidInput`](crate::ErrorKind::InvalidInput).
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let sockets: Vec<Socket<Any>> = vec![
///     Context::new()?.socket(PULL)?.into_any(),
///     Context::new()?.socket(SocketType::Sub)?,
/// ];
/// assert_eq!(sockets.len(), 2);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Any;

impl Sealed for Any {}
impl Kind for Any {
    const TYPE: Option<SocketType> = None;
}

/// A `Socket<Any>` has every method; what its kind lacks is refused when called.
macro_rules! any {
    ($($(#[$when:meta])* $capability:ident)*) => {
        $($(#[$when])* #[diagnostic::do_not_recommend] impl $capability for Any {})*
    };
}
any! {
    CanSend CanRecv CanSubscribe CanPublish CanSubscribeByMessage CanFilter HasTopics
    SeesSubscriptions SendsSubscriptions CanRoute NamesPeers CanProbe CanRequest CanStream
    CanConflate CanMultipart
    #[cfg(feature = "draft")] CanJoin
    #[cfg(feature = "draft")] CanConnectPeer
    #[cfg(feature = "draft")] CanGreet
    #[cfg(feature = "draft")] MissesPeers
    #[cfg(feature = "draft")] CanHiccup
}

impl Sealed for SocketType {}
impl IntoKind for SocketType {
    type Kind = Any;
    fn socket_type(self) -> SocketType {
        self
    }
}
