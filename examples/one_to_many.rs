//! One producer binds, many consumers connect, each in its own thread. Every task goes to one.
//!
//! Arguments: `[endpoint]`

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::mpsc;
use std::{env, thread};

use ferromq::{Context, ErrorKind, Message, PULL, PUSH, Pull, Result, Socket};

const CONSUMERS: u32 = 3;
const TASKS: u32 = 12;

fn main() -> Result<(), Box<dyn Error>> {
    let endpoint = env::args().nth(1).unwrap_or("inproc://tasks".into());

    let context = Context::new()?;
    let producer = context.socket(PUSH)?;
    producer.bind(endpoint)?;

    let mut consumers = Vec::new();
    let (done, results) = mpsc::channel();
    for consumer in 1..=CONSUMERS {
        let socket = context.socket(PULL)?;
        socket.connect(producer.last_endpoint()?)?;
        let done = done.clone();
        // The socket moves to the thread: it is used by one thread at a time.
        consumers.push(thread::spawn(move || consume(consumer, socket, done)));
    }

    for task in 1..=TASKS {
        producer.send(format!("task {task}"))?;
    }
    let mut shares = BTreeMap::<_, Vec<_>>::new();
    for (consumer, task) in results.iter().take(TASKS as usize) {
        let share = shares.entry(consumer).or_default();
        share.push(task.to_str()?.to_owned());
    }
    for (consumer, tasks) in shares {
        println!("consumer {consumer}: {}", tasks.join(", "));
    }

    context.shutdown()?; // ends the consumers
    for consumer in consumers {
        consumer.join().expect("a consumer panicked")?;
    }
    Ok(())
}

fn consume(number: u32, socket: Socket<Pull>, done: mpsc::Sender<(u32, Message)>) -> Result<()> {
    loop {
        match socket.recv() {
            Ok(task) => done.send((number, task)).expect("main collects"),
            Err(error) if error.kind() == ErrorKind::Terminated => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}
