//! Hands out numbered tasks. The workers pass the results on to `pull_sink`.
//!
//! Arguments: `[endpoint] [number of tasks]`

use std::env;
use std::error::Error;

use ferromq::{Context, PUSH};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let endpoint = args.next().unwrap_or("tcp://127.0.0.1:5557".into());
    let tasks = args.next().map_or(Ok(5), |number| number.parse())?;

    let context = Context::new()?;
    let source = context.socket(PUSH)?;
    source.bind(endpoint)?;
    println!("bound to {}", source.last_endpoint()?);

    for task in 1..=tasks {
        // A PUSH that has bound waits here until the first worker connects.
        source.send(task.to_string())?;
    }
    println!("handed out {tasks} tasks");
    // What the workers have not taken yet lingers: the end of `main` waits for it.
    Ok(())
}
