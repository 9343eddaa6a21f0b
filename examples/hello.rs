//! REQ/REP in one process: a question and its reply.

use std::error::Error;

use ferromq::{Context, REP, REQ};

fn main() -> Result<(), Box<dyn Error>> {
    let context = Context::new()?;

    let server = context.socket(REP)?;
    server.bind("tcp://127.0.0.1:*")?; // any free port
    let client = context.socket(REQ)?;
    client.connect(server.last_endpoint()?)?;

    client.send("Are you OK?")?;
    println!("server received: {}", server.recv()?.to_str()?);
    server.send("I am OK!")?;
    println!("client received: {}", client.recv()?.to_str()?);
    Ok(())
}
