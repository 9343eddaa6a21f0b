//! Binds that would make libzmq abort, or take from others what is theirs.

use std::io::ErrorKind as Io;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixDatagram;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use std::{fs, thread};

use ferromq_sys as sys;

use crate::endpoint::{Endpoint, Transport};
use crate::error::{Error, ErrorKind, Result};
use crate::kind::Kind;
use crate::raw::{Errno, Family};
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
            (Some(_), _) => Ok(()),
            (None, _) => may_take_path(endpoint),
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

/// How long a socket at the path may take to be gone: one that was dropped or unbound just now is
/// closed by a thread of libzmq.
const CLOSING: Duration = Duration::from_millis(500);

/// libzmq deletes what is at the path of an `ipc` endpoint, whatever it is and whoever uses it.
fn may_take_path(endpoint: &Endpoint) -> Result<()> {
    let path = endpoint.address();
    if endpoint.transport() != &Transport::Ipc || path == "*" || path.starts_with('@') {
        return Ok(());
    }
    let in_use = |detail| {
        Err(Error::explained(ErrorKind::AddressInUse, sys::EADDRINUSE, "bind", detail).on(endpoint))
    };
    match fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => {}
        Ok(_) => return in_use("there is a file at this path that is not a socket: remove it"),
        // libzmq says it better.
        Err(_) => return Ok(()),
    }
    let deadline = Instant::now() + CLOSING;
    loop {
        // A listener says that it is of another type, and does not notice.
        let probe = UnixDatagram::unbound().and_then(|probe| probe.connect(path));
        let Err(error) = probe else {
            return in_use("another program listens for datagrams at this path");
        };
        match (error.kind(), error.raw_os_error()) {
            (Io::ConnectionRefused | Io::NotFound, _) => return Ok(()),
            (Io::PermissionDenied, _) => return in_use("another user has a socket at this path"),
            (_, Some(errno @ (libc::EMFILE | libc::ENFILE))) => {
                return Err(Error::new(Errno(errno), "bind").on(endpoint));
            }
            _ if Instant::now() < deadline => thread::sleep(CLOSING / 100),
            _ => {
                return in_use(
                    "another socket is bound to this path: stop it, or choose another path",
                );
            }
        }
    }
}
