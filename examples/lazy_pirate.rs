//! A client that asks again where no reply comes, and gives up after some tries.
//!
//! `ZMQ_REQ_RELAXED` lets a REQ ask again, and `ZMQ_REQ_CORRELATE` drops late replies to what it
//! asked before. A request may reach the server more than once, so doing it twice must do no harm.
//!
//! Arguments: `server [endpoint] [milliseconds of work]`, or `client [endpoint] [requests]`

use std::error::Error;
use std::time::Duration;
use std::{env, thread};

use ferromq::{Context, Message, REP, REQ, Req, Socket};

const PATIENCE: Duration = Duration::from_secs(1);
const TRIES: u32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let role = args.next();
    let endpoint = args.next().unwrap_or("tcp://127.0.0.1:5562".into());
    let number = args.next();
    match role.as_deref() {
        Some("server") => serve(&endpoint, number.map_or(Ok(0), |millis| millis.parse())?),
        Some("client") => ask_all(&endpoint, number.map_or(Ok(3), |count| count.parse())?),
        _ => Err("the first argument is `server` or `client`".into()),
    }
}

fn serve(endpoint: &str, millis: u64) -> Result<(), Box<dyn Error>> {
    let context = Context::new()?;
    let rep = context.socket(REP)?;
    rep.bind(endpoint)?;
    println!("bound to {}", rep.last_endpoint()?);
    loop {
        let number: u64 = rep.recv()?.to_str()?.parse()?;
        println!("working on {number}");
        thread::sleep(Duration::from_millis(millis));
        rep.send(format!("{number} squared is {}", number * number))?;
    }
}

fn ask_all(endpoint: &str, requests: u64) -> Result<(), Box<dyn Error>> {
    let context = Context::builder().linger(Duration::ZERO).build()?;
    let req = context.socket(REQ)?;
    req.set_req_relaxed(true)?;
    req.set_req_correlate(true)?;
    req.connect(endpoint)?;
    for number in 1..=requests {
        println!("{}", ask(&req, &number.to_string())?.to_str()?);
    }
    Ok(())
}

fn ask(req: &Socket<Req>, request: &str) -> Result<Message, Box<dyn Error>> {
    for _ in 0..TRIES {
        req.send(request)?;
        if let Some(reply) = req.recv_timeout(PATIENCE)? {
            return Ok(reply);
        }
        println!("no reply to {request}");
    }
    Err(format!("gave up on {request} after {TRIES} tries").into())
}
