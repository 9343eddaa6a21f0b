use std::borrow::Cow;
use std::convert::Infallible;
use std::str::Utf8Error;
use std::{fmt, io};

use ferromq_sys as sys;

use crate::raw::Errno;

/// The result of everything in this crate that can fail.
///
/// ```
/// # use ferromq::*;
/// fn ask(question: &str) -> ferromq::Result<Message> {
///     let req = Context::global()?.socket(REQ)?;
///     req.connect("tcp://127.0.0.1:5555")?;
///     req.send(question)?;
///     req.recv()
/// }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, while doing what, and what to do about it.
///
/// The text names the operation and what it worked on:
///
/// ```
/// use ferromq::{Context, ErrorKind, REP};
///
/// # fn main() -> ferromq::Result<()> {
/// let context = Context::new()?;
/// let error = context.socket(REP)?.bind("carrier-pigeon://roof").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::UnsupportedTransport);
/// assert!(error.to_string().starts_with("bind carrier-pigeon://roof: "));
/// # Ok(()) }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    errno: i32,
    operation: &'static str,
    subject: Option<Box<str>>,
    detail: Option<Cow<'static, str>>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $advice:literal;)*) => {
        /// The kinds of errors that a program may want to tell apart.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorKind {
            $($(#[$doc])* $name,)*
        }

        impl ErrorKind {
            fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What to do about it; empty where that depends on the program.
            fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)* }
            }

            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

kinds! {
    /// A value that cannot be: malformed endpoint, option out of its range (`EINVAL`).
    InvalidInput = "invalid argument", "";
    /// Not possible at once or within the time given (`EAGAIN`).
    WouldBlock = "would block", "no peer can take or give a message now: wait longer, or look at the high-water mark and at the peers";
    /// Another socket has this address (`EADDRINUSE`).
    AddressInUse = "address in use", "stop the other user of the address, or bind port `*` and read `last_endpoint`";
    /// No interface of this host has this address (`EADDRNOTAVAIL`).
    AddressNotAvailable = "address not available", "bind an address of this host, or `*` for all of them";
    /// No network device of this name (`ENODEV`).
    NoSuchDevice = "no such network device", "name an existing interface, an address, or `*`";
    /// The operating system forbids it (`EACCES`, `EPERM`).
    PermissionDenied = "permission denied", "use a port above 1023 or a path that this user may write, or grant the privilege";
    /// A path that does not exist, or an endpoint that the socket is not bound or connected to
    /// (`ENOENT`).
    NotFound = "not found", "name an endpoint that the socket has, as `last_endpoint` gave it, or an existing directory";
    /// The file system is read-only (`EROFS`).
    ReadOnly = "read-only file system", "choose an ipc path on a writable file system";
    /// An `ipc` path that is longer than the system allows (`ENAMETOOLONG`).
    NameTooLong = "name too long", "choose a shorter path";
    /// The linked libzmq does not know this transport (`EPROTONOSUPPORT`).
    UnsupportedTransport = "transport not supported", "use tcp, ipc or inproc, or a libzmq built with this transport";
    /// The transport and the kind of socket do not go together (`ENOCOMPATPROTO`).
    IncompatibleTransport = "transport does not fit the kind of socket", "choose another transport for this kind of socket";
    /// The kind of socket, or the linked libzmq, cannot do this (`ENOTSUP`).
    NotSupported = "not supported", "see which kinds of socket, and which libzmq, have this operation";
    /// Not in this state: a reply before a request, an option that is too late (`EFSM`).
    WrongState = "not possible in this state of the socket", "a REQ sends, then receives; a REP receives, then sends";
    /// The message has nowhere to go (`EHOSTUNREACH`).
    HostUnreachable = "no route to the peer", "the peer with this routing id is not connected";
    /// The context was shut down or terminated (`ETERM`).
    Terminated = "the context was terminated", "drop the socket; new ones need a new context";
    /// The handle was made before a [`fork`](crate::guide::fork), in the parent.
    Forked = "made before the fork, by another process", "make contexts and sockets in the child, after the fork";
    /// No I/O thread for this (`EMTHREAD`).
    NoIoThread = "no I/O thread available", "give the context at least one I/O thread, and the socket an affinity that includes it";
    /// No descriptor or no socket slot is free (`EMFILE`, `ENFILE`): see
    /// [descriptors](crate::guide::descriptors).
    TooManyOpen = "too many open sockets or descriptors", "drop sockets that are not needed, or raise `Context::builder().max_sockets(..)` or `ulimit -n`";
    /// No memory (`ENOMEM`, `ENOBUFS`).
    OutOfMemory = "out of memory", "";
    /// A signal arrived (`EINTR`); this crate retries, so this is seen through raw handles only.
    Interrupted = "interrupted by a signal", "";
    /// Not a socket or a context, or no longer (`ENOTSOCK`, `EFAULT`).
    InvalidHandle = "not an open socket or context", "";
    /// Anything else; see [`Error::errno`].
    Other = "operation failed", "";
}

impl ErrorKind {
    pub(crate) fn of(errno: Errno) -> Self {
        match errno {
            Errno::FORKED => Self::Forked,
            Errno(sys::EFSM) => Self::WrongState,
            Errno(sys::ETERM) => Self::Terminated,
            Errno(sys::EMTHREAD) => Self::NoIoThread,
            Errno(sys::ENOCOMPATPROTO) => Self::IncompatibleTransport,
            Errno(libc::EINVAL) => Self::InvalidInput,
            Errno(libc::EAGAIN) => Self::WouldBlock,
            Errno(sys::EADDRINUSE) => Self::AddressInUse,
            Errno(sys::EADDRNOTAVAIL) => Self::AddressNotAvailable,
            Errno(libc::ENODEV) => Self::NoSuchDevice,
            Errno(libc::EACCES | libc::EPERM) => Self::PermissionDenied,
            Errno(libc::ENOENT) => Self::NotFound,
            Errno(libc::EROFS) => Self::ReadOnly,
            Errno(libc::ENAMETOOLONG) => Self::NameTooLong,
            Errno(sys::EPROTONOSUPPORT) => Self::UnsupportedTransport,
            Errno(sys::ENOTSUP) => Self::NotSupported,
            Errno(sys::EHOSTUNREACH) => Self::HostUnreachable,
            Errno(libc::EMFILE | libc::ENFILE) => Self::TooManyOpen,
            Errno(libc::ENOMEM | sys::ENOBUFS) => Self::OutOfMemory,
            Errno(libc::EINTR) => Self::Interrupted,
            Errno(sys::ENOTSOCK | libc::EFAULT) => Self::InvalidHandle,
            Errno(_) => Self::Other,
        }
    }
}

/// The constant's name, for the numbers that a socket can meet.
fn errno_name(errno: i32) -> Option<&'static str> {
    macro_rules! names {
        ($($path:ident :: $name:ident),* $(,)?) => {
            match errno {
                $($path::$name => Some(stringify!($name)),)*
                _ => None,
            }
        };
    }
    names![
        sys::EFSM,
        sys::ETERM,
        sys::EMTHREAD,
        sys::ENOCOMPATPROTO,
        libc::EINVAL,
        libc::EAGAIN,
        sys::EADDRINUSE,
        sys::EADDRNOTAVAIL,
        libc::ENODEV,
        libc::EACCES,
        libc::EPERM,
        libc::ENOENT,
        libc::ENOTDIR,
        libc::EISDIR,
        libc::EROFS,
        libc::ENAMETOOLONG,
        sys::EPROTONOSUPPORT,
        sys::ENOTSUP,
        sys::EHOSTUNREACH,
        sys::ENETDOWN,
        sys::ENETUNREACH,
        sys::ECONNREFUSED,
        sys::ECONNRESET,
        sys::ECONNABORTED,
        sys::ETIMEDOUT,
        sys::ENOTCONN,
        sys::EINPROGRESS,
        sys::EMSGSIZE,
        libc::EPROTO,
        sys::EAFNOSUPPORT,
        sys::ENETRESET,
        libc::EMFILE,
        libc::ENFILE,
        libc::ENOMEM,
        sys::ENOBUFS,
        libc::EINTR,
        sys::ENOTSOCK,
        libc::EFAULT,
    ]
}

impl Error {
    #[cold]
    pub(crate) fn new(errno: Errno, operation: &'static str) -> Self {
        Self(Box::new(Inner {
            kind: ErrorKind::of(errno),
            errno: errno.0,
            operation,
            subject: None,
            detail: None,
        }))
    }

    /// An error of our own finding, with the sentence that explains it.
    #[cold]
    pub(crate) fn explained(
        kind: ErrorKind,
        errno: i32,
        operation: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            errno,
            operation,
            subject: None,
            detail: Some(detail.into()),
        }))
    }

    /// What the standard library failed with.
    pub(crate) fn io(error: &io::Error, operation: &'static str) -> Self {
        match error.raw_os_error() {
            Some(errno) => Self::new(Errno(errno), operation),
            None => Self::explained(ErrorKind::Other, libc::EIO, operation, error.to_string()),
        }
    }

    pub(crate) fn invalid(operation: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::explained(ErrorKind::InvalidInput, libc::EINVAL, operation, detail)
    }

    /// Names what was worked on: the endpoint, the option.
    pub(crate) fn on(mut self, subject: impl fmt::Display) -> Self {
        self.0.subject = Some(subject.to_string().into());
        self
    }

    pub(crate) fn during(mut self, operation: &'static str) -> Self {
        self.0.operation = operation;
        self
    }

    /// What kind of error this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The error number that libzmq gave (`zmq_errno`), or the one it gives in such a case; 0 for
    /// [`ErrorKind::Forked`], of which libzmq knows nothing.
    #[must_use]
    pub fn errno(&self) -> i32 {
        self.0.errno
    }

    fn explanation(&self) -> Cow<'_, str> {
        match (&self.0.detail, self.0.kind) {
            (Some(detail), _) => Cow::Borrowed(detail),
            (None, ErrorKind::Other) => {
                let mut text = io::Error::from_raw_os_error(self.0.errno).to_string();
                if let Some(end) = text.find(" (os error") {
                    text.truncate(end);
                }
                Cow::Owned(text)
            }
            (None, kind) => Cow::Borrowed(kind.text()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.operation)?;
        if let Some(subject) = &self.0.subject {
            write!(f, " {subject}")?;
        }
        write!(f, ": {}", self.explanation())?;
        match (self.0.errno, errno_name(self.0.errno)) {
            (0, _) => {}
            (_, Some(name)) => write!(f, " ({name})")?,
            (errno, None) => write!(f, " (errno {errno})")?,
        }
        match self.0.kind.advice() {
            advice if !advice.is_empty() && self.0.detail.is_none() => write!(f, "; {advice}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.0.kind)
    }
}

impl std::error::Error for Error {}

impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// Of [`Message::to_str`](crate::Message::to_str).
impl From<Utf8Error> for Error {
    fn from(error: Utf8Error) -> Self {
        Self::invalid("read a message as text", error.to_string())
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = match error.kind() {
            ErrorKind::InvalidInput | ErrorKind::NameTooLong => io::ErrorKind::InvalidInput,
            ErrorKind::WouldBlock => io::ErrorKind::WouldBlock,
            ErrorKind::AddressInUse => io::ErrorKind::AddrInUse,
            ErrorKind::AddressNotAvailable | ErrorKind::NoSuchDevice => {
                io::ErrorKind::AddrNotAvailable
            }
            ErrorKind::PermissionDenied => io::ErrorKind::PermissionDenied,
            ErrorKind::NotFound => io::ErrorKind::NotFound,
            ErrorKind::ReadOnly => io::ErrorKind::ReadOnlyFilesystem,
            ErrorKind::UnsupportedTransport
            | ErrorKind::IncompatibleTransport
            | ErrorKind::NotSupported => io::ErrorKind::Unsupported,
            ErrorKind::HostUnreachable => io::ErrorKind::HostUnreachable,
            ErrorKind::OutOfMemory => io::ErrorKind::OutOfMemory,
            ErrorKind::Interrupted => io::ErrorKind::Interrupted,
            _ => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_errno_is_an_error_with_a_text() {
        let own = (0..200).map(|n| sys::ZMQ_HAUSNUMERO + n);
        for errno in (-1..5000).chain(own).chain([i32::MIN, i32::MAX]) {
            let error = Error::new(Errno(errno), "test").on("subject");
            assert_eq!(error.errno(), errno);
            let text = error.to_string();
            assert!(text.starts_with("test subject: "), "{text}");
            assert!(text.len() > "test subject: ".len() + 5, "{text}");
            if errno != 0 {
                assert!(
                    text.contains("(E") || text.contains(&format!("(errno {errno})")),
                    "{text}"
                );
            }
            let _ = io::Error::from(error);
        }
    }

    #[test]
    fn advice_is_a_clause() {
        for kind in ErrorKind::ALL {
            for part in [kind.text(), kind.advice()] {
                assert!(!part.ends_with('.'), "{part}");
            }
        }
    }

    #[test]
    fn an_error_is_as_small_as_a_pointer() {
        assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
    }
}
