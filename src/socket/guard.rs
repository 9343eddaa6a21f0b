//! Binds that would make libzmq abort, or take from others what is theirs.

use std::io::ErrorKind as Io;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixDatagram;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use std::{fs, thread};

use ferromq_sys as sys;

use crate::context::limits;
use crate::endpoint::{Endpoint, Transport};
use crate::error::{Error, ErrorKind, Result};
use crate::kind::Kind;
use crate::raw::{Errno, Family, may_list_interfaces};
use crate::socket::Socket;
use crate::zap;

/// How long a socket at the path may take to be gone: one that was dropped or unbound just now is
/// closed by a thread of libzmq.
const CLOSING: Duration = Duration::from_millis(500);

impl<K: Kind> Socket<K> {
    pub(super) fn may_bind(&self, endpoint: &Endpoint) -> Result<()> {
        let refused = |detail| Err(Error::invalid("bind", detail).on(endpoint));
        if endpoint.as_str() == zap::ENDPOINT {
            return refused("libzmq asks an authenticator there: start a `zap::Authenticator`");
        }
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
            // The vendored libzmq gives an error itself.
            _ if !sys::VENDORED && asks_for_interfaces(endpoint) => self
                .context()
                .with_room(may_list_interfaces)
                .map_err(|errno| unlisted(errno).on(endpoint)),
            (None, _) => self.may_take_path(endpoint),
        }
    }

    /// libzmq deletes what is at the path of an `ipc` endpoint, whatever it is and whoever uses it.
    fn may_take_path(&self, endpoint: &Endpoint) -> Result<()> {
        let path = endpoint.address();
        if endpoint.transport() != &Transport::Ipc || path == "*" || path.starts_with('@') {
            return Ok(());
        }
        let in_use = |detail| {
            Err(
                Error::explained(ErrorKind::AddressInUse, sys::EADDRINUSE, "bind", detail)
                    .on(endpoint),
            )
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
            let probe = self
                .context()
                .with_room(|| UnixDatagram::unbound().map_err(Errno::of))
                .map_err(|errno| limits::explained(errno, "bind").on(endpoint))?;
            let Err(error) = probe.connect(path) else {
                return in_use("another program listens for datagrams at this path");
            };
            match error.kind() {
                Io::ConnectionRefused | Io::NotFound => return Ok(()),
                Io::PermissionDenied => return in_use("another user has a socket at this path"),
                _ if Instant::now() < deadline => thread::sleep(CLOSING / 100),
                _ => {
                    return in_use(
                        "another socket is bound to this path: stop it, or choose another path",
                    );
                }
            }
        }
    }

    /// What was given for this bind is used up.
    pub(super) fn has_bound(&self, endpoint: &Endpoint) {
        if fd_family(endpoint).is_some() {
            self.raw().fd_is_bound();
        }
    }
}

/// Libzmq, asked to bind, would abort.
fn unlisted(errno: Errno) -> Error {
    match ErrorKind::of(errno) {
        ErrorKind::TooManyOpen => limits::explained(errno, "bind"),
        kind => Error::explained(
            kind,
            errno.0,
            "bind",
            "the system does not let this process list its network interfaces, which the system's \
             libzmq cannot do without: bind to `*`, or use the vendored libzmq",
        ),
    }
}

/// Whether libzmq looks for the host among the names of the interfaces.
fn asks_for_interfaces(endpoint: &Endpoint) -> bool {
    let is_ip = matches!(
        endpoint.transport(),
        Transport::Tcp | Transport::Ws | Transport::Udp
    );
    is_ip && !endpoint.as_str().contains("://*")
}

/// What a descriptor for this endpoint must be; `None` if none is used.
fn fd_family(endpoint: &Endpoint) -> Option<Family> {
    match endpoint.transport() {
        Transport::Tcp | Transport::Ws => Some(Family::Ip),
        Transport::Ipc => Some(Family::Unix),
        _ => None,
    }
}
