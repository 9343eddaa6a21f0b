//! Has `ctest` write the checks of values and layouts, and tells the crate where the header is.

use std::env;
use std::path::Path;

fn main() {
    let include = env::var("DEP_FERROMQ_INCLUDE").expect("ferromq-sys says where zmq.h is");
    println!("cargo::rustc-env=ZMQ_INCLUDE={include}");
    println!("cargo::rerun-if-changed=build.rs");

    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    for folder in ["sys/src", "vendor", "tests/crates/header-check/ctest"] {
        println!("cargo::rerun-if-changed={}", project.join(folder).display());
    }

    let mut checks = ctest::TestGenerator::new();
    checks
        .edition(2024)
        .cfg("feature", Some("draft"))
        .define("ZMQ_BUILD_DRAFT_API", None)
        // The private names of the vendored functions, whose addresses are compared.
        .include(project.join("vendor"))
        .header("ferromq_rename.h")
        .include(include)
        .header("zmq.h")
        // In C these are types of functions, not of pointers to them; `tests/names.rs` checks them.
        .skip_alias(|alias| alias.ident().ends_with("_fn"))
        // What is asserted while compiling.
        .skip_const(|constant| constant.ident() == "_")
        // All its types are typedefs.
        .rename_struct_ty(|name| Some(name.to_owned()));
    ctest::generate_test(&mut checks, "ctest/declarations.rs", "checks.rs")
        .expect("ctest writes and compiles its checks");
}
