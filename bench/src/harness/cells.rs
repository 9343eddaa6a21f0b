//! Which cells there are.

use ferromq_bench_worker::Kind;

/// What one cell measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    pub kind: Kind,
    pub transport: &'static str,
    pub size: usize,
    pub count: usize,
}

/// In which order values are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    More,
    Less,
}

impl Spec {
    /// The name, by which `--cells` finds it: `throughput/tcp/16`, `router/tcp/16/100`.
    pub fn name(&self) -> String {
        let kind = self.kind.name();
        let Self {
            transport,
            size,
            count,
            ..
        } = self;
        match self.kind {
            Kind::Throughput | Kind::RoundTrip => format!("{kind}/{transport}/{size}"),
            Kind::FanOut | Kind::Router => format!("{kind}/{transport}/{size}/{count}"),
            Kind::Subscriptions => format!("{kind}/{transport}/{count}"),
            Kind::Sockets | Kind::SocketMemory | Kind::ConnectionMemory => kind.to_owned(),
        }
    }

    /// The figure that cells of this kind are compared by.
    pub fn figure(&self) -> &'static str {
        match self.kind {
            Kind::RoundTrip => "p50",
            Kind::SocketMemory | Kind::ConnectionMemory => "bytes_each",
            _ => "rate",
        }
    }

    pub fn better(&self) -> Better {
        match self.kind {
            Kind::RoundTrip | Kind::SocketMemory | Kind::ConnectionMemory => Better::Less,
            _ => Better::More,
        }
    }

    /// Fewer rounds, where they take long or always give the same.
    pub fn rounds(&self, asked: usize) -> usize {
        match self.kind {
            Kind::SocketMemory | Kind::ConnectionMemory => asked.min(3),
            Kind::Subscriptions if self.count > 100_000 => asked.min(1),
            Kind::Subscriptions => asked.min(3),
            _ => asked,
        }
    }
}

/// What a kind of cell is, and the unit of its figure.
pub fn explain(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Throughput => ("One way, PUSH to PULL", "messages/s"),
        Kind::RoundTrip => (
            "Round trip, REQ to REP and back: the median",
            "microseconds",
        ),
        Kind::FanOut => (
            "PUB to many SUBs, each of which gets every message",
            "messages/s for each",
        ),
        Kind::Router => (
            "Requests of many DEALERs, echoed by one ROUTER",
            "requests/s",
        ),
        Kind::Sockets => ("Sockets made and closed", "sockets/s"),
        Kind::SocketMemory => ("Memory of a socket that does nothing", "bytes"),
        Kind::ConnectionMemory => (
            "Memory of a connection, both ends and the client's socket",
            "bytes",
        ),
        Kind::Subscriptions => (
            "Subscriptions of one SUB, until the PUB has them",
            "subscriptions/s",
        ),
    }
}

const TRANSPORTS: [&str; 3] = ["inproc", "ipc", "tcp"];
const MIB: usize = 1 << 20;

/// Every cell.
pub fn all() -> Vec<Spec> {
    let mut cells = Vec::new();
    for transport in TRANSPORTS {
        for size in [16, 256, 1024, 65_536, MIB] {
            cells.push(spec(Kind::Throughput, transport, size, 1));
        }
    }
    for transport in TRANSPORTS {
        for size in [16, 1024, 65_536, MIB] {
            cells.push(spec(Kind::RoundTrip, transport, size, 1));
        }
    }
    for size in [16, 1024] {
        for count in [1, 8, 64] {
            cells.push(spec(Kind::FanOut, "tcp", size, count));
        }
    }
    for count in [1, 10, 100, 1000] {
        cells.push(spec(Kind::Router, "tcp", 16, count));
    }
    cells.push(spec(Kind::Sockets, "tcp", 16, 1));
    cells.push(spec(Kind::SocketMemory, "tcp", 16, 500));
    cells.push(spec(Kind::ConnectionMemory, "tcp", 16, 200));
    for count in [10_000, 100_000, 1_000_000] {
        cells.push(spec(Kind::Subscriptions, "tcp", 16, count));
    }
    cells
}

/// A few of each kind.
pub fn quick() -> Vec<Spec> {
    const QUICK: [&str; 11] = [
        "throughput/inproc/16",
        "throughput/inproc/1024",
        "throughput/ipc/16",
        "throughput/ipc/1024",
        "throughput/tcp/16",
        "throughput/tcp/1024",
        "throughput/tcp/65536",
        "roundtrip/inproc/16",
        "roundtrip/tcp/16",
        "fanout/tcp/16/8",
        "router/tcp/16/10",
    ];
    let mut cells = all();
    cells.retain(|cell| QUICK.contains(&&*cell.name()));
    cells
}

/// Those whose names are one of these, or go on after it.
pub fn named(names: &[String]) -> Result<Vec<Spec>, String> {
    let is_in = |cell: &Spec, name: &str| {
        let rest = cell.name();
        let rest = rest.strip_prefix(name.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    for name in names {
        if !all().iter().any(|cell| is_in(cell, name)) {
            let known: Vec<String> = all().iter().map(Spec::name).collect();
            return Err(format!(
                "no cell is named {name}; there are:\n  {}",
                known.join("\n  ")
            ));
        }
    }
    let mut cells = all();
    cells.retain(|cell| names.is_empty() || names.iter().any(|name| is_in(cell, name)));
    Ok(cells)
}

fn spec(kind: Kind, transport: &'static str, size: usize, count: usize) -> Spec {
    Spec {
        kind,
        transport,
        size,
        count,
    }
}
