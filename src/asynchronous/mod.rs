//! Sockets whose verbs are futures, whatever waits for them: `ferromq::with_tokio` and
//! `ferromq::with_async_io`, behind the features `tokio` and `async-io`, give the types for either.
//!
//! [The guide](crate::guide::asynchronous) has the rules.

mod authenticator;
pub(crate) mod core;
mod gate;
mod link;
mod monitor;
mod operation;
mod proxy;
pub(crate) mod reactor;
mod socket;
mod split;
mod terminate;
mod verbs;

pub use authenticator::Authenticator;
pub use monitor::Monitor;
pub use proxy::Proxy;
pub use reactor::{Reactor, RegisterError};
pub use socket::{Inner, Socket};
pub use split::{RecvHalf, SendHalf};

use crate::raw::Direction;

/// What a model of the gate replaces.
mod sync {
    pub(super) use std::sync::atomic::{AtomicU8, Ordering};
    pub(super) use std::sync::{Mutex, MutexGuard};
}
