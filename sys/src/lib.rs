//! Declarations of [libzmq]'s C interface, and the build of libzmq, for the crate `ferromq`.
//!
//! The names are those of `zmq.h` 4.3.5, all of them, so that a C program and its manual pages
//! read across. This is the raw interface: every function is unsafe, and its manual page says what
//! it expects of its caller. What works with sockets, contexts and messages directly should use
//! `ferromq`, which can't be called wrongly.
//!
//! The same declarations serve an older libzmq of the system; what that does not know, it refuses
//! at run time with `EINVAL`, and functions it lacks fail to link.
//!
//! # Features
//! - `vendored` (default): compile libzmq 4.3.5 from source and link it statically, with all its
//!   symbols renamed so that no other libzmq in the program can clash with it.
//! - `curve` (default): give the vendored libzmq CURVE security, by crates in Rust.
//! - `curve-libsodium`: the same by libsodium, which goes before `curve`.
//! - `draft`: libzmq's draft interface, which may change with any release of it.
//!
//! # Environment of the build
//! Each name may have the target in front, as in `AARCH64_UNKNOWN_LINUX_GNU_FERROMQ_LIB_DIR`.
//! - `FERROMQ_NO_VENDOR`: link the system's libzmq, whatever the features say.
//! - `FERROMQ_LIB_DIR`: where the system's libzmq is, rather than asking pkg-config.
//! - `FERROMQ_INCLUDE_DIR`: where its `zmq.h` is.
//! - `FERROMQ_STATIC`: link it statically; needs `FERROMQ_LIB_DIR`.
//! - `FERROMQ_SOURCE_DIR`: compile this libzmq source instead of the pinned one, of the same version.
//! - `FERROMQ_DEBUG`: compile libzmq without optimisation and with debug information.
//!
//! [libzmq]: https://zeromq.org
#![no_std]
#![allow(non_camel_case_types)]

#[macro_use]
mod macros;

mod constants;
#[cfg(feature = "draft")]
mod draft;
mod functions;
mod options;
#[cfg(all(ferromq_vendored, feature = "curve", not(feature = "curve-libsodium")))]
mod sodium;
mod system;
mod types;

pub use constants::*;
#[cfg(feature = "draft")]
pub use draft::*;
pub use functions::*;
pub use options::*;
pub use system::*;
pub use types::*;

// Nothing is called directly, but libzmq needs it linked.
#[cfg(all(ferromq_vendored, feature = "curve-libsodium"))]
use libsodium_sys as _;

/// Whether the linked libzmq is the vendored one, whose symbols are private.
pub const VENDORED: bool = cfg!(ferromq_vendored);
