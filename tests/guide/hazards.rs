//! The table of hazards: each row has tests that exist, and each repair has a row.

use std::fs;
use std::path::{Path, PathBuf};

const PAGE: &str = include_str!("../../src/guide/hazards.md");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below `directory`.
fn sources(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
    entries
        .flat_map(|entry| match entry.file_type().unwrap().is_dir() {
            true => sources(&entry.path()),
            false => vec![entry.path()],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_hazard_has_a_test() {
    let sources: String = sources(&root().join("tests"))
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let rows = PAGE
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| hazard |"));
    let mut count = 0;
    for row in rows {
        let tests = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap();
        assert!(quoted(tests).next().is_some(), "no test: {row}");
        for test in quoted(tests) {
            let exists = match test.contains('/') {
                true => root().join(test).exists(),
                false => sources.contains(&format!("fn {test}(")),
            };
            assert!(exists, "there is no test {test}");
        }
        count += 1;
    }
    assert!(count > 40, "{count} rows only");
}

#[test]
fn every_repair_is_told_of() {
    for entry in fs::read_dir(root().join("vendor/fixes")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(PAGE.contains(&format!("`{name}`")), "{name} is not told of");
    }
}
