//! The libzmq that was linked.

use std::ffi::CStr;
use std::fmt;

use crate::raw;

/// The version of the libzmq in use, at run time (`zmq_version`).
///
/// ```
/// assert!(ferromq::version() >= ferromq::Version { major: 4, minor: 1, patch: 0 });
/// ```
#[must_use]
pub fn version() -> Version {
    let (major, minor, patch) = raw::version();
    Version {
        major,
        minor,
        patch,
    }
}

/// A version of libzmq.
///
/// ```
/// # use ferromq::*;
/// let version = Version { major: 4, minor: 3, patch: 5 };
/// assert_eq!(version.to_string(), "4.3.5");
/// assert!(version > Version { major: 4, minor: 3, patch: 4 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Changes with the interface.
    pub major: u32,
    /// Changes with additions.
    pub minor: u32,
    /// Changes with repairs.
    pub patch: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Which libzmq the build linked: [`linkage`].
///
/// ```
/// # use ferromq::*;
/// match linkage() {
///     Linkage::Vendored => println!("libzmq is in this program"),
///     _ => println!("libzmq is the system's"),
/// }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Linkage {
    /// The pinned one, compiled with this crate and private to it.
    Vendored,
    /// The system's, shared.
    System,
    /// One that the build was pointed to, static.
    SystemStatic,
}

/// Which libzmq the build linked.
///
/// ```
/// println!("libzmq {} ({:?})", ferromq::version(), ferromq::linkage());
/// ```
#[must_use]
pub const fn linkage() -> Linkage {
    if cfg!(ferromq_vendored) {
        Linkage::Vendored
    } else if cfg!(ferromq_system_static) {
        Linkage::SystemStatic
    } else {
        Linkage::System
    }
}

/// What a libzmq may have been built with; see [`has`].
///
/// ```
/// # use ferromq::*;
/// println!("CURVE: {}", has(Capability::Curve));
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// The `ipc` transport.
    Ipc,
    /// The `tipc` transport; the kernel must have it as well.
    Tipc,
    /// The `pgm` and `epgm` transports.
    Pgm,
    /// The `norm` transport.
    Norm,
    /// The `vmci` transport.
    Vmci,
    /// The `ws` transport.
    Ws,
    /// The `wss` transport.
    Wss,
    /// The CURVE mechanism.
    Curve,
    /// The GSSAPI mechanism.
    Gssapi,
    /// The draft interface.
    Draft,
}

impl Capability {
    fn name(self) -> &'static CStr {
        match self {
            Self::Ipc => c"ipc",
            Self::Tipc => c"tipc",
            Self::Pgm => c"pgm",
            Self::Norm => c"norm",
            Self::Vmci => c"vmci",
            // libzmq compares with capitals.
            Self::Ws => c"WS",
            Self::Wss => c"WSS",
            Self::Curve => c"curve",
            Self::Gssapi => c"gssapi",
            Self::Draft => c"draft",
        }
    }
}

/// Whether the libzmq in use was built with `capability` (`zmq_has`).
///
/// ```
/// # use ferromq::{Capability, has};
/// assert!(has(Capability::Ipc));
/// ```
#[must_use]
pub fn has(capability: Capability) -> bool {
    raw::has(capability.name())
}
