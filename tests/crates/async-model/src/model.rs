//! A socket whose peer gives it commands through a mailbox, and the reactor that hears it call.

use std::task::{Context, Poll};

use loom::sync::Mutex;

use crate::Direction;
use crate::gate::{Gate, Port};

/// What the peer tells.
#[derive(Clone, Copy)]
pub enum Command {
    /// There is a message to receive.
    Message,
    /// There is room to send one.
    Room,
}

#[derive(Default)]
struct Mailbox {
    waiting: Vec<Command>,
    /// It was found empty: the next command calls.
    silent: bool,
    /// It has called, and was not looked into since.
    readable: bool,
}

/// Of epoll, edge-triggered, and a runtime over it.
#[derive(Default)]
struct Reactor {
    ready: bool,
    listened_to: bool,
}

#[derive(Default)]
struct Timer {
    set: bool,
    /// Nothing changes any more but by this timer.
    due: bool,
}

/// What libzmq knows of the socket, for one thread at a time.
#[derive(Default)]
struct State {
    messages: usize,
    room: usize,
}

/// Of what kind the socket is.
#[derive(Clone, Copy, Default)]
pub struct Kind {
    /// It counts as ready to send at all times, as a ROUTER does that reports what it cannot send.
    pub always_ready: bool,
    /// A send looks into the mailbox. In libzmq it does so once in a while.
    pub send_looks: bool,
}

#[derive(Default)]
pub struct World {
    kind: Kind,
    mailbox: Mutex<Mailbox>,
    reactor: Mutex<Reactor>,
    timer: Mutex<Timer>,
    /// Under the lock that the halves have.
    state: Mutex<State>,
    gate: Gate,
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            ..Self::default()
        }
    }

    /// The peer's thread gives a command, and later the reactor looks whether the descriptor is
    /// readable: by then the socket's thread may have seen to it.
    pub fn tell(&self, command: Command) {
        let mut mailbox = self.mailbox.lock().unwrap();
        mailbox.waiting.push(command);
        let calls = std::mem::take(&mut mailbox.silent);
        mailbox.readable |= calls;
        drop(mailbox);
        if calls && self.mailbox.lock().unwrap().readable {
            let mut reactor = self.reactor.lock().unwrap();
            reactor.ready = true;
            let listened_to = std::mem::take(&mut reactor.listened_to);
            drop(reactor);
            if listened_to {
                self.gate.open();
            }
        }
    }

    /// All is told: a timer that was set goes off.
    pub fn time_passes(&self) {
        let mut timer = self.timer.lock().unwrap();
        timer.due = true;
        if std::mem::take(&mut timer.set) {
            drop(timer);
            self.gate.open();
        }
    }

    fn look_into_mailbox(&self, state: &mut State) {
        let mut mailbox = self.mailbox.lock().unwrap();
        for command in mailbox.waiting.drain(..) {
            match command {
                Command::Message => state.messages += 1,
                Command::Room => state.room += 1,
            }
        }
        mailbox.silent = true;
        mailbox.readable = false;
    }

    fn attempt(&self, direction: Direction, state: &mut State) -> Option<()> {
        if direction == Direction::Send {
            if self.kind.send_looks {
                self.look_into_mailbox(state);
            }
            state.room = state.room.checked_sub(1)?;
        } else {
            if state.messages == 0 {
                self.look_into_mailbox(state);
            }
            state.messages = state.messages.checked_sub(1)?;
        }
        Some(())
    }

    /// A poll of an operation, as `Core::poll` makes it.
    pub fn poll(&self, direction: Direction, slept: &mut bool, context: &Context<'_>) -> Poll<()> {
        let mut state = self.state.lock().unwrap();
        if !*slept && self.attempt(direction, &mut state).is_some() {
            let port = At(self, std::cell::RefCell::new(&mut state));
            self.gate.pass_on(&port, direction.other());
            return Poll::Ready(());
        }
        let port = At(self, std::cell::RefCell::new(&mut state));
        let mut attempt = || self.attempt(direction, &mut port.1.borrow_mut());
        let result = self
            .gate
            .poll(&port, direction, *slept, context, &mut attempt);
        *slept = result.is_pending();
        result.map(|result| result.unwrap())
    }

    /// The future of an operation is dropped.
    pub fn give_up(&self, direction: Direction) {
        let _state = self.state.lock().unwrap();
        self.gate.leave(direction);
    }
}

/// The world as seen with the socket in hand.
struct At<'a, 'b>(&'a World, std::cell::RefCell<&'b mut State>);

impl Port for At<'_, '_> {
    type Error = std::convert::Infallible;

    fn events(&self) -> Result<[bool; 2], Self::Error> {
        let state = &mut self.1.borrow_mut();
        self.0.look_into_mailbox(state);
        let mut ready = [false; 2];
        ready[Direction::Send as usize] = state.room > 0 || self.0.kind.always_ready;
        ready[Direction::Recv as usize] = state.messages > 0;
        Ok(ready)
    }

    fn poll_call(&self) -> Poll<Result<(), Self::Error>> {
        let mut reactor = self.0.reactor.lock().unwrap();
        if std::mem::take(&mut reactor.ready) {
            return Poll::Ready(Ok(()));
        }
        reactor.listened_to = true;
        Poll::Pending
    }

    fn call_later(&self) {
        let mut timer = self.0.timer.lock().unwrap();
        timer.set = true;
        if timer.due {
            drop(timer);
            self.0.gate.open();
        }
    }
}
