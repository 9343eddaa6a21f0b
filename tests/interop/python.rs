//! The Python interpreter of the peers: one that has pyzmq, made on first use.

use std::env;
use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/interop/requirements.txt"
);

/// The interpreter named by `FERROMQ_PYTHON`, which must have pyzmq; else that of a virtual
/// environment under the target directory with what `requirements.txt` asks for.
pub fn interpreter() -> PathBuf {
    if let Some(python) = env::var_os("FERROMQ_PYTHON") {
        return python.into();
    }
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pyzmq-venv");
    let python = environment.join("bin/python");
    // Written last, so it tells that the environment is whole, and what it was made for.
    let receipt = environment.join("requirements.txt");

    let _lock = lock(&environment.with_extension("lock"));
    let requirements = fs::read(REQUIREMENTS).unwrap();
    if fs::read(&receipt).is_ok_and(|installed| installed == requirements) {
        return python;
    }
    let made = run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&environment))
    .and_then(|()| {
        run(Command::new(&python).args(["-m", "pip", "install", "--no-input", "-r", REQUIREMENTS]))
    });
    if let Err(trouble) = made {
        panic!(
            "no Python with pyzmq: {trouble}\n\
             Run these commands and repeat (venv is in the package python3-venv on Debian):\n\
             \x20 python3 -m venv --clear {environment:?}\n\
             \x20 {python:?} -m pip install -r {REQUIREMENTS:?}\n\
             \x20 cp {REQUIREMENTS:?} {receipt:?}\n\
             or set FERROMQ_PYTHON to a Python that has pyzmq."
        );
    }
    fs::write(receipt, requirements).unwrap();
    python
}

/// Holds off the other tests, also those in other processes, until the file is closed.
pub fn lock(path: &Path) -> File {
    let file = File::create(path).unwrap();
    // SAFETY: flock needs an open descriptor, and `file` owns one.
    let status = unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX) };
    assert_eq!(status, 0, "lock {path:?}: {}", io::Error::last_os_error());
    file
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "{command:?}: {}\n{stderr}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout)
    ))
}
