//! [`Monitor`]: what happens to the connections of a socket.

mod event;
mod protocol;

pub use event::{MonitorEvent, MonitorEventKind, MonitorEvents};
pub use protocol::{AuthStatus, ProtocolError};

use std::cell::Cell;
use std::ffi::{CStr, c_int};
use std::fmt;
use std::iter::FusedIterator;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ferromq_sys as sys;

use event::Malformed;

use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind, Result};
use crate::kind::{Kind, Pair, SocketType};
use crate::library::{Version, version};
use crate::message::Message;
use crate::multipart::Multipart;
use crate::option::Events;
use crate::poller::{Poller, Registration};
use crate::raw::{self, Errno, Feed};
use crate::socket::Socket;

/// The events of the connections of a [`Socket`], from [`Socket::monitor`] on.
///
/// It is a value of its own, for the thread of the socket or another one, and may be dropped
/// before the socket or after it. The events end with the socket.
///
/// Events that nobody reads are kept, some 130 bytes each, so that neither the socket nor its
/// context ever waits for the monitor. Read them as they come, or ask for few kinds of them; drop
/// the monitor when it is no longer needed.
///
/// ```
/// use ferromq::{Context, MonitorEventKind, MonitorEvents, PULL, PUSH};
///
/// # fn main() -> ferromq::Result<()> {
/// let context = Context::new()?;
/// let pull = context.socket(PULL)?;
/// let monitor = pull.monitor(MonitorEvents::ACCEPTED | MonitorEvents::DISCONNECTED)?;
/// let watch = std::thread::spawn(move || -> ferromq::Result<()> {
///     for event in monitor {
///         println!("{}", event?);
///     }
///     Ok(()) // the socket was dropped
/// });
/// pull.bind("tcp://127.0.0.1:*")?;
/// let push = context.socket(PUSH)?;
/// push.connect(pull.last_endpoint()?)?;
/// push.send("hello")?;
/// pull.recv()?;
/// drop(pull);
/// watch.join().unwrap()?;
/// # Ok(()) }
/// ```
pub struct Monitor {
    // Before `reader`, as fields are dropped in this order: a feed must not lose its reader.
    _feed: Feed,
    reader: Socket<Pair>,
    decode: Decode,
    kind: SocketType,
    events: MonitorEvents,
    ended: Cell<bool>,
}

type Decode = fn(&[Message]) -> Result<Option<MonitorEvent>, Malformed>;

/// How the messages of the events look.
struct Form {
    start: fn(&raw::Socket, &CStr, c_int) -> Result<Option<Feed>, Errno>,
    decode: Decode,
}

const FIRST: Form = Form {
    start: raw::Socket::feed,
    decode: MonitorEvent::decode,
};

#[cfg(feature = "draft")]
const SECOND: Form = Form {
    start: raw::Socket::feed_v2,
    decode: MonitorEvent::decode_v2,
};

impl<K: Kind> Socket<K> {
    /// Watches the connections of this socket, one [`Monitor`] at a time (`zmq_socket_monitor`).
    ///
    /// What happened before is not told, so monitor first, then bind and connect. `inproc`
    /// connections have no events.
    ///
    /// # Errors
    /// [`WrongState`](ErrorKind::WrongState) if the socket has a monitor already,
    /// [`NotSupported`](ErrorKind::NotSupported) before libzmq 4.3 and for a
    /// [`SocketRef`](crate::SocketRef),
    /// [`TooManyOpen`](ErrorKind::TooManyOpen), as a monitor takes two sockets,
    /// [`Terminated`](ErrorKind::Terminated), [`Forked`](ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::{Context, MonitorEvents, REP, REQ};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let rep = context.socket(REP)?;
    /// # rep.bind("tcp://127.0.0.1:*")?;
    /// let req = context.socket(REQ)?;
    /// let monitor = req.monitor(MonitorEvents::all())?;
    /// req.connect(rep.last_endpoint()?)?;
    /// monitor.wait_handshake(Duration::from_secs(10))?;
    /// # Ok(()) }
    /// ```
    #[doc(alias = "zmq_socket_monitor")]
    #[track_caller]
    pub fn monitor(&self, events: MonitorEvents) -> Result<Monitor> {
        self.start_monitor(events, FIRST, Location::caller())
            .map_err(|error| named(error, self.kind()))
    }

    /// As [`monitor`](Socket::monitor), with the [addresses](MonitorEvent::local) of both ends
    /// (`zmq_socket_monitor_versioned`, version 2).
    ///
    /// # Errors
    /// As [`monitor`](Socket::monitor).
    ///
    /// ```
    /// # use ferromq::{Context, MonitorEvents, REP, REQ};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// let (rep, req) = (context.socket(REP)?, context.socket(REQ)?);
    /// let monitor = rep.monitor_v2(MonitorEvents::all())?;
    /// rep.bind("tcp://127.0.0.1:*")?;
    /// req.connect(rep.last_endpoint()?)?;
    /// let event = monitor.wait_handshake(Duration::from_secs(10))?;
    /// assert_eq!(event.local, Some(rep.last_endpoint()?));
    /// println!("{} came", event.endpoint);
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "draft")]
    #[doc(alias = "zmq_socket_monitor_versioned")]
    #[track_caller]
    pub fn monitor_v2(&self, events: MonitorEvents) -> Result<Monitor> {
        self.start_monitor(events, SECOND, Location::caller())
            .map_err(|error| named(error, self.kind()))
    }

    fn start_monitor(
        &self,
        events: MonitorEvents,
        form: Form,
        made_at: &'static Location<'static>,
    ) -> Result<Monitor> {
        self.check_monitorable()?;
        let reader = self.open_reader(made_at)?;
        let endpoint = unique_endpoint()?;
        let mask = events.bits() as i32 | sys::ZMQ_EVENT_MONITOR_STOPPED;
        let context = self.context();
        let feed = context
            .with_room(|| (form.start)(self.raw(), endpoint.as_c_str(), mask))
            .map_err(|errno| context.no_room(errno, OPERATION))?
            .ok_or_else(already_monitored)?;
        let monitor = Monitor {
            _feed: feed,
            reader,
            decode: form.decode,
            kind: self.kind(),
            events,
            ended: Cell::new(false),
        };
        // Only now, for a reader that waits for a feed which cannot start is never let go by
        // libzmq. An event that comes in between waits for this line, which fails with the
        // context alone, and then the event waits no more.
        monitor.reader.connect(endpoint)?;
        Ok(monitor)
    }

    /// A PAIR that takes everything, whatever the context says for new sockets.
    fn open_reader(&self, made_at: &'static Location<'static>) -> Result<Socket<Pair>> {
        let context = self.context();
        let raw = context.open_raw(SocketType::Pair, OPERATION)?;
        let reader = Socket::assemble(raw, SocketType::Pair, Arc::clone(context), made_at);
        reader.set_linger(Duration::ZERO)?;
        // libzmq waits where a queue is full, and with it all that its thread does.
        reader.set_recv_hwm(None)?;
        Ok(reader)
    }

    fn check_monitorable(&self) -> Result<()> {
        if version() < MINIMUM {
            return Err(Error::explained(
                ErrorKind::NotSupported,
                sys::ENOTSUP,
                OPERATION,
                format!("libzmq {} is too old, it takes {MINIMUM}", version()),
            ));
        }
        if !self.raw().is_owned() {
            return Err(Error::explained(
                ErrorKind::NotSupported,
                sys::ENOTSUP,
                OPERATION,
                "the context of a borrowed socket is not known; use `Socket::from_raw`",
            ));
        }
        Ok(())
    }
}

/// The first with events of handshakes, and with a lock around all that concerns events.
const MINIMUM: Version = Version {
    major: 4,
    minor: 3,
    patch: 0,
};

const OPERATION: &str = "monitor";

fn named(error: Error, kind: SocketType) -> Error {
    error.during(OPERATION).on(format_args!("{kind} socket"))
}

fn already_monitored() -> Error {
    Error::explained(
        ErrorKind::WrongState,
        sys::EFSM,
        OPERATION,
        "it has a monitor already; drop that one first",
    )
}

/// Unlike any other of the process: of this copy of the crate by its number, of other copies by
/// where the counter is.
fn unique_endpoint() -> Result<Endpoint> {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    format!("inproc://ferromq.monitor.{:p}.{number}", &MADE).try_into()
}

impl Monitor {
    /// The next event, waited for. `None` is the end: the socket was dropped, or its context shut
    /// down.
    ///
    /// # Errors
    /// [`Forked`](ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::{Context, MonitorEvents, REP};
    /// # fn main() -> ferromq::Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// let monitor = rep.monitor(MonitorEvents::LISTENING)?;
    /// rep.bind("tcp://127.0.0.1:*")?;
    /// drop(rep);
    /// assert!(monitor.recv()?.is_some());
    /// assert!(monitor.recv()?.is_none());
    /// # Ok(()) }
    /// ```
    pub fn recv(&self) -> Result<Option<MonitorEvent>> {
        self.recv_timeout(Duration::MAX)
    }

    /// The next event if there is one.
    ///
    /// # Errors
    /// As [`recv`](Monitor::recv).
    ///
    /// ```
    /// # use ferromq::{Context, MonitorEvents, REP};
    /// # fn main() -> ferromq::Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// let monitor = rep.monitor(MonitorEvents::all())?;
    /// assert_eq!(monitor.try_recv()?, None);
    /// assert!(!monitor.has_ended());
    /// # Ok(()) }
    /// ```
    pub fn try_recv(&self) -> Result<Option<MonitorEvent>> {
        self.recv_timeout(Duration::ZERO)
    }

    /// The next event, waited for at most so long. [`has_ended`](Monitor::has_ended) tells
    /// whether another may follow a `None`.
    ///
    /// # Errors
    /// As [`recv`](Monitor::recv).
    ///
    /// ```
    /// # use ferromq::{Context, MonitorEvents, REP};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// let monitor = rep.monitor(MonitorEvents::all())?;
    /// assert_eq!(monitor.recv_timeout(Duration::from_millis(1))?, None);
    /// # Ok(()) }
    /// ```
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Option<MonitorEvent>> {
        if self.ended.get() {
            return Ok(None);
        }
        let event = match self.reader.recv_multipart_timeout(timeout) {
            Ok(None) => return Ok(None),
            Ok(Some(frames)) => self.decode(&frames)?,
            Err(error) if error.kind() == ErrorKind::Terminated => None,
            Err(error) => return Err(named(error, self.kind)),
        };
        self.ended.set(event.is_none());
        Ok(event)
    }

    #[cfg(any(feature = "tokio", feature = "async-io"))]
    pub(crate) fn reader(&self) -> &Socket<Pair> {
        &self.reader
    }

    fn decode(&self, frames: &Multipart) -> Result<Option<MonitorEvent>> {
        (self.decode)(frames).map_err(|Malformed| {
            let text = format!("{frames:?} is not an event");
            let error = Error::explained(ErrorKind::Other, libc::EPROTO, OPERATION, text);
            named(error, self.kind)
        })
    }

    /// Whether the last event was read: the socket was dropped, or its context shut down.
    ///
    /// ```
    /// # use ferromq::{Context, MonitorEvents, REP};
    /// # fn main() -> ferromq::Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// let monitor = rep.monitor(MonitorEvents::all())?;
    /// drop(rep);
    /// assert_eq!(monitor.recv()?, None);
    /// assert!(monitor.has_ended());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended.get()
    }

    /// The first event from now on that is `wanted`; those before it are dropped.
    ///
    /// # Errors
    /// [`WouldBlock`](ErrorKind::WouldBlock) when so much time has passed, with the last event
    /// that came; [`Terminated`](ErrorKind::Terminated) at the end of the events;
    /// [`Forked`](ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::{Context, MonitorEventKind, MonitorEvents, REQ};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// let req = Context::new()?.socket(REQ)?;
    /// let monitor = req.monitor(MonitorEvents::all())?;
    /// req.connect("tcp://127.0.0.1:1")?; // nobody is there
    /// let retried = monitor.wait_for(Duration::from_secs(10), |event| {
    ///     matches!(event.kind, MonitorEventKind::ConnectRetried(_))
    /// })?;
    /// assert_eq!(retried.endpoint.as_str(), "tcp://127.0.0.1:1");
    /// # Ok(()) }
    /// ```
    pub fn wait_for(
        &self,
        deadline: Duration,
        mut wanted: impl FnMut(&MonitorEvent) -> bool,
    ) -> Result<MonitorEvent> {
        let until = Instant::now().checked_add(deadline);
        let mut last = None;
        loop {
            let left = until.map_or(Duration::MAX, |until| {
                until.saturating_duration_since(Instant::now())
            });
            match self.recv_timeout(left)? {
                Some(event) if wanted(&event) => return Ok(event),
                Some(event) => last = Some(event),
                None => return Err(self.missed(deadline, last)),
            }
        }
    }

    fn missed(&self, deadline: Duration, last: Option<MonitorEvent>) -> Error {
        let (kind, errno, mut text) = if self.has_ended() {
            let text = "the socket was dropped, or its context shut down".into();
            (ErrorKind::Terminated, sys::ETERM, text)
        } else {
            let text = format!("it did not happen within {deadline:?}");
            (ErrorKind::WouldBlock, libc::EAGAIN, text)
        };
        match last {
            Some(event) => text += &format!("; the last event was: {event}"),
            None => text += "; there was no event",
        }
        named(Error::explained(kind, errno, OPERATION, text), self.kind)
    }

    /// Waits for a transport connection: the next one that this socket makes or takes. The
    /// handshake is still to come.
    ///
    /// # Errors
    /// As [`wait_for`](Monitor::wait_for), and [`InvalidInput`](ErrorKind::InvalidInput) if the
    /// monitor gets neither [`CONNECTED`](MonitorEvents::CONNECTED) nor
    /// [`ACCEPTED`](MonitorEvents::ACCEPTED).
    ///
    /// ```
    /// # use ferromq::{Context, MonitorEvents, REP, REQ};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// let (rep, req) = (context.socket(REP)?, context.socket(REQ)?);
    /// let monitor = rep.monitor(MonitorEvents::ACCEPTED)?;
    /// rep.bind("tcp://127.0.0.1:*")?;
    /// req.connect(rep.last_endpoint()?)?;
    /// monitor.wait_connected(Duration::from_secs(10))?;
    /// # Ok(()) }
    /// ```
    pub fn wait_connected(&self, deadline: Duration) -> Result<MonitorEvent> {
        let connected = MonitorEvents::CONNECTED | MonitorEvents::ACCEPTED;
        if !self.events.intersects(connected) {
            return Err(self.masked("CONNECTED or ACCEPTED"));
        }
        self.wait_for(deadline, |event| {
            use MonitorEventKind::{Accepted, Connected};
            matches!(event.kind, Connected | Accepted)
        })
    }

    /// Waits for the next result of a handshake: after a success messages can flow. Of a socket
    /// with several connections it is whichever comes first.
    ///
    /// Make the monitor before the socket connects, or the result may have passed already.
    ///
    /// # Errors
    /// The [failure](MonitorEvent::error) of the handshake:
    /// [`PermissionDenied`](ErrorKind::PermissionDenied) by an authenticator,
    /// [`Other`](ErrorKind::Other) with the rule of the protocol that was broken. Between kinds of
    /// sockets that do not go together libzmq tells no result, only the begin and the end of the
    /// connection: a monitor that gets these fails here as well. libzmq goes on trying, so a later
    /// wait may succeed. Further as [`wait_for`](Monitor::wait_for), and
    /// [`InvalidInput`](ErrorKind::InvalidInput) if the monitor does not get
    /// [`HANDSHAKE`](MonitorEvents::HANDSHAKE).
    ///
    /// ```
    /// # use ferromq::{Context, MonitorEvents, REP, REQ};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let rep = context.socket(REP)?;
    /// # rep.bind("tcp://127.0.0.1:*")?;
    /// let req = context.socket(REQ)?;
    /// let monitor = req.monitor(MonitorEvents::all())?;
    /// req.connect(rep.last_endpoint()?)?;
    /// monitor.wait_handshake(Duration::from_secs(10))?;
    /// # Ok(()) }
    /// ```
    pub fn wait_handshake(&self, deadline: Duration) -> Result<MonitorEvent> {
        if !self.events.contains(MonitorEvents::HANDSHAKE) {
            return Err(self.masked("HANDSHAKE"));
        }
        // Those whose begin was seen and no result, as any result ends the wait.
        let mut begun = Vec::new();
        let result = self.wait_for(deadline, |event| match event.kind {
            MonitorEventKind::Connected | MonitorEventKind::Accepted => {
                begun.push(event.value);
                false
            }
            MonitorEventKind::Disconnected => begun.contains(&event.value),
            _ => event.ends_handshake(),
        })?;
        match result.handshake_error() {
            Some(error) => Err(error),
            None => Ok(result),
        }
    }

    fn masked(&self, events: &str) -> Error {
        let text = format!("it was made without MonitorEvents::{events}");
        named(Error::invalid(OPERATION, text), self.kind)
    }
}

impl<'a, T> Poller<'a, T> {
    /// Adds a monitor: it is ready to receive when there is an event to
    /// [take](Monitor::try_recv), and at its end.
    ///
    /// # Errors
    /// As [`add`](Poller::add).
    ///
    /// ```
    /// # use ferromq::{Context, MonitorEvents, Poller, REP};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// let rep = Context::new()?.socket(REP)?;
    /// let monitor = rep.monitor(MonitorEvents::all())?;
    /// let mut poller = Poller::new();
    /// poller.add_monitor(&monitor, "monitor")?;
    /// rep.bind("tcp://127.0.0.1:*")?;
    /// let ready = poller.wait(Duration::from_secs(10))?.next().unwrap();
    /// assert_eq!(*ready.key, "monitor");
    /// assert!(monitor.try_recv()?.is_some());
    /// # Ok(()) }
    /// ```
    pub fn add_monitor(&mut self, monitor: &'a Monitor, key: T) -> Result<Registration> {
        self.add(&monitor.reader, Events::RECV, key)
    }
}

impl Iterator for Monitor {
    type Item = Result<MonitorEvent>;

    /// As [`Monitor::recv`]; nothing follows an error.
    fn next(&mut self) -> Option<Self::Item> {
        let next = self.recv().transpose();
        if let Some(Err(_)) = next {
            self.ended.set(true);
        }
        next
    }
}

impl FusedIterator for Monitor {}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor")
            .field("of", &self.kind)
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}
