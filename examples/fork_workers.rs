//! A parent hands out tasks to workers that it forked. Its sockets are made after the forks: a
//! worker that is forked later cannot use them.
//!
//! Arguments: `[tasks] [results] [end]`, the endpoints

use std::collections::BTreeSet;
use std::error::Error;
use std::time::Duration;
use std::{env, io, process, ptr};

use ferromq::{Context, Events, MonitorEvents, PULL, PUSH, Poller, SUB, XPUB};

const WORKERS: usize = 3;
const TASKS: usize = 6;

fn main() -> Result<(), Box<dyn Error>> {
    let tasks = env::args().nth(1).unwrap_or("tcp://127.0.0.1:5560".into());
    let results = env::args().nth(2).unwrap_or("tcp://127.0.0.1:5569".into());
    let end = env::args().nth(3).unwrap_or("tcp://127.0.0.1:5570".into());

    for _ in 0..WORKERS {
        fork(|| work(&tasks, &results, &end))?;
    }
    let context = Context::new()?;
    let push = context.socket(PUSH)?;
    let monitor = push.monitor(MonitorEvents::HANDSHAKE)?;
    push.bind(tasks)?;
    let pull = context.socket(PULL)?;
    pull.bind(results)?;
    let over = context.socket(XPUB)?;
    over.set_xpub_verbose(true)?; // tells of each subscription
    over.bind(end)?;
    for _ in 0..WORKERS {
        monitor.wait_handshake(Duration::from_secs(10))?;
    }
    println!("{WORKERS} workers are there");

    for number in 1..=TASKS {
        push.send(number.to_string())?;
    }
    let mut done = BTreeSet::new();
    for _ in 0..TASKS {
        done.insert(pull.recv()?.to_str()?.to_owned());
    }
    for result in done {
        println!("result: {result}");
    }
    for _ in 0..WORKERS {
        over.recv()?;
    }
    over.send("the end")?;
    println!("{} workers have ended", wait(WORKERS)?);

    // The wrong way round: these sockets are the parent's.
    fork(|| {
        let error = push.send("7").unwrap_err();
        println!("forked too late: {error}");
        Ok(())
    })?;
    wait(1)?;
    Ok(())
}

fn work(tasks: &str, results: &str, end: &str) -> Result<(), Box<dyn Error>> {
    let context = Context::new()?; // the worker's own
    let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
    pull.connect(tasks)?;
    push.connect(results)?;
    let over = context.socket(SUB)?;
    over.subscribe("")?;
    over.connect(end)?;
    let mut poller = Poller::new();
    poller.add(&pull, Events::RECV, ())?;
    poller.add(&over, Events::RECV, ())?;
    while over.try_recv()?.is_none() {
        while let Some(task) = pull.try_recv()? {
            let number: u32 = task.to_str()?.parse()?;
            push.send(format!("{number} squared is {}", number * number))?;
        }
        poller.wait(None)?;
    }
    Ok(())
}

/// Runs `work` in a child, which ends with it.
fn fork(work: impl FnOnce() -> Result<(), Box<dyn Error>>) -> io::Result<()> {
    // SAFETY: the child allocates, which glibc and musl allow it, and locks nothing that another
    // thread of the parent may hold.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => match work() {
            Ok(()) => process::exit(0),
            Err(error) => {
                eprintln!("worker: {error}");
                process::exit(1)
            }
        },
        _ => Ok(()),
    }
}

/// Waits for so many children, and tells how many of them ended well.
fn wait(children: usize) -> io::Result<usize> {
    let mut well = 0;
    for _ in 0..children {
        let mut status = 0;
        // SAFETY: `status` is valid for writes.
        if unsafe { libc::waitpid(-1, ptr::from_mut(&mut status), 0) } < 0 {
            return Err(io::Error::last_os_error());
        }
        well += usize::from(status == 0);
    }
    Ok(well)
}
