//! What ferromq costs a program that uses it: time to build, and bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use ferromq_bench_worker::median;
use serde::Serialize;
use serde_json::Value;

use crate::harness::{machine, replace, write};

/// How often the program is changed and built again.
const CHANGES: usize = 5;

#[derive(Serialize)]
struct Cost {
    date: String,
    machine: BTreeMap<String, String>,
    dev: Seconds,
    release: Seconds,
    /// Bytes of the optimised program, as it is built and without symbols.
    program: u64,
    stripped: u64,
}

#[derive(Serialize)]
struct Seconds {
    /// From nothing.
    cold: f64,
    /// After a change of the program.
    again: f64,
}

/// Builds the example `hello` in a package of its own, and writes the result and the tables. It fails if
/// more than the program is compiled after a change.
pub fn print() -> Result<(), String> {
    let mut machine = machine::facts();
    let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
    let hello = Hello::new(directory.path())?;
    let cost = Cost {
        date: machine::now(),
        dev: hello.times("dev")?,
        release: hello.times("release")?,
        program: hello.size(false)?,
        stripped: hello.size(true)?,
        machine: {
            machine.insert("load at the end".to_owned(), machine::load());
            machine
        },
    };
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let json = serde_json::to_string_pretty(&cost).map_err(|error| error.to_string())?;
    write(&own.join("results/build.json"), &(json + "\n"))?;
    let table = cost.table();
    replace(&own.join("../src/guide/performance.md"), "build", &table)?;
    replace(&own.join("../README.md"), "build", &cost.sentence())?;
    println!(
        "{table}\n\nwritten: bench/results/build.json, README.md and src/guide/performance.md"
    );
    Ok(())
}

impl Cost {
    fn table(&self) -> String {
        let (dev, release) = (&self.dev, &self.release);
        let what = |what: &str| self.machine.get(what).map_or("", String::as_str);
        format!(
            "| | `cargo build` | `--release` |\n|---|---|---|\n\
             | from nothing, libzmq and all crates included | {:.1} s | {:.1} s |\n\
             | after a change of the program | {:.1} s | {:.1} s |\n\
             | size of the program | | {} |\n\
             | the same, stripped | | {} |\n\n\
             On {}, {} cores, {}, {}.",
            dev.cold,
            release.cold,
            dev.again,
            release.again,
            mebibytes(self.program),
            mebibytes(self.stripped),
            what("processor"),
            what("cores"),
            what("compiler"),
            self.date
        )
    }

    fn sentence(&self) -> String {
        format!(
            "A build from nothing takes {:.0} s on {} cores, libzmq included, which is not compiled again when\n\
             the program changes ({:.1} s). The hello above is {} large in release, {} stripped, with libzmq\n\
             inside. Written by `cargo run --release -p ferromq-bench -- build-cost`.",
            self.release.cold,
            self.machine.get("cores").map_or("", String::as_str),
            self.release.again,
            mebibytes(self.program),
            mebibytes(self.stripped)
        )
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

/// The example as a package that depends on ferromq by its path, with the default features.
struct Hello {
    directory: PathBuf,
}

impl Hello {
    fn new(directory: &Path) -> Result<Self, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = root.canonicalize().map_err(|error| error.to_string())?;
        let manifest = format!(
            "[package]\nname = \"hello\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nferromq.path = {root:?}\n"
        );
        write(&directory.join("Cargo.toml"), &manifest)?;
        let copy = |from: &str, to: &str| {
            let text = fs::read_to_string(root.join(from));
            write(
                &directory.join(to),
                &text.map_err(|error| format!("{from}: {error}"))?,
            )
        };
        copy("Cargo.lock", "Cargo.lock")?;
        copy("examples/hello.rs", "src/main.rs")?;
        let hello = Self {
            directory: directory.to_owned(),
        };
        // What is downloaded is not measured.
        hello.cargo(&["fetch"])?;
        Ok(hello)
    }

    fn times(&self, profile: &str) -> Result<Seconds, String> {
        eprintln!("building from nothing: {profile}");
        let cold = self.build(profile)?.time;
        let libzmq = self.archives(profile)?;
        if libzmq.is_empty() {
            return Err("no libzmq was compiled".to_owned());
        }
        let mut again = Vec::new();
        for change in 0..CHANGES {
            self.change(change)?;
            let built = self.build(profile)?;
            if built.compiled != ["hello"] || self.archives(profile)? != libzmq {
                return Err(format!(
                    "compiled after a change: {}",
                    built.compiled.join(", ")
                ));
            }
            again.push(built.time.as_secs_f64());
        }
        Ok(Seconds {
            cold: cold.as_secs_f64(),
            again: median(again),
        })
    }

    fn change(&self, number: usize) -> Result<(), String> {
        let path = self.directory.join("src/main.rs");
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        write(&path, &format!("{text}\nconst _: usize = {number};\n"))
    }

    fn build(&self, profile: &str) -> Result<Built, String> {
        let start = Instant::now();
        let messages = self.cargo(&["build", "--profile", profile, "--message-format", "json"])?;
        let time = start.elapsed();
        let compiled = |line: &str| {
            let message: Value = serde_json::from_str(line).ok()?;
            let is_compiled = message["fresh"] == Value::Bool(false);
            is_compiled.then(|| message["target"]["name"].as_str().map(str::to_owned))?
        };
        Ok(Built {
            time,
            compiled: messages.lines().filter_map(compiled).collect(),
        })
    }

    fn cargo(&self, arguments: &[&str]) -> Result<String, String> {
        let program = std::env::var_os("CARGO").unwrap_or("cargo".into());
        let mut command = Command::new(program);
        for name in [
            "RUSTFLAGS",
            "CFLAGS",
            "CXXFLAGS",
            "CARGO_TARGET_DIR",
            "CARGO_BUILD_TARGET",
        ] {
            command.env_remove(name);
        }
        let output = command
            .args(arguments)
            .current_dir(&self.directory)
            // Nothing that remembers what was compiled before.
            .env("RUSTC_WRAPPER", "")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cargo: {error}"))?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        }
    }

    fn output(&self, profile: &str) -> PathBuf {
        let name = match profile {
            "dev" => "debug",
            name => name,
        };
        self.directory.join("target").join(name)
    }

    /// What the C++ compiler has made, and when.
    fn archives(&self, profile: &str) -> Result<Vec<(PathBuf, SystemTime)>, String> {
        let mut found = Vec::new();
        let mut directories = vec![self.output(profile).join("build")];
        while let Some(directory) = directories.pop() {
            let entries = fs::read_dir(&directory).map_err(|error| error.to_string())?;
            for entry in entries.flatten() {
                let data = entry.metadata().map_err(|error| error.to_string())?;
                let path = entry.path();
                if data.is_dir() {
                    directories.push(path);
                } else if path.extension().is_some_and(|end| end == "a" || end == "o") {
                    found.push((path, data.modified().map_err(|error| error.to_string())?));
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn size(&self, stripped: bool) -> Result<u64, String> {
        let mut program = self.output("release").join("hello");
        if stripped {
            let output = self.directory.join("stripped");
            let status = Command::new("strip")
                .arg("-o")
                .arg(&output)
                .arg(&program)
                .status();
            match status {
                Ok(status) if status.success() => program = output,
                Ok(status) => return Err(format!("strip: {status}")),
                Err(error) => {
                    return Err(format!(
                        "strip: {error}; install it: apt-get install binutils"
                    ));
                }
            }
        }
        let data = fs::metadata(&program).map_err(|error| error.to_string())?;
        Ok(data.len())
    }
}

struct Built {
    time: Duration,
    compiled: Vec<String>,
}
