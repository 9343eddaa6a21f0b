//! What is known of an option, and the errors that follow from it.

use crate::error::{Error, ErrorKind, Result};
use crate::kind::SocketType;
use crate::library::{Capability, has, version};
use crate::option::value::Refusal;
use crate::raw::Errno;

/// What is known of a socket option of libzmq.
///
/// ```
/// # use ferromq::*;
/// for option in OPTIONS.iter().filter(|option| option.unit == "ms") {
///     println!("{} is {} by default", option.name, option.default);
/// }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionInfo {
    /// The name in `zmq.h`: `ZMQ_LINGER`.
    pub name: &'static str,
    /// The number in `zmq.h`.
    pub number: i32,
    /// The method of [`Socket`](crate::Socket) that reads it.
    pub getter: Option<&'static str>,
    /// The method of [`Socket`](crate::Socket) that sets it.
    pub setter: Option<&'static str>,
    /// The type of its values in Rust.
    pub value: &'static str,
    /// The unit in which libzmq counts; empty where there is none.
    pub unit: &'static str,
    /// The trait that the kind of socket must have; `Kind` is all of them.
    pub on: &'static str,
    /// The value of a new socket.
    pub default: &'static str,
    /// When a new value acts.
    pub acts: Acts,
    /// The first version of libzmq that has it.
    pub since: &'static str,
    /// Whether `zmq.h` calls it a draft.
    pub draft: bool,
    /// What libzmq must have been built with, one of these; empty where nothing is needed.
    pub needs: &'static [Capability],
    /// What it means.
    pub meaning: &'static str,
}

/// When a newly set value of an option acts.
///
/// ```
/// # use ferromq::*;
/// let hwm = OPTIONS.iter().find(|option| option.name == "ZMQ_SNDHWM").unwrap();
/// assert_eq!(hwm.acts, Acts::First);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Acts {
    /// At once.
    Now,
    /// From the next bind or connect on; setting it after the first logs a warning.
    Next,
    /// From the first bind or connect on; later it is refused, as libzmq 4.3.5 could crash.
    First,
    /// It is read only.
    Never,
}

impl OptionInfo {
    /// Whether sockets of this kind have it.
    ///
    /// ```
    /// use ferromq::{OPTIONS, SocketType};
    ///
    /// let conflate = OPTIONS.iter().find(|o| o.name == "ZMQ_CONFLATE").unwrap();
    /// assert!(conflate.applies_to(SocketType::Sub));
    /// assert!(!conflate.applies_to(SocketType::Req));
    /// ```
    #[must_use]
    pub fn applies_to(&self, kind: SocketType) -> bool {
        kind.has(self.on)
    }

    /// Refuses what the linked libzmq was not built for, although it may take it.
    pub(super) fn check_linked(&self, operation: &'static str) -> Result<()> {
        if self.needs.is_empty() || self.needs.iter().any(|need| has(*need)) {
            return Ok(());
        }
        let needs: Vec<_> = self.needs.iter().map(|need| format!("{need:?}")).collect();
        let detail = format!(
            "the linked libzmq {} was built without {}",
            version(),
            needs.join(" and ")
        );
        Err(self.not_supported(operation, detail))
    }

    #[cold]
    pub(super) fn not_supported(&self, operation: &'static str, detail: String) -> Error {
        Error::explained(
            ErrorKind::NotSupported,
            ferromq_sys::ENOTSUP,
            operation,
            detail,
        )
        .on(self.name)
    }

    #[cold]
    pub(super) fn error(&self, operation: &'static str, refusal: Refusal) -> Error {
        match refusal {
            Refusal::Errno(Errno(libc::EINVAL)) => match self.unknown() {
                Some(reason) => self.not_supported(operation, reason),
                None => Error::new(Errno(libc::EINVAL), operation).on(self.name),
            },
            Refusal::Errno(errno) => Error::new(errno, operation).on(self.name),
            Refusal::Invalid(detail) => Error::invalid(operation, detail).on(self.name),
            Refusal::NotSupported(detail) => self.not_supported(operation, detail.to_owned()),
        }
    }

    /// Why the linked libzmq does not know it; values that no libzmq takes never get there.
    fn unknown(&self) -> Option<String> {
        let version = version();
        let mut since = self.since.split('.').map(|part| part.parse().unwrap_or(0));
        let mut part = || since.next().unwrap_or(0);
        if (version.major, version.minor, version.patch) < (part(), part(), part()) {
            Some(format!(
                "the linked libzmq {version} does not know it, which came with {}",
                self.since
            ))
        } else if self.draft && !has(Capability::Draft) {
            Some(format!(
                "the linked libzmq {version} was built without its draft interface"
            ))
        } else {
            None
        }
    }
}
