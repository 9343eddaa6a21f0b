//! What becomes of messages between hosts when the network fails. Each host is a process in a network
//! namespace of its own, with a cable (a veth pair) to a switch that belongs to the test and can lose,
//! delay and withhold packets. Nothing of it has a name outside of the test, and all of it ends with
//! the test, however that ends.
//!
//! What is measured is printed; the guide's page on delivery says what it comes to. The tests need
//! Linux, `ip` (Debian: iproute2), and either root or a kernel that lets users make namespaces. Where
//! these are missing they fail.
#![cfg(target_os = "linux")]

#[path = "../process/child.rs"]
#[allow(dead_code)] // The rest is for the tests of forks.
mod child;
mod flow;
mod forked;
mod host;
mod join;
mod namespace;
mod network;
#[path = "../examples/program.rs"]
#[allow(dead_code)] // The rest is for the tests of examples.
mod program;
mod switch;
mod tally;

mod address;
mod half_open;
mod outage;
mod packets;
mod partition;
mod workers;
