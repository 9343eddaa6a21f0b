//! Replies "I am OK!" to every request. See `req_client` for the other side.
//!
//! Arguments: `[endpoint] [number of requests, without end if not given]`

use std::env;
use std::error::Error;

use ferromq::{Context, REP};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let endpoint = args.next().unwrap_or("tcp://127.0.0.1:5555".into());
    let requests = args.next().map_or(Ok(u64::MAX), |number| number.parse())?;

    let context = Context::new()?;
    let server = context.socket(REP)?;
    server.bind(endpoint)?;
    println!("bound to {}", server.last_endpoint()?);

    for _ in 0..requests {
        let request = server.recv()?;
        println!("received: {}", request.to_str()?);
        server.send("I am OK!")?;
    }
    Ok(())
}
