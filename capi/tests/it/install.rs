//! What `install.sh` installs, and the example built with it in the ways that people do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::library;
use crate::run::{succeed, tool, within};

const GREETINGS: &str = "received Hello\nreceived World\n\
    zmq_send: the socket was closed before\nzmq_ctx_term would wait for 1 open socket\n";

/// Installs, which compiles first.
fn install(prefix: &Path, arguments: &[&str]) {
    let features: &[&str] = if cfg!(feature = "draft") {
        &["--draft"]
    } else {
        &[]
    };
    let outcome = within(
        Duration::from_secs(900),
        Command::new(library::here("install.sh"))
            .arg("--prefix")
            .arg(prefix)
            .args(arguments)
            .args(features),
    );
    assert_eq!(outcome.code(), Some(0), "{}", outcome.output);
}

fn pkg_config(prefix: &Path, arguments: &[&str]) -> Vec<String> {
    let mut command = tool("pkg-config", "pkg-config");
    let command = command.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
    let flags = succeed(command.args(arguments));
    flags.split_whitespace().map(str::to_owned).collect()
}

fn example(prefix: &Path, name: &str, flags: &[String]) -> PathBuf {
    let program = prefix.join(name);
    succeed(
        tool("cc", "gcc")
            .args(["-std=c99", "-Wall", "-Wextra", "-Werror"])
            .arg(library::here("examples/hello.c"))
            .arg("-o")
            .arg(&program)
            .args(flags),
    );
    program
}

#[test]
fn the_example_is_built_with_it() {
    let prefix = library::scratch("install");
    install(&prefix, &[]);
    assert!(!prefix.join("lib/libzmq.so.5").exists());
    assert!(!prefix.join("include/zmq.h").exists());

    let shared = example(
        &prefix,
        "shared",
        &pkg_config(&prefix, &["--cflags", "--libs", "ferromq"]),
    );
    assert_eq!(succeed(&mut Command::new(shared)), GREETINGS);

    let mut flags = pkg_config(&prefix, &["--static", "--cflags", "--libs", "ferromq"]);
    for flag in flags.iter_mut().filter(|flag| *flag == "-lferromq") {
        *flag = "-l:libferromq.a".to_owned();
    }
    let linked_in = example(&prefix, "static", &flags);
    fs::remove_file(prefix.join("lib/ferromq/libzmq.so.5")).unwrap();
    assert_eq!(succeed(&mut Command::new(linked_in)), GREETINGS);
}

#[test]
fn the_example_is_built_by_cmake() {
    let prefix = library::scratch("install-cmake");
    install(&prefix, &[]);
    let build = prefix.join("build");
    let mut configure = tool("cmake", "cmake");
    configure.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
    succeed(
        configure
            .arg("-S")
            .arg(library::here("examples"))
            .arg("-B")
            .arg(&build),
    );
    succeed(tool("cmake", "cmake").arg("--build").arg(&build));
    assert_eq!(succeed(&mut Command::new(build.join("hello"))), GREETINGS);
}

#[test]
fn it_stands_in_for_libzmq() {
    let root = library::scratch("install-stand-in");
    let destdir = root.to_str().unwrap();
    install(Path::new("/opt/zmq"), &["--stand-in", "--destdir", destdir]);
    let prefix = root.join("opt/zmq");
    assert_eq!(pkg_config(&prefix, &["--modversion", "libzmq"]), ["4.3.5"]);

    let header = fs::read_to_string(prefix.join("include/zmq.h")).unwrap();
    assert!(header.contains("#define ZMQ_VERSION_MAJOR 4"));
    let flags = ["include", "lib"].map(|directory| prefix.join(directory).display().to_string());
    let flags = [
        format!("-I{}", flags[0]),
        format!("-L{}", flags[1]),
        "-lzmq".to_owned(),
    ];
    let program = example(&prefix, "stand-in", &flags);
    let found = succeed(Command::new(program).env("LD_LIBRARY_PATH", prefix.join("lib")));
    assert_eq!(found, GREETINGS);
}
