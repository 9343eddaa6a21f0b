//! The table of results.
//!
//! Its columns are the program, what libzmq gives and what we give, the same two for a build with
//! drafts, and a note; `-` stands for a program that is not built.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

pub struct Table {
    head: String,
    rows: Vec<[String; 6]>,
}

/// The column that this run is about.
fn column() -> usize {
    let reference = std::env::var_os("FERROMQ_REFERENCE").is_some();
    let ours = if reference { 1 } else { 2 };
    if cfg!(feature = "draft") {
        ours + 2
    } else {
        ours
    }
}

fn path() -> PathBuf {
    crate::library::here("tests/upstream/results.tsv")
}

impl Table {
    pub fn read() -> Self {
        let text = fs::read_to_string(path()).unwrap();
        let (head, rows) = text.split_once('\n').unwrap();
        let rows = rows.lines().map(|line| {
            let mut cells = line.split('\t').map(str::to_owned);
            [(); 6].map(|()| cells.next().unwrap_or_default())
        });
        Self {
            head: head.to_owned(),
            rows: rows.collect(),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.rows.iter().any(|row| row[0] == name)
    }

    /// The programs to build, those that take longest to be popped first.
    pub fn names(&self) -> Vec<String> {
        const LONGEST: [&str; 3] = ["test_reconnect_ivl", "test_security_zap", "test_heartbeats"];
        let built = self.rows.iter().filter(|row| row[column()] != "-");
        let mut names: Vec<_> = built.map(|row| row[0].clone()).collect();
        names.sort_by_key(|name| LONGEST.iter().position(|long| long == name));
        names
    }

    /// Compares what came out with the table, or writes it anew.
    pub fn compare(mut self, results: &BTreeMap<String, (String, String)>) {
        let mut differences = String::new();
        for row in &mut self.rows {
            let Some((result, output)) = results.get(&row[0]) else {
                continue;
            };
            let cell = &row[column()];
            // Some skip what the kernel or the user's rights do not allow here.
            let allowed_here = cell == "skip" && result == "pass";
            if cell != result && !allowed_here {
                differences += &format!("{}: {result}, not {cell}\n{output}\n", row[0]);
                row[column()] = result.clone();
            }
        }
        if std::env::var_os("FERROMQ_BLESS").is_some() {
            let rows = self.rows.iter().map(|row| row.join("\t"));
            let lines = std::iter::once(self.head.clone()).chain(rows);
            let lines = lines.map(|line| line.trim_end().to_owned() + "\n");
            fs::write(path(), lines.collect::<String>()).unwrap();
        } else {
            assert!(differences.is_empty(), "{differences}");
        }
        for row in &self.rows {
            let [name, theirs, ours, drafts, our_drafts, note] = row;
            let explained = !note.is_empty() || (theirs == ours && drafts == our_drafts);
            assert!(explained, "{name}: the table does not say why it differs");
        }
    }
}
