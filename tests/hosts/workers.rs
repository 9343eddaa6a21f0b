//! Fifty workers on fifty hosts, which come and go under load.

use std::collections::BTreeSet;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use ferromq::{PULL, PUSH};

use crate::flow;
use crate::host::Host;
use crate::join::{Watch, context, join, push};
use crate::network::Network;
use crate::program::executable;
use crate::tally::{Tally, say};

/// The numbers of their hosts.
const FIRST: std::ops::Range<u8> = 3..53;

/// Of those that come when others go.
const LATER: std::ops::Range<u8> = 100..125;

/// What a task takes.
const WORK: Duration = Duration::from_millis(20);

/// Of heartbeats: all the processes may have to wait for each other.
const PATIENCE: Duration = Duration::from_secs(1);

/// Has workers go, each second one without a sign, and others come in their places.
fn come_and_go(workers: &mut Vec<Host>, start: impl Fn(u8) -> Host) {
    for number in LATER {
        let worker = workers.remove(0);
        if number % 2 == 0 {
            worker.lose_power();
        } else {
            drop(worker);
        }
        workers.push(start(number));
    }
}

/// Workers of a PUSH that are killed, or vanish, take with them what they held and what was on its way
/// to them. With heartbeats nothing else is lost; nothing comes twice.
#[test]
fn fifty_workers_come_and_go_and_lose_what_they_held() {
    Network::run(|network| {
        let mut push = push(network, 1, true, Watch::Heartbeats(PATIENCE));
        let mut sink = network.host(2, |talk| {
            let sink = context().socket(PULL).unwrap();
            sink.bind("tcp://0.0.0.0:5556").unwrap();
            talk.say("bound");
            flow::receive(&sink, talk);
        });
        sink.wait_for("bound");
        let worker = |number| {
            network.host(number, |talk| {
                let context = context();
                let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
                push.connect("tcp://10.0.0.2:5556").unwrap();
                join(&pull, false, Watch::Heartbeats(PATIENCE), talk);
                while talk.hear().is_none_or(|line| line != "end") {
                    if let Some(task) = pull.recv_timeout(Duration::from_millis(50)).unwrap() {
                        thread::sleep(WORK);
                        push.send(task).unwrap();
                    }
                }
            })
        };
        let mut workers: Vec<_> = FIRST.map(worker).collect();
        for worker in &mut workers {
            worker.wait_for("handshake");
        }
        push.tell("go");
        flow::goes_on(&mut sink);
        let begin = network.now();
        come_and_go(&mut workers, worker);
        let end = network.now();
        for _ in LATER {
            push.wait_for("disconnected");
        }
        let found = network.now();
        let tally = Tally::finish(&mut push, &mut sink, end);
        tally.print("50 workers of a PUSH, 25 go and 25 come");
        tally.has_lost_some_of(begin, found);
    });
}

fn become_ack_pipeline(arguments: &[&str], stdout: Stdio) {
    let mut program = Command::new(executable("ack_pipeline"));
    panic!("{}", program.args(arguments).stdout(stdout).exec());
}

/// With acknowledgements, as in the example `ack_pipeline`, each task is done.
#[test]
fn fifty_workers_come_and_go_and_each_task_is_done() {
    const TASKS: usize = 3000;
    Network::run(|network| {
        let mut source = network.host(1, |talk| {
            let arguments = ["source", "tcp://0.0.0.0:5555", &TASKS.to_string()];
            become_ack_pipeline(&arguments, talk.stdout());
        });
        source.wait_for("bound");
        let worker = |number| {
            network.host(number, |_| {
                let arguments = ["worker", "tcp://10.0.0.1:5555", "50"];
                become_ack_pipeline(&arguments, Stdio::null());
            })
        };
        let mut workers: Vec<_> = FIRST.map(worker).collect();
        come_and_go(&mut workers, worker);
        let end = network.now();
        let results: BTreeSet<_> = (0..TASKS).map(|_| source.wait_for("result:")).collect();
        assert_eq!(results.len(), TASKS);
        say(&format!(
            "50 workers with acknowledgements, 25 go and 25 come: {TASKS} tasks, {TASKS} results, \
             the last {:.2?} after",
            network.now() - end
        ));
    });
}
