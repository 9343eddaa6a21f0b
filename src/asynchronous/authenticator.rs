use std::fmt;
use std::panic::Location;

use super::core::Core;
use super::link::perform;
use super::operation::{OneRequest, Recv};
use super::reactor::Reactor;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::zap::{Rules, RulesHandle, Service, ended};

/// An [authenticator](crate::zap::Authenticator) that runs in a task of the caller's executor. `R`
/// is what it waits with: the types are [`with_tokio::Authenticator`](crate::with_tokio::Authenticator) and
/// [`with_async_io::Authenticator`](crate::with_async_io::Authenticator).
///
/// Its context has one authenticator at a time, this or the other one, from [`new`](Self::new) on.
/// It answers while [`run`](Self::run) runs: before, peers wait. When it is dropped, or the future
/// or task that runs it, it ends: peers that are connected stay, nobody is let in any more by the
/// sockets that ask it, and none that would ask it binds. It ends with its context too.
///
/// Its rules are looked at by the task that runs it, and so a
/// [check](crate::zap::Domain::check) that takes its time holds up the executor's thread, as do slow
/// disks with [`keys_in`](crate::zap::Domain::keys_in). The
/// [authenticator with its own thread](crate::zap::Authenticator) is for these; async sockets work with
/// either.
#[must_use = "it ends when it is dropped"]
pub struct Authenticator<R: Reactor> {
    core: Core<Service, R>,
    rules: RulesHandle,
}

impl<R: Reactor> Authenticator<R> {
    /// Makes the authenticator of this context. From here on the context [ends in a thread of its
    /// own](crate::guide::asynchronous#endings).
    ///
    /// # Errors
    /// Those of [`zap::Authenticator::start`](crate::zap::Authenticator::start), and those of
    /// [`Socket::new`](super::Socket::new).
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use ferromq::with_tokio::{Authenticator, Socket};
    /// use ferromq::zap::{Domain, Rules};
    /// use ferromq::{Context, PULL, PUSH, Security};
    ///
    /// let context = Context::new()?;
    /// let users = Domain::new().password("alice", "open sesame");
    /// let authenticator = Authenticator::new(&context, Rules::new().domain("home", users))?;
    /// tokio::spawn(authenticator.run());
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
    /// Socket::new(client)?.send("hello").await?;
    /// let hello = Socket::new(server)?.recv().await?;
    /// assert_eq!(hello.user_id()?, Some("alice"));
    /// # Ok(()) }
    /// ```
    #[track_caller]
    pub fn new(context: &Context, rules: Rules) -> Result<Self> {
        let rules = RulesHandle::new(rules)?;
        let service = Service::open(&context.shared, rules.clone(), Location::caller())?;
        let core = Core::new(service).map_err(Error::from)?;
        context.shared.end_in_background();
        Ok(Self { core, rules })
    }

    /// A handle by which its rules can be changed while it runs.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, with_tokio::Authenticator, zap::*};
    /// # let context = Context::new()?;
    /// let authenticator = Authenticator::new(&context, Rules::new())?;
    /// let rules = authenticator.rules();
    /// tokio::spawn(authenticator.run());
    /// rules.set(Rules::new().domain("home", Domain::new().allow("10.0.0.0/8")?))?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn rules(&self) -> RulesHandle {
        self.rules.clone()
    }

    /// Answers until the context is shut down. It holds the context: where the task does not end
    /// otherwise, abort it, or [shut down](crate::Context::shutdown) the context.
    ///
    /// # Cancel safety
    /// Dropping the future ends the authenticator. A peer that was about to be let in is not.
    ///
    /// # Errors
    /// [`Forked`](crate::ErrorKind::Forked), and [`WrongState`](crate::ErrorKind::WrongState) if the
    /// runtime that it was made in has ended. The authenticator has ended then; the error is logged,
    /// too.
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, with_tokio::Authenticator, zap::*};
    /// let context = Context::new()?;
    /// let task = tokio::spawn(Authenticator::new(&context, Rules::new())?.run());
    /// // ...
    /// context.shutdown()?;
    /// task.await??;
    /// # Ok(()) }
    /// ```
    pub async fn run(mut self) -> Result<()> {
        let error = loop {
            if let Err(error) = perform(&mut self.core, Recv(OneRequest)).await {
                break error;
            }
        };
        ended(Err(error))
    }
}

impl<R: Reactor> fmt::Debug for Authenticator<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator").finish_non_exhaustive()
    }
}
