//! Two readings of libzmq's interface, to be compared: what `ferromq-sys` declares, and what the
//! header says that it was built from.

mod declared;
mod header;
mod signature;

use std::collections::{BTreeMap, BTreeSet};

/// The names of an interface, and what they stand for.
#[derive(Debug, Default)]
pub struct Interface {
    /// Every function, and every type of function, with its parameters' types and its result's.
    pub functions: BTreeMap<String, String>,
    /// Every constant.
    pub constants: BTreeSet<String>,
}

/// How much of the interface: without the draft part, or with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    Stable,
    Draft,
}

/// What `ferromq-sys` declares.
pub fn declared(extent: Extent) -> Interface {
    declared::read(extent)
}

/// What `zmq.h` declares.
pub fn header(extent: Extent) -> Interface {
    Interface {
        functions: header::functions(extent),
        constants: header::macros(extent),
    }
}
