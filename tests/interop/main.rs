//! ferromq talks to Python peers: each scenario with Rust on either side, and bind on either side.
//!
//! `agent` drives a Python process, `child` forks this one, `peer` makes its sockets and ours look alike, so that a
//! scenario is written once; the other modules are the scenarios.

mod agent;
#[path = "../process/child.rs"]
mod child;
mod peer;
mod python;
#[path = "../it/support.rs"]
#[allow(dead_code)] // The rest is for the other tests.
mod support;

mod certificates;
// A libzmq of the system has CURVE if its makers chose so; Debian's has.
#[cfg(any(
    feature = "curve",
    feature = "curve-libsodium",
    not(feature = "vendored")
))]
mod curve;
mod forks;
mod lifecycle;
mod payloads;
mod pipeline;
mod pubsub;
mod reqrep;
mod security;
