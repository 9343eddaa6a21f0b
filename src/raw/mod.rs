//! Owners of libzmq's handles: the only unsafe code of this crate.
//!
//! # Invariants
//! - **Process**: a handle belongs to the process that made it. Every owner keeps the
//!   [`Generation`] of that moment and compares it before it touches libzmq; in a forked child
//!   all calls answer [`Errno::FORKED`] and drops do nothing.
//! - **Open until drop**: a [`Socket`] or [`Context`] pointer is valid from construction to drop.
//!   `zmq_ctx_term` waits for every socket, so a context outlives its sockets whatever the order.
//! - **One thread at a time**: [`Socket`] is `Send` and not `Sync`; moving it is the hand-over,
//!   with a fence, that libzmq asks for. [`Context`] is thread-safe in libzmq itself, and so are
//!   the sockets of the kinds marked [`ThreadSafe`](crate::ThreadSafe), in all calls made here
//!   through `&Socket`, and the one call that a [`Feed`] makes on a socket of another thread, under a common lock.
//! - **Initialised**: a [`Msg`] holds an initialised `zmq_msg_t` at all times.

mod background;
mod context;
mod curve;
#[cfg(feature = "draft")]
mod draft;
mod errno;
mod foreign;
mod fork;
mod interfaces;
mod listener;
mod message;
mod monitor;
mod poll;
#[cfg(any(feature = "tokio", feature = "async-io"))]
mod signal;
mod socket;
mod thread;

pub(crate) use background::{Thread, in_background};
pub(crate) use context::Context;
pub(crate) use curve::{KeyText, keypair, public_key};
pub use errno::Errno;
pub use foreign::SocketRef;
#[cfg(all(test, any(feature = "tokio", feature = "async-io")))]
pub(crate) use fork::true_in_child;
pub(crate) use fork::{Generation, PerProcess};
pub(crate) use interfaces::may_list_interfaces;
pub(crate) use listener::{Family, listener_family};
pub(crate) use message::{Msg, is_releasing};
pub(crate) use monitor::Feed;
pub(crate) use poll::{PollSet, descriptor_limit};
#[cfg(feature = "tokio")]
pub(crate) use signal::register_with_tokio;
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(crate) use signal::{Owner, SignalFd, Signalled};
pub(crate) use socket::Direction;
pub use socket::{Socket, Wait};
pub(crate) use thread::{priorities, run_on, schedule};

use std::ffi::{CStr, c_int};

use ferromq_sys as sys;

/// The version of the library in use at run time.
pub(crate) fn version() -> (u32, u32, u32) {
    let (mut major, mut minor, mut patch): (c_int, c_int, c_int) = (0, 0, 0);
    // SAFETY: the three pointers are valid for writes of a `c_int`.
    unsafe { sys::zmq_version(&mut major, &mut minor, &mut patch) };
    (
        major.unsigned_abs(),
        minor.unsigned_abs(),
        patch.unsigned_abs(),
    )
}

/// Whether the library in use was built with `capability`.
pub(crate) fn has(capability: &CStr) -> bool {
    // SAFETY: the pointer is a NUL-terminated string that lives through the call.
    unsafe { sys::zmq_has(capability.as_ptr()) == 1 }
}
