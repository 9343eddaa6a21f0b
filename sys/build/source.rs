//! Where the source of libzmq is.
//!
//! The crate `zeromq-src` has no function that says so. But its build prints a file of its own
//! directory for Cargo to watch before it compiles anything. So this build script runs itself a
//! second time, as a probe that starts that build with a compiler that does not exist, and takes
//! the directory from what the probe prints. Unlike paths that the compiler writes into a program,
//! this one also holds where paths are remapped.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::settings;

/// The argument that makes this program the probe.
const PROBE: &str = "--probe-source";

pub fn is_probe() -> bool {
    env::args().nth(1).is_some_and(|argument| argument == PROBE)
}

/// The probe's work; ends in a panic, for want of a compiler.
pub fn probe() {
    zeromq_src::Build::new().build();
}

/// The directory that holds libzmq's `src` and `include`.
pub fn find(out: &Path) -> Result<PathBuf, String> {
    if let Some(given) = settings::directory(settings::SOURCE_DIR)? {
        println!("cargo::rerun-if-changed={}", given.join("src").display());
        return match holds_libzmq(&given) {
            true => Ok(given),
            false => Err(format!(
                "{}={} does not hold libzmq: there is no src/zmq.cpp",
                settings::SOURCE_DIR,
                given.display()
            )),
        };
    }

    let printed =
        run_probe(out).map_err(|error| format!("cannot run the build script: {error}"))?;
    printed
        .lines()
        .filter_map(|line| line.strip_prefix("cargo:rerun-if-changed="))
        .flat_map(|file| Path::new(file).ancestors())
        .map(|directory| directory.join("vendor"))
        .find(|directory| holds_libzmq(directory))
        .ok_or_else(|| {
            format!(
                "the crate zeromq-src did not tell where libzmq's source is; \
                 set {} to a directory with libzmq's src and include",
                settings::SOURCE_DIR
            )
        })
}

fn run_probe(out: &Path) -> std::io::Result<String> {
    let scratch = out.join("probe");
    fs::create_dir_all(&scratch)?;
    let program = env::args_os()
        .next()
        .expect("Cargo names the program it starts");
    let target = settings::target();
    let output = Command::new(program)
        .arg(PROBE)
        .env("OUT_DIR", &scratch)
        .env(format!("CC_{target}"), scratch.join("no-compiler"))
        .env(format!("CXX_{target}"), scratch.join("no-compiler"))
        .env("RUST_BACKTRACE", "0")
        .output()?;
    fs::remove_dir_all(&scratch)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn holds_libzmq(directory: &Path) -> bool {
    directory.join("src/zmq.cpp").is_file()
}
