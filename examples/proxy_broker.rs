//! A broker between clients and workers that come and go: a proxy, steered from standard input by
//! `pause`, `resume`, `statistics` and `end`.
//!
//! The clients are those of `lazy_pirate`: a request dies with the worker that has it, and is asked
//! again.
//!
//! Arguments: `broker [for clients] [for workers]`, or `worker [endpoint] [milliseconds of work]`

use std::error::Error;
use std::time::Duration;
use std::{env, io, thread};

use ferromq::{Context, DEALER, Proxy, REP, ROUTER};

const CLIENTS: &str = "tcp://127.0.0.1:5563";
const WORKERS: &str = "tcp://127.0.0.1:5564";

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<_> = env::args().skip(1).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["broker"] => broker(CLIENTS, WORKERS),
        ["broker", clients, workers] => broker(clients, workers),
        ["worker"] => work(WORKERS, 0),
        ["worker", endpoint] => work(endpoint, 0),
        ["worker", endpoint, millis] => work(endpoint, millis.parse()?),
        _ => Err("arguments: `broker [for clients] [for workers]` or `worker [endpoint]`".into()),
    }
}

fn broker(for_clients: &str, for_workers: &str) -> Result<(), Box<dyn Error>> {
    let context = Context::new()?;
    let (clients, workers) = (context.socket(ROUTER)?, context.socket(DEALER)?);
    clients.bind(for_clients)?;
    workers.bind(for_workers)?;
    println!("clients connect to {}", clients.last_endpoint()?);
    println!("workers connect to {}", workers.last_endpoint()?);

    let proxy = Proxy::new(clients, workers).spawn()?;
    let controller = proxy.controller();
    for order in io::stdin().lines() {
        match order?.as_str() {
            "pause" => controller.pause()?,
            "resume" => controller.resume()?,
            "end" => {
                controller.terminate()?;
                break;
            }
            "statistics" => {
                let clients = controller.statistics()?.frontend;
                let (requests, replies) = (clients.received.messages, clients.sent.messages);
                println!("{requests} requests, {replies} replies");
            }
            other => eprintln!("{other}? It is pause, resume, statistics or end."),
        }
    }
    proxy.join()?; // without more orders it goes on until it is ended
    Ok(())
}

fn work(endpoint: &str, millis: u64) -> Result<(), Box<dyn Error>> {
    let context = Context::new()?;
    let rep = context.socket(REP)?;
    rep.connect(endpoint)?;
    loop {
        let number: u64 = rep.recv()?.to_str()?.parse()?;
        println!("working on {number}");
        thread::sleep(Duration::from_millis(millis));
        rep.send(format!("{number} squared is {}", number * number))?;
    }
}
