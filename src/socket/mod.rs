//! [`Socket`]: opening, binding, connecting, closing.

#[cfg(feature = "draft")]
mod draft;
mod guard;
mod many;
mod recv;
mod send;
mod subscribe;
mod transport;

pub use many::{SendAllError, SendAllResult};
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(crate) use send::no_frames;

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
#[cfg(feature = "draft")]
use std::sync::OnceLock;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use ferromq_sys as sys;

use crate::context::{Shared, limits, lock};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind, Result};
use crate::kind::{Any, Kind, SocketType};
use crate::option::IntoTimeout;
use crate::raw::{self, Errno};
use crate::registry::SocketId;
use crate::security::Declared;

/// A socket of kind `K`: [`Req`](crate::Req), [`Pub`](crate::Pub), ...; [`Any`] where the kind is
/// chosen at run time. Made by [`Context::socket`](crate::Context::socket).
///
/// It moves between threads and is used by one at a time: `Send`, not `Sync`, except for the kinds
/// that are [`ThreadSafe`](crate::ThreadSafe). Dropping it closes it (`zmq_close`); what is not
/// delivered yet [lingers](Socket::set_linger).
///
/// Verbs and options exist for the kinds that have them:
///
/// ```compile_fail,E0277
/// # fn main() -> ferromq::Result<()> {
/// let pull = ferromq::Context::new()?.socket(ferromq::PULL)?;
/// pull.send("a PULL socket cannot send")?;
/// # Ok(()) }
/// ```
pub struct Socket<K = Any> {
    inner: Inner,
    marker: PhantomData<K>,
}

struct Inner {
    raw: raw::Socket,
    /// What the other handles of the context share; keeps it alive.
    context: Arc<Shared>,
    id: SocketId,
    kind: SocketType,
    /// Whether it was ever bound or connected; locked while it is, and while an option is set.
    attached: Mutex<bool>,
    security: Mutex<Declared>,
    /// Of a RADIO, once that is settled: whether it sends datagrams.
    #[cfg(feature = "draft")]
    over_udp: OnceLock<bool>,
}

impl<K: Kind> Socket<K> {
    pub(crate) fn open(
        raw: raw::Socket,
        kind: SocketType,
        context: Arc<Shared>,
        made_at: &'static Location<'static>,
    ) -> Result<Self> {
        let linger = context.linger();
        let socket = Socket::<Any>::assemble(raw, kind, context, made_at);
        if kind.lingers() {
            socket.set_linger(linger)?;
        }
        socket.context().apply_defaults(&socket)?;
        Ok(socket.retyped())
    }

    pub(crate) fn assemble(
        #[cfg_attr(not(feature = "draft"), expect(unused_mut))] mut raw: raw::Socket,
        kind: SocketType,
        context: Arc<Shared>,
        made_at: &'static Location<'static>,
    ) -> Self {
        // A DGRAM whose connection ends while libzmq waits would end the process.
        #[cfg(feature = "draft")]
        raw.set_polls(kind.is_thread_safe() || kind == SocketType::Dgram);
        let id = context.registry().opened(kind, made_at);
        Self {
            inner: Inner {
                raw,
                context,
                id,
                kind,
                attached: Mutex::new(false),
                security: Mutex::default(),
                #[cfg(feature = "draft")]
                over_udp: OnceLock::new(),
            },
            marker: PhantomData,
        }
    }

    /// Accepts connections at `endpoint` (`zmq_bind`): `tcp://*:5555`, `ipc:///run/app.sock`,
    /// `inproc://name`. With `*` as port or path the system chooses one, which
    /// [`last_endpoint`](Socket::last_endpoint) tells. A socket may bind several endpoints.
    ///
    /// At an `ipc` path the file that a dead process left behind is replaced. One where a socket
    /// still lives, or that is not a socket, is left alone: libzmq itself would delete it.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput),
    /// [`AddressInUse`](crate::ErrorKind::AddressInUse),
    /// [`AddressNotAvailable`](crate::ErrorKind::AddressNotAvailable),
    /// [`NoSuchDevice`](crate::ErrorKind::NoSuchDevice),
    /// [`PermissionDenied`](crate::ErrorKind::PermissionDenied),
    /// [`UnsupportedTransport`](crate::ErrorKind::UnsupportedTransport),
    /// [`IncompatibleTransport`](crate::ErrorKind::IncompatibleTransport),
    /// [`NameTooLong`](crate::ErrorKind::NameTooLong),
    /// [`TooManyOpen`](crate::ErrorKind::TooManyOpen),
    /// [`NoIoThread`](crate::ErrorKind::NoIoThread), each naming the endpoint;
    /// [`WrongState`](crate::ErrorKind::WrongState) as
    /// [`set_security`](Socket::set_security) says.
    ///
    /// ```
    /// # use ferromq::{Context, REP};
    /// # fn main() -> ferromq::Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// rep.bind("tcp://127.0.0.1:*")?;
    /// assert!(rep.last_endpoint()?.as_str().starts_with("tcp://127.0.0.1:"));
    /// # Ok(()) }
    /// ```
    pub fn bind<E>(&self, endpoint: E) -> Result<()>
    where
        E: TryInto<Endpoint, Error: Into<Error>>,
    {
        let endpoint = self.endpoint("bind", endpoint)?;
        let mut attached = self.attaching("bind", &endpoint)?;
        self.may_bind(&endpoint)?;
        self.inner
            .context
            .with_room(|| self.inner.raw.bind(endpoint.as_c_str()))
            .map_err(|errno| limits::explained(errno, "bind").on(&endpoint))?;
        *attached = true;
        self.has_bound(&endpoint);
        let bound = self.last_endpoint()?;
        self.register(bound.as_str());
        Ok(())
    }

    /// Connects to `endpoint`, now or as soon as somebody binds it (`zmq_connect`); connections
    /// that break are made again. A socket may connect to several endpoints.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput),
    /// [`UnsupportedTransport`](crate::ErrorKind::UnsupportedTransport),
    /// [`IncompatibleTransport`](crate::ErrorKind::IncompatibleTransport),
    /// [`NoIoThread`](crate::ErrorKind::NoIoThread), each naming the endpoint;
    /// [`WrongState`](crate::ErrorKind::WrongState) as
    /// [`set_security`](Socket::set_security) says. That nobody is there is not an error.
    ///
    /// ```
    /// # use ferromq::{Context, PUSH};
    /// # fn main() -> ferromq::Result<()> {
    /// let push = Context::new()?.socket(PUSH)?;
    /// push.connect("inproc://not-yet-bound")?;
    /// push.send("waits for a PULL")?;
    /// # Ok(()) }
    /// ```
    pub fn connect<E>(&self, endpoint: E) -> Result<()>
    where
        E: TryInto<Endpoint, Error: Into<Error>>,
    {
        let endpoint = self.endpoint("connect", endpoint)?;
        let mut attached = self.attaching("connect", &endpoint)?;
        self.inner
            .raw
            .connect(endpoint.as_c_str())
            .map_err(|errno| Error::new(errno, "connect").on(&endpoint))?;
        *attached = true;
        self.register(endpoint.as_str());
        Ok(())
    }

    /// Stops accepting connections at `endpoint` and ends those that came through it
    /// (`zmq_unbind`). For one bound with a wildcard it is what
    /// [`last_endpoint`](Socket::last_endpoint) told.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) if it is not bound there.
    ///
    /// ```
    /// # use ferromq::{Context, REP};
    /// # fn main() -> ferromq::Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// rep.bind("tcp://127.0.0.1:*")?;
    /// rep.unbind(rep.last_endpoint()?)?;
    /// # Ok(()) }
    /// ```
    pub fn unbind<E>(&self, endpoint: E) -> Result<()>
    where
        E: TryInto<Endpoint, Error: Into<Error>>,
    {
        let endpoint = self.endpoint("unbind", endpoint)?;
        self.inner
            .raw
            .unbind(endpoint.as_c_str())
            .map_err(|errno| Error::new(errno, "unbind").on(&endpoint))?;
        self.detach(endpoint.as_str());
        Ok(())
    }

    /// Ends the connection to `endpoint` (`zmq_disconnect`); what is not delivered yet
    /// [lingers](Socket::set_linger). libzmq completes it on the thread of the socket: the peer may
    /// see the end of the connection only when the next call is made on the socket.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) if it is not connected there.
    ///
    /// ```
    /// # use ferromq::{Context, REQ};
    /// # fn main() -> ferromq::Result<()> {
    /// let req = Context::new()?.socket(REQ)?;
    /// req.connect("tcp://127.0.0.1:5555")?;
    /// req.disconnect("tcp://127.0.0.1:5555")?;
    /// # Ok(()) }
    /// ```
    pub fn disconnect<E>(&self, endpoint: E) -> Result<()>
    where
        E: TryInto<Endpoint, Error: Into<Error>>,
    {
        let endpoint = self.endpoint("disconnect", endpoint)?;
        self.inner
            .raw
            .disconnect(endpoint.as_c_str())
            .map_err(|errno| Error::new(errno, "disconnect").on(&endpoint))?;
        self.detach(endpoint.as_str());
        Ok(())
    }

    /// Closes the socket with this linger instead of the one that is set: `Duration::ZERO` drops
    /// what is not delivered yet, `None` waits for ever (`zmq_close`).
    ///
    /// # Errors
    /// [`Forked`](crate::ErrorKind::Forked); the socket is closed in its own process only.
    ///
    /// ```
    /// # use ferromq::{Context, PUSH};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// let push = Context::new()?.socket(PUSH)?;
    /// push.connect("tcp://127.0.0.1:5555")?;
    /// push.send("nobody will ever take this")?;
    /// push.close(Duration::ZERO)?;
    /// # Ok(()) }
    /// ```
    pub fn close(self, linger: impl IntoTimeout) -> Result<()> {
        match self.set_linger(linger) {
            // Nothing lingers in a context that was shut down and refuses options.
            Err(error) if error.kind() != crate::ErrorKind::Terminated => Err(error),
            _ => Ok(()),
        }
    }

    fn endpoint<E>(&self, operation: &'static str, endpoint: E) -> Result<Endpoint>
    where
        E: TryInto<Endpoint, Error: Into<Error>>,
    {
        endpoint
            .try_into()
            .map_err(|error| error.into().during(operation))
    }

    /// Has the socket to itself for a bind or connect, unless its kind cannot do so there.
    fn attaching(
        &self,
        operation: &'static str,
        endpoint: &Endpoint,
    ) -> Result<MutexGuard<'_, bool>> {
        if let Some(detail) = transport::misfit(self.kind(), endpoint.transport(), operation) {
            let (kind, errno) = (ErrorKind::IncompatibleTransport, sys::ENOCOMPATPROTO);
            return Err(Error::explained(kind, errno, operation, detail).on(endpoint));
        }
        #[cfg(feature = "draft")]
        self.check_attach(endpoint, operation)?;
        let attached = self
            .attached()
            .map_err(|errno| Error::new(errno, operation).on(endpoint))?;
        self.may_attach(endpoint, operation)?;
        Ok(attached)
    }

    /// For a socket that other code has bound or connected.
    pub(crate) fn attach(&self, endpoint: &str) {
        *lock(&self.inner.attached) = true;
        self.register(endpoint);
    }

    fn register(&self, endpoint: &str) {
        self.inner
            .context
            .registry()
            .attached(self.inner.id, endpoint);
    }

    fn detach(&self, endpoint: &str) {
        self.inner
            .context
            .registry()
            .detached(self.inner.id, endpoint);
    }

    /// The kind and the endpoints, for errors.
    pub(crate) fn described(&self) -> String {
        let endpoints = match self.inner.raw.is_forked() {
            // The lock may be held for ever by a thread that the fork left behind.
            true => Vec::new(),
            false => self.inner.context.registry().endpoints(self.inner.id),
        };
        match &endpoints[..] {
            [] => format!("on {} socket", self.inner.kind),
            endpoints => format!("on {} socket ({})", self.inner.kind, endpoints.join(", ")),
        }
    }

    /// The same socket, as one that knows its kind at run time only.
    ///
    /// ```
    /// # use ferromq::{Context, PULL, Socket, SocketType};
    /// # fn main() -> ferromq::Result<()> {
    /// let socket: Socket = Context::new()?.socket(PULL)?.into_any();
    /// assert_eq!(socket.socket_type()?, SocketType::Pull);
    /// let another: Socket = Context::new()?.socket(PULL)?.into();
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn into_any(self) -> Socket<Any> {
        self.retyped()
    }

    fn retyped<L>(self) -> Socket<L> {
        Socket {
            inner: self.inner,
            marker: PhantomData,
        }
    }

    pub(crate) fn raw(&self) -> &raw::Socket {
        &self.inner.raw
    }

    pub(crate) fn raw_mut(&mut self) -> &mut raw::Socket {
        &mut self.inner.raw
    }

    pub(crate) fn context(&self) -> &Arc<Shared> {
        &self.inner.context
    }

    /// Whether it was ever bound or connected, which does not change as long as this is held. In
    /// a forked child the lock may be held for ever by a thread that the fork left behind.
    pub(crate) fn attached(&self) -> Result<MutexGuard<'_, bool>, Errno> {
        match self.inner.raw.is_forked() {
            true => Err(Errno::FORKED),
            false => Ok(lock(&self.inner.attached)),
        }
    }

    /// What its security is; locked while [`Self::attached`] is.
    pub(crate) fn declared(&self) -> &Mutex<Declared> {
        &self.inner.security
    }

    pub(crate) fn kind(&self) -> SocketType {
        self.inner.kind
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.raw.is_forked() {
            return;
        }
        let linger = match self.raw.get_int(sys::ZMQ_LINGER) {
            _ if !self.kind.delivers() => Some(Duration::ZERO),
            Ok(millis) => u64::try_from(millis).ok().map(Duration::from_millis),
            Err(_) => self.context.linger(),
        };
        self.context.registry().closed(self.id, linger);
    }
}

impl<K> fmt::Debug for Socket<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Socket").field(&self.inner.kind).finish()
    }
}
