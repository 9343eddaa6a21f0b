use std::fmt::{self, Debug};
use std::io;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

#[cfg(feature = "tokio")]
use crate::error::ErrorKind;
use crate::error::{Error, Result};
use crate::raw::{Errno, SignalFd};

pub(crate) mod sealed {
    pub trait Sealed {}
}

/// What tells an async socket of changes: [`Tokio`](crate::with_tokio::Tokio) or
/// [`AsyncIo`](crate::with_async_io::AsyncIo), each behind the feature of its name.
///
/// ```
/// # #[cfg(feature = "tokio")] {
/// use ferromq::asynchronous::{Reactor, Socket};
/// use ferromq::Rep;
///
/// async fn serve<R: Reactor>(rep: &mut Socket<Rep, R>) -> ferromq::Result<()> {
///     loop {
///         let request = rep.recv().await?;
///         rep.send(request).await?;
///     }
/// }
/// # }
/// ```
pub trait Reactor: sealed::Sealed + Debug + Sized + 'static {
    #[doc(hidden)]
    type Registration: Debug + Send + Sync;

    #[doc(hidden)]
    fn register(fd: SignalFd) -> Result<Self::Registration>;

    /// Ready if the descriptor has become readable since this was last ready.
    #[doc(hidden)]
    fn poll_call(registration: &Self::Registration, context: &mut Context<'_>) -> Poll<Result<()>>;

    /// Has the task polled again when others had their turn.
    #[doc(hidden)]
    fn let_others_run(context: &mut Context<'_>) {
        context.waker().wake_by_ref();
    }
}

pub(super) const REGISTER: &str = "make asynchronous";

/// There is no reactor here, or no longer.
#[cfg(feature = "tokio")]
pub(crate) fn unavailable(detail: &'static str) -> Error {
    Error::explained(ErrorKind::WrongState, 0, REGISTER, detail)
}

/// What the system says to the reactor.
pub(crate) fn refused(error: &io::Error) -> Error {
    Error::new(
        Errno(error.raw_os_error().unwrap_or(libc::EINVAL)),
        REGISTER,
    )
}

/// A socket or monitor that could not be made asynchronous, and why.
///
/// ```
/// # #[cfg(feature = "tokio")] {
/// # use ferromq::{Context, ErrorKind, PULL, with_tokio};
/// # fn main() -> ferromq::Result<()> {
/// let pull = Context::new()?.socket(PULL)?;
/// let error = with_tokio::Socket::new(pull).unwrap_err(); // not in a runtime of tokio
/// assert_eq!(error.error().kind(), ErrorKind::WrongState);
/// let pull = error.into_inner();
/// pull.bind("tcp://127.0.0.1:*")?;
/// # Ok(()) }
/// # main().unwrap()
/// # }
/// ```
pub struct RegisterError<T> {
    error: Error,
    // Only for the lock to make it `Sync`, as errors are expected to be.
    inner: Box<Mutex<T>>,
}

impl<T> RegisterError<T> {
    pub(super) fn new(error: Error, inner: T) -> Self {
        Self {
            error,
            inner: Box::new(Mutex::new(inner)),
        }
    }

    /// What went wrong.
    ///
    /// ```
    /// # #[cfg(feature = "tokio")] {
    /// # use ferromq::{Context, ErrorKind, PULL, with_tokio};
    /// # let pull = Context::new().unwrap().socket(PULL).unwrap();
    /// let error = with_tokio::Socket::new(pull).unwrap_err(); // not in a runtime of tokio
    /// assert_eq!(error.error().kind(), ErrorKind::WrongState);
    /// # }
    /// ```
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The socket or monitor, as it was.
    ///
    /// ```
    /// # #[cfg(feature = "tokio")] {
    /// # use ferromq::{Context, PULL, with_tokio};
    /// # let pull = Context::new().unwrap().socket(PULL).unwrap();
    /// let error = with_tokio::Socket::new(pull).unwrap_err(); // not in a runtime of tokio
    /// let pull = error.into_inner();
    /// assert_eq!(pull.try_recv().unwrap(), None);
    /// # }
    /// ```
    #[must_use]
    pub fn into_inner(self) -> T {
        self.inner
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Debug for RegisterError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.error, f)
    }
}

impl<T> fmt::Display for RegisterError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

impl<T> std::error::Error for RegisterError<T> {}

impl<T> From<RegisterError<T>> for Error {
    fn from(error: RegisterError<T>) -> Self {
        error.error
    }
}
