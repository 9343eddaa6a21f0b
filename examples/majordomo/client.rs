use std::error::Error;
use std::time::Duration;

use ferromq::{Context, Message, Multipart, REQ};

use crate::{CLIENT, DISCOVERY};

/// Above the broker's, which finds out first, and gives the request to another worker.
const PATIENCE: Duration = Duration::from_secs(5);
const TRIES: u32 = 3;

pub fn run(endpoint: &str, service: &str, requests: u64) -> Result<(), Box<dyn Error>> {
    let context = Context::builder().linger(Duration::ZERO).build()?;
    match ask(&context, endpoint, DISCOVERY, service)?.to_str()? {
        "200" => println!("{service} is offered"),
        _ => println!("nobody offers {service} yet"),
    }
    for number in 1..=requests {
        let reply = ask(&context, endpoint, service, &number.to_string())?;
        println!("{}", reply.to_str()?);
    }
    Ok(())
}

/// Each try has a socket of its own, so that no late reply to an earlier one can reach it.
fn ask(
    context: &Context,
    endpoint: &str,
    service: &str,
    body: &str,
) -> Result<Message, Box<dyn Error>> {
    for _ in 0..TRIES {
        let req = context.socket(REQ)?;
        req.connect(endpoint)?;
        req.send_multipart([CLIENT, service, body])?;
        match req
            .recv_multipart_timeout(PATIENCE)?
            .map(Multipart::into_iter)
        {
            Some(mut reply) => return Ok(reply.next_back().unwrap_or_default()),
            None => println!("no reply to {body}"),
        }
    }
    Err(format!("gave up on {body} after {TRIES} tries").into())
}
