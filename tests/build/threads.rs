//! The threads that libzmq starts.

use std::fs;

use ferromq::Context;

use crate::process::{alone, eventually};

#[test]
fn are_named() {
    alone(|| {
        let context = Context::builder().io_threads(2).build().unwrap();
        // They start with the first socket.
        let _socket = context.socket(ferromq::PAIR).unwrap();
        for name in ["ZMQbg/Reaper", "ZMQbg/IO/0", "ZMQbg/IO/1"] {
            find(name);
        }
    });
}

/// The directory in `/proc` of this process's thread with that name, which it gives itself.
#[track_caller]
pub fn find(name: &str) -> String {
    eventually(|| {
        let tasks = fs::read_dir("/proc/self/task").unwrap();
        let mut tasks = tasks.map(|task| task.unwrap().path().display().to_string());
        tasks.find(|task| {
            fs::read_to_string(format!("{task}/comm"))
                .unwrap()
                .trim_end()
                == name
        })
    })
}
