//! One of several, and any of several.

use std::ffi::c_int;
use std::marker::PhantomData;

use ferromq_sys as sys;

use super::{Get, Refusal, Set, get_int, set_int};
use crate::kind::SocketType;
use crate::raw::Socket;

/// One of the values that an option can have.
pub(in crate::option) trait Named: Copy {
    fn to_raw(self) -> c_int;
    fn from_raw(raw: c_int) -> Option<Self>;
}

impl Named for SocketType {
    fn to_raw(self) -> c_int {
        self.to_raw()
    }

    fn from_raw(raw: c_int) -> Option<Self> {
        Self::from_raw(raw)
    }
}

macro_rules! choices {
    ($(
        $(#[cfg($when:meta)])?
        $(#[doc = $about:literal])*
        $name:ident { $($(#[$doc:meta])* $variant:ident = $constant:ident,)* }
    )*) => {$(
        $(#[cfg($when)])?
        $(#[doc = $about])*
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(
                $(#[$doc])*
                #[doc = concat!("(`", stringify!($constant), "`).")]
                $variant,
            )*
        }

        $(#[cfg($when)])?
        impl Named for $name {
            fn to_raw(self) -> c_int {
                match self { $(Self::$variant => sys::$constant,)* }
            }

            fn from_raw(raw: c_int) -> Option<Self> {
                match raw {
                    $(sys::$constant => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    )*};
}

choices! {
    /// How the peers of a socket prove who they are (`ZMQ_MECHANISM`).
    Mechanism {
        /// Not at all
        Null = ZMQ_NULL,
        /// By a user name and a password in the clear
        Plain = ZMQ_PLAIN,
        /// By keys; encrypts
        Curve = ZMQ_CURVE,
        /// By Kerberos
        Gssapi = ZMQ_GSSAPI,
    }

    /// What a GSSAPI principal is the name of.
    GssapiNameType {
        /// A service on a host
        HostBased = ZMQ_GSSAPI_NT_HOSTBASED,
        /// A local user
        UserName = ZMQ_GSSAPI_NT_USER_NAME,
        /// A Kerberos principal
        Krb5Principal = ZMQ_GSSAPI_NT_KRB5_PRINCIPAL,
    }

    #[cfg(feature = "draft")]
    /// How NORM controls congestion (`ZMQ_NORM_MODE`).
    NormMode {
        /// Not at all: it sends at the rate of `ZMQ_RATE`
        Fixed = ZMQ_NORM_FIXED,
        /// As TCP does
        Cc = ZMQ_NORM_CC,
        /// As TCP does, tolerating loss
        Ccl = ZMQ_NORM_CCL,
        /// As TCP does, heeding explicit notification
        Cce = ZMQ_NORM_CCE,
        /// By explicit notification only
        CceEcnOnly = ZMQ_NORM_CCE_ECNONLY,
    }
}

/// One of the values that an option can have.
pub(in crate::option) struct Choice<T>(PhantomData<T>);

impl<T> Choice<T> {
    pub(in crate::option) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Named> Get for Choice<T> {
    type Value<'s> = T;
    fn get(self, socket: &Socket, option: c_int) -> Result<T, Refusal> {
        let raw = get_int(socket, option)?;
        T::from_raw(raw)
            .ok_or_else(|| Refusal::Invalid(format!("{raw} is a value that this build lacks")))
    }
}

impl<T: Named> Set<T> for Choice<T> {
    fn set(self, socket: &Socket, option: c_int, value: T) -> Result<(), Refusal> {
        set_int(socket, option, value.to_raw())
    }
}

bitflags::bitflags! {
    /// What a socket (`ZMQ_EVENTS`), or a descriptor in a [`Poller`](crate::Poller), is ready for.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let pull = Context::new()?.socket(PULL)?;
    /// assert!(!pull.events()?.contains(Events::RECV));
    /// # Ok(()) }
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Events: u32 {
        /// At least one message can be received without waiting (`ZMQ_POLLIN`).
        const RECV = 1;
        /// At least one message can be sent without waiting (`ZMQ_POLLOUT`).
        const SEND = 2;
        /// Descriptors only: an error is pending (`ZMQ_POLLERR`).
        const ERROR = 4;
        /// Descriptors only: urgent data can be read (`ZMQ_POLLPRI`).
        const PRIORITY = 8;
    }
}

bitflags::bitflags! {
    /// When a socket gives up to connect again (`ZMQ_RECONNECT_STOP`).
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let req = Context::new()?.socket(REQ)?;
    /// req.set_reconnect_stop(ReconnectStop::CONN_REFUSED)?;
    /// # Ok(()) }
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct ReconnectStop: u32 {
        /// When the peer refused the connection (`ZMQ_RECONNECT_STOP_CONN_REFUSED`).
        const CONN_REFUSED = 1;
        /// When the handshake failed (`ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED`).
        const HANDSHAKE_FAILED = 2;
    }
}

#[cfg(feature = "draft")]
bitflags::bitflags! {
    /// Of what a ROUTER is told by empty messages (`ZMQ_ROUTER_NOTIFY`).
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let router = Context::new()?.socket(ROUTER)?;
    /// router.set_router_notify(RouterNotify::CONNECT | RouterNotify::DISCONNECT)?;
    /// # Ok(()) }
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct RouterNotify: u32 {
        /// A peer has connected (`ZMQ_NOTIFY_CONNECT`).
        const CONNECT = 1;
        /// A peer has disconnected (`ZMQ_NOTIFY_DISCONNECT`).
        const DISCONNECT = 2;
    }
}

/// Any of the flags that an option can have.
pub(in crate::option) struct Flags<T>(PhantomData<T>);

impl<T> Flags<T> {
    pub(in crate::option) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: bitflags::Flags<Bits = u32>> Get for Flags<T> {
    type Value<'s> = T;
    fn get(self, socket: &Socket, option: c_int) -> Result<T, Refusal> {
        let bits = get_int(socket, option)?.unsigned_abs();
        Ok(T::from_bits_truncate(bits))
    }
}

impl<T: bitflags::Flags<Bits = u32>> Set<T> for Flags<T> {
    fn set(self, socket: &Socket, option: c_int, value: T) -> Result<(), Refusal> {
        let bits = T::from_bits_truncate(value.bits()).bits();
        set_int(socket, option, bits as c_int)
    }
}
