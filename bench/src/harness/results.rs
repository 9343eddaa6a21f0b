//! Medians, spreads and ratios, as they are kept in JSON.

use std::collections::BTreeMap;

use ferromq_bench_worker::quantile;
use serde::{Deserialize, Serialize};

use super::cells::{self, Better, Spec};
use super::rounds::{Effort, Measured};

#[derive(Debug, Serialize, Deserialize)]
pub struct Results {
    pub date: String,
    pub machine: BTreeMap<String, String>,
    pub versions: BTreeMap<String, String>,
    pub milliseconds: u64,
    /// The library that the others are compared with.
    pub base: String,
    pub cells: Vec<CellResult>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct CellResult {
    pub cell: String,
    pub libraries: Vec<LibraryResult>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct LibraryResult {
    pub library: String,
    /// Why there are no figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cannot: Option<String>,
    #[serde(default)]
    pub figures: BTreeMap<String, Spread>,
    /// How much better than the base in the same round: above 1 it is better, whatever is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<Spread>,
}

/// The median and the quartiles of some rounds.
#[derive(Debug, Serialize, Deserialize)]
pub struct Spread {
    pub median: f64,
    pub low: f64,
    pub high: f64,
    pub rounds: Vec<f64>,
}

impl Spread {
    fn new(rounds: Vec<f64>) -> Self {
        let mut sorted = rounds.clone();
        sorted.sort_by(f64::total_cmp);
        Self {
            median: quantile(&sorted, 0.5),
            low: quantile(&sorted, 0.25),
            high: quantile(&sorted, 0.75),
            rounds,
        }
    }
}

impl Results {
    pub fn new(
        measured: Vec<(Spec, Vec<Measured>)>,
        base: &str,
        effort: Effort,
        machine: BTreeMap<String, String>,
        versions: BTreeMap<String, String>,
    ) -> Self {
        Self {
            date: super::machine::now(),
            machine,
            versions,
            milliseconds: effort.time.as_millis() as u64,
            base: base.to_owned(),
            cells: measured
                .into_iter()
                .map(|(spec, libraries)| CellResult::new(&spec, libraries, base))
                .collect(),
        }
    }

    pub fn cell(&self, name: &str) -> Option<&CellResult> {
        self.cells.iter().find(|cell| cell.cell == name)
    }
}

impl CellResult {
    fn new(spec: &Spec, measured: Vec<Measured>, base: &str) -> Self {
        let mut cell = Self {
            cell: spec.name(),
            libraries: measured.into_iter().map(LibraryResult::new).collect(),
        };
        let against_base = |library: &LibraryResult| cell.against(spec, &library.library, base);
        let ratios: Vec<_> = cell.libraries.iter().map(against_base).collect();
        for (library, ratio) in cell.libraries.iter_mut().zip(ratios) {
            library.ratio = ratio;
        }
        cell
    }

    /// How much better one library is than another in the same round, as `LibraryResult::ratio`.
    pub fn against(&self, spec: &Spec, library: &str, other: &str) -> Option<Spread> {
        let rounds = |name| Some(&self.library(name)?.figures.get(spec.figure())?.rounds);
        let ratio = |(own, other): (&f64, &f64)| match spec.better() {
            Better::More => own / other,
            Better::Less => other / own,
        };
        let pairs = rounds(library)?.iter().zip(rounds(other)?);
        Some(Spread::new(pairs.map(ratio).collect()))
    }

    /// What it measures.
    pub fn spec(&self) -> Option<Spec> {
        cells::all()
            .into_iter()
            .find(|spec| spec.name() == self.cell)
    }

    pub fn library(&self, name: &str) -> Option<&LibraryResult> {
        self.libraries
            .iter()
            .find(|library| library.library == name)
    }

    /// The one among these that did best.
    pub fn best(&self, names: &[&str]) -> Option<(&LibraryResult, &Spread)> {
        self.libraries
            .iter()
            .filter(|library| names.contains(&&*library.library))
            .filter_map(|library| Some((library, library.ratio.as_ref()?)))
            .max_by(|(_, one), (_, other)| one.median.total_cmp(&other.median))
    }
}

impl LibraryResult {
    fn new(measured: Measured) -> Self {
        let (runs, cannot) = match measured.runs {
            Ok(runs) => (runs, None),
            Err(reason) => (Vec::new(), Some(reason)),
        };
        let mut rounds: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for (name, value) in runs.into_iter().flatten() {
            rounds.entry(name).or_default().extend(value.as_f64());
        }
        let spread = |(name, rounds)| (name, Spread::new(rounds));
        Self {
            library: measured.library.to_owned(),
            cannot,
            figures: rounds.into_iter().map(spread).collect(),
            ratio: None,
        }
    }
}
