//! What aborts or corrupts in libzmq 4.3.5 and is fixed in the vendored one, each in a process of
//! its own. The library is called directly: some of it `ferromq` does not even let through.
//!
//! `FERROMQ_WITHOUT_FIX=name` builds without the fix that a test names, to see it fail.

mod connects;
#[cfg(all(feature = "curve", not(feature = "curve-libsodium")))]
mod curve;
mod forks;
mod inproc;
mod limits;
mod peers;
mod raw;
mod system;
mod threads;
mod udp;
mod values;
mod websocket;
mod zap;
mod zmtp;

use crate::child::DEADLINE;
