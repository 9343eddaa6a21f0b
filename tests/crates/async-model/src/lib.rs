//! The gate of async sockets, as it is, over a model of a socket's mailbox: loom runs the tasks,
//! the peer and the reactor in all interleavings, up to a number of preemptions. A task that is
//! never woken is a deadlock, which loom reports.

#![cfg(test)]

#[path = "../../../../src/asynchronous/gate.rs"]
mod gate;
mod model;

use std::future::poll_fn;

use loom::future::block_on;
use loom::sync::Arc;
use loom::thread;

use model::{Command, Kind, World};

/// As `ferromq` numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Send,
    Recv,
}

mod sync {
    pub(super) use loom::sync::atomic::{AtomicU8, Ordering};
    pub(super) use loom::sync::{Mutex, MutexGuard};
}

const KINDS: [Kind; 4] = [
    kind(false, false),
    kind(false, true),
    kind(true, false),
    kind(true, true),
];

const fn kind(always_ready: bool, send_looks: bool) -> Kind {
    Kind {
        always_ready,
        send_looks,
    }
}

fn explore(kind: Kind, scenario: impl Fn(Arc<World>) + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(move || scenario(Arc::new(World::new(kind))));
}

fn perform(world: &World, direction: Direction, times: usize) {
    block_on(async {
        for _ in 0..times {
            let mut slept = false;
            poll_fn(|context| world.poll(direction, &mut slept, context)).await;
        }
    });
}

fn peer(world: &Arc<World>, commands: &'static [Command]) -> thread::JoinHandle<()> {
    let world = Arc::clone(world);
    thread::spawn(move || {
        for command in commands {
            world.tell(*command);
        }
        world.time_passes();
    })
}

/// One direction only.
#[test]
fn an_operation_is_woken() {
    for kind in KINDS {
        for (direction, command) in [
            (Direction::Recv, &[Command::Message, Command::Message]),
            (Direction::Send, &[Command::Room, Command::Room]),
        ] {
            explore(kind, move |world| {
                let peer = peer(&world, command);
                perform(&world, direction, 2);
                peer.join().unwrap();
            });
        }
    }
}

/// Two halves in two tasks, each of which may swallow the other one's call.
#[test]
fn both_directions_are_woken() {
    for kind in KINDS {
        explore(kind, |world| {
            let peer = peer(&world, &[Command::Room, Command::Message]);
            let other = Arc::clone(&world);
            let sender = thread::spawn(move || perform(&other, Direction::Send, 1));
            perform(&world, Direction::Recv, 1);
            sender.join().unwrap();
            peer.join().unwrap();
        });
    }
}

/// An operation that is given up takes no call with it that the other direction waits for.
#[test]
fn the_other_direction_is_woken_when_one_gives_up() {
    for kind in KINDS {
        for (given_up, commands) in [
            (Direction::Send, &[Command::Message]),
            (Direction::Recv, &[Command::Room]),
        ] {
            explore(kind, move |world| {
                let peer = peer(&world, commands);
                let other = Arc::clone(&world);
                let giving_up = thread::spawn(move || {
                    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
                    let mut slept = false;
                    let _ = other.poll(given_up, &mut slept, &mut context);
                    other.give_up(given_up);
                });
                perform(&world, given_up.other(), 1);
                giving_up.join().unwrap();
                peer.join().unwrap();
            });
        }
    }
}

/// A task that does one thing and rests: nobody comes after it to make up for what it swallowed.
#[test]
fn who_has_done_its_part_passes_on() {
    for kind in KINDS {
        explore(kind, |world| {
            let peer = peer(&world, &[Command::Message, Command::Room]);
            let other = Arc::clone(&world);
            let receiver = thread::spawn(move || perform(&other, Direction::Recv, 1));
            perform(&world, Direction::Send, 1);
            receiver.join().unwrap();
            peer.join().unwrap();
        });
    }
}
