//! Who is measured, and how their programs are made.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ferromq_bench_worker::Kind;

/// A library, in one way of using it.
#[derive(Clone, Copy, Debug)]
pub struct Library {
    pub name: &'static str,
    program: Program,
    pub about: &'static str,
    /// What it is measured at.
    kinds: &'static [Kind],
}

impl Library {
    const fn new(name: &'static str, program: Program, about: &'static str) -> Self {
        Self {
            name,
            program,
            about,
            kinds: &Kind::ALL,
        }
    }

    const fn only(mut self, kinds: &'static [Kind]) -> Self {
        self.kinds = kinds;
        self
    }

    pub fn does(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Program {
    /// This one.
    Own,
    /// This one, by the recipe for inlining libzmq.
    Lto,
    /// The other one of this package.
    Tokio,
    /// The C file with the system's libzmq.
    CSystem,
    Rivals,
    Arzmq,
    Python,
}

/// What all others are compared with, if nothing else is asked for.
pub const BASE: &str = "c-system";
/// Ours as it is usually built, in each way of using it.
pub const OURS: [&str; 4] = [BLOCKING, "ferromq-batch", ASYNC[0], ASYNC[1]];
pub const BLOCKING: &str = "ferromq";
/// In each kind of runtime.
pub const ASYNC: [&str; 2] = ["ferromq-tokio", "ferromq-tokio-ct"];
/// Ours with libzmq inlined.
pub const LTO: &str = "ferromq-lto";
/// Not on libzmq.
pub const PURE_RUST: [&str; 6] = ["zeromq", "rzmq", "omq", "zeromq-ct", "rzmq-ct", "omq-ct"];

pub const LIBRARIES: &[Library] = &[
    Library::new(
        BASE,
        Program::CSystem,
        "plain calls from C, the system's shared libzmq",
    ),
    Library::new(
        "c",
        Program::Own,
        "plain calls from C, the libzmq that ferromq has",
    ),
    Library::new(BLOCKING, Program::Own, "ferromq, blocking"),
    Library::new(
        "ferromq-batch",
        Program::Own,
        "ferromq, blocking, up to 64 messages by each `send_all` and `recv_many`",
    )
    .only(&[Kind::Throughput]),
    Library::new(
        LTO,
        Program::Lto,
        "ferromq, blocking, libzmq inlined into the program by its linker",
    ),
    Library::new(
        ASYNC[0],
        Program::Tokio,
        "ferromq, async in tokio with two workers",
    ),
    Library::new(
        ASYNC[1],
        Program::Tokio,
        "ferromq, async, a current-thread runtime for each side",
    ),
    Library::new(
        "zmq",
        Program::Rivals,
        "crate zmq, blocking, libzmq as it is shipped with it",
    ),
    Library::new(
        "arzmq",
        Program::Arzmq,
        "crate arzmq, blocking, libzmq as it is shipped with it",
    ),
    Library::new(
        "tmq",
        Program::Rivals,
        "crate tmq, async over zmq, two workers",
    ),
    Library::new(
        "tmq-ct",
        Program::Rivals,
        "the same, a current-thread runtime for each side",
    )
    .only(&[Kind::Throughput, Kind::RoundTrip]),
    Library::new(
        "zeromq",
        Program::Rivals,
        "crate zeromq, async, in Rust alone, two workers",
    ),
    Library::new(
        "zeromq-ct",
        Program::Rivals,
        "the same, a current-thread runtime for each side",
    ),
    Library::new(
        "rzmq",
        Program::Rivals,
        "crate rzmq, async, in Rust alone, two workers",
    ),
    Library::new(
        "rzmq-ct",
        Program::Rivals,
        "the same, a current-thread runtime for each side",
    ),
    Library::new(
        "omq",
        Program::Rivals,
        "crate omq-tokio, async, in Rust alone, two workers",
    ),
    Library::new(
        "omq-ct",
        Program::Rivals,
        "the same, a current-thread runtime for each side",
    ),
    Library::new("pyzmq", Program::Python, "pyzmq, the system's libzmq"),
    Library::new(
        "floor",
        Program::Own,
        "no library: a copy, a stream, a ping-pong, a wake-up",
    )
    .only(&[Kind::Throughput, Kind::RoundTrip]),
];

/// All of them, or those named, and the one that they are compared with.
pub fn chosen(names: &[String], base: &str) -> Result<Vec<&'static Library>, String> {
    for name in names.iter().map(String::as_str).chain([base]) {
        if !LIBRARIES.iter().any(|library| library.name == name) {
            let known: Vec<&str> = LIBRARIES.iter().map(|library| library.name).collect();
            return Err(format!("no library {name}; there are {}", known.join(", ")));
        }
    }
    let wanted = |library: &&Library| match names {
        _ if library.name == base => true,
        [] => true,
        _ => names.iter().any(|name| name == library.name),
    };
    Ok(LIBRARIES.iter().filter(wanted).collect())
}

/// A library whose program is there, or the reason that it is not.
pub struct Contender {
    pub library: &'static Library,
    pub command: Result<Vec<OsString>, String>,
}

/// Builds what the libraries need, each program once.
pub fn prepared(libraries: &[&'static Library]) -> Vec<Contender> {
    let mut made: Vec<(Program, Result<Vec<OsString>, String>)> = Vec::new();
    let mut contenders = Vec::new();
    for library in libraries {
        let known = made.iter().find(|(program, _)| *program == library.program);
        let command = match known {
            Some((_, command)) => command.clone(),
            None => {
                let command = make(library.program);
                if let Err(reason) = &command {
                    eprintln!("without {}: {reason}", library.name);
                }
                made.push((library.program, command.clone()));
                command
            }
        };
        let command = command.map(|mut command| {
            // The programs of one library are not told its name.
            if !matches!(library.program, Program::CSystem | Program::Python) {
                command.push(library.name.into());
            }
            command
        });
        contenders.push(Contender { library, command });
    }
    contenders
}

fn make(program: Program) -> Result<Vec<OsString>, String> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = own.join("../target/bench");
    std::fs::create_dir_all(&target).map_err(|error| error.to_string())?;
    match program {
        Program::Own => {
            let program = std::env::current_exe().map_err(|error| error.to_string())?;
            Ok(vec![program.into(), "worker".into()])
        }
        Program::Lto => with_lto(own, target.join("lto")),
        Program::Tokio => {
            let name = "ferromq-bench-tokio";
            run(Command::new(cargo())
                .args([
                    "build",
                    "--release",
                    "--quiet",
                    "--package",
                    "ferromq-bench",
                ])
                .args(["--features", "async", "--bin", name])
                .current_dir(own))?;
            let program = std::env::current_exe().map_err(|error| error.to_string())?;
            Ok(vec![program.with_file_name(name).into()])
        }
        Program::CSystem => {
            let output = target.join("c-system");
            let flags = pkg_config(&["--cflags", "--libs", "libzmq"])?;
            run(Command::new("cc")
                .args(["-O3", "-o"])
                .arg(&output)
                .arg(own.join("c/worker.c"))
                .args(flags.split_whitespace())
                .arg("-pthread"))?;
            Ok(vec![output.into()])
        }
        Program::Rivals => package(&own.join("rivals"), &target, "rivals"),
        Program::Arzmq => package(&own.join("rivals/arzmq"), &target, "rival-arzmq"),
        Program::Python => {
            let python = "/usr/bin/python3";
            run(Command::new(python).args(["-I", "-c", "import zmq"]))
                .map_err(|error| format!("{error}; install it: apt-get install python3-zmq"))?;
            let script = own.join("rivals/pyzmq.py");
            Ok(vec![python.into(), "-I".into(), script.into()])
        }
    }
}

/// As README.md says.
fn with_lto(own: &Path, target: PathBuf) -> Result<Vec<OsString>, String> {
    let clang = clang()?;
    eprintln!("building ferromq-lto: minutes, the first time");
    run(Command::new(cargo())
        .args([
            "build",
            "--release",
            "--quiet",
            "--package",
            "ferromq-bench",
        ])
        .arg("--target-dir")
        .arg(&target)
        .env("CXX", &clang)
        .env("CXXFLAGS", "-flto=thin")
        .env("RUSTFLAGS", "-Clinker-plugin-lto")
        .current_dir(own))
    .map_err(|error| {
        let line = error
            .lines()
            .find(|line| line.contains("error"))
            .unwrap_or(&error);
        format!("not measured: needs a linker for the bitcode of rustc and {clang}: {line}")
    })?;
    Ok(vec![
        target.join("release/ferromq-bench").into(),
        "worker".into(),
    ])
}

/// The newest C++ compiler whose LLVM is not newer than that of rustc.
fn clang() -> Result<String, String> {
    let newest = llvm("rustc", &["-vV"], "LLVM version: ")
        .ok_or("not measured: rustc does not say which LLVM it has")?;
    let is_there = |name: &String| {
        let version = llvm(name, &["--version"], "clang version ");
        version.is_some_and(|version| version <= newest)
    };
    let names = (15..=newest)
        .rev()
        .map(|version| format!("clang++-{version}"));
    let mut names = names.chain(["clang++".to_owned()]);
    names.find(is_there).ok_or_else(|| {
        format!("not measured: needs a clang of LLVM {newest} or older, and lld: apt-get install clang-19")
    })
}

/// The first number after these words, in what a program prints.
fn llvm(program: &str, arguments: &[&str], words: &str) -> Option<u32> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let (_, version) = text.split_once(words)?;
    version.split('.').next()?.parse().ok()
}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or("cargo".into())
}

/// One outside the workspace.
fn package(directory: &Path, target: &Path, name: &str) -> Result<Vec<OsString>, String> {
    eprintln!("building {name}: minutes, the first time");
    let target: PathBuf = target.join(name);
    run(Command::new(cargo())
        .args(["build", "--release", "--quiet", "--manifest-path"])
        .arg(directory.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target))?;
    Ok(vec![target.join("release").join(name).into()])
}

/// What pkg-config answers.
pub fn pkg_config(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("pkg-config")
        .args(arguments)
        .output()
        .map_err(|error| format!("pkg-config: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        false => Err("no libzmq of the system: apt-get install libzmq3-dev".to_owned()),
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!(
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )),
    }
}
