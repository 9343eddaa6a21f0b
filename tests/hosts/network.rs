//! A network: hosts, a switch, and the cables between them.

use std::time::{Duration, Instant};

use crate::child::in_child_within;
use crate::host::{Host, Talk};
use crate::namespace::{die_with_the_parent, leave_the_machine};
use crate::switch::Switch;

/// Far beyond what a test takes.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Network {
    pub switch: Switch,
    /// When the network began. Its hosts have the same clock.
    pub began: Instant,
}

impl Network {
    /// Runs the test in a process of its own, which has a network of its own.
    #[track_caller]
    pub fn run(test: impl FnOnce(&Network)) {
        let parent = std::process::id();
        in_child_within(PATIENCE, || {
            leave_the_machine();
            die_with_the_parent(parent);
            test(&Network {
                switch: Switch::start(),
                began: Instant::now(),
            });
        });
    }

    /// On the clock of all hosts.
    pub fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// A host with the address `10.0.0.number`, where `role` runs.
    #[track_caller]
    pub fn host(&self, number: u8, role: impl FnOnce(&mut Talk)) -> Host {
        Host::start(self, number, role)
    }
}
