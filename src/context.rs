mod builder;
mod defaults;
pub(crate) mod limits;
mod settings;
mod threads;

pub use builder::ContextBuilder;
pub use threads::SchedPolicy;

use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ferromq_sys as sys;

use self::defaults::SocketDefaults;
use crate::error::{Error, ErrorKind, Result};
use crate::kind::IntoKind;
use crate::raw::{self, Errno, Generation, PerProcess};
use crate::registry::{PendingSocket, Registry};
use crate::socket::Socket;

/// How long a drop that waits for undelivered messages stays silent.
const SILENT_WAIT: Duration = Duration::from_secs(1);

/// How long a socket lingers unless [`ContextBuilder::linger`] or
/// [`Socket::set_linger`] says otherwise.
pub(crate) const DEFAULT_LINGER: Duration = Duration::from_secs(30);

/// What sockets are made in: the I/O threads, and the namespace of `inproc` (`zmq_ctx_new`).
///
/// Clones are the same context. Sockets keep it alive; when the last clone and the last socket
/// are gone it ends (`zmq_ctx_term`), after waiting for messages that linger. Each process makes
/// its own: in a [forked](crate::guide::fork) child every call answers [`ErrorKind::Forked`].
///
/// ```
/// use ferromq::{Context, PAIR};
///
/// # fn main() -> ferromq::Result<()> {
/// let context = Context::new()?;
/// let (a, b) = (context.socket(PAIR)?, context.socket(PAIR)?);
/// a.bind("inproc://pair")?;
/// b.connect("inproc://pair")?;
/// a.send("hello")?;
/// assert_eq!(b.recv()?, "hello");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Context {
    pub(crate) shared: Arc<Shared>,
}

/// What the clones of a context and its sockets share.
pub(crate) struct Shared {
    owner: Generation,
    linger: Option<Duration>,
    defaults: SocketDefaults,
    /// libzmq does not tell.
    is_shut_down: AtomicBool,
    has_authenticator: AtomicBool,
    /// Whether to end in a thread apart, so that no drop waits.
    ends_in_background: AtomicBool,
    raw: Mutex<Raw>,
    ended: Condvar,
    registry: Mutex<Registry>,
}

#[derive(Debug)]
enum Raw {
    Open(raw::Context),
    /// Somebody else's, who ends it.
    Borrowed(raw::Context),
    /// A thread waits in `zmq_ctx_term`.
    Ending,
    Ended,
}

impl Context {
    /// A context with one I/O thread and libzmq's other defaults, except for linger, which is 30
    /// seconds instead of for ever.
    ///
    /// # Errors
    /// [`TooManyOpen`](ErrorKind::TooManyOpen) if the process has no descriptor left.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// assert_eq!(context.io_threads()?, 1);
    /// # Ok(()) }
    /// ```
    pub fn new() -> Result<Self> {
        Self::builder().build()
    }

    /// A context to be configured first.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// use std::time::Duration;
    /// let context = ferromq::Context::builder()
    ///     .io_threads(2)
    ///     .linger(Duration::from_secs(5))
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    pub fn builder() -> ContextBuilder {
        ContextBuilder::default()
    }

    /// The context of this process, made at the first call. A forked child gets a fresh one, and
    /// so does the first call after it was terminated or shut down.
    ///
    /// It is never dropped: end `main` with [`terminate`](Context::terminate) where messages may
    /// still linger.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// let rep = ferromq::Context::global()?.socket(ferromq::REP)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`Context::new`].
    pub fn global() -> Result<Self> {
        static GLOBAL: PerProcess<Context> = PerProcess::new();
        GLOBAL
            .get_or_replace(|context| context.shared.is_usable(), Self::new)
            .cloned()
    }

    /// Opens a socket of this kind: `context.socket(REQ)`, or with a
    /// [`SocketType`](crate::SocketType) one that knows its kind at run time only (`zmq_socket`).
    /// The first one starts the threads of the context.
    ///
    /// # Errors
    /// [`TooManyOpen`](ErrorKind::TooManyOpen) at the limit of sockets or descriptors, which the
    /// text names, [`Terminated`](ErrorKind::Terminated), [`Forked`](ErrorKind::Forked), and those
    /// of its [defaults](ContextBuilder::socket_default). At a limit it waits for sockets that were
    /// dropped in the last 2 seconds and have not ended yet, see [descriptors](crate::guide::descriptors).
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let req: Socket<Req> = context.socket(REQ)?;
    /// let chosen: Socket<Any> = context.socket(SocketType::Req)?;
    /// assert_eq!(req.socket_type()?, chosen.socket_type()?);
    /// # Ok(()) }
    /// ```
    #[track_caller]
    pub fn socket<I: IntoKind>(&self, kind: I) -> Result<Socket<I::Kind>> {
        let kind = kind.socket_type();
        let raw = self
            .shared
            .open_raw(kind, "open socket")
            .map_err(|error| error.on(kind))?;
        Socket::open(raw, kind, Arc::clone(&self.shared), Location::caller())
    }

    /// Makes every call on the sockets of this context answer
    /// [`Terminated`](ErrorKind::Terminated), and wakes those that block (`zmq_ctx_shutdown`).
    ///
    /// The sockets are to be dropped then. No new ones can be made.
    ///
    /// # Errors
    /// [`Forked`](ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::{Context, ErrorKind, PULL};
    /// # fn main() -> ferromq::Result<()> {
    /// let context = Context::new()?;
    /// let pull = context.socket(PULL)?;
    /// let thread = std::thread::spawn(move || pull.recv());
    /// context.shutdown()?;
    /// let error = thread.join().unwrap().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Terminated);
    /// # Ok(()) }
    /// ```
    pub fn shutdown(&self) -> Result<()> {
        let error = |errno| Error::new(errno, "shut down context");
        self.shared.owner.check().map_err(error)?;
        self.shared.is_shut_down.store(true, Ordering::Relaxed);
        match &*lock(&self.shared.raw) {
            Raw::Open(raw) | Raw::Borrowed(raw) => raw.shutdown().map_err(error),
            Raw::Ending | Raw::Ended => Ok(()),
        }
    }

    /// Shuts the context down and waits until all its sockets are dropped and have lingered, at
    /// most so long (`zmq_ctx_term`).
    ///
    /// It may be called again, and waits on. What lingers goes on doing so in the background.
    ///
    /// # Errors
    /// [`TerminateError`] names the sockets and endpoints that are still waited for.
    ///
    /// ```
    /// # use ferromq::{Context, PUSH};
    /// # use std::time::Duration;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let context = Context::new()?;
    /// let push = context.socket(PUSH)?;
    /// let error = context.terminate(Duration::from_millis(1)).unwrap_err();
    /// assert_eq!(error.pending()[0].kind().name(), "PUSH");
    /// drop(push);
    /// context.terminate(Duration::from_secs(10))?;
    /// # Ok(()) }
    /// ```
    pub fn terminate(&self, deadline: Duration) -> Result<(), TerminateError> {
        self.shared.owner.check().map_err(TerminateError::new)?;
        let state = lock(&self.shared.raw);
        if let Raw::Borrowed(_) = &*state {
            return Err(TerminateError {
                error: Error::explained(
                    ErrorKind::NotSupported,
                    sys::ENOTSUP,
                    "terminate context",
                    "it was borrowed, and whoever lent it ends it",
                ),
                pending: Vec::new(),
            });
        }
        if let Raw::Open(_) = &*state {
            let shared = Arc::clone(&self.shared);
            // The thread takes the context over once this lock is released.
            raw::in_background(move || shared.end()).map_err(TerminateError::new)?;
        }
        let (state, timeout) = self
            .shared
            .ended
            .wait_timeout_while(state, deadline, |state| !matches!(state, Raw::Ended))
            .unwrap_or_else(PoisonError::into_inner);
        drop(state);
        if timeout.timed_out() {
            let pending = lock(&self.shared.registry).pending();
            return Err(TerminateError {
                error: Error::explained(
                    ErrorKind::WouldBlock,
                    libc::EAGAIN,
                    "terminate context",
                    format!("after {deadline:?} it still waits for {}", list(&pending)),
                ),
                pending,
            });
        }
        Ok(())
    }
}

impl Shared {
    /// For a context, or for sockets of one, that somebody else ends.
    pub(crate) fn borrowed(owner: Generation, raw: Option<raw::Context>) -> Arc<Self> {
        Arc::new(Self {
            owner,
            linger: Some(DEFAULT_LINGER),
            defaults: SocketDefaults::default(),
            is_shut_down: AtomicBool::new(false),
            has_authenticator: AtomicBool::new(false),
            ends_in_background: AtomicBool::new(false),
            raw: Mutex::new(raw.map_or(Raw::Ended, Raw::Borrowed)),
            ended: Condvar::new(),
            registry: Mutex::default(),
        })
    }

    pub(crate) fn owner(&self) -> Generation {
        self.owner
    }

    fn is_usable(&self) -> bool {
        self.owner.is_current()
            && !self.is_shut_down.load(Ordering::Relaxed)
            && matches!(*lock(&self.raw), Raw::Open(_))
    }

    pub(crate) fn with_raw<T>(
        &self,
        call: impl FnOnce(&raw::Context) -> Result<T, Errno>,
    ) -> Result<T, Errno> {
        self.owner.check()?;
        match &*lock(&self.raw) {
            Raw::Open(raw) | Raw::Borrowed(raw) => call(raw),
            Raw::Ending | Raw::Ended => Err(Errno::TERMINATED),
        }
    }

    /// From now on no drop waits for what lingers.
    #[cfg(any(feature = "tokio", feature = "async-io"))]
    pub(crate) fn end_in_background(&self) {
        self.ends_in_background.store(true, Ordering::Relaxed);
    }

    pub(crate) fn linger(&self) -> Option<Duration> {
        self.linger
    }

    /// Whether a [`zap::Authenticator`](crate::zap::Authenticator) runs.
    pub(crate) fn has_authenticator(&self) -> bool {
        self.has_authenticator.load(Ordering::Acquire)
    }

    pub(crate) fn set_authenticator(&self, runs: bool) {
        self.has_authenticator.store(runs, Ordering::Release);
    }

    /// Sets what the context says for new sockets besides the linger.
    pub(crate) fn apply_defaults(&self, socket: &Socket) -> Result<()> {
        self.defaults.apply(socket)
    }

    pub(crate) fn registry(&self) -> MutexGuard<'_, Registry> {
        lock(&self.registry)
    }

    /// Waits in `zmq_ctx_term`, on whichever thread gets here first.
    fn end(&self) {
        let raw = match &mut *lock(&self.raw) {
            state @ Raw::Open(_) => std::mem::replace(state, Raw::Ending),
            _ => return,
        };
        if let Raw::Open(raw) = raw {
            raw.terminate();
        }
        *lock(&self.raw) = Raw::Ended;
        self.ended.notify_all();
    }
}

impl Drop for Shared {
    /// Waits for what lingers, and after a second says for what; where nobody may be kept waiting
    /// a thread does.
    fn drop(&mut self) {
        if !self.owner.is_current() {
            return;
        }
        let raw = self.raw.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Raw::Open(raw) = std::mem::replace(raw, Raw::Ended) else {
            return;
        };
        let registry = self
            .registry
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let pending = registry.pending();
        if raw::is_releasing() || *self.ends_in_background.get_mut() {
            if let Err(errno) = raw::in_background(move || terminate(raw, pending)) {
                let error = Error::new(errno, "start the thread that ends a context");
                log::error!("a context is leaked: {error}");
            }
        } else {
            terminate(raw, pending);
        }
    }
}

/// Ends a context that nobody has any more, and speaks up when that takes long.
fn terminate(raw: raw::Context, pending: Vec<PendingSocket>) {
    if pending.is_empty() {
        raw.terminate();
        return;
    }
    let ended = Arc::new((Mutex::new(false), Condvar::new()));
    let watched = Arc::clone(&ended);
    // Without a watcher, as when no thread can be had, the wait is the same but silent.
    let _ = raw::in_background(move || warn_unless_ended(&watched, &pending));
    raw.terminate();
    *lock(&ended.0) = true;
    ended.1.notify_all();
}

fn warn_unless_ended(ended: &(Mutex<bool>, Condvar), pending: &[PendingSocket]) {
    let started = Instant::now();
    let (has_ended, _) = ended
        .1
        .wait_timeout_while(lock(&ended.0), SILENT_WAIT, |ended| !*ended)
        .unwrap_or_else(PoisonError::into_inner);
    if !*has_ended {
        log::warn!(
            "dropping a context has waited {:?} for {}; set a shorter linger, or call Context::terminate",
            started.elapsed(),
            list(pending)
        );
    }
}

/// No invariant of this crate spans a panic while a lock is held.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn list(pending: &[PendingSocket]) -> String {
    match pending {
        [] => "sockets that libzmq has not yet let go of".into(),
        _ => pending
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", "),
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

/// A context that could not end in the time given.
///
/// ```
/// # use ferromq::*;
/// # use std::time::Duration;
/// # fn main() -> Result<()> {
/// let context = Context::new()?;
/// let socket = context.socket(PULL)?;
/// let error = context.terminate(Duration::from_millis(1)).unwrap_err();
/// assert!(error.to_string().contains("PULL socket, open"));
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct TerminateError {
    error: Error,
    pending: Vec<PendingSocket>,
}

impl TerminateError {
    pub(crate) fn new(errno: Errno) -> Self {
        Self {
            error: Error::new(errno, "terminate context"),
            pending: Vec::new(),
        }
    }

    /// The sockets that are still open, or closed and lingering.
    ///
    /// ```
    /// # use ferromq::*;
    /// # use std::time::Duration;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let socket = context.socket(PULL)?;
    /// let error = context.terminate(Duration::from_millis(1)).unwrap_err();
    /// assert_eq!(error.pending().len(), 1);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn pending(&self) -> &[PendingSocket] {
        &self.pending
    }
}

impl fmt::Display for TerminateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

impl std::error::Error for TerminateError {}

impl From<TerminateError> for Error {
    fn from(error: TerminateError) -> Self {
        error.error
    }
}
