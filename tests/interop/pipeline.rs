//! PUSH/PULL: work handed down a pipeline, none of it lost.

use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs, process};

use ferromq::{Context, PULL, PUSH, TrySendError};

use crate::agent::{Agent, DEADLINE};
use crate::peer::{Frames, Peer, Receiver, Sender, frames, join};

const HWM: u32 = 5;

fn task(number: u32) -> Frames {
    frames([format!("task {number}").as_str()])
}

fn hand_down(push: &impl Sender, pull: &impl Receiver) {
    for number in 0..100 {
        push.send_frames(&task(number));
    }
    for number in 0..100 {
        assert_eq!(pull.recv_frames(), task(number));
    }
}

#[test]
fn rust_pushes_and_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (context.socket(PUSH).unwrap(), python.socket("PULL"));
    join(&push, &pull);
    hand_down(&push, &pull);
}

#[test]
fn rust_pushes_python_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (context.socket(PUSH).unwrap(), python.socket("PULL"));
    join(&pull, &push);
    hand_down(&push, &pull);
}

#[test]
fn rust_pulls_and_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (python.socket("PUSH"), context.socket(PULL).unwrap());
    join(&pull, &push);
    hand_down(&push, &pull);
}

#[test]
fn rust_pulls_python_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (python.socket("PUSH"), context.socket(PULL).unwrap());
    join(&push, &pull);
    hand_down(&push, &pull);
}

/// An ipc endpoint that nobody holds yet; a free port might be taken by somebody else meanwhile.
struct Vacant(PathBuf);

impl Vacant {
    fn new(name: &str) -> Vacant {
        Vacant(env::temp_dir().join(format!("ferromq-{name}-{}", process::id())))
    }

    fn endpoint(&self) -> String {
        format!("ipc://{}", self.0.display())
    }
}

impl Drop for Vacant {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// A PUSH that connects queues up to its high-water mark with nobody there; a worker that comes
/// later gets exactly that.
fn late_worker(push: &impl Sender, pull: &impl Receiver, endpoint: &str) {
    push.connect_to(endpoint);
    for number in 0..HWM {
        assert!(
            push.send_within(&task(number), Duration::ZERO),
            "task {number}"
        );
    }
    assert!(!push.send_within(&frames(["one too many"]), Duration::ZERO));

    pull.bind_to(endpoint);
    for number in 0..HWM {
        assert_eq!(pull.recv_frames(), task(number));
    }
    push.send_frames(&frames(["the next"]));
    assert_eq!(pull.recv_frames(), frames(["the next"]));
}

#[test]
fn rust_pushes_to_a_late_worker() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (context.socket(PUSH).unwrap(), python.socket("PULL"));
    push.set_send_hwm(HWM).unwrap();
    late_worker(&push, &pull, &Vacant::new("late-python").endpoint());
}

#[test]
fn rust_is_the_late_worker() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (python.socket("PUSH"), context.socket(PULL).unwrap());
    push.set("SNDHWM", HWM);
    late_worker(&push, &pull, &Vacant::new("late-rust").endpoint());
}

/// A PUSH that binds has nowhere to queue before a worker comes, and gives the frame back.
#[test]
fn rust_waits_for_its_first_worker() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (context.socket(PUSH).unwrap(), python.socket("PULL"));
    push.bind("tcp://127.0.0.1:*").unwrap();
    let Err(TrySendError::Full(task)) = push.try_send(b"task".to_vec()) else {
        panic!("sent to nobody");
    };
    pull.connect(push.last_endpoint().unwrap().as_str());
    push.send_timeout(task, DEADLINE).unwrap();
    assert_eq!(pull.recv_frames(), frames(["task"]));
}

/// Two workers share what one PUSH sends: each task goes to exactly one of them.
#[test]
fn python_workers_share_the_work() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let push = context.socket(PUSH).unwrap();
    let workers = ["PULL"; 2].map(|kind| python.socket(kind));
    for worker in &workers {
        join(worker, &push);
    }
    for number in 0..100 {
        push.send_frames(&task(number));
    }
    let mut done = [const { Vec::new() }; 2];
    while done.iter().map(Vec::len).sum::<usize>() < 100 {
        let readable = python.poll(&workers.each_ref(), DEADLINE);
        assert!(!readable.is_empty(), "tasks are missing: {done:?}");
        for worker in readable {
            done[worker].push(workers[worker].recv_frames());
        }
    }
    let every_other = |first| (first..100).step_by(2).map(task).collect::<Vec<_>>();
    assert_eq!(done, [every_other(0), every_other(1)]);
}

/// What a socket holds when it closes is still delivered while it lingers.
#[test]
fn python_closes_before_rust_comes() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (push, pull) = (python.socket("PUSH"), context.socket(PULL).unwrap());
    let vacant = Vacant::new("closed");
    push.connect(&vacant.endpoint());
    push.send_frames(&frames(["the last task"]));
    push.close(DEADLINE);
    pull.bind_to(&vacant.endpoint());
    assert_eq!(pull.recv_frames(), frames(["the last task"]));
}
