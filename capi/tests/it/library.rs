//! The library that Cargo has built, under the names that it has when installed.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// The directory of `zmq.h`, that of the pinned libzmq.
pub const ZMQ_INCLUDE: &str = env!("FERROMQ_ZMQ_INCLUDE");

/// What is in the package's directory.
pub fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The shared library, as Cargo names it.
pub fn shared() -> PathBuf {
    built("libferromq_capi.so")
}

fn built(name: &str) -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let path = program.parent().unwrap().join(name);
    assert!(path.exists(), "Cargo has not built {}", path.display());
    path
}

/// An empty directory for the test of this name.
pub fn scratch(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// A directory below `scratch` with the library as `libferromq.so` and `libzmq.so.5`.
pub fn directory(scratch: &Path) -> PathBuf {
    let lib = scratch.join("lib");
    fs::create_dir_all(&lib).unwrap();
    for name in ["libferromq.so", "libzmq.so", "libzmq.so.5"] {
        symlink(shared(), lib.join(name)).unwrap();
    }
    lib
}
