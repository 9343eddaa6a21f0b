//! libzmq's C interface, that of `zmq.h` 4.3.5, in front of the vendored libzmq: where libzmq
//! crashes, hangs or corrupts memory by a caller's mistake, a call answers with an error number.
//!
//! What it exports has libzmq's names and meaning, and what `ferromq.h` declares. `README.md`
//! says how C programs use it, and `GUARDS.md` what it keeps away. A Rust program depends on this
//! crate only to have C code that is linked into it share its contexts and sockets.
//!
//! Handles are not libzmq's pointers: `table` explains them. `inside` keeps threads apart, and
//! `boundary` answers.
#![allow(private_interfaces)]

#[macro_use]
mod boundary;

mod context;
#[cfg(feature = "draft")]
mod draft;
mod extension;
mod helpers;
mod inside;
mod listener;
mod message;
mod poll;
#[cfg(feature = "draft")]
mod poller;
mod report;
mod socket;
mod table;
mod thread;
mod timers;

pub use extension::*;
