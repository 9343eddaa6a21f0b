//! [`RulesHandle`].

use std::sync::{Arc, Mutex};
use std::{fmt, mem};

use super::OPERATION;
use super::rules::Rules;
use crate::context::lock;
use crate::error::{Error, Result};
use crate::raw::Generation;

/// The rules that an authenticator goes by, to change them while it runs in a task:
/// [`asynchronous::Authenticator::rules`](crate::asynchronous::Authenticator::rules). Its clones are
/// the same. It does not keep the authenticator.
#[derive(Clone)]
pub struct RulesHandle {
    pub(super) owner: Generation,
    rules: Arc<Mutex<Arc<Rules>>>,
}

impl RulesHandle {
    pub(crate) fn new(rules: Rules) -> Result<Self> {
        let owner = Generation::current().map_err(|errno| Error::new(errno, OPERATION))?;
        rules.refresh().map_err(|error| error.during(OPERATION))?;
        Ok(Self {
            owner,
            rules: Arc::new(Mutex::new(Arc::new(rules))),
        })
    }

    /// The rules at the moment.
    pub(super) fn current(&self) -> Arc<Rules> {
        Arc::clone(&lock(&self.rules))
    }

    /// The authenticator goes by these rules from now on, all at once. Peers that are connected stay.
    ///
    /// # Errors
    /// Those of a directory of certificates that cannot be read; the old rules stay then.
    /// [`Forked`](crate::ErrorKind::Forked).
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
    /// let users = Domain::new().password("alice", "open sesame");
    /// rules.set(Rules::new().domain("home", users))?;
    /// # Ok(()) }
    /// ```
    pub fn set(&self, rules: Rules) -> Result<()> {
        const OPERATION: &str = "set rules of authenticator";
        self.owner
            .check()
            .map_err(|errno| Error::new(errno, OPERATION))?;
        rules.refresh().map_err(|error| error.during(OPERATION))?;
        let old = mem::replace(&mut *lock(&self.rules), Arc::new(rules));
        // Not under the lock: what a check has captured may do anything when it is dropped.
        drop(old);
        Ok(())
    }
}

impl fmt::Debug for RulesHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RulesHandle").finish_non_exhaustive()
    }
}
