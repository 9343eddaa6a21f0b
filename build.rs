//! Passes on which libzmq `ferromq-sys` linked, and to the tests where the source of the vendored one is.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(ferromq_vendored, ferromq_system_static, fuzzing)");
    match std::env::var("DEP_FERROMQ_LINKAGE").as_deref() {
        Ok("vendored") => {
            println!("cargo:rustc-cfg=ferromq_vendored");
            if let Ok(include) = std::env::var("DEP_FERROMQ_INCLUDE") {
                println!("cargo:rustc-env=FERROMQ_ZMQ_INCLUDE={include}");
            }
        }
        Ok("system-static") => println!("cargo:rustc-cfg=ferromq_system_static"),
        _ => {}
    }
}
