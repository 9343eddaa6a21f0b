//! How the programs of the libraries are made.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
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

/// Builds it, and gives the words that start it.
pub fn make(program: Program) -> Result<Vec<OsString>, String> {
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
            run(build(own).args(["--features", "async", "--bin", name]))?;
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

/// Of this package.
fn build(own: &Path) -> Command {
    let mut command = Command::new(cargo());
    command
        .args([
            "build",
            "--release",
            "--quiet",
            "--package",
            "ferromq-bench",
        ])
        .current_dir(own);
    command
}

/// As README.md says.
fn with_lto(own: &Path, target: PathBuf) -> Result<Vec<OsString>, String> {
    let clang = clang()?;
    eprintln!("building ferromq-lto: minutes, the first time");
    run(build(own)
        .arg("--target-dir")
        .arg(&target)
        .env("CXX", &clang)
        .env("CXXFLAGS", "-flto=thin")
        .env("RUSTFLAGS", "-Clinker-plugin-lto"))
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
