use crate::program::Program;
use crate::support::Directory;
use crate::{Example, promised, squares};

#[test]
fn as_promised() {
    let directory = Directory::new();
    let (clients, workers) = (directory.endpoint("clients"), directory.endpoint("workers"));
    let mut broker = Example::start("proxy_broker -- broker", &[&clients, &workers])
        .at("tcp://127.0.0.1:5563", &clients)
        .at("tcp://127.0.0.1:5564", &workers);
    broker.program.wait_for("workers connect to ");
    let worker = Example::start("proxy_broker -- worker", &[&workers]);
    let client = Program::start("lazy_pirate -- client", &[&clients]);
    assert_eq!(client.finish(), promised("lazy_pirate -- client"));
    worker.stop();
    broker.program.tell("statistics");
    broker.program.tell("end");
    broker.expected.push("3 requests, 3 replies".into());
    broker.finish();
}

/// A worker is killed with a request, then the broker is; the client gets each reply. What comes
/// while the broker is paused waits for it.
#[test]
fn a_client_outlives_worker_and_broker() {
    let directory = Directory::new();
    let (clients, workers) = (directory.endpoint("clients"), directory.endpoint("workers"));
    let start_broker = || {
        let mut broker = Program::start("proxy_broker -- broker", &[&clients, &workers]);
        broker.wait_for("workers connect to ");
        broker
    };
    let start_worker = || Program::start("proxy_broker -- worker", &[&workers, "300"]);
    let mut broker = start_broker();
    broker.tell("pause");
    let mut worker = start_worker();
    let client = Program::start("lazy_pirate -- client", &[&clients, "5"]);
    broker.tell("resume");

    worker.wait_for("working on ");
    worker.kill();
    let mut worker = start_worker();
    worker.wait_for("working on ");
    broker.kill();
    let _broker = start_broker();

    let mut replies = client.finish();
    replies.retain(|line| !line.starts_with("no reply to "));
    assert_eq!(replies, squares(5));
}
