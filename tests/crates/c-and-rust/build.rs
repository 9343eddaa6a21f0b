//! Compiles the C part, against `zmq.h` and `ferromq.h`.

fn main() {
    println!("cargo::rerun-if-changed=c/part.c");
    cc::Build::new()
        .std("c99")
        .warnings_into_errors(true)
        .extra_warnings(true)
        .include("../../../capi/include")
        .file("c/part.c")
        .compile("part");
}
