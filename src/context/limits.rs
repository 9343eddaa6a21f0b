//! What a context does when there is no room: for a socket in it, or for a descriptor in the process.

use std::os::unix::net::UnixDatagram;
use std::thread;
use std::time::{Duration, Instant};

use ferromq_sys as sys;

use super::Shared;
use crate::error::{Error, ErrorKind, Result};
use crate::kind::SocketType;
use crate::raw::{self, Errno, descriptor_limit};

/// How long a dropped socket may take to end. libzmq does that in the background, and is done with
/// a thousand of them in a tenth of it on a busy machine.
const ENDING: Duration = Duration::from_secs(2);

/// How often the processor is left to others, before the first rest.
const YIELDS: u32 = 100;

/// How long to wait before looking again.
const REST: Duration = Duration::from_millis(1);

impl Shared {
    pub(crate) fn open_raw(
        &self,
        kind: SocketType,
        operation: &'static str,
    ) -> Result<raw::Socket> {
        self.with_room(|| {
            self.owner.check()?;
            // The system's libzmq aborts where the first socket finds too few.
            if !sys::VENDORED && !self.registry().has_made_any() {
                descriptors_free(self.descriptors_of_a_socket())?;
            }
            self.with_raw(|raw| raw.socket(kind.to_raw()))
        })
        .map_err(|errno| self.no_room(errno, operation))
    }

    /// Makes `call`, and makes it again where it finds no room while dropped sockets are ending.
    pub(crate) fn with_room<T>(
        &self,
        mut call: impl FnMut() -> Result<T, Errno>,
    ) -> Result<T, Errno> {
        let mut deadline = None;
        let mut tries = 0;
        loop {
            match call() {
                Err(errno)
                    if is_limit(errno)
                        && *deadline.get_or_insert_with(|| self.all_ended()) > Instant::now() =>
                {
                    // Most often one ends within some microseconds.
                    match tries < YIELDS {
                        true => thread::yield_now(),
                        false => thread::sleep(REST),
                    }
                    tries += 1;
                }
                result => return result,
            }
        }
    }

    /// When those that were dropped until now have ended, as far as they do not linger.
    fn all_ended(&self) -> Instant {
        let max = self.max_sockets();
        let registry = self.registry();
        match registry.last_drop() {
            Some(time) if max.is_none_or(|max| registry.open() < max) => time + ENDING,
            _ => Instant::now(),
        }
    }

    fn max_sockets(&self) -> Option<usize> {
        let max = self.with_raw(|raw| raw.get(sys::ZMQ_MAX_SOCKETS)).ok()?;
        usize::try_from(max).ok()
    }

    /// How many descriptors the next socket takes: the first one starts the context's threads.
    fn descriptors_of_a_socket(&self) -> usize {
        if self.registry().has_made_any() {
            return 1;
        }
        let threads = self.with_raw(|raw| raw.get(sys::ZMQ_IO_THREADS));
        let threads = threads.map_or(1, |threads| threads.unsigned_abs() as usize);
        // Two for each thread, with the one that ends sockets.
        1 + 2 * (1 + threads)
    }

    /// An error of an `operation` that takes a socket of the context.
    pub(crate) fn no_room(&self, errno: Errno, operation: &'static str) -> Error {
        if !is_limit(errno) || descriptors_free(self.descriptors_of_a_socket()).is_err() {
            return explained(errno, operation);
        }
        let (Some(max), open) = (self.max_sockets(), self.registry().open()) else {
            return explained(errno, operation);
        };
        let others = match open < max {
            true => ", the others are of monitors, or dropped and still lingering or ending",
            false => "",
        };
        let detail = format!(
            "the context has the {max} sockets that it may have (ZMQ_MAX_SOCKETS): {open} are \
             open{others}; drop sockets, let them linger less, or raise \
             `Context::builder().max_sockets(..)`"
        );
        Error::explained(ErrorKind::TooManyOpen, errno.0, operation, detail)
    }
}

/// An error of an `operation` that takes a descriptor.
pub(crate) fn explained(errno: Errno, operation: &'static str) -> Error {
    let detail = match errno.0 {
        libc::EMFILE => format!(
            "the process has as many descriptors as it may have (RLIMIT_NOFILE), {}; close what \
             is not needed, or raise `ulimit -n`",
            descriptor_limit()
        ),
        libc::ENFILE => "the system has as many open files as it may have; close what is not \
                         needed, or raise `fs.file-max`"
            .into(),
        _ => return Error::new(errno, operation),
    };
    Error::explained(ErrorKind::TooManyOpen, errno.0, operation, detail)
}

fn is_limit(errno: Errno) -> bool {
    matches!(errno.0, libc::EMFILE | libc::ENFILE)
}

/// Whether so many descriptors can be had, by having them for a moment.
pub(crate) fn descriptors_free(count: usize) -> Result<(), Errno> {
    let taken: std::io::Result<Vec<_>> = (0..count).map(|_| UnixDatagram::unbound()).collect();
    taken.map(drop).map_err(Errno::of)
}
