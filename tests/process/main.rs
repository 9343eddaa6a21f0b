//! What concerns the whole process: forked children, and the rights of a user. A program of its
//! own, because a child also inherits what other tests have open.

/// Whether to do all that takes its time: once is enough, in the build that most users have.
const THOROUGH: bool = cfg!(all(
    ferromq_vendored,
    not(feature = "draft"),
    not(feature = "curve-libsodium")
));

mod child;
mod descriptors;
mod peers;
mod sandbox;
#[cfg(ferromq_vendored)]
#[path = "../it/support.rs"]
#[allow(dead_code)] // The rest is for the other tests.
mod support;

mod authenticator;
// A libzmq of the system has CURVE if its makers chose so; Debian's has.
#[cfg(any(
    feature = "curve",
    feature = "curve-libsodium",
    not(feature = "vendored")
))]
mod curve;
mod endings;
mod exhausted;
mod exits;
mod fork;
mod forks;
mod handles;
#[cfg(ferromq_vendored)]
mod hazards;
#[cfg(ferromq_vendored)]
mod inherited;
mod monitor;
mod poller;
mod reclaimed;
mod rights;
