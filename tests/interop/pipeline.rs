//! PUSH/PULL: work handed down a pipeline, none of it lost.

use std::time::Duration;

use ferromq::SocketType;

use crate::peer::{DEADLINE, Frames, Sent, Setting, Stranger, either_way, frames, join};
use crate::support::Directory;

for_each_peer! {
    a_late_worker_gets_what_is_queued
    a_push_that_binds_waits_for_its_first_worker
    an_immediate_push_waits_for_a_connection
    workers_share_the_work
    a_closed_push_still_delivers
}

const HWM: u32 = 5;

fn task(number: u32) -> Frames {
    frames([format!("task {number}").as_str()])
}

/// A PUSH that connects queues up to its high-water mark with nobody there; a worker that comes
/// later gets exactly that.
fn a_late_worker_gets_what_is_queued(stranger: &impl Stranger) {
    either_way(stranger, ["PUSH", "PULL"], |one, other| {
        let directory = Directory::new();
        let vacant = directory.endpoint("vacant");
        let (push, pull) = (one.open(SocketType::Push), other.open(SocketType::Pull));
        push.set(Setting::SendHwm(HWM));
        push.connect_to(&vacant);
        let send = |message| push.send_within(&message, Duration::ZERO);
        for number in 0..HWM {
            assert_eq!(send(task(number)), Sent::Taken, "task {number}");
        }
        assert_eq!(send(frames(["one too many"])), Sent::NotInTime);

        pull.bind_to(&vacant);
        for number in 0..HWM {
            assert_eq!(pull.recv_frames(), task(number));
        }
        push.send_frames(&frames(["the next"]));
        assert_eq!(pull.recv_frames(), frames(["the next"]));
    });
}

/// It has nowhere to queue.
fn a_push_that_binds_waits_for_its_first_worker(stranger: &impl Stranger) {
    either_way(stranger, ["PUSH", "PULL"], |one, other| {
        let (push, pull) = (one.open(SocketType::Push), other.open(SocketType::Pull));
        let endpoint = push.bind_to_any_port();
        assert_eq!(push.send_within(&task(0), Duration::ZERO), Sent::NotInTime);
        pull.connect_to(&endpoint);
        push.send_frames(&task(1));
        assert_eq!(pull.recv_frames(), task(1));
    });
}

/// Nothing is queued for a connection that is not there.
fn an_immediate_push_waits_for_a_connection(stranger: &impl Stranger) {
    either_way(stranger, ["PUSH", "PULL"], |one, other| {
        let directory = Directory::new();
        let vacant = directory.endpoint("vacant");
        let (push, pull) = (one.open(SocketType::Push), other.open(SocketType::Pull));
        push.set(Setting::Immediate);
        push.connect_to(&vacant);
        assert_eq!(push.send_within(&task(0), Duration::ZERO), Sent::NotInTime);
        pull.bind_to(&vacant);
        push.send_frames(&task(1));
        assert_eq!(pull.recv_frames(), task(1));
    });
}

/// Each task goes to exactly one of two workers, in turns.
fn workers_share_the_work(stranger: &impl Stranger) {
    const TASKS: u32 = 100;
    either_way(stranger, ["PUSH", "PULLs"], |one, other| {
        let push = one.open(SocketType::Push);
        let workers = [(); 2].map(|()| other.open(SocketType::Pull));
        for worker in &workers {
            let events = worker.events();
            join(&**worker, &*push);
            events.wait_for_event("HANDSHAKE_SUCCEEDED");
        }
        for number in 0..TASKS {
            push.send_frames(&task(number));
        }
        for (worker, first) in workers.iter().zip(0..) {
            for number in (first..TASKS).step_by(2) {
                assert_eq!(worker.recv_frames(), task(number));
            }
        }
    });
}

/// What a socket holds when it closes is delivered while it lingers.
fn a_closed_push_still_delivers(stranger: &impl Stranger) {
    either_way(stranger, ["PUSH", "PULL"], |one, other| {
        let directory = Directory::new();
        let vacant = directory.endpoint("vacant");
        let (push, pull) = (one.open(SocketType::Push), other.open(SocketType::Pull));
        push.connect_to(&vacant);
        push.send_frames(&frames(["the last task"]));
        push.close_within(DEADLINE);
        pull.bind_to(&vacant);
        assert_eq!(pull.recv_frames(), frames(["the last task"]));
    });
}
