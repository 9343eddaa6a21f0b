//! A network: hosts, a switch, and the cables between them.

use std::time::{Duration, Instant};

use crate::child::in_child_within;
use crate::forked::die_with_the_parent;
use crate::host::{Host, Talk};
use crate::namespace::leave_the_machine;
use crate::switch::Switch;

/// Far beyond what a test takes.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Network {
    pub switch: Switch,
    /// When the network began. Its hosts have the same clock.
    pub began: Instant,
    pub protocol: Protocol,
}

#[derive(Clone, Copy)]
pub enum Protocol {
    Ipv4,
    Ipv6,
}

impl Protocol {
    /// That of a host.
    pub fn address(self, number: u8) -> String {
        match self {
            Self::Ipv4 => format!("10.0.0.{number}"),
            Self::Ipv6 => format!("fd00::{number}"),
        }
    }
}

impl Network {
    /// Runs the test in a process of its own, which has a network of its own.
    #[track_caller]
    pub fn run(test: impl FnOnce(&Network)) {
        Self::run_over(Protocol::Ipv4, test);
    }

    #[track_caller]
    pub fn run_over(protocol: Protocol, test: impl FnOnce(&Network)) {
        let parent = std::process::id();
        in_child_within(PATIENCE, || {
            leave_the_machine();
            die_with_the_parent(parent);
            test(&Network {
                switch: Switch::start(),
                began: Instant::now(),
                protocol,
            });
        });
    }

    /// On the clock of all hosts.
    pub fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// A host with the address of this number, where `role` runs.
    #[track_caller]
    pub fn host(&self, number: u8, role: impl FnOnce(&mut Talk)) -> Host {
        Host::start(self, number, role)
    }
}
