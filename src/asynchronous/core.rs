//! [`Core`]: a socket, its gate, and its turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker, ready};
use std::thread;
use std::time::{Duration, Instant};

use super::Direction;
use super::gate::{Gate, Port};
use super::reactor::{REGISTER, Reactor, RegisterError};
use crate::error::Error;
use crate::option::Events;
use crate::raw::{self, Errno, Generation, Owner, Signalled};

/// After so many operations that needed no wait the clock is looked at.
const TURNS: u32 = 64;

/// For how long a task goes on without a wait, before it lets others run. To do that wakes a thread in
/// most runtimes, and costs as much as dozens of messages.
const SLICE: Duration = Duration::from_micros(50);

/// After what time a socket is tried again that nothing may tell of.
const LATER: Duration = Duration::from_millis(5);

/// A verb: something to be tried until it works.
pub(crate) trait Operation<T>: Sized {
    const DIRECTION: Direction;
    type Output;

    /// A try that does not wait; if it would have to, what is left to be tried again.
    fn attempt(self, owner: &T) -> Result<Self::Output, Self>;

    /// The output for an error that no try has met; names what was attempted.
    fn failed(self, error: Error) -> Self::Output;
}

/// `T` has the socket.
pub(crate) struct Core<T, R: Reactor> {
    signalled: Signalled<T, R::Registration>,
    opener: Arc<Opener>,
    /// The opener.
    waker: Waker,
    /// For each direction: whether its operation sleeps.
    waits: [bool; 2],
    /// Operations since the clock was looked at.
    turns: u32,
    /// When the clock was first looked at since others last ran.
    began: Option<Instant>,
}

impl<T: Owner, R: Reactor> Core<T, R> {
    pub(super) fn new(owner: T) -> Result<Self, RegisterError<T>> {
        let signalled = Signalled::new(owner, REGISTER, R::register)
            .map_err(|(error, owner)| RegisterError::new(error, owner))?;
        let opener = Arc::new(Opener {
            gate: Gate::new(),
            later: AtomicBool::new(false),
        });
        Ok(Self {
            signalled,
            waker: Waker::from(Arc::clone(&opener)),
            opener,
            waits: [false; 2],
            turns: 0,
            began: None,
        })
    }

    #[inline]
    pub(super) fn owner(&self) -> &T {
        self.signalled.owner()
    }

    pub(super) fn into_owner(self) -> T {
        self.signalled.into_owner()
    }

    pub(super) fn generation(&self) -> Generation {
        self.signalled.generation()
    }

    /// `operation` is taken when it is done.
    #[inline]
    pub(super) fn poll<O: Operation<T>>(
        &mut self,
        operation: &mut Option<O>,
        context: &mut Context<'_>,
    ) -> Poll<O::Output> {
        let at = O::DIRECTION as usize;
        if !self.waits[at] {
            ready!(self.poll_turn(context));
            match operation
                .take()
                .map(|operation| operation.attempt(self.owner()))
            {
                Some(Ok(output)) => {
                    self.turns += 1;
                    if self.opener.gate.waits(O::DIRECTION.other()) {
                        self.touched();
                    }
                    return Poll::Ready(output);
                }
                Some(Err(again)) => *operation = Some(again),
                None => return Poll::Pending,
            }
        }
        self.poll_slowly(operation, context)
    }

    #[cold]
    #[inline(never)]
    fn poll_slowly<O: Operation<T>>(
        &mut self,
        operation: &mut Option<O>,
        context: &mut Context<'_>,
    ) -> Poll<O::Output> {
        let slept = self.waits[O::DIRECTION as usize];
        let owner = self.owner();
        let mut attempt = || match operation.take()?.attempt(owner) {
            Ok(output) => Some(output),
            Err(again) => {
                *operation = Some(again);
                None
            }
        };
        // The gate of a forked child may be locked for ever, by a thread that the fork left behind.
        if !self.generation().is_current() {
            return attempt().map_or(Poll::Pending, Poll::Ready);
        }
        let (gate, port) = (&self.opener.gate, self.port());
        let result = gate.poll(&port, O::DIRECTION, slept, context, &mut attempt);
        self.waits[O::DIRECTION as usize] = result.is_pending();
        if result.is_pending() {
            self.turns = 0;
            self.began = None;
        } else {
            self.turns += 1;
        }
        match result {
            Poll::Ready(Ok(output)) => Poll::Ready(output),
            Poll::Ready(Err(error)) => match operation.take() {
                Some(operation) => Poll::Ready(operation.failed(error)),
                None => Poll::Pending,
            },
            Poll::Pending => Poll::Pending,
        }
    }

    /// Tries once.
    pub(super) fn attempt<O: Operation<T>>(&mut self, operation: O) -> Result<O::Output, O> {
        self.turns = self.turns.saturating_add(1);
        let result = operation.attempt(self.owner());
        self.touched();
        result
    }

    /// Not ready when it is the turn of other tasks.
    #[inline]
    pub(super) fn poll_turn(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.turns < TURNS {
            return Poll::Ready(());
        }
        self.poll_slice(context)
    }

    #[cold]
    #[inline(never)]
    fn poll_slice(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.turns = 0;
        let now = Instant::now();
        if now - *self.began.get_or_insert(now) < SLICE {
            return Poll::Ready(());
        }
        self.began = None;
        R::let_others_run(context);
        Poll::Pending
    }

    /// Ready if the descriptor has called since it was last asked; else the task of `context` is
    /// woken by the next call, as if it waited to receive.
    pub(super) fn poll_call(&mut self, context: &Context<'_>) -> Poll<Result<(), Error>> {
        self.waits[Direction::Recv as usize] = true;
        self.opener.gate.enter(Direction::Recv, context.waker());
        self.port().poll_call()
    }

    pub(super) fn call_later(&self) {
        self.port().call_later();
    }

    fn port(&self) -> Registered<'_, T, R> {
        Registered {
            signalled: &self.signalled,
            opener: &self.opener,
            waker: &self.waker,
        }
    }

    /// Gives up the wait of an operation.
    pub(super) fn leave(&mut self, direction: Direction) {
        let waits = std::mem::take(&mut self.waits[direction as usize]);
        if waits && self.generation().is_current() {
            self.opener.gate.leave(direction);
        }
    }

    /// To be called after other use of the socket.
    pub(super) fn touched(&self) {
        if self.generation().is_current() {
            let port = self.port();
            self.opener.gate.pass_on(&port, Direction::Send);
            self.opener.gate.pass_on(&port, Direction::Recv);
        }
    }
}

/// As a waker it opens the gate.
struct Opener {
    gate: Gate,
    /// Whether a thread is about to open it.
    later: AtomicBool,
}

impl Wake for Opener {
    fn wake(self: Arc<Self>) {
        self.gate.open();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.gate.open();
    }
}

struct Registered<'a, T, R: Reactor> {
    signalled: &'a Signalled<T, R::Registration>,
    opener: &'a Arc<Opener>,
    waker: &'a Waker,
}

impl<T: Owner, R: Reactor> Port for Registered<'_, T, R> {
    type Error = Error;

    fn events(&self) -> Result<[bool; 2], Error> {
        let mut ready = [false; 2];
        match self.signalled.owner().socket().events() {
            Ok(events) => {
                ready[Direction::Send as usize] = events.contains(Events::SEND);
                ready[Direction::Recv as usize] = events.contains(Events::RECV);
            }
            // Nobody is to be woken: a thread that the fork left behind may hold the gate's lock.
            Err(Errno::FORKED) => {}
            Err(errno) => return Err(Error::new(errno, "read events")),
        }
        Ok(ready)
    }

    fn poll_call(&self) -> Poll<Result<(), Error>> {
        let registration = self.signalled.registration();
        ready!(R::poll_call(
            registration,
            &mut Context::from_waker(self.waker)
        ))?;
        self.signalled.silence();
        Poll::Ready(Ok(()))
    }

    fn call_later(&self) {
        if self.opener.later.swap(true, Ordering::Relaxed) {
            return;
        }
        let opener = Arc::clone(self.opener);
        let started = raw::in_background(move || {
            thread::sleep(LATER);
            opener.later.store(false, Ordering::Relaxed);
            opener.gate.open();
        });
        if started.is_err() {
            self.opener.later.store(false, Ordering::Relaxed);
            self.opener.gate.open();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asynchronous::operation::{OneFrame, Recv};
    use crate::asynchronous::reactor::sealed::Sealed;
    use crate::error::{ErrorKind, Result};
    use crate::raw::SignalFd;
    use crate::{PULL, Pull, Socket};

    /// Never calls.
    #[derive(Debug)]
    struct Silent;

    impl Sealed for Silent {}

    impl Reactor for Silent {
        type Registration = SignalFd;

        fn register(fd: SignalFd) -> Result<SignalFd> {
            Ok(fd)
        }

        fn poll_call(_: &SignalFd, _: &mut Context<'_>) -> Poll<Result<()>> {
            Poll::Pending
        }
    }

    #[test]
    fn a_wait_goes_on_in_a_child_forked_while_another_thread_opened_the_gate() {
        let context = crate::Context::new().unwrap();
        let mut core: Core<Socket<Pull>, Silent> =
            Core::new(context.socket(PULL).unwrap()).unwrap();
        let mut receive = Some(Recv(OneFrame));
        let mut sleeper = Context::from_waker(Waker::noop());
        assert!(core.poll(&mut receive, &mut sleeper).is_pending());
        let opener = Arc::clone(&core.opener);
        let open = opener.gate.lock();
        let refused = raw::true_in_child(|| match core.poll(&mut receive, &mut sleeper) {
            Poll::Ready(Err(error)) => error.kind() == ErrorKind::Forked,
            _ => false,
        });
        drop(open);
        assert!(refused);
    }
}
