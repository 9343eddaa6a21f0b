use std::fmt;
use std::panic::resume_unwind;

use super::{End, Proxy, ProxyController, ProxyParts, ProxySocket};
use crate::error::{Error, Result};
use crate::raw::{Errno, Thread};
use crate::socket::Socket;

impl<F, B, C> Proxy<F, B, C>
where
    F: ProxySocket + Send + 'static,
    B: ProxySocket + Send + 'static,
    C: ProxySocket + Send + 'static,
{
    /// Runs in a thread of its own, which has the sockets until it is joined.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) as for [`run`](Proxy::run),
    /// [`TooManyOpen`](crate::ErrorKind::TooManyOpen) if the process has no descriptor left,
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock) if it can have no more threads.
    ///
    /// ```
    /// use ferromq::{Context, PULL, PUSH, Proxy};
    ///
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    /// let (frontend, backend) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// frontend.bind("inproc://in")?;
    /// backend.bind("inproc://out")?;
    /// let proxy = Proxy::new(frontend, backend).spawn()?;
    /// # push.connect("inproc://in")?;
    /// # pull.connect("inproc://out")?;
    /// push.send("hello")?;
    /// assert_eq!(pull.recv()?, "hello");
    /// drop(proxy); // ends it, waits for its thread, and closes its sockets
    /// # Ok(()) }
    /// ```
    pub fn spawn(mut self) -> Result<ProxyHandle<F, B, C>> {
        self.check()?;
        let controller = self.controller()?;
        let thread = Thread::start(c"ferromq-proxy", move || {
            Ok(match self.run_to_end()? {
                End::Ordered => Some(self.into_parts()),
                // The context cannot end before its sockets are closed.
                End::Context => None,
            })
        })
        .map_err(|errno| Error::new(errno, "start proxy thread"))?;
        Ok(ProxyHandle {
            controller,
            thread: Some(thread),
        })
    }
}

/// A [`Proxy`] that runs in a thread of its own. Dropping it ends the proxy and waits for the
/// thread.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let context = Context::new()?;
/// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
/// let proxy = Proxy::new(pull, push).spawn()?;
/// let controller = proxy.controller();
/// controller.pause()?;
/// drop(proxy); // ends it
/// # Ok(()) }
/// ```
pub struct ProxyHandle<F, B, C = Socket> {
    controller: ProxyController,
    thread: Option<Thread<Joined<F, B, C>>>,
}

type Joined<F, B, C> = Result<Option<ProxyParts<F, B, C>>>;

impl<F, B, C> ProxyHandle<F, B, C> {
    /// What steers the proxy.
    ///
    /// ```
    /// # use ferromq::{Context, PULL, PUSH, Proxy};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (frontend, backend) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let proxy = Proxy::new(frontend, backend).spawn()?;
    /// proxy.controller().pause()?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn controller(&self) -> &ProxyController {
        &self.controller
    }

    /// Waits until a controller ends the proxy or the context is shut down, and gives the sockets
    /// back; nothing after a shutdown, which they are closed for.
    ///
    /// # Errors
    /// What [`Proxy::run`] has failed with; the sockets are closed then.
    ///
    /// ```
    /// # use ferromq::{Context, PULL, PUSH, Proxy};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (frontend, backend) = (context.socket(PULL)?, context.socket(PUSH)?);
    /// let proxy = Proxy::new(frontend, backend).spawn()?;
    /// proxy.controller().terminate()?;
    /// let parts = proxy.join()?.expect("the context is still there");
    /// parts.frontend.bind("inproc://again")?;
    /// # Ok(()) }
    /// ```
    pub fn join(mut self) -> Result<Option<ProxyParts<F, B, C>>> {
        if self.controller.is_forked() {
            return Err(Error::new(Errno::FORKED, "join proxy"));
        }
        match self.thread.take().map(Thread::join) {
            Some(Ok(result)) => result,
            Some(Err(panic)) => resume_unwind(panic),
            None => Ok(None),
        }
    }
}

impl<F, B, C> Drop for ProxyHandle<F, B, C> {
    fn drop(&mut self) {
        let Some(thread) = self.thread.take() else {
            return;
        };
        // In a forked child there is no such thread.
        if self.controller.is_forked() {
            std::mem::forget(thread);
            return;
        }
        let _ = self.controller.terminate();
        match thread.join() {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => log::warn!("a proxy has ended early: {error}"),
            Err(_) => log::error!("the thread of a proxy has panicked"),
        }
    }
}

impl<F, B, C> fmt::Debug for ProxyHandle<F, B, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyHandle").finish_non_exhaustive()
    }
}
