//! Asks `rep_server` a question and prints the reply.
//!
//! Arguments: `[endpoint]`

use std::env;
use std::error::Error;

use ferromq::{Context, REQ};

fn main() -> Result<(), Box<dyn Error>> {
    let endpoint = env::args().nth(1).unwrap_or("tcp://127.0.0.1:5555".into());

    let context = Context::new()?;
    let client = context.socket(REQ)?;
    client.connect(endpoint)?;

    client.send("Are you OK?")?;
    println!("received: {}", client.recv()?.to_str()?);
    Ok(())
}
