use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll};

use super::Direction;
use super::reactor::Reactor;
use super::socket::Socket;
use crate::error::{ErrorKind, Result};
use crate::kind::{Any, Kind};
use crate::proxy::{AsSide, Lane, ProxyParts, ProxyStatistics, Sockets, statistics};

/// How many messages may pass in one direction before others get their turn.
const BURST: usize = 128;

/// Moves messages between two asynchronous sockets, as [`Proxy`](crate::Proxy) does between two
/// others: the types are [`with_tokio::Proxy`](crate::with_tokio::Proxy) and
/// [`with_async_io::Proxy`](crate::with_async_io::Proxy).
///
/// It has no controller: drop the future of [`run`](Proxy::run) to pause it.
pub struct Proxy<F, B, C, R: Reactor> {
    frontend: Socket<F, R>,
    backend: Socket<B, R>,
    capture: Option<Socket<C, R>>,
    /// To the backend, and to the frontend.
    lanes: [Lane; 2],
}

impl<F: Kind, B: Kind, R: Reactor> Proxy<F, B, Any, R> {
    /// A proxy that does nothing yet.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use ferromq::{Context, PULL, PUSH, with_tokio::{Proxy, Socket}};
    ///
    /// # let context = Context::new()?;
    /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// let (frontend, backend) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// frontend.bind("inproc://in")?;
    /// backend.bind("inproc://out")?;
    /// # push.connect("inproc://in")?;
    /// # pull.connect("inproc://out")?;
    /// let mut proxy = Proxy::new(Socket::new(frontend)?, Socket::new(backend)?);
    /// push.send("hello")?;
    /// let mut pull = Socket::new(pull)?;
    /// tokio::select! {
    ///     result = proxy.run() => result?,
    ///     message = pull.recv() => assert_eq!(message?, "hello"),
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn new(frontend: Socket<F, R>, backend: Socket<B, R>) -> Self {
        Self {
            lanes: Lane::pair(frontend.side(), backend.side(), BURST),
            frontend,
            backend,
            capture: None,
        }
    }
}

impl<F: Kind, B: Kind, C: Kind, R: Reactor> Proxy<F, B, C, R> {
    /// Sends a copy of every message that has passed to this socket as well; see
    /// [`Proxy::capture`](crate::Proxy::capture).
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, PAIR, PULL, PUSH, with_tokio::{Proxy, Socket}};
    /// # let context = Context::new()?;
    /// # let (frontend, backend) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let proxy = Proxy::new(Socket::new(frontend)?, Socket::new(backend)?);
    /// let capture = context.socket(PUSH)?;
    /// capture.bind("inproc://captured")?;
    /// let proxy = proxy.capture(Socket::new(capture)?);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn capture<D: Kind>(self, socket: Socket<D, R>) -> Proxy<F, B, D, R> {
        Proxy {
            frontend: self.frontend,
            backend: self.backend,
            capture: Some(socket),
            lanes: self.lanes,
        }
    }

    /// Moves messages until the context is shut down.
    ///
    /// # Cancel safety
    /// Nothing is lost by dropping the future: run again, the proxy goes on where it was, and
    /// [`into_parts`](Proxy::into_parts) gives what was received and could not be sent on.
    ///
    /// # Errors
    /// As [`Proxy::run`](crate::Proxy::run).
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, PAIR, PULL, PUSH, with_tokio::{Proxy, Socket}};
    /// # let context = Context::new()?;
    /// # let (frontend, backend) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let mut proxy = Proxy::new(Socket::new(frontend)?, Socket::new(backend)?);
    /// let task = tokio::spawn(async move { proxy.run().await });
    /// // ...
    /// context.shutdown()?;
    /// task.await??;
    /// # Ok(()) }
    /// ```
    pub async fn run(&mut self) -> Result<()> {
        Sockets::of(&self.frontend, &self.backend, &self.capture).check(&self.lanes)?;
        let run = Run(self);
        match poll_fn(|context| run.0.poll(context)).await {
            Err(error) if error.kind() != ErrorKind::Terminated => Err(error),
            _ => Ok(()),
        }
    }

    /// What has passed through by now.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, PAIR, PULL, PUSH, with_tokio::{Proxy, Socket}};
    /// # let context = Context::new()?;
    /// # let (frontend, backend) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let proxy = Proxy::new(Socket::new(frontend)?, Socket::new(backend)?);
    /// assert_eq!(proxy.statistics().frontend.received.messages, 0);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn statistics(&self) -> ProxyStatistics {
        statistics(&self.lanes)
    }

    /// Gives the sockets back, and what was received and could not be sent on.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, PAIR, PULL, PUSH, with_tokio::{Proxy, Socket}};
    /// # let context = Context::new()?;
    /// # let (frontend, backend) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let proxy = Proxy::new(Socket::new(frontend)?, Socket::new(backend)?);
    /// let parts = proxy.into_parts();
    /// assert!(parts.unsent_to_backend.is_none());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn into_parts(self) -> ProxyParts<Socket<F, R>, Socket<B, R>, Socket<C, R>> {
        let [to_backend, to_frontend] = self.lanes;
        ProxyParts {
            frontend: self.frontend,
            backend: self.backend,
            capture: self.capture,
            unsent_to_frontend: to_frontend.into_unsent(),
            unsent_to_backend: to_backend.into_unsent(),
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        loop {
            let sockets = Sockets::of(&self.frontend, &self.backend, &self.capture);
            for lane in self.lanes.iter_mut().filter(|lane| lane.is_stalled()) {
                lane.burst(sockets)?;
            }
            let mut used = false;
            for (seat, side) in sockets.seated() {
                let events = side.ready_for()?;
                for lane in &mut self.lanes {
                    used |= lane.advance(seat, events, sockets)?;
                }
            }
            if used {
                // The sockets may be ready for more now. But first others get their turn.
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            if self.lanes.iter().any(Lane::is_stalled) {
                self.frontend.core().call_later();
            }
            let mut called = self.frontend.core().poll_call(context)?.is_ready();
            called |= self.backend.core().poll_call(context)?.is_ready();
            if let Some(capture) = &mut self.capture {
                called |= capture.core().poll_call(context)?.is_ready();
            }
            if !called {
                return Poll::Pending;
            }
        }
    }

    fn leave(&mut self) {
        self.frontend.core().leave(Direction::Recv);
        self.backend.core().leave(Direction::Recv);
        if let Some(capture) = &mut self.capture {
            capture.core().leave(Direction::Recv);
        }
    }
}

/// A run that may be given up.
struct Run<'a, F: Kind, B: Kind, C: Kind, R: Reactor>(&'a mut Proxy<F, B, C, R>);

impl<F: Kind, B: Kind, C: Kind, R: Reactor> Drop for Run<'_, F, B, C, R> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl<F: Kind, B: Kind, C: Kind, R: Reactor> fmt::Debug for Proxy<F, B, C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("frontend", &self.frontend)
            .field("backend", &self.backend)
            .field("capture", &self.capture)
            .finish_non_exhaustive()
    }
}
