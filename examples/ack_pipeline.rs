//! A pipeline in which no task is lost when workers die, and each result is taken once.
//!
//! A worker grants the source credit: so many tasks may it have at a time, which is what bounds the
//! tasks in flight. The result of a task is its acknowledgement, and gives the credit back. A task
//! without a result in time is handed out again; of several results the source takes the first. So a
//! worker may do a task that another one has done. The source keeps the tasks in its memory: if it
//! dies, they are gone.
//!
//! Arguments: `source [endpoint] [tasks]`, or `worker [endpoint] [milliseconds of work]`

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::error::Error;
use std::time::{Duration, Instant};
use std::{env, thread};

use ferromq::{Context, DEALER, ErrorKind, Message, ROUTER, Router, Socket};

/// How many tasks a worker has at a time.
const CREDIT: u32 = 10;

/// Well above the time that a worker takes for `CREDIT` tasks, or all is done twice.
const PATIENCE: Duration = Duration::from_secs(1);

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let role = args.next();
    let endpoint = args.next().unwrap_or("tcp://127.0.0.1:5565".into());
    let number = args.next();
    match role.as_deref() {
        Some("source") => source(&endpoint, number.map_or(Ok(5), |tasks| tasks.parse())?),
        Some("worker") => work(&endpoint, number.map_or(Ok(0), |millis| millis.parse())?),
        _ => Err("the first argument is `source` or `worker`".into()),
    }
}

struct Source {
    router: Socket<Router>,
    tasks: u64,
    waiting: VecDeque<u64>,
    /// Tasks without a result, and since when.
    handed_out: BTreeMap<u64, Instant>,
    /// Of the workers that have some left.
    credit: HashMap<Message, u32>,
    results: BTreeMap<u64, String>,
}

fn source(endpoint: &str, tasks: u64) -> Result<(), Box<dyn Error>> {
    let context = Context::builder().linger(Duration::ZERO).build()?;
    let router = context.socket(ROUTER)?;
    router.set_router_mandatory(true)?; // tells of workers that are gone
    router.bind(endpoint)?;
    println!("bound to {}", router.last_endpoint()?);

    let mut source = Source {
        router,
        tasks,
        waiting: (1..=tasks).collect(),
        handed_out: BTreeMap::new(),
        credit: HashMap::new(),
        results: BTreeMap::new(),
    };
    while source.results.len() as u64 != tasks {
        source.hand_out()?;
        source.collect()?;
        source.take_back();
    }
    for result in source.results.values() {
        println!("result: {result}");
    }
    Ok(())
}

impl Source {
    fn hand_out(&mut self) -> ferromq::Result<()> {
        for (worker, credit) in &mut self.credit {
            while *credit > 0 {
                let Some(task) = self.waiting.pop_front() else {
                    return Ok(());
                };
                let message = [worker.clone(), task.to_string().into()];
                match self.router.try_send_multipart(message) {
                    Ok(()) => {
                        *credit -= 1;
                        self.handed_out.insert(task, Instant::now());
                    }
                    Err(error) => {
                        self.waiting.push_front(task);
                        *credit = 0;
                        let error = ferromq::Error::from(error);
                        match error.kind() {
                            // It is gone, or takes nothing.
                            ErrorKind::HostUnreachable | ErrorKind::WouldBlock => {}
                            _ => return Err(error),
                        }
                    }
                }
            }
        }
        self.credit.retain(|_, credit| *credit > 0);
        Ok(())
    }

    fn collect(&mut self) -> ferromq::Result<()> {
        // Not for ever: there may be tasks to take back.
        let Some(message) = self.router.recv_multipart_timeout(PATIENCE / 10)? else {
            return Ok(());
        };
        match &message[..] {
            [worker, hello] if *hello == "ready" => {
                self.credit.insert(worker.clone(), CREDIT);
            }
            [worker, task, result] => {
                *self.credit.entry(worker.clone()).or_default() += 1;
                let task = task.to_str().ok().and_then(|task| task.parse().ok());
                if let Some(task) = task.filter(|task| (1..=self.tasks).contains(task)) {
                    self.handed_out.remove(&task);
                    let result = String::from_utf8_lossy(result).into_owned();
                    self.results.entry(task).or_insert(result); // the first one counts
                }
            }
            _ => eprintln!("not understood: {message:?}"),
        }
        Ok(())
    }

    /// Lets tasks without a result in time wait for another worker.
    fn take_back(&mut self) {
        let now = Instant::now(); // the same for all, or a task falls between the two
        let is_late = |since: &Instant| now.duration_since(*since) > PATIENCE;
        let late = self.handed_out.iter().filter(|(_, since)| is_late(since));
        self.waiting.extend(late.map(|(task, _)| task));
        self.handed_out.retain(|_, since| !is_late(since));
        self.waiting.retain(|task| !self.results.contains_key(task));
    }
}

fn work(endpoint: &str, millis: u64) -> Result<(), Box<dyn Error>> {
    let context = Context::builder().linger(Duration::ZERO).build()?;
    let dealer = context.socket(DEALER)?;
    dealer.connect(endpoint)?;
    dealer.send("ready")?;
    loop {
        let Some(task) = dealer.recv_timeout(PATIENCE)? else {
            dealer.send("ready")?; // the source may be a new one, which does not know this worker
            continue;
        };
        let number: u64 = task.to_str()?.parse()?;
        println!("working on {number}");
        thread::sleep(Duration::from_millis(millis));
        let result = format!("{number} squared is {}", number * number);
        dealer.send_multipart([task, result.into()])?;
    }
}
