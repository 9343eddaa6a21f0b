//! Collects the results of the workers.
//!
//! Arguments: `[endpoint] [number of results, without end if not given]`

use std::env;
use std::error::Error;

use ferromq::{Context, PULL};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let endpoint = args.next().unwrap_or("tcp://127.0.0.1:5558".into());
    let results = args.next().map_or(Ok(u64::MAX), |number| number.parse())?;

    let context = Context::new()?;
    let sink = context.socket(PULL)?;
    sink.bind(endpoint)?;
    println!("bound to {}", sink.last_endpoint()?);

    for _ in 0..results {
        println!("result: {}", sink.recv()?.to_str()?);
    }
    Ok(())
}
