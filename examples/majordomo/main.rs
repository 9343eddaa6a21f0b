//! Services by name: workers tell the broker what they do, clients ask for it, and the broker brings
//! them together. Heartbeats find those that are gone. The frames are those of the Majordomo
//! Protocol, <https://rfc.zeromq.org/spec/7/>, so that programs in other languages can take part.
//!
//! Arguments: `broker [endpoint]`, `worker [endpoint] [milliseconds of work]`, or
//! `client [endpoint] [service] [requests]`

mod broker;
mod client;
mod worker;

use std::env;
use std::error::Error;
use std::time::Duration;

use ferromq::{Message, Multipart};

/// What the messages of a client, and of a worker, start with.
const CLIENT: &str = "MDPC01";
const WORKER: &str = "MDPW01";

/// What a message from or to a worker is.
const READY: &[u8] = &[1];
const REQUEST: &[u8] = &[2];
const REPLY: &[u8] = &[3];
const HEARTBEAT: &[u8] = &[4];
const DISCONNECT: &[u8] = &[5];

/// The service of the broker itself that tells whether another one has workers.
const DISCOVERY: &str = "mmi.service";

/// How often brokers and workers tell each other that they are there.
const INTERVAL: Duration = Duration::from_millis(500);

/// Without a sign of life for so long the other one is gone.
const PATIENCE: Duration = Duration::from_secs(2);

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let role = args.next();
    let endpoint = args.next().unwrap_or("tcp://127.0.0.1:5568".into());
    match role.as_deref() {
        Some("broker") => broker::run(&endpoint),
        Some("worker") => {
            let millis = args.next().map_or(Ok(0), |millis| millis.parse())?;
            worker::run(&endpoint, millis)
        }
        Some("client") => {
            let service = args.next().unwrap_or("square".into());
            let requests = args.next().map_or(Ok(3), |count| count.parse())?;
            client::run(&endpoint, &service, requests)
        }
        _ => Err("the first argument is `broker`, `worker` or `client`".into()),
    }
}

/// A message of these frames, and those that came from another one.
fn message<const N: usize>(head: [&[u8]; N], tail: &[Message]) -> Multipart {
    let mut message = Multipart::from(head);
    message.extend(tail);
    message
}
