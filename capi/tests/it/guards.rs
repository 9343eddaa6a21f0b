//! The mistakes in `tests/guards`, each made with the system's libzmq and with this library, and
//! the table in `GUARDS.md` that says what came of them. `FERROMQ_BLESS=1` writes it anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use crate::library;
use crate::run::{Outcome, succeed, tool, within};

/// How the outcome of a mistake can be told; the numbers are those of `misuse.h`.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Plain,
    Memory,
    Race,
}

/// Before a program hangs for good.
const PATIENCE: Duration = Duration::from_secs(6);
/// What races show sooner or later.
const TRIES: usize = 40;

struct Misuse {
    kind: Kind,
    title: String,
}

struct Program {
    path: PathBuf,
    misuses: Vec<Misuse>,
}

impl Program {
    fn compile(scratch: &Path) -> Self {
        let path = scratch.join("guards");
        let files = ["main", "handles", "messages", "values", "threads"];
        succeed(
            tool("cc", "gcc")
                .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"])
                .args([
                    "-D_GNU_SOURCE",
                    "-pthread",
                    "-O1",
                    "-isystem",
                    library::ZMQ_INCLUDE,
                ])
                .args(files.map(|file| library::here(&format!("tests/guards/{file}.c"))))
                .arg("-o")
                .arg(&path)
                .arg("-L")
                .arg(library::directory(scratch))
                .arg("-lzmq"),
        );
        let list = succeed(Command::new(&path).env("LD_LIBRARY_PATH", scratch.join("lib")));
        let misuses = list.lines().map(|line| {
            let (kind, title) = line.split_once('\t').unwrap();
            let kind = match kind {
                "0" => Kind::Plain,
                "1" => Kind::Memory,
                "2" => Kind::Race,
                other => panic!("{other} is no kind"),
            };
            Misuse {
                kind,
                title: title.to_owned(),
            }
        });
        Self {
            misuses: misuses.collect(),
            path,
        }
    }

    /// What comes of a mistake with the library in this directory.
    fn outcome(&self, number: usize, lib: &Path, theirs: bool) -> String {
        let run = |command: &mut Command| {
            let limit = if theirs { PATIENCE } else { PATIENCE * 10 };
            within(
                limit,
                command
                    .arg(number.to_string())
                    .env("LD_LIBRARY_PATH", lib)
                    .env("LC_ALL", "C"),
            )
        };
        let plainly = || in_words(&run(&mut Command::new(&self.path)));
        match self.misuses[number].kind {
            Kind::Plain => plainly(),
            // Undefined: any of crashes, hangs and wrong results.
            Kind::Race if theirs => {
                let well = |outcome: &String| outcome.contains("EBUSY");
                match (0..TRIES).all(|_| well(&plainly())) {
                    true => "nothing seen".to_owned(),
                    false => "crashes, hangs or loses messages".to_owned(),
                }
            }
            Kind::Race => plainly(),
            Kind::Memory => {
                let outcome = plainly();
                let mut valgrind = tool("valgrind", "valgrind");
                valgrind.args([
                    "--quiet",
                    "--error-exitcode=99",
                    "--exit-on-first-error=yes",
                ]);
                let checked = run(valgrind.arg(&self.path));
                match checked.code() {
                    Some(99) if checked.output.contains("free'd") => "uses freed memory".to_owned(),
                    Some(99) => "reads memory that is not its own".to_owned(),
                    _ => outcome,
                }
            }
        }
    }
}

fn in_words(outcome: &Outcome) -> String {
    match outcome.signal() {
        Some(libc::SIGABRT) => "aborts".to_owned(),
        Some(libc::SIGSEGV | libc::SIGBUS) => "crashes".to_owned(),
        Some(signal) => format!("signal {signal}"),
        None if outcome.status.is_none() => "hangs".to_owned(),
        None => outcome.output.trim_end().to_owned(),
    }
}

fn table(version: &str, rows: &[(String, String, String)]) -> String {
    let mut table = format!("| mistake | libzmq {version} (Debian) | ferromq |\n|---|---|---|\n");
    for (title, theirs, ours) in rows {
        table += &format!("| {title} | {theirs} | {ours} |\n");
    }
    table
}

#[test]
fn the_table_of_guards() {
    let scratch = library::scratch("guards");
    let program = Program::compile(&scratch);
    let ours = scratch.join("lib");
    let pkg_config = |argument| {
        let text = succeed(tool("pkg-config", "pkg-config").args([argument, "libzmq"]));
        text.trim().to_owned()
    };
    let theirs = PathBuf::from(pkg_config("--variable=libdir"));
    let version = pkg_config("--modversion");

    let left = Mutex::new((0..program.misuses.len()).rev().collect::<Vec<_>>());
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(number) = left.lock().unwrap().pop() else {
                        return;
                    };
                    let theirs = program.outcome(number, &theirs, true);
                    let ours = program.outcome(number, &ours, false);
                    let title = program.misuses[number].title.clone();
                    done.lock().unwrap().push((number, (title, theirs, ours)));
                }
            });
        }
    });
    let mut rows = done.into_inner().unwrap();
    rows.sort();
    let rows: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
    for (title, theirs, ours) in &rows {
        assert_ne!(theirs, ours, "{title}: there is nothing to guard against");
        for word in ["aborts", "crashes", "hangs", "memory", "signal", "loses"] {
            assert!(!ours.contains(word), "{title}: {ours}");
        }
    }
    let table = table(&version, &rows);

    let path = library::here("GUARDS.md");
    let text = fs::read_to_string(&path).unwrap();
    let (head, old) = text.split_once("| mistake").unwrap();
    let (_, tail) = old.split_once("\n\n").unwrap_or((old, ""));
    let new = format!("{head}{table}\n{tail}");
    if std::env::var_os("FERROMQ_BLESS").is_some() {
        fs::write(path, new).unwrap();
    } else {
        let differing: Vec<_> = new.lines().filter(|line| !text.contains(line)).collect();
        assert!(
            text == new,
            "GUARDS.md is out of date; write it anew: FERROMQ_BLESS=1 cargo test -p ferromq-capi \
             guards\n{differing:#?}"
        );
    }
}
