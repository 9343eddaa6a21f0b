//! Copies of a server's state, kept up to date by the changes that it publishes.
//!
//! A copy subscribes to the changes, and when they come asks for the whole state. Both are numbered:
//! changes that the state already has are skipped, and where one is missing the state is asked for
//! again. So it is when the server was started anew, and begins with an empty state.
//!
//! Arguments: `server [for state] [for changes]`, `watch [state] [changes]`, or
//! `set <key> <value> [state]`

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::time::{Duration, SystemTime};

use ferromq::{Context, DEALER, Message, Multipart, PUB, ROUTER, SUB};

const STATE: &str = "tcp://127.0.0.1:5566";
const CHANGES: &str = "tcp://127.0.0.1:5567";

/// How often the server tells the number of the last change while there is no other.
const HEARTBEAT: Duration = Duration::from_millis(500);

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<_> = env::args().skip(1).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["server"] => serve(STATE, CHANGES),
        ["server", state, changes] => serve(state, changes),
        ["watch"] => watch(STATE, CHANGES),
        ["watch", state, changes] => watch(state, changes),
        ["set", key, value] => set(key, value, STATE),
        ["set", key, value, state] => set(key, value, state),
        _ => Err("the first argument is `server`, `watch` or `set`".into()),
    }
}

fn serve(for_state: &str, for_changes: &str) -> Result<(), Box<dyn Error>> {
    let context = Context::builder().linger(Duration::ZERO).build()?;
    let (router, publisher) = (context.socket(ROUTER)?, context.socket(PUB)?);
    router.bind(for_state)?;
    publisher.bind(for_changes)?;
    println!("the state is at {}", router.last_endpoint()?);
    println!("changes are at {}", publisher.last_endpoint()?);

    // Tells this run of the server from others.
    let run = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let run = run.as_nanos().to_string();
    let mut number = 0_u64;
    let mut state = BTreeMap::<Vec<u8>, Message>::new();
    loop {
        let request = router
            .recv_multipart_timeout(HEARTBEAT)?
            .unwrap_or_default();
        match &request[..] {
            [client, verb, key, value] if *verb == "set" => {
                number += 1;
                state.insert(key.to_vec(), value.clone());
                let change = [
                    (&run).into(),
                    number.to_string().into(),
                    key.clone(),
                    value.clone(),
                ];
                publisher.send_multipart(change)?;
                router.send_multipart([client.clone(), number.to_string().into()])?;
                continue;
            }
            [client, verb] if *verb == "state" => {
                let mut reply = Multipart::from([client.clone()]);
                reply.extend([&run, &number.to_string()]);
                for (key, value) in &state {
                    reply.extend([Message::from(key), value.clone()]);
                }
                router.send_multipart(reply)?;
            }
            [] => {}
            _ => eprintln!("not understood: {request:?}"),
        }
        publisher.send_multipart([&run, &number.to_string()])?;
    }
}

/// The state after a change of a run of the server.
#[derive(Debug)]
struct Copy {
    run: Message,
    number: u64,
    state: BTreeMap<String, String>,
}

fn watch(state: &str, changes: &str) -> Result<(), Box<dyn Error>> {
    let context = Context::builder().linger(Duration::ZERO).build()?;
    let sub = context.socket(SUB)?;
    sub.subscribe("")?;
    sub.connect(changes)?;
    // The subscription has arrived when something comes, were it a heartbeat.
    sub.recv_multipart()?;
    let mut copy = fetch(&context, state)?;
    loop {
        let change = sub
            .recv_multipart_timeout(3 * HEARTBEAT)?
            .unwrap_or_default();
        if let [run, number, change @ ..] = &change[..] {
            let number: u64 = number.to_str()?.parse()?;
            if *run == copy.run && number <= copy.number {
                continue; // known already
            }
            if let ([key, value], true) = (change, *run == copy.run && number == copy.number + 1) {
                let (key, value) = (key.to_str()?.to_owned(), value.to_str()?.to_owned());
                println!("change {number}: {key} = {value}");
                copy.state.insert(key, value);
                copy.number = number;
                continue;
            }
        }
        // Something is missing, or the server.
        copy = fetch(&context, state)?;
    }
}

/// Asks for the whole state until it comes.
fn fetch(context: &Context, endpoint: &str) -> Result<Copy, Box<dyn Error>> {
    loop {
        let dealer = context.socket(DEALER)?;
        dealer.connect(endpoint)?;
        dealer.send("state")?;
        let reply = dealer
            .recv_multipart_timeout(2 * HEARTBEAT)?
            .unwrap_or_default();
        let [run, number, entries @ ..] = &reply[..] else {
            continue;
        };
        let mut state = BTreeMap::new();
        for entry in entries.chunks_exact(2) {
            state.insert(entry[0].to_str()?.to_owned(), entry[1].to_str()?.to_owned());
        }
        println!("state {}: {state:?}", number.to_str()?);
        let number = number.to_str()?.parse()?;
        return Ok(Copy {
            run: run.clone(),
            number,
            state,
        });
    }
}

fn set(key: &str, value: &str, endpoint: &str) -> Result<(), Box<dyn Error>> {
    let context = Context::builder().linger(Duration::ZERO).build()?;
    let dealer = context.socket(DEALER)?;
    dealer.connect(endpoint)?;
    dealer.send_multipart(["set", key, value])?;
    let number = dealer.recv_timeout(4 * HEARTBEAT)?;
    let number = number.ok_or("the server does not answer")?;
    println!("change {}: {key} = {value}", number.to_str()?);
    Ok(())
}
