//! Names the library as programs that need libzmq look for it, and tells the tests where libzmq's
//! source is.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    assert_eq!(
        env::var("DEP_FERROMQ_LINKAGE").as_deref(),
        Ok("vendored"),
        "the C interface wraps the vendored libzmq: unset FERROMQ_NO_VENDOR"
    );
    if env::var("CARGO_CFG_TARGET_VENDOR").as_deref() == Ok("apple") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libzmq.5.dylib");
    } else {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libzmq.so.5");
        // What other crates export to libzmq stays inside.
        println!("cargo::rustc-cdylib-link-arg=-Wl,--exclude-libs,ALL");
    }
    let include = env::var("DEP_FERROMQ_INCLUDE").expect("ferromq-sys says where zmq.h is");
    println!("cargo::rustc-env=FERROMQ_ZMQ_INCLUDE={include}");
}
