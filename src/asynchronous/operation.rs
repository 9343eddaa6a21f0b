//! The verbs, as tries that do not wait.
//!
//! Those of one frame are in line whatever the compiler thinks of it: as calls they have cost 30 to 50
//! instructions a message more.

use super::Direction;
use super::core::Operation;
use crate::error::Error;
use crate::frame::{Buffer, Frame, SendError};
use crate::kind::Kind;
use crate::message::Message;
use crate::monitor::{Monitor, MonitorEvent};
use crate::multipart::Multipart;
use crate::option::Events;
use crate::raw::{Errno, Wait};
use crate::socket::{Socket, no_frames};
use crate::zap::Service;

/// Receives one frame into a buffer.
pub(super) struct RecvInto<'a, B: ?Sized>(pub(super) &'a mut B);

impl<K: Kind, B: Buffer + ?Sized> Operation<Socket<K>> for RecvInto<'_, B> {
    const DIRECTION: Direction = Direction::Recv;
    type Output = Result<B::Received, Error>;

    #[inline(always)]
    fn attempt(self, socket: &Socket<K>) -> Result<Self::Output, Self> {
        match self.0.recv_on(socket.raw(), Wait::No) {
            Ok(received) => Ok(Ok(received)),
            Err(Errno::AGAIN) => Err(self),
            Err(errno) => Ok(Err(socket.recv_error(errno))),
        }
    }

    fn failed(self, error: Error) -> Self::Output {
        Err(error.during("receive"))
    }
}

/// Receives the frames that are there, at least one and up to a limit.
pub(super) struct RecvMany<'a>(pub(super) &'a mut Vec<Message>, pub(super) usize);

impl<K: Kind> Operation<Socket<K>> for RecvMany<'_> {
    const DIRECTION: Direction = Direction::Recv;
    type Output = Result<usize, Error>;

    fn attempt(self, socket: &Socket<K>) -> Result<Self::Output, Self> {
        match socket.recv_many_within(self.0, self.1, Wait::No) {
            Ok(0) if self.1 > 0 => Err(self),
            result => Ok(result),
        }
    }

    fn failed(self, error: Error) -> Self::Output {
        Err(error.during("receive"))
    }
}

/// Something that can be taken, if it is there.
pub(super) trait Take<T> {
    type Taken;

    fn take(owner: &T) -> Option<Result<Self::Taken, Error>>;
}

/// Takes something as soon as it is there.
pub(super) struct Recv<W>(pub(super) W);

impl<T, W: Take<T>> Operation<T> for Recv<W> {
    const DIRECTION: Direction = Direction::Recv;
    type Output = Result<W::Taken, Error>;

    #[inline(always)]
    fn attempt(self, owner: &T) -> Result<Self::Output, Self> {
        W::take(owner).ok_or(self)
    }

    fn failed(self, error: Error) -> Self::Output {
        Err(error.during("receive"))
    }
}

/// One frame.
pub(super) struct OneFrame;

impl<K: Kind> Take<Socket<K>> for OneFrame {
    type Taken = Message;

    #[inline]
    fn take(socket: &Socket<K>) -> Option<Result<Message, Error>> {
        socket.recv_within(Wait::No).transpose()
    }
}

/// All the frames of one message.
pub(super) struct AllFrames;

impl<K: Kind> Take<Socket<K>> for AllFrames {
    type Taken = Multipart;

    #[inline]
    fn take(socket: &Socket<K>) -> Option<Result<Multipart, Error>> {
        let first = socket.recv_within(Wait::No).transpose()?;
        Some(first.and_then(|first| socket.recv_rest(first)))
    }
}

/// Nothing: only to know that there is something.
pub(super) struct Nothing;

impl<K: Kind> Take<Socket<K>> for Nothing {
    type Taken = ();

    fn take(socket: &Socket<K>) -> Option<Result<(), Error>> {
        ready(socket, Events::RECV)
    }
}

/// The next event, or the end.
pub(super) struct OneEvent;

impl Take<Monitor> for OneEvent {
    type Taken = Option<MonitorEvent>;

    fn take(monitor: &Monitor) -> Option<Result<Option<MonitorEvent>, Error>> {
        match monitor.try_recv() {
            Ok(None) if !monitor.has_ended() => None,
            result => Some(result),
        }
    }
}

/// A request for an authenticator, answered.
pub(super) struct OneRequest;

impl Take<Service> for OneRequest {
    type Taken = ();

    fn take(service: &Service) -> Option<Result<(), Error>> {
        service.answer_one().transpose()
    }
}

/// Sends one frame.
pub(super) enum Send<F: Frame> {
    First(F),
    Again(F::Kept),
}

impl<K: Kind, F: Frame> Operation<Socket<K>> for Send<F> {
    const DIRECTION: Direction = Direction::Send;
    type Output = Result<(), SendError<F::Back>>;

    #[inline(always)]
    fn attempt(self, socket: &Socket<K>) -> Result<Self::Output, Self> {
        let result = match self {
            Self::First(frame) => socket.send_frame(frame, Wait::No),
            Self::Again(kept) => socket.send_frame(kept, Wait::No),
        };
        match result {
            Ok(()) => Ok(Ok(())),
            Err((Errno::AGAIN, kept)) => Err(Self::Again(kept)),
            Err((errno, kept)) => Ok(Err(socket.send_error(errno, F::give_back(kept)))),
        }
    }

    fn failed(self, error: Error) -> Self::Output {
        Err(SendError::new(error.during("send"), self.give_back()))
    }
}

impl<F: Frame> Send<F> {
    pub(super) fn give_back(self) -> F::Back {
        F::give_back(match self {
            Self::First(frame) => frame.keep(),
            Self::Again(kept) => kept,
        })
    }
}

/// Sends one message.
pub(super) struct SendMultipart(pub(super) Multipart);

impl<K: Kind> Operation<Socket<K>> for SendMultipart {
    const DIRECTION: Direction = Direction::Send;
    type Output = Result<(), SendError<Multipart>>;

    fn attempt(mut self, socket: &Socket<K>) -> Result<Self::Output, Self> {
        if self.0.is_empty() {
            return Ok(Err(no_frames(self.0)));
        }
        match socket.send_whole(&mut self.0, Wait::No) {
            Ok(()) => Ok(Ok(())),
            Err(Errno::AGAIN) => Err(self),
            Err(errno) => Ok(Err(socket.send_error(errno, self.0))),
        }
    }

    fn failed(self, error: Error) -> Self::Output {
        Err(SendError::new(error.during("send"), self.0))
    }
}

/// Waits until a send would not wait.
pub(super) struct SendReady;

impl<K: Kind> Operation<Socket<K>> for SendReady {
    const DIRECTION: Direction = Direction::Send;
    type Output = Result<(), Error>;

    fn attempt(self, socket: &Socket<K>) -> Result<Self::Output, Self> {
        ready(socket, Events::SEND).ok_or(self)
    }

    fn failed(self, error: Error) -> Self::Output {
        Err(error.during("wait to send"))
    }
}

fn ready<K: Kind>(socket: &Socket<K>, wanted: Events) -> Option<Result<(), Error>> {
    match socket.events() {
        Ok(events) if events.contains(wanted) => Some(Ok(())),
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    }
}
