//! One direction of a proxy.

use super::side::{AsSide, Side};
use super::statistics::{ProxyStatistics, SideStatistics, Traffic};
use crate::error::{Error, Result};
use crate::message::Message;
use crate::multipart::Multipart;
use crate::option::Events;
use crate::raw::Errno;

/// The sockets of a proxy by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    Frontend,
    Backend,
    Capture,
}

#[derive(Clone, Copy)]
pub(crate) struct Sockets<'a> {
    frontend: &'a dyn Side,
    backend: &'a dyn Side,
    pub(super) capture: Option<&'a dyn Side>,
}

impl<'a> Sockets<'a> {
    pub(crate) fn of(
        frontend: &'a impl AsSide,
        backend: &'a impl AsSide,
        capture: &'a Option<impl AsSide>,
    ) -> Self {
        Self {
            frontend: frontend.side(),
            backend: backend.side(),
            capture: capture.as_ref().map(AsSide::side),
        }
    }

    /// Refuses kinds that a proxy has no use for.
    pub(crate) fn check(self, lanes: &[Lane; 2]) -> Result<()> {
        let invalid = |detail| Err(Error::invalid("run proxy", detail));
        // The locks of its controller may be held for ever by threads that the fork left behind.
        if self.frontend.is_forked() || self.backend.is_forked() {
            return Err(Error::new(Errno::FORKED, "run proxy"));
        }
        if lanes.iter().all(|lane| lane.need.is_none()) {
            let (frontend, backend) = (self.frontend.kind(), self.backend.kind());
            return invalid(format!(
                "a {frontend} and a {backend} have no messages for each other"
            ));
        }
        match self.capture.map(Side::kind) {
            Some(kind) if !kind.has("CanSend") => {
                invalid(format!("a {kind} socket cannot send, and so not capture"))
            }
            _ => Ok(()),
        }
    }

    /// The frontend or the backend.
    fn at(self, seat: Seat) -> &'a dyn Side {
        match seat {
            Seat::Frontend => self.frontend,
            _ => self.backend,
        }
    }

    pub(crate) fn seated(self) -> impl Iterator<Item = (Seat, &'a dyn Side)> {
        let capture = self.capture.map(|capture| (Seat::Capture, capture));
        [
            (Seat::Frontend, self.frontend),
            (Seat::Backend, self.backend),
        ]
        .into_iter()
        .chain(capture)
    }
}

/// What a lane waits for: to receive, to send on, or to capture.
type Need = (Seat, Events);

/// One direction: what has passed, and at most one message on its way.
#[derive(Debug)]
pub(crate) struct Lane {
    from: Seat,
    to: Seat,
    /// How many messages may pass before others get their turn.
    burst: usize,
    /// Nothing if the kinds of the sockets have nothing for each other this way.
    need: Option<Need>,
    /// Whether the socket of the need could not send although it counts as ready: a ROUTER that
    /// reports what it cannot send and an XPUB that must not drop do so, and there is nothing
    /// better than to try again a little later.
    stalled: bool,
    /// The first frame of a captured message.
    label: Option<&'static [u8]>,
    /// The message that was received and is not yet done with; else empty.
    frames: Vec<Message>,
    bytes: u64,
    /// Whether it was sent on, and is here only to be captured.
    forwarded: bool,
    /// Used while a message is sent that is also captured; else empty.
    copies: Vec<Message>,
    received: Traffic,
    sent: Traffic,
}

impl Lane {
    /// The lanes to the backend and to the frontend.
    pub(crate) fn pair(frontend: &dyn Side, backend: &dyn Side, burst: usize) -> [Self; 2] {
        let (front, back) = ((Seat::Frontend, frontend), (Seat::Backend, backend));
        [Self::new(front, back, burst), Self::new(back, front, burst)]
    }

    fn new(
        (from, source): (Seat, &dyn Side),
        (to, target): (Seat, &dyn Side),
        burst: usize,
    ) -> Self {
        let any = source.kind().has("CanRecv") && target.kind().has("CanSend");
        Self {
            from,
            to,
            burst,
            need: any.then_some((from, Events::RECV)),
            stalled: false,
            label: None,
            frames: Vec::new(),
            bytes: 0,
            forwarded: false,
            copies: Vec::new(),
            received: Traffic::default(),
            sent: Traffic::default(),
        }
    }

    pub(super) fn set_label(&mut self, label: &'static [u8]) {
        self.label = Some(label);
    }

    pub(crate) fn is_stalled(&self) -> bool {
        self.stalled
    }

    /// What to wait for on this socket.
    pub(super) fn needs(&self, seat: Seat) -> Events {
        match self.need {
            Some((on, events)) if on == seat && !self.stalled => events,
            _ => Events::empty(),
        }
    }

    /// A message that was received and could not be sent on.
    pub(crate) fn into_unsent(self) -> Option<Multipart> {
        let unsent = !self.frames.is_empty() && !self.forwarded;
        unsent.then(|| self.frames.into())
    }

    /// Goes as far as possible if this is what the lane has waited for, and says whether it is.
    pub(crate) fn advance(
        &mut self,
        seat: Seat,
        events: Events,
        sockets: Sockets<'_>,
    ) -> Result<bool> {
        if !self.needs(seat).intersects(events) {
            return Ok(false);
        }
        // Nothing is taken from one side before the other is ready for it.
        if seat == self.from && !sockets.at(self.to).ready_for()?.contains(Events::SEND) {
            self.need = Some((self.to, Events::SEND));
            return Ok(true);
        }
        self.burst(sockets)?;
        Ok(true)
    }

    /// Goes as far as possible, whatever the lane waits for.
    pub(crate) fn burst(&mut self, sockets: Sockets<'_>) -> Result<()> {
        let mut moved = false;
        let mut need = (self.from, Events::RECV);
        for _ in 0..self.burst {
            if self.frames.is_empty() && !self.receive(sockets.at(self.from))? {
                break;
            }
            if !self.forwarded {
                if !self.forward(sockets.at(self.to), sockets.capture.is_some())? {
                    need = (self.to, Events::SEND);
                    break;
                }
                moved = true;
            }
            if let Some(capture) = sockets.capture {
                if !self.capture(capture)? {
                    need = (Seat::Capture, Events::SEND);
                    break;
                }
                moved = true;
            }
        }
        self.stalled = !moved && need.1 == Events::SEND && self.need == Some(need);
        self.need = Some(need);
        Ok(())
    }

    fn receive(&mut self, from: &dyn Side) -> Result<bool> {
        if !from.try_recv(&mut self.frames)? {
            return Ok(false);
        }
        self.bytes = self.frames.iter().map(|frame| frame.len() as u64).sum();
        self.received.count(self.bytes);
        Ok(true)
    }

    /// Sends the message on; one that is also captured stays.
    fn forward(&mut self, to: &dyn Side, captured: bool) -> Result<bool> {
        if !captured {
            if !to.try_send(&mut self.frames)? {
                return Ok(false);
            }
            self.frames.clear();
        } else {
            let copies = self.frames.iter_mut().map(Message::share);
            self.copies.extend(copies);
            let sent = to.try_send(&mut self.copies);
            self.copies.clear();
            if !sent? {
                return Ok(false);
            }
            if let Some(label) = self.label {
                self.frames.insert(0, Message::from_static(label));
            }
            self.forwarded = true;
        }
        self.sent.count(self.bytes);
        Ok(true)
    }

    fn capture(&mut self, capture: &dyn Side) -> Result<bool> {
        if !capture.try_send(&mut self.frames)? {
            return Ok(false);
        }
        self.frames.clear();
        self.forwarded = false;
        Ok(true)
    }
}

pub(crate) fn statistics([to_backend, to_frontend]: &[Lane; 2]) -> ProxyStatistics {
    ProxyStatistics {
        frontend: SideStatistics {
            received: to_backend.received,
            sent: to_frontend.sent,
        },
        backend: SideStatistics {
            received: to_frontend.received,
            sent: to_backend.sent,
        },
    }
}
