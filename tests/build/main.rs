//! What libzmq was told about the target shows in what it does, and that is looked at here: with
//! one of its switches off, an option is still taken and read back, but nothing comes of it.
//!
//! `process` gives a test a process to itself, `peers` connects two sockets, `descriptors` and
//! `clock` look at libzmq from the side of the system; the other modules are the tests. They hold
//! for the vendored library and for the system's, and read what the system tells in `/proc`.
#![cfg(target_os = "linux")]

mod descriptors;
mod peers;
mod process;

#[cfg(ferromq_vendored)]
mod batches;
#[cfg(ferromq_vendored)]
mod calls;
mod clock;
mod inheritance;
mod keepalive;
#[cfg(ferromq_vendored)]
mod large;
mod library;
mod memory;
mod options;
mod threads;
mod transports;
