//! Binds that libzmq would abort at, by what options were set before.

use std::sync::atomic::Ordering;

use crate::endpoint::{Endpoint, Transport};
use crate::error::{Error, Result};
use crate::kind::Kind;
use crate::raw::Family;
use crate::socket::Socket;

impl<K: Kind> Socket<K> {
    pub(super) fn may_bind(&self, endpoint: &Endpoint) -> Result<()> {
        let refused = |detail| Err(Error::invalid("bind", detail).on(endpoint));
        let welcomes = self.raw().welcomes.load(Ordering::Relaxed);
        if welcomes && endpoint.transport() == &Transport::Inproc {
            return refused(
                "a subscriber that came and went before would make libzmq abort; bind first, then \
                 set the welcome message",
            );
        }
        match (self.raw().use_fd_family(), fd_family(endpoint)) {
            (Some(given), Some(taken)) if given != taken => refused(
                "the descriptor given by `set_use_fd` is not of this transport: `tcp` and `ws` \
                 take a TCP socket, `ipc` a Unix socket",
            ),
            _ => Ok(()),
        }
    }

    /// What was given for this bind is used up.
    pub(super) fn has_bound(&self, endpoint: &Endpoint) {
        if fd_family(endpoint).is_some() {
            self.raw().fd_is_bound();
        }
    }
}

/// What a descriptor for this endpoint must be; `None` if none is used.
fn fd_family(endpoint: &Endpoint) -> Option<Family> {
    match endpoint.transport() {
        Transport::Tcp | Transport::Ws => Some(Family::Ip),
        Transport::Ipc => Some(Family::Unix),
        _ => None,
    }
}
