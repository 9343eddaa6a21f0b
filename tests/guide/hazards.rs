//! The tables of hazards, of faults and of delivery: each row has tests that exist, and each repair and
//! each test of conformance and across hosts has a row.

use std::fs;
use std::path::{Path, PathBuf};

const HAZARDS: &str = include_str!("../../src/guide/hazards.md");
const FAULTS: &str = include_str!("../../src/guide/faults.md");
const DELIVERY: &str = include_str!("../../src/guide/delivery.md");

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

/// The text of all Rust files below `directory`.
fn text(directory: &str) -> String {
    sources(&root().join(directory))
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

/// Checks that the last column of each row names tests that exist, and returns the number of rows.
fn check_rows(page: &str) -> usize {
    let sources = text("tests") + &text("src");
    let rows = page
        .lines()
        .zip(page.lines().skip(1).chain([""]))
        .filter(|(row, next)| row.starts_with("| ") && !next.starts_with("|---"))
        .map(|(row, _)| row);
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
    count
}

#[test]
fn every_hazard_has_a_test() {
    let count = check_rows(HAZARDS);
    assert!(count > 40, "{count} rows only");
}

#[test]
fn every_fault_has_a_test() {
    let count = check_rows(FAULTS);
    assert!(count > 50, "{count} rows only");
}

#[test]
fn every_statement_about_delivery_has_a_test() {
    let count = check_rows(DELIVERY);
    assert!(count > 25, "{count} rows only");
}

#[test]
fn every_test_of_conformance_and_across_hosts_is_told_of() {
    let sources = text("tests/conformance") + &text("tests/hosts");
    let tests = sources.split("#[test]\nfn ").skip(1);
    let mut count = 0;
    for test in tests.map(|text| text.split('(').next().unwrap()) {
        assert!(
            DELIVERY.contains(&format!("`{test}`")),
            "{test} is not told of"
        );
        count += 1;
    }
    assert!(count > 40, "{count} tests only");
}

#[test]
fn every_repair_is_told_of() {
    for entry in fs::read_dir(root().join("vendor/fixes")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(
            HAZARDS.contains(&format!("`{name}`")),
            "{name} is not told of"
        );
    }
}
