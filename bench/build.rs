//! Compiles the worker in C, for the libzmq that ferromq has.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=c/worker.c");
    let include = env::var("DEP_FERROMQ_INCLUDE").expect("ferromq-sys says where zmq.h is");
    let mut build = cc::Build::new();
    build
        .file("c/worker.c")
        .include(include)
        .define("main", "ferromq_bench_c")
        .opt_level(3);
    if env::var("DEP_FERROMQ_LINKAGE").as_deref() == Ok("vendored") {
        let rename = Path::new("../vendor/ferromq_rename.h");
        println!("cargo::rerun-if-changed={}", rename.display());
        build.flag("-include").flag(rename);
    }
    build.compile("ferromq_bench_c");
}
