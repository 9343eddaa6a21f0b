use crate::program::Program;
use crate::support::Directory;
use crate::{ANY_PORT, Example, squares};

#[test]
fn as_promised() {
    let mut broker = Example::start("majordomo -- broker", &[ANY_PORT]);
    let endpoint = broker.endpoint();
    let worker = Example::start("majordomo -- worker", &[&endpoint]);
    broker.print_all();
    Example::start("majordomo -- client", &[&endpoint]).finish();
    worker.stop();
    broker.stop();
}

/// The broker notices workers that are killed, gives their requests to others, and is missed itself.
#[test]
fn clients_outlive_workers_and_broker() {
    let directory = Directory::new();
    let endpoint = directory.endpoint("broker");
    let start_broker = || Program::start("majordomo -- broker", &[&endpoint]);
    let start_worker = || Program::start("majordomo -- worker", &[&endpoint, "300"]);
    let mut broker = start_broker();
    let mut client = Program::start("majordomo -- client", &[&endpoint, "square", "6"]);
    client.wait_for("nobody offers square yet");

    let mut killed = start_worker();
    killed.wait_for("working on 1");
    killed.kill();
    broker.wait_for("a worker for square");
    broker.wait_for("no more of a worker for square");
    let mut worker = start_worker();
    worker.wait_for("working on 1"); // without being asked again

    worker.wait_for("working on 2");
    broker.kill();
    let mut broker = start_broker();
    broker.wait_for("a worker for square"); // it has come back by itself
    let mut replies = client.finish();
    assert!(!replies.contains(&"no reply to 1".to_owned()));
    replies.retain(|line| line.contains("squared"));
    assert_eq!(replies, squares(6));
}
