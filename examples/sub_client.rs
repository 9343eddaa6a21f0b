//! Subscribes to one topic of `pub_server` and prints what comes.
//!
//! Arguments: `[endpoint] [topic] [number of messages]`; the empty topic is all of them.

use std::env;
use std::error::Error;

use ferromq::{Context, SUB};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let endpoint = args.next().unwrap_or("tcp://127.0.0.1:5556".into());
    let topic = args.next().unwrap_or("news".into());
    let messages = args.next().map_or(Ok(3), |number| number.parse())?;

    let context = Context::new()?;
    let subscriber = context.socket(SUB)?;
    subscriber.subscribe(topic)?;
    subscriber.connect(endpoint)?;

    for _ in 0..messages {
        let message = subscriber.recv_multipart()?;
        println!("{}: {}", message[0].to_str()?, message[1].to_str()?);
    }
    Ok(())
}
