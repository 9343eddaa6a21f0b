//! The steps of a wait: when to try, when to sleep, and whom to wake.
//!
//! libzmq tells a socket of all that happens by commands in a mailbox. Its descriptor calls when a
//! command comes into a mailbox that was found empty, and not again before it was emptied: a call
//! is an edge, and whatever empties the mailbox, on behalf of one direction, swallows the call
//! that the other direction waits for. So there are three rules.
//!
//! - Nobody sleeps before a try that failed *after* the mailbox was emptied. A receive that fails
//!   has emptied it; a send may have not, so the events are read, which does, and if they say that
//!   it can be done now it is tried again.
//! - Whoever has used the socket while the other direction sleeps reads the events, and wakes it
//!   if they are what it waits for.
//! - A call wakes both.
//!
//! `tests/crates/async-model` runs this file under loom, with a model of the mailbox.

use std::task::{Context, Poll, Waker};

use super::Direction;
use super::sync::{AtomicU8, Mutex, MutexGuard, Ordering};

/// A socket, and what hears its descriptor call.
pub(crate) trait Port {
    type Error;

    /// Empties the mailbox, and says for each direction whether the socket is ready.
    fn events(&self) -> Result<[bool; 2], Self::Error>;

    /// Ready if the descriptor has called since this was last ready; else the [`Gate`] is to be
    /// opened by the next call.
    fn poll_call(&self) -> Poll<Result<(), Self::Error>>;

    /// Opens the gate after a while.
    fn call_later(&self);
}

/// Those who wait for a socket: one for each direction.
pub(crate) struct Gate {
    /// A bit for each waker.
    waiting: AtomicU8,
    wakers: Mutex<[Option<Waker>; 2]>,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self {
            waiting: AtomicU8::new(0),
            wakers: Mutex::new([None, None]),
        }
    }

    /// After a first try that failed, and again after a sleep: makes tries until one succeeds, or
    /// there is nothing to do but sleep. `slept` is whether this is not the first call.
    #[cold]
    pub(crate) fn poll<P: Port, T>(
        &self,
        port: &P,
        direction: Direction,
        slept: bool,
        context: &Context<'_>,
        attempt: &mut dyn FnMut() -> Option<T>,
    ) -> Poll<Result<T, P::Error>> {
        let result = self.poll_waiting(port, direction, slept, context, attempt);
        if result.is_ready() {
            self.leave(direction);
            self.pass_on(port, direction.other());
        }
        result
    }

    fn poll_waiting<P: Port, T>(
        &self,
        port: &P,
        direction: Direction,
        slept: bool,
        context: &Context<'_>,
        attempt: &mut dyn FnMut() -> Option<T>,
    ) -> Poll<Result<T, P::Error>> {
        // Before the descriptor is asked, for it may call from then on.
        self.enter(direction, context.waker());
        let mut listening = false;
        if slept {
            // What has woken this task is used up first: less is tried in vain later.
            listening = port.poll_call()?.is_pending();
            if let Some(value) = attempt() {
                return Poll::Ready(Ok(value));
            }
        }
        loop {
            if let Some(value) = self.settle(port, direction, attempt)? {
                return Poll::Ready(Ok(value));
            }
            if listening || port.poll_call()?.is_pending() {
                return Poll::Pending;
            }
            if let Some(value) = attempt() {
                return Poll::Ready(Ok(value));
            }
        }
    }

    /// After a try that failed: sees to it that nothing has come in between.
    fn settle<P: Port, T>(
        &self,
        port: &P,
        direction: Direction,
        attempt: &mut dyn FnMut() -> Option<T>,
    ) -> Result<Option<T>, P::Error> {
        let other = direction.other();
        if direction == Direction::Recv && !self.waits(other) {
            return Ok(None);
        }
        let ready = port.events()?;
        if ready[other as usize] {
            self.wake(other);
        }
        if !ready[direction as usize] {
            return Ok(None);
        }
        let value = attempt();
        if value.is_none() && self.waits(other) {
            // Some kinds count as ready to send and yet refuse. The last try may have swallowed
            // the call for the other direction, and reading the events may swallow this one's.
            port.call_later();
        }
        Ok(value)
    }

    /// To be called when the socket was used: wakes who waits for `direction`, if it is ready.
    #[inline]
    pub(crate) fn pass_on<P: Port>(&self, port: &P, direction: Direction) {
        if self.waits(direction) {
            self.pass_on_now(port, direction);
        }
    }

    #[cold]
    fn pass_on_now<P: Port>(&self, port: &P, direction: Direction) {
        match port.events() {
            Ok(ready) if !ready[direction as usize] => {}
            // Who waits finds the error out.
            _ => self.wake(direction),
        }
    }

    #[inline]
    pub(crate) fn waits(&self, direction: Direction) -> bool {
        self.waiting.load(Ordering::Relaxed) & direction.bit() != 0
    }

    pub(crate) fn enter(&self, direction: Direction, waker: &Waker) {
        // Wakers are code of others': none of it runs under the lock.
        let waker = waker.clone();
        let mut wakers = self.lock();
        let replaced = wakers[direction as usize].replace(waker);
        self.waiting.fetch_or(direction.bit(), Ordering::Relaxed);
        drop(wakers);
        drop(replaced);
    }

    fn take(&self, direction: Direction) -> Option<Waker> {
        let mut wakers = self.lock();
        self.waiting.fetch_and(!direction.bit(), Ordering::Relaxed);
        wakers[direction as usize].take()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, [Option<Waker>; 2]> {
        self.wakers
            .lock()
            .unwrap_or_else(|error| error.into_inner())
    }

    /// Nobody waits for `direction` any more.
    pub(crate) fn leave(&self, direction: Direction) {
        drop(self.take(direction));
    }

    fn wake(&self, direction: Direction) {
        if let Some(waker) = self.take(direction) {
            waker.wake();
        }
    }

    /// Wakes both directions.
    pub(crate) fn open(&self) {
        self.wake(Direction::Send);
        self.wake(Direction::Recv);
    }
}

impl Direction {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Send => Self::Recv,
            Self::Recv => Self::Send,
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}
