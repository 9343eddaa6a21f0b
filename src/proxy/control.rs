//! Orders to a proxy, from other threads.

use std::fmt;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::statistics::ProxyStatistics;
use crate::context::limits;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::{Errno, Generation};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Forward,
    Pause,
    Terminate,
}

#[derive(Debug, PartialEq, Eq)]
enum Phase {
    /// Not running, now or yet; orders wait for the next run.
    Idle,
    Running,
    /// Gone.
    Ended,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    order: Order,
    /// How many requests a running proxy was given, and how many it has seen.
    asked: u64,
    seen: u64,
    statistics: ProxyStatistics,
}

#[derive(Debug)]
struct Shared {
    owner: Generation,
    state: Mutex<State>,
    changed: Condvar,
    /// A byte written here wakes the proxy.
    bell: UnixStream,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Steers a [`Proxy`](crate::Proxy) from any thread; clones steer the same one. Made by
/// [`Proxy::controller`](crate::Proxy::controller).
///
/// Every call returns when the proxy has obeyed. Orders to a proxy that does not run yet are kept
/// for when it does.
///
/// ```
/// use ferromq::{Context, PULL, PUSH, Proxy};
///
/// # fn main() -> ferromq::Result<()> {
/// # let context = Context::new()?;
/// # let (frontend, backend) = (context.socket(PULL)?, context.socket(PUSH)?);
/// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
/// frontend.bind("inproc://in")?;
/// backend.bind("inproc://out")?;
/// # push.connect("inproc://in")?;
/// # pull.connect("inproc://out")?;
/// let mut proxy = Proxy::new(frontend, backend);
/// let controller = proxy.controller()?;
/// let thread = std::thread::spawn(move || proxy.run());
///
/// controller.pause()?;
/// push.send("waits")?;
/// assert_eq!(controller.statistics()?.frontend.received.messages, 0);
/// controller.resume()?;
/// assert_eq!(pull.recv()?, "waits");
/// controller.terminate()?;
/// thread.join().unwrap()?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct ProxyController {
    shared: Arc<Shared>,
}

impl ProxyController {
    /// Stops forwarding: after this has returned nothing is taken or sent until
    /// [`resume`](ProxyController::resume), and messages queue up in the sockets.
    ///
    /// # Errors
    /// [`WrongState`](ErrorKind::WrongState) if the proxy is gone,
    /// [`Forked`](ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let proxy = Proxy::new(pull, push).spawn()?;
    /// let controller = proxy.controller();
    /// controller.pause()?; // nothing is passed on from here
    /// controller.resume()?;
    /// # Ok(()) }
    /// ```
    pub fn pause(&self) -> Result<()> {
        self.give(Order::Pause, "pause proxy")
    }

    /// Goes on forwarding.
    ///
    /// # Errors
    /// As for [`pause`](ProxyController::pause).
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let proxy = Proxy::new(pull, push).spawn()?;
    /// let controller = proxy.controller();
    /// controller.pause()?;
    /// controller.resume()?; // what waited is passed on
    /// # Ok(()) }
    /// ```
    pub fn resume(&self) -> Result<()> {
        self.give(Order::Forward, "resume proxy")
    }

    /// Ends the proxy: after this has returned nothing is taken or sent, and
    /// [`Proxy::run`](crate::Proxy::run) returns. One that is gone already is as it should be.
    ///
    /// # Errors
    /// [`Forked`](ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let proxy = Proxy::new(pull, push).spawn()?;
    /// let controller = proxy.controller();
    /// controller.terminate()?;
    /// proxy.join()?;
    /// # Ok(()) }
    /// ```
    pub fn terminate(&self) -> Result<()> {
        match self.give(Order::Terminate, "terminate proxy") {
            Err(error) if error.kind() == ErrorKind::WrongState => Ok(()),
            result => result,
        }
    }

    /// What has passed through by now, or, for a proxy that is gone, until its end.
    ///
    /// # Errors
    /// [`Forked`](ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let proxy = Proxy::new(pull, push).spawn()?;
    /// let controller = proxy.controller();
    /// assert_eq!(controller.statistics()?.frontend.received.messages, 0);
    /// # Ok(()) }
    /// ```
    pub fn statistics(&self) -> Result<ProxyStatistics> {
        let (_, statistics) = self.ask(None, "ask proxy for statistics")?;
        Ok(statistics)
    }

    fn give(&self, order: Order, operation: &'static str) -> Result<()> {
        match self.ask(Some(order), operation)? {
            (true, _) => Ok(()),
            (false, _) => Err(Error::explained(
                ErrorKind::WrongState,
                0,
                operation,
                "the proxy has ended",
            )),
        }
    }

    /// Waits until the proxy has seen the order, if it runs. Says whether it has, or will when it
    /// runs, and what has passed through it by then.
    fn ask(
        &self,
        order: Option<Order>,
        operation: &'static str,
    ) -> Result<(bool, ProxyStatistics)> {
        self.shared
            .owner
            .check()
            .map_err(|errno| Error::new(errno, operation))?;
        let mut state = self.shared.state();
        state.order = order.unwrap_or(state.order);
        let mut seen = false;
        if state.phase == Phase::Running {
            state.asked += 1;
            let number = state.asked;
            // The other end is open while the proxy runs; when there is no room for another byte
            // the proxy has enough to read.
            let _ = (&self.shared.bell).write(&[0]);
            state = self
                .shared
                .changed
                .wait_while(state, |state| {
                    state.phase == Phase::Running && state.seen < number
                })
                .unwrap_or_else(PoisonError::into_inner);
            seen = state.seen >= number;
        }
        Ok((seen || state.phase != Phase::Ended, state.statistics))
    }

    pub(super) fn is_forked(&self) -> bool {
        !self.shared.owner.is_current()
    }
}

impl fmt::Debug for ProxyController {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyController").finish_non_exhaustive()
    }
}

/// The proxy's end of its controllers.
#[derive(Debug)]
pub(super) struct Control {
    shared: Arc<Shared>,
    /// Readable when there are orders.
    bell: UnixStream,
}

impl Control {
    pub(super) fn new() -> Result<Self> {
        const OPERATION: &str = "make proxy controller";
        let owner = Generation::current().map_err(|errno| Error::new(errno, OPERATION))?;
        let (near, far) = bell().map_err(|error| {
            let errno = error.raw_os_error().unwrap_or(libc::EMFILE);
            limits::explained(Errno(errno), OPERATION)
        })?;
        Ok(Self {
            shared: Arc::new(Shared {
                owner,
                state: Mutex::new(State {
                    phase: Phase::Idle,
                    order: Order::Forward,
                    asked: 0,
                    seen: 0,
                    statistics: ProxyStatistics::default(),
                }),
                changed: Condvar::new(),
                bell: far,
            }),
            bell: near,
        })
    }

    pub(super) fn controller(&self) -> ProxyController {
        ProxyController {
            shared: Arc::clone(&self.shared),
        }
    }

    pub(super) fn started(&self) {
        self.shared.state().phase = Phase::Running;
    }

    pub(super) fn stopped(&self, statistics: ProxyStatistics) {
        let mut state = self.shared.state();
        state.phase = Phase::Idle;
        state.statistics = statistics;
        self.shared.changed.notify_all();
    }

    /// The order that is in force. Whoever waits for it to be obeyed goes on.
    pub(super) fn obey(&self, statistics: ProxyStatistics) -> Order {
        let mut rings = [0; 64];
        while (&self.bell).read(&mut rings).is_ok_and(|len| len > 0) {}
        let mut state = self.shared.state();
        state.seen = state.asked;
        state.statistics = statistics;
        self.shared.changed.notify_all();
        let order = state.order;
        if order == Order::Terminate {
            state.order = Order::Forward;
        }
        order
    }
}

impl AsFd for Control {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.bell.as_fd()
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        // In a forked child the lock may be held for ever by a thread that the fork left behind.
        if self.shared.owner.is_current() {
            self.shared.state().phase = Phase::Ended;
            self.shared.changed.notify_all();
        }
    }
}

fn bell() -> io::Result<(UnixStream, UnixStream)> {
    let (near, far) = UnixStream::pair()?;
    near.set_nonblocking(true)?;
    far.set_nonblocking(true)?;
    Ok((near, far))
}
