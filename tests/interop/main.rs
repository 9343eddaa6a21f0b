//! ferromq talks to Python peers: each scenario with Rust on either side, and bind on either side.
//!
//! `agent` drives a Python process, `peer` makes its sockets and ours look alike, so that a
//! scenario is written once; the other modules are the scenarios.

mod agent;
mod peer;
mod python;

mod lifecycle;
mod payloads;
mod pipeline;
mod pubsub;
mod reqrep;
