//! Cells that differ in one parameter: a table, or a line of a plot.

use ferromq_bench_worker::Kind;

use super::cells::{self, Spec};
use super::libraries::LIBRARIES;
use super::results::{CellResult, Results};

pub struct Series<'a> {
    pub kind: Kind,
    pub title: String,
    /// The name of its plot.
    pub file: String,
    pub cells: Vec<(Spec, &'a CellResult)>,
}

/// All of them, in the order of the cells.
pub fn series(results: &Results) -> Vec<Series<'_>> {
    let mut all: Vec<Series<'_>> = Vec::new();
    for cell in &results.cells {
        let Some(spec) = cell.spec() else { continue };
        let (title, file) = title(&spec);
        match all.iter_mut().find(|series| series.file == file) {
            Some(series) => series.cells.push((spec, cell)),
            None => all.push(Series {
                kind: spec.kind,
                title,
                file,
                cells: vec![(spec, cell)],
            }),
        }
    }
    all
}

fn title(spec: &Spec) -> (String, String) {
    let (kind, transport) = (spec.kind.name(), spec.transport);
    match spec.kind {
        Kind::Throughput | Kind::RoundTrip => (transport.to_owned(), format!("{kind}-{transport}")),
        Kind::FanOut | Kind::Router => {
            let title = format!("{transport}, {}", bytes(spec.size));
            (title, format!("{kind}-{transport}-{}", spec.size))
        }
        Kind::Subscriptions => (transport.to_owned(), kind.to_owned()),
        Kind::Sockets | Kind::SocketMemory => ("any transport".to_owned(), kind.to_owned()),
        Kind::ConnectionMemory => (transport.to_owned(), kind.to_owned()),
    }
}

impl Series<'_> {
    /// Where a cell is in it.
    pub fn position(&self, spec: &Spec) -> usize {
        match self.kind {
            Kind::Throughput | Kind::RoundTrip => spec.size,
            _ => spec.count,
        }
    }

    pub fn label(&self, spec: &Spec) -> String {
        let count = spec.count;
        match self.kind {
            Kind::Throughput | Kind::RoundTrip => bytes(spec.size),
            Kind::FanOut => format!("{count} SUB"),
            Kind::Router => format!("{count} peers"),
            Kind::Subscriptions => format!("{count} topics"),
            Kind::Sockets => "PUSH".to_owned(),
            Kind::SocketMemory | Kind::ConnectionMemory => "DEALER".to_owned(),
        }
    }

    /// What the parameter is.
    pub fn axis(&self) -> &'static str {
        match self.kind {
            Kind::Throughput | Kind::RoundTrip => "bytes of a message",
            Kind::FanOut => "subscribers",
            Kind::Subscriptions => "subscriptions",
            _ => "peers",
        }
    }

    pub fn unit(&self) -> &'static str {
        cells::explain(self.kind).1
    }

    /// Whether there are points to connect.
    pub fn is_a_line(&self) -> bool {
        self.cells.len() > 1
    }

    /// Those that are in it, in the order of the list.
    pub fn libraries(&self) -> impl Iterator<Item = &'static str> {
        LIBRARIES.iter().map(|library| library.name).filter(|name| {
            self.cells
                .iter()
                .any(|(_, cell)| cell.library(name).is_some())
        })
    }
}

pub fn bytes(size: usize) -> String {
    match size {
        0..1024 => format!("{size} B"),
        1024..1_048_576 => format!("{} KiB", size / 1024),
        _ => format!("{} MiB", size / 1_048_576),
    }
}
