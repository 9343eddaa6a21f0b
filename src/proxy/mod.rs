//! [`Proxy`]: two sockets, and a loop that moves messages between them.

mod control;
mod forward;
mod handle;
mod lane;
mod side;
mod statistics;

pub use control::ProxyController;
pub use handle::ProxyHandle;
pub use side::ProxySocket;
pub use statistics::{ProxyStatistics, SideStatistics, Traffic};

use crate::error::{ErrorKind, Result};
use crate::kind::Kind;
use crate::multipart::Multipart;
use crate::socket::Socket;
use control::Control;
use forward::forward;
pub(crate) use lane::{Lane, Sockets, statistics};
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(crate) use side::{AsSide, Side};

/// How many messages may pass in one direction before the other one gets its turn.
const BURST: usize = 1000;

/// Moves messages between two sockets until their context is shut down (`zmq_proxy`); [`Proxy`]
/// does more.
///
/// # Errors
/// As for [`Proxy::run`].
///
/// ```
/// use ferromq::{Context, DEALER, REP, REQ, ROUTER, proxy};
///
/// # fn main() -> ferromq::Result<()> {
/// let context = Context::new()?;
/// let (clients, workers) = (context.socket(ROUTER)?, context.socket(DEALER)?);
/// clients.bind("inproc://clients")?;
/// workers.bind("inproc://workers")?;
/// let broker = std::thread::spawn(move || proxy(&clients, &workers));
///
/// let (client, worker) = (context.socket(REQ)?, context.socket(REP)?);
/// client.connect("inproc://clients")?;
/// worker.connect("inproc://workers")?;
/// client.send("Are you OK?")?;
/// assert_eq!(worker.recv()?, "Are you OK?");
/// worker.send("OK")?;
/// assert_eq!(client.recv()?, "OK");
///
/// context.shutdown()?;
/// broker.join().unwrap()?;
/// # Ok(()) }
/// ```
#[doc(alias = "zmq_proxy")]
pub fn proxy<F: Kind, B: Kind>(frontend: &Socket<F>, backend: &Socket<B>) -> Result<()> {
    Proxy::new(frontend, backend).run()
}

/// Moves messages between two sockets: ROUTER and DEALER for requests and replies, XSUB and XPUB
/// for news and subscriptions, PULL and PUSH for work, which goes one way only.
///
/// It takes the sockets themselves, or references to them. [`run`](Proxy::run) works in this
/// thread, [`spawn`](Proxy::spawn) in one of its own; a [`controller`](Proxy::controller) steers
/// either.
///
/// Messages pass whole and in order, and none is lost in between: a message is taken from one side
/// when the other is ready for it, until then it waits in the sockets, up to their high-water
/// marks. What the sockets themselves drop, as a PUB does without subscribers, is dropped here as
/// well. Signals do not end it, as they end `zmq_proxy`, and neither is `zmq_proxy_steerable` used,
/// which confuses its orders in libzmq 4.3.5.
#[must_use = "it does nothing before `run` or `spawn`"]
#[derive(Debug)]
#[doc(alias = "zmq_proxy")]
#[doc(alias = "zmq_proxy_steerable")]
pub struct Proxy<F, B, C = Socket> {
    frontend: F,
    backend: B,
    capture: Option<C>,
    control: Option<Control>,
    /// To the backend, and to the frontend.
    lanes: [Lane; 2],
}

impl<F: ProxySocket, B: ProxySocket> Proxy<F, B> {
    /// A proxy that does nothing yet.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let parts = Proxy::new(&pull, &push).into_parts();
    /// assert_eq!(parts.frontend.socket_type()?, SocketType::Pull);
    /// # Ok(()) }
    /// ```
    pub fn new(frontend: F, backend: B) -> Self {
        Self {
            lanes: Lane::pair(frontend.side(), backend.side(), BURST),
            frontend,
            backend,
            capture: None,
            control: None,
        }
    }
}

impl<F: ProxySocket, B: ProxySocket, C: ProxySocket> Proxy<F, B, C> {
    /// Sends a copy of every message that has passed to this socket as well: a PUB, PUSH, PAIR or
    /// DEALER. The bytes are shared, not copied.
    ///
    /// A message is captured after it was sent on. While the capture socket cannot take it the
    /// proxy waits; a PUB drops it instead.
    ///
    /// ```
    /// use ferromq::{Context, PULL, PUSH, Proxy};
    ///
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (frontend, backend) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// # let (capture, log) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// # frontend.bind("inproc://in")?;
    /// # backend.bind("inproc://out")?;
    /// # capture.bind("inproc://log")?;
    /// # push.connect("inproc://in")?;
    /// # pull.connect("inproc://out")?;
    /// # log.connect("inproc://log")?;
    /// let proxy = Proxy::new(frontend, backend).capture(capture).spawn()?;
    /// push.send("hello")?;
    /// assert_eq!(pull.recv()?, "hello");
    /// assert_eq!(log.recv()?, "hello");
    /// # Ok(()) }
    /// ```
    pub fn capture<S: ProxySocket>(self, socket: S) -> Proxy<F, B, S> {
        Proxy {
            frontend: self.frontend,
            backend: self.backend,
            capture: Some(socket),
            control: self.control,
            lanes: self.lanes,
        }
    }

    /// As [`capture`](Proxy::capture), with a frame before each message that tells where it came
    /// from: `in` for the frontend, `out` for the backend.
    ///
    /// ```
    /// use ferromq::{Context, PULL, PUSH, Proxy};
    ///
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (frontend, backend) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// # let (capture, log) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// # frontend.bind("inproc://in")?;
    /// # backend.bind("inproc://out")?;
    /// # capture.bind("inproc://log")?;
    /// # push.connect("inproc://in")?;
    /// # pull.connect("inproc://out")?;
    /// # log.connect("inproc://log")?;
    /// let proxy = Proxy::new(frontend, backend).labelled_capture(capture).spawn()?;
    /// push.send("hello")?;
    /// assert_eq!(log.recv_multipart()?[..], ["in", "hello"]);
    /// # Ok(()) }
    /// ```
    pub fn labelled_capture<S: ProxySocket>(self, socket: S) -> Proxy<F, B, S> {
        let mut proxy = self.capture(socket);
        let [to_backend, to_frontend] = &mut proxy.lanes;
        to_backend.set_label(b"in");
        to_frontend.set_label(b"out");
        proxy
    }

    /// A handle that steers the proxy from other threads.
    ///
    /// # Errors
    /// [`TooManyOpen`](ErrorKind::TooManyOpen) if the process has no descriptor left.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let mut proxy = Proxy::new(&pull, &push);
    /// let controller = proxy.controller()?;
    /// let other = std::thread::spawn(move || controller.terminate());
    /// proxy.run()?;
    /// other.join().unwrap()?;
    /// # Ok(()) }
    /// ```
    pub fn controller(&mut self) -> Result<ProxyController> {
        let control = match self.control.take() {
            Some(control) => control,
            None => Control::new()?,
        };
        Ok(self.control.insert(control).controller())
    }

    /// Moves messages until a controller ends it or the context is shut down; either is `Ok`.
    /// Run again, it goes on where it was.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for two kinds of socket that have nothing for
    /// each other, or a capture socket that cannot send;
    /// [`HostUnreachable`](ErrorKind::HostUnreachable) from a ROUTER that reports it;
    /// [`Forked`](ErrorKind::Forked).
    ///
    /// ```
    /// use ferromq::{Context, Proxy, XPUB, XSUB};
    ///
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// let (frontend, backend) = (context.socket(XSUB)?, context.socket(XPUB)?);
    /// frontend.bind("inproc://publishers")?;
    /// backend.bind("inproc://subscribers")?;
    /// let mut proxy = Proxy::new(&frontend, &backend);
    /// # let controller = proxy.controller()?;
    /// # controller.terminate()?;
    /// proxy.run()?;
    /// # Ok(()) }
    /// ```
    pub fn run(&mut self) -> Result<()> {
        self.run_to_end()?;
        Ok(())
    }

    /// Gives the sockets back, and what was received and could not be sent on.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let parts = Proxy::new(pull, push).into_parts();
    /// assert_eq!(parts.backend.socket_type()?, SocketType::Push);
    /// # Ok(()) }
    /// ```
    pub fn into_parts(self) -> ProxyParts<F, B, C> {
        let [to_backend, to_frontend] = self.lanes;
        ProxyParts {
            frontend: self.frontend,
            backend: self.backend,
            capture: self.capture,
            unsent_to_frontend: to_frontend.into_unsent(),
            unsent_to_backend: to_backend.into_unsent(),
        }
    }

    fn run_to_end(&mut self) -> Result<End> {
        self.check()?;
        let sockets = Sockets::of(&self.frontend, &self.backend, &self.capture);
        let control = self.control.as_ref();
        control.inspect(|control| control.started());
        let result = forward(sockets, &mut self.lanes, control);
        control.inspect(|control| control.stopped(statistics(&self.lanes)));
        match result {
            Ok(()) => Ok(End::Ordered),
            Err(error) if error.kind() == ErrorKind::Terminated => Ok(End::Context),
            Err(error) => Err(error),
        }
    }

    fn check(&self) -> Result<()> {
        Sockets::of(&self.frontend, &self.backend, &self.capture).check(&self.lanes)
    }
}

/// What has ended a run.
enum End {
    Ordered,
    Context,
}

/// What a [`Proxy`] was made of, and what it still had.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let context = Context::new()?;
/// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
/// let ProxyParts { frontend, backend, .. } = Proxy::new(pull, push).into_parts();
/// assert_eq!(frontend.socket_type()?, SocketType::Pull);
/// # Ok(()) }
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct ProxyParts<F, B, C = Socket> {
    /// The frontend.
    pub frontend: F,
    /// The backend.
    pub backend: B,
    /// The capture socket, if there was one.
    pub capture: Option<C>,
    /// A message from the backend that the frontend could not take before the end.
    pub unsent_to_frontend: Option<Multipart>,
    /// A message from the frontend that the backend could not take before the end.
    pub unsent_to_backend: Option<Multipart>,
}
