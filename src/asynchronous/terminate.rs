use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use crate::context::{Context, TerminateError, lock};
use crate::raw;

impl Context {
    /// As [`terminate`](Context::terminate), waited for by a thread of its own, in any executor.
    ///
    /// # Cancel safety
    /// The end goes on in the background when the future is dropped; it may be waited for again.
    ///
    /// # Errors
    /// As [`terminate`](Context::terminate).
    ///
    /// ```
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ferromq::{Context, PUSH, with_tokio::Socket};
    /// # use std::time::Duration;
    /// let context = Context::new()?;
    /// let mut push = Socket::new(context.socket(PUSH)?)?;
    /// // ...
    /// drop(push);
    /// context.terminate_async(Duration::from_secs(10)).await?; // what lingers is delivered
    /// # Ok(()) }
    /// ```
    pub async fn terminate_async(&self, deadline: Duration) -> Result<(), TerminateError> {
        let outcome = Arc::new(Mutex::new(Outcome::default()));
        let (context, told) = (self.clone(), Arc::clone(&outcome));
        let started = raw::in_background(move || {
            let result = context.terminate(deadline);
            // Before the result is told, so that nobody sees the context last longer.
            drop(context);
            let mut outcome = lock(&told);
            outcome.result = Some(result);
            let waker = outcome.waker.take();
            drop(outcome);
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        started.map_err(TerminateError::new)?;
        poll_fn(|context| {
            let mut outcome = lock(&outcome);
            match outcome.result.take() {
                Some(result) => Poll::Ready(result),
                None => {
                    outcome.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

#[derive(Default)]
struct Outcome {
    result: Option<Result<(), TerminateError>>,
    waker: Option<Waker>,
}
