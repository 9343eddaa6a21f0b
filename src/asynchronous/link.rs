//! Ways to a [`Core`], and the future of an operation on it.

use std::ops::DerefMut;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use super::core::{Core, Operation};
use super::operation::SendMultipart;
use super::reactor::Reactor;
use crate::context::lock;
use crate::error::Error;
use crate::frame::SendError;
use crate::multipart::Multipart;
use crate::raw::{Errno, Generation, Owner};

pub(crate) trait Link {
    type Owner: Owner;
    type Reactor: Reactor;

    /// Fails in a forked child only.
    fn core(&mut self) -> Result<impl DerefMut<Target = Core<Self::Owner, Self::Reactor>>, Errno>;
}

impl<T: Owner, R: Reactor> Link for Core<T, R> {
    type Owner = T;
    type Reactor = R;

    #[inline]
    fn core(&mut self) -> Result<impl DerefMut<Target = Self>, Errno> {
        Ok(self)
    }
}

/// One of two ways to the same core.
pub(crate) struct Shared<T, R: Reactor> {
    core: Arc<Mutex<Core<T, R>>>,
    owner: Generation,
}

impl<T: Owner, R: Reactor> Shared<T, R> {
    pub(super) fn pair(core: Core<T, R>) -> [Self; 2] {
        let owner = core.generation();
        let core = Arc::new(Mutex::new(core));
        let other = Arc::clone(&core);
        [core, other].map(|core| Self { core, owner })
    }

    /// The core, if both are ways to the same one.
    pub(super) fn join(self, other: Self) -> Result<Core<T, R>, (Self, Self)> {
        if !Arc::ptr_eq(&self.core, &other.core) {
            return Err((self, other));
        }
        let owner = self.owner;
        drop(other);
        Arc::try_unwrap(self.core)
            .map(|core| core.into_inner().unwrap_or_else(PoisonError::into_inner))
            .map_err(|core| {
                let other = Arc::clone(&core);
                (Self { core, owner }, Self { core: other, owner })
            })
    }
}

impl<T: Owner, R: Reactor> Link for Shared<T, R> {
    type Owner = T;
    type Reactor = R;

    #[inline]
    fn core(&mut self) -> Result<impl DerefMut<Target = Core<T, R>>, Errno> {
        // In a forked child a thread that the fork left behind may hold the lock for ever.
        self.owner.check()?;
        Ok(lock(&self.core))
    }
}

/// Does `operation` when its time has come. Until then it can be given up by dropping the future.
#[inline]
pub(super) fn perform<L: Link, O: Operation<L::Owner>>(
    link: &mut L,
    operation: O,
) -> Performance<'_, L, O> {
    Performance {
        link,
        operation: Some(operation),
        sleeps: false,
    }
}

pub(super) struct Performance<'a, L: Link, O: Operation<L::Owner>> {
    link: &'a mut L,
    operation: Option<O>,
    sleeps: bool,
}

impl<L: Link, O: Operation<L::Owner>> Unpin for Performance<'_, L, O> {}

impl<L: Link, O: Operation<L::Owner>> Future for Performance<'_, L, O> {
    type Output = O::Output;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<O::Output> {
        let this = &mut *self;
        let result = poll(this.link, &mut this.operation, context);
        this.sleeps = result.is_pending();
        result
    }
}

impl<L: Link, O: Operation<L::Owner>> Drop for Performance<'_, L, O> {
    #[inline]
    fn drop(&mut self) {
        if self.sleeps {
            self.give_up();
        }
    }
}

impl<L: Link, O: Operation<L::Owner>> Performance<'_, L, O> {
    // Out of line, so that the drop of one that does not sleep is in line.
    #[cold]
    #[inline(never)]
    fn give_up(&mut self) {
        if let Ok(mut core) = self.link.core() {
            core.leave(O::DIRECTION);
        }
    }
}

/// As [`perform`], after what is `unsent`.
#[inline]
pub(super) fn perform_next<'a, L, O>(
    link: &'a mut L,
    unsent: &'a mut Option<SendMultipart>,
    operation: O,
) -> Next<'a, L, O>
where
    L: Link,
    O: Operation<L::Owner>,
{
    let performance = perform(link, operation);
    Next {
        performance,
        unsent,
    }
}

pub(super) struct Next<'a, L: Link, O: Operation<L::Owner>> {
    performance: Performance<'a, L, O>,
    unsent: &'a mut Option<SendMultipart>,
}

impl<L, O> Future for Next<'_, L, O>
where
    L: Link,
    O: Operation<L::Owner>,
    SendMultipart: Operation<L::Owner, Output = Sent>,
{
    type Output = O::Output;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<O::Output> {
        let Self {
            performance,
            unsent,
        } = &mut *self;
        if unsent.is_some() {
            let flushed = flush(performance.link, unsent, context);
            performance.sleeps = flushed.is_pending();
            if let Err(error) = ready!(flushed) {
                return match performance.operation.take() {
                    Some(operation) => Poll::Ready(operation.failed(error)),
                    None => Poll::Pending,
                };
            }
        }
        Pin::new(performance).poll(context)
    }
}

type Sent = Result<(), SendError<Multipart>>;

/// Sends what is unsent. A failure keeps it.
#[cold]
pub(super) fn flush<L: Link>(
    link: &mut L,
    unsent: &mut Option<SendMultipart>,
    context: &mut Context<'_>,
) -> Poll<Result<(), Error>>
where
    SendMultipart: Operation<L::Owner, Output = Sent>,
{
    if unsent.is_none() {
        return Poll::Ready(Ok(()));
    }
    let sent = ready!(poll(link, unsent, context));
    Poll::Ready(keep(unsent, sent))
}

/// Whether nothing is unsent, after a try.
pub(super) fn try_flush<L: Link>(
    link: &mut L,
    unsent: &mut Option<SendMultipart>,
) -> Result<bool, Error>
where
    SendMultipart: Operation<L::Owner, Output = Sent>,
{
    let Some(operation) = unsent.take() else {
        return Ok(true);
    };
    match attempt(link, operation) {
        Ok(sent) => keep(unsent, sent).map(|()| true),
        Err(again) => {
            *unsent = Some(again);
            Ok(false)
        }
    }
}

fn keep(unsent: &mut Option<SendMultipart>, sent: Sent) -> Result<(), Error> {
    sent.map_err(|error| {
        let (error, frames) = error.into_parts();
        *unsent = Some(SendMultipart(frames));
        error
    })
}

#[inline]
pub(super) fn poll<L: Link, O: Operation<L::Owner>>(
    link: &mut L,
    operation: &mut Option<O>,
    context: &mut Context<'_>,
) -> Poll<O::Output> {
    match link.core() {
        Ok(mut core) => core.poll(operation, context),
        Err(errno) => match operation.take() {
            Some(operation) => Poll::Ready(operation.failed(Error::new(errno, ""))),
            None => Poll::Pending,
        },
    }
}

/// Tries once; an operation that would have to wait comes back.
pub(super) fn attempt<L: Link, O: Operation<L::Owner>>(
    link: &mut L,
    operation: O,
) -> Result<O::Output, O> {
    match link.core() {
        Ok(mut core) => core.attempt(operation),
        Err(errno) => Ok(operation.failed(Error::new(errno, ""))),
    }
}
