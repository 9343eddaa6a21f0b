//! Who may connect: the authenticator of a context (ZAP, ZeroMQ RFC 27).
//!
//! A socket that accepts peers names a domain ([`Security`](crate::Security)); libzmq then asks,
//! within the process, about each peer. An [`Authenticator`] answers by its [`Rules`].

mod address;
mod directory;
mod handle;
mod mark;
mod request;
mod rules;
mod service;
mod verdict;

#[cfg(any(feature = "tokio", feature = "async-io"))]
pub use handle::RulesHandle;
pub(crate) use mark::marked;
pub use request::{Credentials, GivenPassword, Request};
pub use rules::{Domain, Rules};
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(crate) use service::ended;
pub(crate) use service::{ENDPOINT, Service};
pub use verdict::Verdict;

use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::panic::Location;
use std::{fmt, mem};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::raw::{Errno, Thread};

/// Decides which peers the sockets of a context let in, in a thread of its own. With async there is
/// [one that runs in a task](crate::guide::security#in-a-task).
///
/// A context has one at a time. Dropping it ends it: peers that are connected stay, and nobody is
/// let in any more by the sockets that ask it. It ends with its context too. In a forked child,
/// which has no such thread, its calls answer [`Forked`](crate::ErrorKind::Forked).
///
/// ```
/// use ferromq::zap::{Authenticator, Domain, Rules};
/// use ferromq::{Context, PULL, PUSH, Security};
///
/// # fn main() -> ferromq::Result<()> {
/// let context = Context::new()?;
/// let users = Domain::new().password("alice", "open sesame");
/// let authenticator = Authenticator::start(&context, Rules::new().domain("home", users))?;
///
/// let server = context.socket(PULL)?;
/// server.set_security(Security::PlainServer { domain: "home".into() })?;
/// server.bind("tcp://127.0.0.1:*")?;
///
/// let client = context.socket(PUSH)?;
/// client.set_security(Security::PlainClient {
///     username: "alice".into(),
///     password: "open sesame".into(),
/// })?;
/// client.connect(server.last_endpoint()?)?;
/// client.send("hello")?;
/// assert_eq!(server.recv()?.user_id()?, Some("alice"));
/// # Ok(()) }
/// ```
#[must_use = "it ends when it is dropped"]
pub struct Authenticator {
    rules: handle::RulesHandle,
    /// The thread ends when the other end of this is closed.
    lifeline: UnixStream,
    thread: Option<Thread<Result<()>>>,
}

impl Authenticator {
    /// Starts it with these rules.
    ///
    /// # Errors
    /// [`AddressInUse`](crate::ErrorKind::AddressInUse) if the context has one already;
    /// [`NotFound`](crate::ErrorKind::NotFound) and others for a directory of certificates that
    /// cannot be read; [`TooManyOpen`](crate::ErrorKind::TooManyOpen),
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock) if the process can have no more threads,
    /// [`Terminated`](crate::ErrorKind::Terminated), [`Forked`](crate::ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::{Context, ErrorKind, zap::*};
    /// # fn main() -> ferromq::Result<()> {
    /// let context = Context::new()?;
    /// let authenticator = Authenticator::start(&context, Rules::new())?;
    /// let second = Authenticator::start(&context, Rules::new());
    /// assert_eq!(second.unwrap_err().kind(), ErrorKind::AddressInUse);
    /// # Ok(()) }
    /// ```
    #[track_caller]
    pub fn start(context: &Context, rules: Rules) -> Result<Self> {
        let made_at = Location::caller();
        let rules = handle::RulesHandle::new(rules)?;
        let (lifeline, end) = UnixStream::pair().map_err(|error| Error::io(&error, OPERATION))?;
        let service = Service::open(&context.shared, rules.clone(), made_at)?;
        let thread = Thread::start(c"ferromq-zap", move || service.run(&end))
            .map_err(|errno| Error::new(errno, OPERATION))?;
        Ok(Self {
            rules,
            lifeline,
            thread: Some(thread),
        })
    }

    /// Goes by these rules from now on, all at once. Peers that are connected stay.
    ///
    /// # Errors
    /// Those of a directory of certificates that cannot be read; the old rules stay then.
    /// [`Forked`](crate::ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::{Context, zap::*};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// let authenticator = Authenticator::start(&context, Rules::new())?;
    /// let users = Domain::new().password("alice", "open sesame");
    /// authenticator.set_rules(Rules::new().domain("home", users))?;
    /// # Ok(()) }
    /// ```
    pub fn set_rules(&self, rules: Rules) -> Result<()> {
        self.rules.set(rules)
    }

    /// Ends it, which dropping does too, and tells what it may have ended with before.
    ///
    /// # Errors
    /// Why it has ended by itself, other than with its context;
    /// [`Forked`](crate::ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::{Context, zap::*};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// let authenticator = Authenticator::start(&context, Rules::new())?;
    /// authenticator.stop()?;
    /// # Ok(()) }
    /// ```
    pub fn stop(mut self) -> Result<()> {
        self.rules
            .owner
            .check()
            .map_err(|errno| Error::new(errno, "stop authenticator"))?;
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        let Some(thread) = self.thread.take() else {
            return Ok(());
        };
        // A forked child may hold this end open, so closing it would not do. It fails only where
        // the other end is closed.
        let _ = self.lifeline.shutdown(Shutdown::Both);
        // From within a check it cannot be waited for.
        if thread.is_current() {
            return Ok(());
        }
        thread
            .join()
            .unwrap_or_else(|_| Err(Error::new(Errno(libc::ECANCELED), "run authenticator")))
    }
}

const OPERATION: &str = "start authenticator";

impl Drop for Authenticator {
    fn drop(&mut self) {
        if !self.rules.owner.is_current() {
            // In a forked child there is no such thread.
            mem::forget(self.thread.take());
            return;
        }
        // What it may have ended with before was logged then.
        let _ = self.end();
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator").finish_non_exhaustive()
    }
}
