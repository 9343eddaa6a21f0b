//! A PUSH that connects queues up to its high-water mark while nobody is there. The worker that
//! comes later gets exactly those messages.
//!
//! Arguments: `[endpoint]`

use std::env;
use std::error::Error;
use std::time::Duration;

use ferromq::{Context, PULL, PUSH, TrySendError};

fn main() -> Result<(), Box<dyn Error>> {
    let endpoint = env::args().nth(1).unwrap_or("tcp://127.0.0.1:5559".into());

    let context = Context::new()?;
    let push = context.socket(PUSH)?;
    push.set_send_hwm(5)?; // before the first connect
    push.connect(endpoint.as_str())?;

    for number in 1.. {
        match push.try_send(format!("task {number}")) {
            Ok(()) => println!("queued: task {number}"),
            Err(TrySendError::Full(task)) => {
                println!("would block: {}", task.to_str()?);
                break;
            }
            Err(error) => return Err(error.into()),
        }
    }

    let worker = context.socket(PULL)?;
    worker.bind(endpoint)?;
    println!("the worker is there");
    while let Some(task) = worker.recv_timeout(Duration::from_secs(1))? {
        println!("worker received: {}", task.to_str()?);
    }
    println!("no more for a second");
    Ok(())
}
