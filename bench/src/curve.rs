//! CURVE by the feature `curve` beside CURVE by libsodium, in programs of their own.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use ferromq::curve::Keypair;
use ferromq::{AuthPolicy, Context, Kind, Message, PULL, PUSH, REP, REQ, Security, Socket};
use ferromq_bench_worker::median;

const ROUNDS: usize = 9;

/// What is measured: a name, a size, and how many messages, where the compiler optimises.
const CASES: [(&str, usize, u32); 4] = [
    ("throughput", 64, 200_000),
    ("throughput", 1024, 100_000),
    ("throughput", 65_536, 5_000),
    ("round trips", 64, 5_000),
];

/// Prints a table: medians of interleaved rounds, in messages per second, and their ratio.
pub fn print() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<(), String> {
    let ours = std::env::current_exe().map_err(|error| error.to_string())?;
    let libsodium = build_with_libsodium()?;
    println!("CURVE over TCP, messages per second       crates  libsodium  ratio");
    for (name, size, messages) in CASES {
        let mut rates = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (program, rates) in [&ours, &libsodium].into_iter().zip(&mut rates) {
                rates.push(rate(program, name, size, messages)?);
            }
        }
        let [crates, libsodium] = rates.map(median);
        let ratio = crates / libsodium;
        println!("{name:>12}, {size:>5} bytes {crates:>22.0} {libsodium:>10.0} {ratio:>6.2}");
    }
    Ok(())
}

/// This program with the other feature, in the same profile.
fn build_with_libsodium() -> Result<PathBuf, String> {
    let manifest = env!("CARGO_MANIFEST_DIR");
    let target = format!("{manifest}/../target/curve-libsodium");
    let (profile, optimised) = match cfg!(debug_assertions) {
        true => ("debug", None),
        false => ("release", Some("--release")),
    };
    let status = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
        .args(["build", "--quiet", "--no-default-features"])
        .args(["--features", "vendored,curve-libsodium"])
        .args(optimised)
        .args(["--target-dir", &target])
        .current_dir(manifest)
        .status()
        .map_err(|error| format!("cargo: {error}"))?;
    match status.success() {
        true => Ok(format!("{target}/{profile}/ferromq-bench").into()),
        false => Err("the build with libsodium failed".to_owned()),
    }
}

fn rate(program: &PathBuf, name: &str, size: usize, messages: u32) -> Result<f64, String> {
    let messages = match cfg!(debug_assertions) {
        true => messages / 50,
        false => messages,
    };
    let output = Command::new(program)
        .args(["run-curve", name, &size.to_string(), &messages.to_string()])
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let complaint = || String::from_utf8_lossy(&output.stderr).into_owned();
    text.trim().parse().map_err(|_| complaint())
}

/// Exchanges the messages, and prints how many there were in a second.
pub fn run(name: &str, size: &str, messages: &str) -> ExitCode {
    let (Ok(size), Ok(messages)) = (size.parse(), messages.parse()) else {
        eprintln!("not a number");
        return ExitCode::FAILURE;
    };
    let elapsed = match name {
        "throughput" => throughput(size, messages),
        _ => round_trips(size, messages),
    };
    match elapsed {
        Ok(elapsed) => {
            println!("{}", f64::from(messages) / elapsed.as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn throughput(size: usize, messages: u32) -> ferromq::Result<Duration> {
    // A thread for input and output each, as in two programs.
    let (from, to) = (Context::new()?, Context::new()?);
    let (push, pull) = (from.socket(PUSH)?, to.socket(PULL)?);
    join(&pull, &push)?;
    let payload = vec![7; size];
    push.send(&payload)?;
    let mut message = Message::new();
    pull.recv_into(&mut message)?;

    let begin = Instant::now();
    let sender = thread::spawn(move || {
        (0..messages).try_for_each(|_| push.send(&payload).map_err(ferromq::Error::from))
    });
    for _ in 0..messages {
        pull.recv_into(&mut message)?;
    }
    let elapsed = begin.elapsed();
    sender.join().expect("the sender does not panic")?;
    Ok(elapsed)
}

fn round_trips(size: usize, messages: u32) -> ferromq::Result<Duration> {
    let (from, to) = (Context::new()?, Context::new()?);
    let (req, rep) = (from.socket(REQ)?, to.socket(REP)?);
    join(&rep, &req)?;
    let server = thread::spawn(move || {
        (0..=messages).try_for_each(|_| rep.send(rep.recv()?).map_err(ferromq::Error::from))
    });
    let payload = vec![7; size];
    let mut message = Message::new();
    let mut ask = || {
        req.send(&payload)?;
        req.recv_into(&mut message)
    };
    ask()?;
    let begin = Instant::now();
    for _ in 0..messages {
        ask()?;
    }
    let elapsed = begin.elapsed();
    server.join().expect("the server does not panic")?;
    Ok(elapsed)
}

/// Connects the two with CURVE.
fn join<S: Kind, C: Kind>(server: &Socket<S>, client: &Socket<C>) -> ferromq::Result<()> {
    let (theirs, own) = (Keypair::generate()?, Keypair::generate()?);
    client.set_security(Security::CurveClient {
        keys: own,
        server: theirs.public,
    })?;
    server.set_security(Security::CurveServer {
        keys: theirs,
        policy: AuthPolicy::AllowAnyClient,
    })?;
    server.bind("tcp://127.0.0.1:*")?;
    client.connect(server.last_endpoint()?)
}
