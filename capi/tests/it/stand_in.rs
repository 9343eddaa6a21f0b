//! Programs that were made for the system's `libzmq.so.5` run on this one, for no more than a
//! directory in `LD_LIBRARY_PATH`.

use std::process::Command;

use crate::library;
use crate::run::{succeed, tool};

const OURS: &str = "4.3.5";

fn systems_version() -> String {
    let text = succeed(tool("pkg-config", "pkg-config").args(["--modversion", "libzmq"]));
    text.trim().to_owned()
}

#[test]
fn pyzmq() {
    let lib = library::directory(&library::scratch("pyzmq"));
    let script = library::here("tests/stand_in/talk.py");
    // The distribution's Python, which sees the distribution's packages.
    let python = || {
        let mut python = Command::new("/usr/bin/python3");
        python.arg("-I");
        python
    };
    let found = python().args(["-c", "import zmq"]).status();
    assert!(
        found.is_ok_and(|status| status.success()),
        "missing: the system's pyzmq: apt-get install python3-zmq"
    );
    for (lib, version) in [(Some(lib), OURS.to_owned()), (None, systems_version())] {
        let mut python = python();
        python.arg(&script).arg(version);
        python.envs(lib.map(|lib| ("LD_LIBRARY_PATH", lib)));
        assert_eq!(succeed(&mut python), "all well\n");
    }
}

/// Linked to the system's library as any packaged program is.
#[test]
fn czmq() {
    let scratch = library::scratch("czmq");
    let program = scratch.join("czmq");
    let flags = succeed(tool("pkg-config", "pkg-config").args(["--cflags", "--libs", "libczmq"]));
    succeed(
        tool("cc", "gcc")
            .arg(library::here("tests/stand_in/czmq.c"))
            .arg("-o")
            .arg(&program)
            .args(flags.split_whitespace())
            .arg("-lzmq"),
    );
    let lib = library::directory(&scratch);
    let on_ours = succeed(Command::new(&program).env("LD_LIBRARY_PATH", lib));
    assert_eq!(on_ours, format!("{OURS}\n"));
    let on_theirs = succeed(&mut Command::new(&program));
    assert_eq!(on_theirs, format!("{}\n", systems_version()));
}
