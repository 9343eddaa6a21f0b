use std::error::Error;

use ferromq::{Context, PULL, PUSH};

fn main() -> Result<(), Box<dyn Error>> {
    let context = Context::new()?;
    let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    pull.bind("inproc://hello")?;
    push.connect("inproc://hello")?;
    push.send("hello")?;
    println!("{}", pull.recv()?.to_str()?);
    Ok(())
}
