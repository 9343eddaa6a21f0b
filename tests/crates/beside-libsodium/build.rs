//! Links the system's libsodium.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Err(error) = pkg_config::probe_library("libsodium") {
        panic!("no libsodium of the system: apt-get install libsodium-dev\n{error}");
    }
}
