//! The threads that libzmq starts.

use std::collections::BTreeSet;
use std::fs;

use ferromq::Context;

use crate::process::{alone, eventually};

#[test]
fn are_named() {
    alone(|| {
        let context = Context::builder().io_threads(2).build().unwrap();
        // They start with the first socket, and name themselves.
        let _socket = context.socket(ferromq::PAIR).unwrap();
        let expected = ["ZMQbg/IO/0", "ZMQbg/IO/1", "ZMQbg/Reaper"].map(String::from);
        eventually(|| (names() == BTreeSet::from(expected.clone())).then_some(()));
    });
}

/// The names of this process's threads that say that they are libzmq's.
fn names() -> BTreeSet<String> {
    fs::read_dir("/proc/self/task")
        .unwrap()
        .map(|task| fs::read_to_string(task.unwrap().path().join("comm")).unwrap())
        .map(|name| name.trim_end().to_owned())
        .filter(|name| name.starts_with("ZMQ"))
        .collect()
}
