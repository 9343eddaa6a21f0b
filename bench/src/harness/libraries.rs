//! Who is measured, and how their programs are made.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A library, in one way of using it.
#[derive(Clone, Copy, Debug)]
pub struct Library {
    pub name: &'static str,
    program: Program,
    /// Whether it is measured when none are named.
    pub usual: bool,
    pub about: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Program {
    /// This one.
    Own,
    /// The other one of this package.
    Tokio,
    /// The C file with the system's libzmq.
    CSystem,
    Rivals,
    Arzmq,
    Python,
}

/// What all others are compared with.
pub const BASE: &str = "c-system";
/// Ours, in each way of using it.
pub const OURS: [&str; 3] = ["ferromq", "ferromq-tokio", "ferromq-tokio-ct"];
/// Not on libzmq.
pub const PURE_RUST: [&str; 6] = ["zeromq", "rzmq", "omq", "zeromq-ct", "rzmq-ct", "omq-ct"];

pub const LIBRARIES: &[Library] = &[
    library(
        BASE,
        Program::CSystem,
        "plain calls from C, the system's shared libzmq",
    ),
    library(
        "c",
        Program::Own,
        "plain calls from C, the libzmq that ferromq has",
    ),
    library("ferromq", Program::Own, "ferromq, blocking"),
    library(
        "ferromq-tokio",
        Program::Tokio,
        "ferromq, async in tokio with two workers",
    ),
    unusual(
        "ferromq-tokio-ct",
        Program::Tokio,
        "ferromq, async, a current-thread runtime for each side",
    ),
    library(
        "zmq",
        Program::Rivals,
        "crate zmq, blocking, libzmq as it is shipped with it",
    ),
    library(
        "arzmq",
        Program::Arzmq,
        "crate arzmq, blocking, libzmq as it is shipped with it",
    ),
    library(
        "tmq",
        Program::Rivals,
        "crate tmq, async over zmq, two workers",
    ),
    unusual(
        "tmq-ct",
        Program::Rivals,
        "the same, a current-thread runtime for each side",
    ),
    library(
        "zeromq",
        Program::Rivals,
        "crate zeromq, async, in Rust alone, two workers",
    ),
    library(
        "zeromq-ct",
        Program::Rivals,
        "the same, a current-thread runtime for each side",
    ),
    library(
        "rzmq",
        Program::Rivals,
        "crate rzmq, async, in Rust alone, two workers",
    ),
    library(
        "rzmq-ct",
        Program::Rivals,
        "the same, a current-thread runtime for each side",
    ),
    library(
        "omq",
        Program::Rivals,
        "crate omq-tokio, async, in Rust alone, two workers",
    ),
    library(
        "omq-ct",
        Program::Rivals,
        "the same, a current-thread runtime for each side",
    ),
    library("pyzmq", Program::Python, "pyzmq, the system's libzmq"),
    library(
        "floor",
        Program::Own,
        "no library: a copy, a stream, a ping-pong, a wake-up",
    ),
];

const fn library(name: &'static str, program: Program, about: &'static str) -> Library {
    Library {
        name,
        program,
        usual: true,
        about,
    }
}

const fn unusual(name: &'static str, program: Program, about: &'static str) -> Library {
    Library {
        name,
        program,
        usual: false,
        about,
    }
}

/// The usual ones, or those named, after the base.
pub fn chosen(names: &[String]) -> Result<Vec<&'static Library>, String> {
    for name in names {
        if !LIBRARIES.iter().any(|library| library.name == name) {
            let known: Vec<&str> = LIBRARIES.iter().map(|library| library.name).collect();
            return Err(format!("no library {name}; there are {}", known.join(", ")));
        }
    }
    let wanted = |library: &&Library| match names {
        [] => library.usual,
        _ => library.name == BASE || names.iter().any(|name| name == library.name),
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
