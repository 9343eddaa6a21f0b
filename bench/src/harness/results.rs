//! Medians, spreads and ratios, as they are kept in JSON.

use std::collections::BTreeMap;

use ferromq_bench_worker::{Kind, quantile};
use serde::{Deserialize, Serialize};

use super::cells::{self, Better, Spec};
use super::libraries::BASE;
use super::rounds::{Effort, Measured};

#[derive(Debug, Serialize, Deserialize)]
pub struct Results {
    pub date: String,
    pub machine: BTreeMap<String, String>,
    pub versions: BTreeMap<String, String>,
    pub milliseconds: u64,
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
        effort: Effort,
        machine: BTreeMap<String, String>,
        versions: BTreeMap<String, String>,
    ) -> Self {
        Self {
            date: jiff::Timestamp::now()
                .strftime("%Y-%m-%d %H:%M UTC")
                .to_string(),
            machine,
            versions,
            milliseconds: effort.time.as_millis() as u64,
            cells: measured
                .into_iter()
                .map(|(spec, libraries)| CellResult::new(&spec, libraries))
                .collect(),
        }
    }

    pub fn cell(&self, name: &str) -> Option<&CellResult> {
        self.cells.iter().find(|cell| cell.cell == name)
    }
}

impl CellResult {
    fn new(spec: &Spec, measured: Vec<Measured>) -> Self {
        let values = |measured: &Measured, figure: &str| -> Vec<f64> {
            let runs = measured.runs.as_deref().unwrap_or_default();
            let value = |run: &super::rounds::Figures| run.get(figure)?.as_f64();
            runs.iter().filter_map(value).collect()
        };
        let base = measured
            .iter()
            .find(|measured| measured.library == BASE)
            .map(|measured| values(measured, spec.figure()))
            .unwrap_or_default();
        let libraries = measured
            .iter()
            .map(|measured| {
                let names = measured.runs.iter().flatten().flat_map(|run| run.keys());
                let figures = names
                    .map(|name| (name.clone(), Spread::new(values(measured, name))))
                    .collect();
                let own = values(measured, spec.figure());
                let ratios: Vec<f64> = own
                    .iter()
                    .zip(&base)
                    .map(|(own, base)| match spec.better() {
                        Better::More => own / base,
                        Better::Less => base / own,
                    })
                    .collect();
                LibraryResult {
                    library: measured.library.to_owned(),
                    cannot: measured.runs.as_ref().err().cloned(),
                    figures,
                    ratio: (!ratios.is_empty()).then(|| Spread::new(ratios)),
                }
            })
            .collect();
        Self {
            cell: spec.name(),
            libraries,
        }
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

/// What ferromq is to reach, as a ratio to the base.
pub fn goal(spec: &Spec) -> f64 {
    match spec.kind {
        Kind::Throughput | Kind::FanOut | Kind::Router if spec.size <= 256 => 1.2,
        _ => 1.0,
    }
}
