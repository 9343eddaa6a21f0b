//! Takes numbers from `push_source`, squares them, and pushes the results to `pull_sink`. Start as
//! many as you like: they share the work.
//!
//! Arguments: `[source] [sink] [number of tasks, without end if not given]`

use std::env;
use std::error::Error;

use ferromq::{Context, PULL, PUSH};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let source = args.next().unwrap_or("tcp://127.0.0.1:5557".into());
    let sink = args.next().unwrap_or("tcp://127.0.0.1:5558".into());
    let tasks = args.next().map_or(Ok(u64::MAX), |number| number.parse())?;

    let context = Context::new()?;
    let pull = context.socket(PULL)?;
    pull.connect(source)?;
    let push = context.socket(PUSH)?;
    push.connect(sink)?;

    for _ in 0..tasks {
        let task: u64 = pull.recv()?.to_str()?.parse()?;
        println!("working on {task}");
        push.send(format!("{task} squared is {}", task * task))?;
    }
    Ok(())
}
