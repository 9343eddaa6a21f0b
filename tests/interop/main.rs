//! ferromq talks to other programs: each scenario with Rust on either side, and bind on either side.
//!
//! The peers are two Pythons, pyzmq's wheel with its own libzmq and Debian's with an older one, and with
//! the feature `draft` a program in C++ on a plain build of libzmq. `agent` and `native` drive them,
//! `peer` makes their sockets and ours look alike, so that a scenario is written once and made a test
//! for each peer; the other modules are the scenarios.
//!
//! Each test prints a line for each of its cells: `cell | test | peer and versions | cell`.
//! `cargo nextest run --test interop --no-capture 2>/dev/null | grep '^cell'` lists them.

/// The name of a test in this module, as the test runner has it.
macro_rules! test_name {
    ($test:ident) => {
        concat!(module_path!(), "::", stringify!($test))
            .split_once("::")
            .unwrap()
            .1
    };
}

/// Makes each scenario a test for each Python, `wheel::NAME` and `debian::NAME`.
macro_rules! for_each_python {
    ($($scenario:ident)*) => {
        for_each_python! { wheel = Wheel: $($scenario)* }
        for_each_python! { debian = Debian: $($scenario)* }
    };
    ($module:ident = $python:ident: $($scenario:ident)*) => {
        mod $module {
            use crate::agent::{Agent, Python};

            $(#[test]
            fn $scenario() {
                super::$scenario(&Agent::of(Python::$python, test_name!($scenario)));
            })*
        }
    };
}

/// Makes each scenario a test for each peer.
macro_rules! for_each_peer {
    ($($scenario:ident)*) => {
        for_each_python! { $($scenario)* }
        #[cfg(all(feature = "draft", ferromq_vendored))]
        for_cpp! { $($scenario)* }
    };
}

/// Makes each scenario a test for the peer in C++, `cpp::NAME`.
#[cfg(all(feature = "draft", ferromq_vendored))]
macro_rules! for_cpp {
    ($($scenario:ident)*) => {
        mod cpp {
            use crate::native::Native;

            $(#[test]
            fn $scenario() {
                super::$scenario(&Native::of(test_name!($scenario)));
            })*
        }
    };
}

mod agent;
#[path = "../process/child.rs"]
mod child;
mod echo;
#[path = "../hosts/forked.rs"]
mod forked;
#[cfg(all(feature = "draft", ferromq_vendored))]
mod native;
mod payload;
mod peer;
mod program;
mod python;
mod setting;
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
#[cfg(all(feature = "draft", ferromq_vendored))]
mod draft;
mod forks;
mod lifecycle;
mod limits;
mod matrix;
mod pipeline;
mod pubsub;
mod router;
mod security;
mod stream;
