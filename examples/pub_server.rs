//! Publishes on two topics, five times a second. See `sub_client` for the other side.
//!
//! Arguments: `[endpoint] [number of rounds, without end if not given]`

use std::env;
use std::error::Error;
use std::thread;
use std::time::Duration;

use ferromq::{Context, PUB};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let endpoint = args.next().unwrap_or("tcp://127.0.0.1:5556".into());
    let rounds = args.next().map_or(Ok(u64::MAX), |number| number.parse())?;

    let context = Context::new()?;
    let publisher = context.socket(PUB)?;
    publisher.bind(endpoint)?;
    println!("bound to {}", publisher.last_endpoint()?);

    println!("publishing: news, weather");
    for _ in 0..rounds {
        // A PUB never waits: what nobody has subscribed to is dropped.
        publisher.send_multipart(["news", "消息群发"])?;
        publisher.send_multipart(["weather", "11 degrees"])?;
        thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}
