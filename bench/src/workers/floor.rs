//! What the machine does without any messaging library.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::time::Instant;

use ferromq_bench_worker::{Cell, Kind, Meter, Payload, Report, Samples, answers, blocking};
use rustix::event::EventfdFlags;

pub fn run(cell: Cell) -> Report {
    let transport = cell
        .endpoint
        .split(':')
        .next()
        .unwrap_or_default()
        .to_owned();
    match (cell.kind, &*transport) {
        (Kind::Throughput, "inproc") => copies(cell),
        (Kind::Throughput, "ipc") => stream(cell, UnixStream::pair().unwrap()),
        (Kind::Throughput, "tcp") => stream(cell, tcp()),
        (Kind::RoundTrip, "inproc") => wake_ups(cell),
        (Kind::RoundTrip, "ipc") => ping_pong(cell, UnixStream::pair().unwrap()),
        (Kind::RoundTrip, "tcp") => ping_pong(cell, tcp()),
        _ => Report::cannot("no such thing without a library"),
    }
}

fn tcp() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let one = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (other, _) = listener.accept().unwrap();
    one.set_nodelay(true).unwrap();
    other.set_nodelay(true).unwrap();
    (one, other)
}

/// Messages one after another in a stream, through buffers of 64 KiB.
fn stream<S: Read + Write + Send + 'static>(cell: Cell, (write, read): (S, S)) -> Report {
    let same = cell.clone();
    blocking::both(
        move || {
            let mut read = BufReader::with_capacity(65_536, read);
            let mut meter = Meter::new(cell.size);
            let mut message = vec![0; cell.size];
            loop {
                let mut length = [0; 8];
                read.read_exact(&mut length).unwrap();
                let length = u64::from_le_bytes(length) as usize;
                read.read_exact(&mut message[..length]).unwrap();
                if !meter.take(&message[..length]) {
                    return meter.report();
                }
            }
        },
        move || {
            let mut write = BufWriter::with_capacity(65_536, write);
            let mut send = |message: &[u8]| {
                let length = (message.len() as u64).to_le_bytes();
                write.write_all(&length).unwrap();
                write.write_all(message).unwrap();
            };
            let mut payload = Payload::new(same.size);
            for time in [same.warm_up(), same.time] {
                let until = Instant::now() + time;
                while Instant::now() < until {
                    for _ in 0..same.stride() {
                        send(payload.next_message());
                    }
                }
                payload.measure();
            }
            send(&payload.end());
        },
    )
}

/// Each message copied once.
fn copies(cell: Cell) -> Report {
    let mut payload = Payload::new(cell.size);
    let mut meter = Meter::new(cell.size);
    let mut copy = vec![0; cell.size];
    for time in [cell.warm_up(), cell.time] {
        let until = Instant::now() + time;
        while Instant::now() < until {
            for _ in 0..cell.stride() {
                copy.copy_from_slice(std::hint::black_box(payload.next_message()));
                meter.take(std::hint::black_box(&copy[..]));
            }
        }
        payload.measure();
    }
    meter.report()
}

fn ping_pong<S: Read + Write + Send + 'static>(cell: Cell, (mut one, mut other): (S, S)) -> Report {
    let size = cell.size;
    let mut answer = vec![0; size];
    round_trips(
        cell,
        move |question| {
            one.write_all(question).unwrap();
            one.read_exact(&mut answer).unwrap();
            answers(question, &*answer);
        },
        move || {
            let mut message = vec![0; size];
            // The other end is dropped when it is over.
            while other.read_exact(&mut message).is_ok() {
                other.write_all(&message).unwrap();
            }
        },
    )
}

/// Two threads that wake each other, each with an eventfd.
fn wake_ups(cell: Cell) -> Report {
    let (mut one, mut other) = (eventfd(), eventfd());
    let (mut ones, mut others) = (one.try_clone().unwrap(), other.try_clone().unwrap());
    round_trips(
        cell,
        move |_| {
            add(&mut others, 1);
            take(&mut ones);
        },
        move || {
            loop {
                take(&mut other);
                add(&mut one, 1);
            }
        },
    )
}

fn eventfd() -> File {
    rustix::event::eventfd(0, EventfdFlags::CLOEXEC)
        .unwrap()
        .into()
}

fn add(eventfd: &mut File, number: u64) {
    eventfd.write_all(&number.to_ne_bytes()).unwrap();
}

fn take(eventfd: &mut File) {
    eventfd.read_exact(&mut [0; 8]).unwrap();
}

/// The other side ends with the program.
fn round_trips(
    cell: Cell,
    mut trip: impl FnMut(&[u8]),
    helps: impl FnOnce() + Send + 'static,
) -> Report {
    std::thread::spawn(helps);
    let mut payload = Payload::new(cell.size);
    let mut samples = Samples::new(cell.warm_up(), cell.time);
    loop {
        let question = payload.next_message();
        let start = Instant::now();
        trip(question);
        if !samples.take(start, Instant::now()) {
            return samples.report();
        }
    }
}
