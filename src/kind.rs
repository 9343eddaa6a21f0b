//! The kinds of socket, and what each can do.

use std::ffi::c_int;
use std::fmt;

use ferromq_sys as sys;

mod sealed {
    pub trait Sealed {}
}
use sealed::Sealed;

/// A kind of socket as a type: [`Req`], [`Rep`], ..., or [`Any`] for one chosen at run time.
pub trait Kind: Sealed + Copy + fmt::Debug + Send + Sync + 'static {
    /// The kind as a value; `None` for [`Any`].
    const TYPE: Option<SocketType>;
}

/// What [`Context::socket`](crate::Context::socket) takes: a marker such as
/// [`REQ`], or a [`SocketType`].
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
    /// Kinds that send: all but [`Sub`] and [`Pull`].
    CanSend: "a `{Self}` socket cannot send",
        "PUSH, PUB, REQ, REP, DEALER, ROUTER, PAIR, XPUB, XSUB and STREAM send; `Socket<Any>` finds out at run time";
    /// Kinds that receive: all but [`Pub`] and [`Push`].
    CanRecv: "a `{Self}` socket cannot receive",
        "PULL, SUB, REQ, REP, DEALER, ROUTER, PAIR, XPUB, XSUB and STREAM receive; `Socket<Any>` finds out at run time";
    /// Kinds that subscribe to topics: [`Sub`], [`XSub`], and [`XPub`] in the name of its
    /// subscribers.
    CanSubscribe: "a `{Self}` socket cannot subscribe",
        "SUB and XSUB subscribe to topics; the other kinds get all that their peers send them";
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
    /// Kinds that libzmq itself lets several threads use at once: draft kinds only.
    ThreadSafe: "a `{Self}` socket cannot be shared between threads",
        "open one socket per thread from a cloned `Context`, or move the socket to the other thread";
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $marker:ident $value:ident $constant:ident [$($capability:ident)*];)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $marker;

            #[doc = concat!("A [`", stringify!($marker), "`] for `context.socket(", stringify!($value), ")` (`", stringify!($constant), "`).")]
            pub const $value: $marker = $marker;

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
            $(impl $capability for $marker {})*
        )*

        /// A kind of socket as a value: what `ZMQ_TYPE` reports, and the way to choose one at run
        /// time.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum SocketType {
            $($(#[$doc])* $marker,)*
        }

        impl SocketType {
            pub(crate) fn to_raw(self) -> c_int {
                match self { $(Self::$marker => sys::$constant,)* }
            }

            pub(crate) fn from_raw(raw: c_int) -> Option<Self> {
                match raw {
                    $(sys::$constant => Some(Self::$marker),)*
                    _ => None,
                }
            }

            /// The name as ZeroMQ writes it: `REQ`, `XPUB`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$marker => stringify!($value),)* }
            }

            /// All kinds of this build.
            pub const ALL: &'static [Self] = &[$(Self::$marker,)*];
        }
    };
}

kinds! {
    /// One peer, both ways; for two threads over `inproc`.
    Pair PAIR ZMQ_PAIR [CanSend CanRecv];
    /// Publishes to all subscribers, and drops for those that cannot keep up.
    Pub PUB ZMQ_PUB [CanSend];
    /// Receives what it has subscribed to; nothing without a subscription.
    Sub SUB ZMQ_SUB [CanRecv CanSubscribe];
    /// Asks and waits for the reply, strictly in turns.
    Req REQ ZMQ_REQ [CanSend CanRecv];
    /// Takes a request and replies to it, strictly in turns.
    Rep REP ZMQ_REP [CanSend CanRecv];
    /// Asks without waiting: sends round-robin, receives from all.
    Dealer DEALER ZMQ_DEALER [CanSend CanRecv];
    /// Talks to each peer by its routing id, the first frame of every message.
    Router ROUTER ZMQ_ROUTER [CanSend CanRecv];
    /// Takes work from all its pushers in turn.
    Pull PULL ZMQ_PULL [CanRecv];
    /// Hands out work round-robin, and blocks when nobody can take any.
    Push PUSH ZMQ_PUSH [CanSend];
    /// A PUB that also receives the subscriptions.
    XPub XPUB ZMQ_XPUB [CanSend CanRecv];
    /// A SUB whose subscriptions are messages that it sends.
    XSub XSUB ZMQ_XSUB [CanSend CanRecv CanSubscribe];
    /// Raw TCP connections; the first frame of every message is the connection's id.
    Stream STREAM ZMQ_STREAM [CanSend CanRecv];
}

impl fmt::Display for SocketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A kind that is known at run time only: libzmq answers what it cannot do with
/// [`ErrorKind::NotSupported`](crate::ErrorKind::NotSupported) or
/// [`InvalidInput`](crate::ErrorKind::InvalidInput).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Any;

impl Sealed for Any {}
impl Kind for Any {
    const TYPE: Option<SocketType> = None;
}
impl CanSend for Any {}
impl CanRecv for Any {}
impl CanSubscribe for Any {}

impl Sealed for SocketType {}
impl IntoKind for SocketType {
    type Kind = Any;
    fn socket_type(self) -> SocketType {
        self
    }
}
