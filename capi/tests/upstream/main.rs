//! libzmq's own test programs, run on this library. They come out of the crate that ships libzmq's
//! source, are compiled against its public header, and know nothing of us.
//!
//! `results.tsv` has what each is to give, beside what libzmq itself gives, built by its CMake, and
//! why they differ where they do. `FERROMQ_BLESS=1` writes our column anew; with
//! `FERROMQ_REFERENCE=/path/to/libzmq.so.5` the tests run on that library, for its column.
#![cfg(target_os = "linux")]

#[path = "../it/library.rs"]
mod library;
#[path = "../it/run.rs"]
mod run;
mod table;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use run::{succeed, tool, within};
use table::Table;

/// Most of the time of these programs is spent asleep.
const AT_ONCE: usize = 8;
const LIMIT: Duration = Duration::from_secs(120);

/// What the programs are compiled with, besides their own file.
struct Build {
    scratch: PathBuf,
    source: PathBuf,
    lib: PathBuf,
}

impl Build {
    fn new(scratch: PathBuf) -> Self {
        let source = Path::new(library::ZMQ_INCLUDE).parent().unwrap();
        let lib = match env::var_os("FERROMQ_REFERENCE") {
            None => library::directory(&scratch),
            Some(reference) => {
                let lib = scratch.join("lib");
                fs::create_dir(&lib).unwrap();
                for name in ["libzmq.so", "libzmq.so.5"] {
                    symlink(&reference, lib.join(name)).unwrap();
                }
                lib
            }
        };
        fs::write(scratch.join("platform.hpp"), "").unwrap();
        let build = Self {
            source: source.to_owned(),
            scratch,
            lib,
        };
        build.helpers();
        build
    }

    /// A compiler as the test programs want it, with our configuration for the target.
    fn compiler(&self, name: &str, package: &str) -> Command {
        let mut compiler = tool(name, package);
        compiler
            .current_dir(&self.scratch)
            .args(["-O0", "-w", "-pthread", "-I."])
            .arg("-I")
            .arg(self.source.join("external/unity"))
            .args(["-DUNITY_USE_COMMAND_LINE_ARGS", "-DUNITY_EXCLUDE_FLOAT"])
            .args(["-DZMQ_CUSTOM_PLATFORM_HPP", "-DZMQ_HAVE_CURVE"])
            .args(cfg!(feature = "draft").then_some("-DZMQ_BUILD_DRAFT_API"))
            .arg("-include")
            .arg(library::here("../vendor/ferromq_config.h"));
        compiler
    }

    /// The archive of what the programs share.
    fn helpers(&self) {
        let tests = self.source.join("tests");
        let names = ["", "_monitoring", "_security", "_unity"];
        let files = names.map(|name| tests.join(format!("testutil{name}.cpp")));
        succeed(self.compiler("c++", "g++").arg("-c").args(files));
        let unity = self.source.join("external/unity/unity.c");
        succeed(self.compiler("cc", "gcc").arg("-c").arg(unity));
        let objects = names.map(|name| format!("testutil{name}.o"));
        succeed(
            tool("ar", "binutils")
                .current_dir(&self.scratch)
                .args(["rcs", "libhelpers.a", "unity.o"])
                .args(objects),
        );
    }

    fn program(&self, name: &str) -> PathBuf {
        let program = self.scratch.join(name);
        let mut compiler = self.compiler("c++", "g++");
        compiler.arg(self.source.join(format!("tests/{name}.cpp")));
        if name == "test_security_curve" {
            // It speaks the protocol by itself.
            let inner = ["err", "random", "clock"];
            let files = inner.map(|name| self.source.join(format!("src/{name}.cpp")));
            compiler.arg("-DZMQ_USE_LIBSODIUM").args(files);
        }
        compiler
            .args(["-o", name, "libhelpers.a", "-Llib", "-lzmq"])
            .args((name == "test_security_curve").then_some("-lsodium"));
        succeed(&mut compiler);
        program
    }

    /// `pass`, `skip` or what went wrong, and what the program has printed.
    fn result(&self, name: &str) -> (String, String) {
        let program = self.program(name);
        let own = self.scratch.join(format!("{name}.files"));
        fs::create_dir_all(&own).unwrap();
        let mut tries = 0;
        loop {
            let outcome = within(
                LIMIT,
                Command::new(&program)
                    .current_dir(&own)
                    .env("LD_LIBRARY_PATH", &self.lib),
            );
            let result = match (outcome.code(), outcome.signal()) {
                (Some(0), _) => "pass".to_owned(),
                (Some(77), _) => "skip".to_owned(),
                (Some(code), _) => format!("fails ({code})"),
                (_, Some(signal)) => format!("signal {signal}"),
                _ => "hangs".to_owned(),
            };
            tries += 1;
            // Some measure time, which a busy machine makes longer.
            if result == "pass" || result == "skip" || tries == 3 {
                return (result, outcome.output);
            }
        }
    }
}

#[test]
fn libzmqs_own_tests() {
    let table = Table::read();
    let build = Build::new(library::scratch("upstream"));
    let names = Mutex::new(table.names());
    let results = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(name) = names.lock().unwrap().pop() else {
                        return;
                    };
                    let result = build.result(&name);
                    results.lock().unwrap().insert(name, result);
                }
            });
        }
    });
    table.compare(&results.into_inner().unwrap());
}

/// A program that is not in the table would not be missed.
#[test]
fn the_table_has_all_programs() {
    let tests = Path::new(library::ZMQ_INCLUDE).parent().unwrap();
    let table = Table::read();
    for entry in fs::read_dir(tests.join("tests")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if name.starts_with("test_") {
            assert!(table.has(name), "{name} is not in results.tsv");
        }
    }
}
