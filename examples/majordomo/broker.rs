use std::collections::{BTreeMap, HashMap, VecDeque};
use std::error::Error;
use std::time::Instant;

use ferromq::{Context, Message, Multipart, ROUTER, Router, Socket};

use crate::{
    CLIENT, DISCONNECT, DISCOVERY, HEARTBEAT, INTERVAL, PATIENCE, READY, REPLY, REQUEST, WORKER,
    message,
};

type Id = Vec<u8>;

/// The routing id of a client, and what it asks.
#[derive(Clone)]
struct Request {
    client: Message,
    body: Vec<Message>,
}

struct Worker {
    service: Id,
    /// When it has last given a sign of life.
    seen: Instant,
    /// What it works on.
    request: Option<Request>,
}

struct Broker {
    router: Socket<Router>,
    workers: HashMap<Id, Worker>,
    /// The requests that no worker has, for each service that was asked for.
    waiting: BTreeMap<Id, VecDeque<Request>>,
}

pub fn run(endpoint: &str) -> Result<(), Box<dyn Error>> {
    let context = Context::new()?;
    let router = context.socket(ROUTER)?;
    router.bind(endpoint)?;
    println!("bound to {}", router.last_endpoint()?);
    let mut broker = Broker {
        router,
        workers: HashMap::new(),
        waiting: BTreeMap::new(),
    };
    let mut told = Instant::now();
    loop {
        let left = INTERVAL.saturating_sub(told.elapsed());
        if let Some(message) = broker.router.recv_multipart_timeout(left)? {
            broker.take(&message)?;
        }
        if told.elapsed() >= INTERVAL {
            told = Instant::now();
            broker.miss_workers();
            for worker in broker.workers.keys() {
                broker.tell(worker, HEARTBEAT, &[])?;
            }
        }
        broker.hand_out()?;
    }
}

impl Broker {
    fn take(&mut self, message: &Multipart) -> ferromq::Result<()> {
        match &message[..] {
            [client, _, header, service, body @ ..] if *header == CLIENT => {
                let request = Request {
                    client: client.clone(),
                    body: body.to_vec(),
                };
                match *service == DISCOVERY {
                    true => self.discover(&request)?,
                    false => self.waiting_for(service).push_back(request),
                }
            }
            [worker, _, header, command, rest @ ..] if *header == WORKER => {
                self.take_from_worker(worker, command, rest)?;
            }
            _ => eprintln!("not understood: {message:?}"),
        }
        Ok(())
    }

    fn take_from_worker(
        &mut self,
        id: &[u8],
        command: &[u8],
        rest: &[Message],
    ) -> ferromq::Result<()> {
        match (command, rest, self.workers.get_mut(id)) {
            (READY, [service], None) => {
                println!("a worker for {}", String::from_utf8_lossy(service));
                let worker = Worker {
                    service: service.to_vec(),
                    seen: Instant::now(),
                    request: None,
                };
                self.workers.insert(id.to_vec(), worker);
            }
            (HEARTBEAT, [], Some(worker)) => worker.seen = Instant::now(),
            (REPLY, [client, _, body @ ..], Some(worker)) => {
                worker.seen = Instant::now();
                worker.request = None;
                let service = worker.service.clone();
                self.reply(client, &service, body)?;
            }
            (DISCONNECT, ..) => self.forget(id),
            // Out of turn, or given up here: it shall start again.
            _ => {
                self.forget(id);
                self.tell(id, DISCONNECT, &[])?;
            }
        }
        Ok(())
    }

    fn discover(&self, request: &Request) -> ferromq::Result<()> {
        let wanted = request.body.first();
        let offered = |worker: &Worker| wanted.is_some_and(|service| worker.service == service[..]);
        let code = if self.workers.values().any(offered) {
            "200"
        } else {
            "404"
        };
        self.reply(&request.client, DISCOVERY.as_bytes(), &[code.into()])
    }

    fn reply(&self, client: &[u8], service: &[u8], body: &[Message]) -> ferromq::Result<()> {
        // Dropped if the client is gone.
        let reply = message([client, b"", CLIENT.as_bytes(), service], body);
        Ok(self.router.send_multipart(reply)?)
    }

    fn tell(&self, worker: &[u8], command: &[u8], rest: &[Message]) -> ferromq::Result<()> {
        let message = message([worker, b"", WORKER.as_bytes(), command], rest);
        Ok(self.router.send_multipart(message)?)
    }

    fn waiting_for(&mut self, service: &[u8]) -> &mut VecDeque<Request> {
        self.waiting.entry(service.to_vec()).or_default()
    }

    /// What the worker had to do is for another one.
    fn forget(&mut self, id: &[u8]) {
        if let Some(worker) = self.workers.remove(id) {
            println!(
                "no more of a worker for {}",
                String::from_utf8_lossy(&worker.service)
            );
            if let Some(request) = worker.request {
                self.waiting_for(&worker.service).push_front(request);
            }
        }
    }

    fn miss_workers(&mut self) {
        let gone =
            |(id, worker): (&Id, &Worker)| (worker.seen.elapsed() > PATIENCE).then(|| id.clone());
        let gone: Vec<_> = self.workers.iter().filter_map(gone).collect();
        gone.iter().for_each(|id| self.forget(id));
    }

    fn hand_out(&mut self) -> ferromq::Result<()> {
        let mut jobs = Vec::new();
        for (id, worker) in self
            .workers
            .iter_mut()
            .filter(|(_, worker)| worker.request.is_none())
        {
            let waiting = self.waiting.get_mut(&worker.service);
            if let Some(request) = waiting.and_then(VecDeque::pop_front) {
                worker.request = Some(request.clone());
                jobs.push((id.clone(), request));
            }
        }
        for (id, request) in jobs {
            let mut rest = vec![request.client, Message::new()];
            rest.extend(request.body);
            self.tell(&id, REQUEST, &rest)?;
        }
        Ok(())
    }
}
