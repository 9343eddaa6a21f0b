//! Compiles the peer in C++, and a libzmq for it: upstream's own build with the draft interface, which has
//! nothing of ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::python::lock;

/// In the source that the vendored libzmq is compiled from, as its makers left it.
const INCLUDE: &str = env!("FERROMQ_ZMQ_INCLUDE");

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/native/peer.cpp");

const DRAFTS: &str = "-DZMQ_BUILD_DRAFT_API";

/// The compiled peer, made on first use.
pub fn peer() -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("native-peer");
    let program = directory.join("peer");
    // Written last, so it tells that all is there, and what it was made of.
    let receipt = directory.join("receipt");
    let made_of = format!("{INCLUDE}\n{}", fs::read_to_string(SOURCE).unwrap());

    let _lock = lock(&directory.with_extension("lock"));
    if fs::read_to_string(&receipt).is_ok_and(|was| was == made_of) {
        return program;
    }
    fs::create_dir_all(&directory).unwrap();
    let libzmq = directory.join("libzmq");
    let lib = libzmq.join("lib");
    run(Command::new("cmake")
        .arg("-S")
        .arg(Path::new(INCLUDE).parent().unwrap())
        .arg("-B")
        .arg(&libzmq)
        .args([
            "-DENABLE_DRAFTS=ON",
            "-DBUILD_SHARED=ON",
            "-DBUILD_STATIC=OFF",
        ])
        .args(["-DENABLE_CURVE=OFF", "-DWITH_TLS=OFF", "-DWITH_DOCS=OFF"])
        .args([
            "-DBUILD_TESTS=OFF",
            "-DWITH_PERF_TOOL=OFF",
            "-DENABLE_CPACK=OFF",
        ])
        // All files at once and unoptimised: a few seconds instead of a minute.
        .args([
            "-DCMAKE_UNITY_BUILD=ON",
            "-DCMAKE_UNITY_BUILD_BATCH_SIZE=30",
        ])
        .args([
            "-DCMAKE_BUILD_TYPE=None",
            "-DCMAKE_CXX_FLAGS=-O0",
            "-Wno-dev",
        ]));
    run(Command::new("cmake").arg("--build").arg(&libzmq).args([
        "--target",
        "libzmq",
        "--parallel",
        "2",
    ]));
    run(Command::new("c++")
        .args(["-std=c++11", "-Wall", "-Wextra", "-Werror", "-O1", DRAFTS])
        .args(["-isystem", INCLUDE, SOURCE, "-o"])
        .arg(&program)
        .arg("-L")
        .arg(&lib)
        .arg("-lzmq")
        .arg(format!("-Wl,-rpath,{}", lib.display())));
    fs::write(receipt, made_of).unwrap();
    program
}

/// Runs a tool that compiles; flags that are meant for the tests themselves, as for a sanitizer, do not
/// concern the peer.
fn run(command: &mut Command) {
    let command = command
        .env_remove("CFLAGS")
        .env_remove("CXXFLAGS")
        .env_remove("CXX");
    let output = command.output().unwrap_or_else(|error| {
        panic!("{command:?}: {error}; install the tools: apt-get install cmake g++")
    });
    assert!(output.status.success(), "{command:?}: {output:?}");
}
