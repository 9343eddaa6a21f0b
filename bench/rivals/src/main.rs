//! Async ferromq beside its blocking self and the other async ZeroMQ crates, on the same work.
//!
//! `cargo run --release -- [ROUNDS] [MILLISECONDS] [NAME]`, in this directory; with a NAME, of those
//! alone whose names contain it. Every round measures each
//! contender once, in an order of its own; a ratio is taken within a round, and the median of the
//! ratios is shown. One way is PUSH to PULL, from the first message to the last; a round trip is
//! REQ to REP and back. `ct` is a current-thread runtime in a thread for each side, `mt` a runtime
//! of two workers for both.

mod contenders;

use std::time::Duration;

use contenders::{CONTENDERS, Contender};

/// What is measured.
#[derive(Clone, Debug)]
pub struct Case {
    pub endpoint: String,
    pub size: usize,
    /// How long to send.
    pub time: Duration,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |otherwise| {
        arguments
            .next()
            .map_or(otherwise, |n| n.parse().expect("a number"))
    };
    let (rounds, millis) = (number(9_usize), number(250_usize));
    let time = Duration::from_millis(millis as u64);
    let name = arguments.next().unwrap_or_default();
    let contenders: Vec<_> = CONTENDERS
        .iter()
        .filter(|contender| contender.name.contains(&name))
        .collect();
    for transport in ["inproc", "tcp"] {
        for size in [16, 1024, 65_536] {
            measure(
                &contenders,
                "one way, messages/s",
                transport,
                size,
                time,
                rounds,
                |contender, case| (contender.one_way)(case),
            );
        }
    }
    for transport in ["inproc", "tcp"] {
        measure(
            &contenders,
            "round trip, us",
            transport,
            16,
            time,
            rounds,
            |contender, case| (contender.round_trip)(case),
        );
    }
}

fn measure(
    contenders: &[&Contender],
    what: &str,
    transport: &str,
    size: usize,
    time: Duration,
    rounds: usize,
    run: impl Fn(&Contender, Case) -> f64,
) {
    let able = |contender: &&&Contender| transport == "tcp" || contender.inproc;
    let contenders: Vec<_> = contenders.iter().filter(able).collect();
    let mut values = vec![Vec::new(); contenders.len()];
    for round in 0..rounds {
        for at in 0..contenders.len() {
            // Nobody always comes after the same one.
            let at = (at * 7 + round) % contenders.len();
            let case = Case {
                endpoint: endpoint(transport),
                size,
                time,
            };
            values[at].push(run(contenders[at], case));
        }
    }
    println!("{what}, {transport}, {size} bytes");
    for (contender, own) in contenders.iter().zip(&values) {
        let ratios = own
            .iter()
            .zip(&values[0])
            .map(|(own, base)| own / base)
            .collect();
        let (ratio, value) = (median(ratios), median(own.clone()));
        println!("  {:<28}{value:>12.1}{ratio:>8.2}", contender.name);
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// One that nothing else uses.
fn endpoint(transport: &str) -> String {
    match transport {
        "inproc" => {
            static MADE: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
            let number = MADE.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            format!("inproc://rivals-{number}")
        }
        _ => {
            let probe = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
            format!("tcp://{}", probe.local_addr().expect("it is bound"))
        }
    }
}
