use std::error::Error;
use std::thread;
use std::time::{Duration, Instant};

use ferromq::{Context, DEALER, Dealer, Message, Socket};

use crate::{DISCONNECT, HEARTBEAT, INTERVAL, PATIENCE, READY, REPLY, REQUEST, WORKER, message};

pub fn run(endpoint: &str, millis: u64) -> Result<(), Box<dyn Error>> {
    let context = Context::builder().linger(Duration::ZERO).build()?;
    loop {
        let dealer = context.socket(DEALER)?;
        dealer.connect(endpoint)?;
        tell(&dealer, READY, &["square".into()])?;
        serve(&dealer, millis)?; // until the broker is gone; then again, as a new worker
    }
}

fn serve(dealer: &Socket<Dealer>, millis: u64) -> Result<(), Box<dyn Error>> {
    let (mut seen, mut told) = (Instant::now(), Instant::now());
    while seen.elapsed() < PATIENCE {
        let left = INTERVAL.saturating_sub(told.elapsed());
        if let Some(message) = dealer.recv_multipart_timeout(left)? {
            seen = Instant::now();
            match &message[..] {
                [_, _, command, client, _, body] if *command == REQUEST => {
                    let number: u64 = body.to_str()?.parse()?;
                    println!("working on {number}");
                    // Longer than the broker's patience it must not take.
                    thread::sleep(Duration::from_millis(millis));
                    let result = format!("{number} squared is {}", number * number);
                    tell(
                        dealer,
                        REPLY,
                        &[client.clone(), Message::new(), result.into()],
                    )?;
                }
                [_, _, command] if *command == HEARTBEAT => {}
                [_, _, command] if *command == DISCONNECT => return Ok(()),
                _ => eprintln!("not understood: {message:?}"),
            }
        }
        if told.elapsed() >= INTERVAL {
            told = Instant::now();
            tell(dealer, HEARTBEAT, &[])?;
        }
    }
    Ok(())
}

fn tell(dealer: &Socket<Dealer>, command: &[u8], rest: &[Message]) -> ferromq::Result<()> {
    Ok(dealer.send_multipart(message([b"", WORKER.as_bytes(), command], rest))?)
}
