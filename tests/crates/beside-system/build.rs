//! Links the system's libzmq, and tells the tests where the archive of ferromq's own is.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    assert_eq!(
        env::var("DEP_FERROMQ_LINKAGE").as_deref(),
        Ok("vendored"),
        "this is about the vendored libzmq: unset FERROMQ_NO_VENDOR"
    );
    let lib = env::var("DEP_FERROMQ_LIB").expect("ferromq-sys says where its library is");
    let archive = Path::new(&lib).join("libferromq_zmq.a");
    println!("cargo::rustc-env=FERROMQ_ARCHIVE={}", archive.display());

    if let Err(error) = pkg_config::probe_library("libzmq") {
        panic!("no libzmq of the system: apt-get install libzmq3-dev\n{error}");
    }
}
