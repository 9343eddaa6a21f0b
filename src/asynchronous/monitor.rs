use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::core::Core;
use super::link::{perform, poll};
use super::operation::{OneEvent, Recv};
use super::reactor::{Reactor, RegisterError};
use crate::error::Result;
use crate::monitor::{Monitor as Blocking, MonitorEvent};

/// A [monitor](crate::Monitor) whose events are futures, and a `Stream`. `R` is what it waits
/// with: the types are [`with_tokio::Monitor`](crate::with_tokio::Monitor) and
/// [`with_async_io::Monitor`](crate::with_async_io::Monitor).
pub struct Monitor<R: Reactor> {
    core: Core<Blocking, R>,
    /// Whether the `Stream` has ended.
    ended: bool,
}

impl<R: Reactor> Monitor<R> {
    /// Makes a monitor asynchronous.
    ///
    /// # Errors
    /// As for [`Socket::new`](super::Socket::new); the error holds the monitor.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use ferromq::{Context, MonitorEventKind, MonitorEvents, REP, with_tokio::Monitor};
    ///
    /// let rep = Context::new()?.socket(REP)?;
    /// let mut monitor = Monitor::new(rep.monitor(MonitorEvents::LISTENING)?)?;
    /// rep.bind("tcp://127.0.0.1:*")?;
    /// let event = monitor.recv().await?.expect("the socket is open");
    /// assert_eq!(event.kind, MonitorEventKind::Listening);
    /// # Ok(()) }
    /// ```
    pub fn new(monitor: Blocking) -> Result<Self, RegisterError<Blocking>> {
        let core = Core::new(monitor)?;
        core.owner().reader().context().end_in_background();
        Ok(Self { core, ended: false })
    }

    /// The next event, waited for. `None` is the end: the socket was dropped, or its context shut
    /// down.
    ///
    /// # Cancel safety
    /// Nothing is lost by dropping the future.
    ///
    /// # Errors
    /// [`Forked`](crate::ErrorKind::Forked), and [`WrongState`](crate::ErrorKind::WrongState) if
    /// the runtime has ended.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, MonitorEvents, REP, with_tokio::Monitor};
    /// let rep = Context::new()?.socket(REP)?;
    /// let mut monitor = Monitor::new(rep.monitor(MonitorEvents::all())?)?;
    /// drop(rep);
    /// assert!(monitor.recv().await?.is_none());
    /// # Ok(()) }
    /// ```
    pub async fn recv(&mut self) -> Result<Option<MonitorEvent>> {
        perform(&mut self.core, Recv(OneEvent)).await
    }

    /// The next event if there is one, as by [`Monitor::try_recv`](crate::Monitor::try_recv).
    ///
    /// # Errors
    /// [`Forked`](crate::ErrorKind::Forked).
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, MonitorEvents, REP, with_tokio::Monitor};
    /// let rep = Context::new()?.socket(REP)?;
    /// let mut monitor = Monitor::new(rep.monitor(MonitorEvents::all())?)?;
    /// assert_eq!(monitor.try_recv()?, None);
    /// # Ok(()) }
    /// ```
    pub fn try_recv(&mut self) -> Result<Option<MonitorEvent>> {
        self.core.owner().try_recv()
    }

    /// The monitor, no longer asynchronous.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, MonitorEvents, REP, with_tokio::Monitor};
    /// let rep = Context::new()?.socket(REP)?;
    /// let monitor = Monitor::new(rep.monitor(MonitorEvents::all())?)?;
    /// let monitor: ferromq::Monitor = monitor.into_inner();
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn into_inner(self) -> Blocking {
        self.core.into_owner()
    }
}

/// The events; nothing follows an error.
impl<R: Reactor> Stream for Monitor<R> {
    type Item = Result<MonitorEvent>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let result = poll(&mut self.core, &mut Some(Recv(OneEvent)), context);
        result.map(|event| {
            self.ended = !matches!(event, Ok(Some(_)));
            event.transpose()
        })
    }
}

impl<R: Reactor> Unpin for Monitor<R> {}

impl<R: Reactor> fmt::Debug for Monitor<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.owner().fmt(f)
    }
}
