//! REQ/REP in one process: a question, and its answer.

use ferromq::{Context, REP, REQ, Result};

fn main() -> Result<()> {
    let context = Context::new()?;

    let server = context.socket(REP)?;
    server.bind("tcp://127.0.0.1:*")?;
    let client = context.socket(REQ)?;
    client.connect(server.last_endpoint()?)?;

    client.send("Are you OK?")?;
    println!(
        "server received: {}",
        server.recv()?.to_str().unwrap_or("?")
    );
    server.send("I am OK!")?;
    println!(
        "client received: {}",
        client.recv()?.to_str().unwrap_or("?")
    );
    Ok(())
}
