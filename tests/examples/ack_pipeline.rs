use ferromq::DEALER;

use crate::program::Program;
use crate::support::{Directory, context, send_multipart};
use crate::{ANY_PORT, Example, squares};

#[test]
fn as_promised() {
    let mut source = Example::start("ack_pipeline -- source", &[ANY_PORT]);
    let worker = Example::start("ack_pipeline -- worker", &[&source.endpoint()]);
    source.finish();
    worker.stop();
}

/// Workers are killed in the middle of their tasks, 20 of them, and the result of every task comes,
/// once. A worker that talks nonsense changes nothing.
#[test]
fn killed_workers_lose_no_task() {
    const TASKS: u64 = 3000;
    const KILLS: usize = 20;
    let directory = Directory::new();
    let endpoint = directory.endpoint("tasks");
    let mut source = Program::start("ack_pipeline -- source", &[&endpoint, &TASKS.to_string()]);
    let start = |millis| Program::start("ack_pipeline -- worker", &[&endpoint, millis]);
    let context = context();
    let stranger = context.socket(DEALER).unwrap();
    stranger.connect(&endpoint).unwrap();
    for nonsense in [["3001", "no such task"], ["task", "no number"]] {
        send_multipart(&stranger, nonsense);
    }
    send_multipart(&stranger, ["too", "many", "frames"]);
    // Slow ones, so that none is done before it is killed.
    let mut workers = [start("20"), start("20")];
    let mut done_twice = Vec::new();
    for kill in 0..KILLS {
        let worker = &mut workers[kill % 2];
        for _ in 0..3 {
            worker.wait_for("working on ");
        }
        let killed = std::mem::replace(worker, start("20")).kill();
        // It was given more than it has done.
        done_twice.push(killed.last().unwrap().clone());
    }
    assert!(
        !source.has_ended(),
        "the workers were too fast for this test"
    );
    let workers = workers.into_iter().chain([start("0")]);
    let results = source.finish();
    let worked: Vec<_> = workers.flat_map(Program::kill).collect();
    assert!(
        done_twice.iter().any(|task| worked.contains(task)),
        "no task was handed out again"
    );
    let expected = squares(TASKS).into_iter();
    let expected: Vec<_> = expected.map(|square| format!("result: {square}")).collect();
    assert_eq!(results[1..], expected);
}
