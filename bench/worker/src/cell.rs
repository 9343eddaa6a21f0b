use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Map, Value, json};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PUSH to PULL, as fast as they can.
    Throughput,
    /// REQ to REP and back, one at a time.
    RoundTrip,
    /// PUB to `count` SUBs, each of which gets all.
    FanOut,
    /// Requests of `count` DEALERs, echoed by a ROUTER.
    Router,
    /// Sockets made and closed.
    Sockets,
    /// Memory of `count` sockets that do nothing.
    SocketMemory,
    /// Memory of `count` connections, with the client's socket.
    ConnectionMemory,
    /// `count` subscriptions of one SUB.
    Subscriptions,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Throughput,
        Self::RoundTrip,
        Self::FanOut,
        Self::Router,
        Self::Sockets,
        Self::SocketMemory,
        Self::ConnectionMemory,
        Self::Subscriptions,
    ];

    /// As the command line has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Throughput => "throughput",
            Self::RoundTrip => "roundtrip",
            Self::FanOut => "fanout",
            Self::Router => "router",
            Self::Sockets => "sockets",
            Self::SocketMemory => "socket-memory",
            Self::ConnectionMemory => "connection-memory",
            Self::Subscriptions => "subscriptions",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a socket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "ZeroMQ's own names")]
pub enum Pattern {
    Push,
    Pull,
    Req,
    Rep,
    Dealer,
    Router,
    Pub,
    Sub,
}

/// One measurement.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What is measured.
    pub kind: Kind,
    /// Where the sockets meet: nothing else uses it.
    pub endpoint: String,
    /// Bytes of a message.
    pub size: usize,
    /// How many there are of what the kind counts.
    pub count: usize,
    /// How long to work.
    pub time: Duration,
}

impl Cell {
    /// From `KIND ENDPOINT SIZE COUNT MILLISECONDS`.
    fn from_arguments(arguments: &[String]) -> Option<Self> {
        let [kind, endpoint, size, count, milliseconds] = arguments else {
            return None;
        };
        Some(Self {
            kind: Kind::named(kind)?,
            endpoint: endpoint.clone(),
            size: size.parse().ok()?,
            count: count.parse().ok()?,
            time: Duration::from_millis(milliseconds.parse().ok()?),
        })
    }

    /// How long to work before it is measured.
    #[must_use]
    pub fn warm_up(&self) -> Duration {
        self.time / 4
    }

    /// How many messages go by before a sender looks at the clock.
    #[must_use]
    pub fn stride(&self) -> u64 {
        (65_536 / self.size as u64).clamp(1, 64)
    }
}

/// The figures of one measurement.
#[derive(Debug, Default)]
pub struct Report(Map<String, Value>);

impl Report {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// That the library cannot do this, and why.
    #[must_use]
    pub fn cannot(reason: &str) -> Self {
        let mut report = Self::new();
        report.0.insert("cannot".to_owned(), json!(reason));
        report
    }

    /// Adds a figure.
    #[must_use]
    pub fn with(mut self, name: &str, value: f64) -> Self {
        self.0.insert(name.to_owned(), json!(value));
        self
    }

    /// Does what the arguments say, `LIBRARY KIND ENDPOINT SIZE COUNT MILLISECONDS`, and prints the figures.
    pub fn main(arguments: &[String], run: impl FnOnce(&str, Cell) -> Option<Self>) -> ExitCode {
        let work = arguments
            .split_first()
            .and_then(|(library, rest)| run(library, Cell::from_arguments(rest)?));
        match work {
            Some(Self(figures)) => {
                println!("{}", Value::Object(figures));
                ExitCode::SUCCESS
            }
            None => {
                eprintln!("expected: LIBRARY KIND ENDPOINT SIZE COUNT MILLISECONDS");
                ExitCode::FAILURE
            }
        }
    }
}
