//! Which libzmq this program has, and where its functions come from.

use std::process::Command;

use ferromq::{Capability, Linkage, Version, has, linkage, version};

const PINNED: Version = Version {
    major: 4,
    minor: 3,
    patch: 5,
};

#[test]
fn the_build_and_the_library_agree() {
    let forbidden = !matches!(option_env!("FERROMQ_NO_VENDOR"), None | Some("" | "0"));
    let vendored = cfg!(feature = "vendored") && !forbidden;
    match linkage() {
        Linkage::Vendored => {
            assert!(vendored);
            assert_eq!(version(), PINNED);
            // A system's library has it or not, as its makers chose.
            let curve = cfg!(any(feature = "curve", feature = "curve-libsodium"));
            assert_eq!(has(Capability::Curve), curve);
            assert_eq!(has(Capability::Draft), cfg!(feature = "draft"));
        }
        _ => {
            assert!(!vendored);
            let oldest = Version {
                minor: 1,
                patch: 0,
                ..PINNED
            };
            assert!(version() >= oldest, "{}", version());
        }
    }
}

/// Private symbols: the vendored library is neither seen by others nor replaced by another one.
#[test]
fn symbols_are_private_when_vendored() {
    let mut zmq = symbols(&["--dynamic"]);
    zmq.retain(|name| name.contains("zmq_"));
    match linkage() {
        Linkage::System => assert!(zmq.iter().any(|name| name == "zmq_ctx_new"), "{zmq:?}"),
        _ => assert!(zmq.is_empty(), "{zmq:?}"),
    }
}

/// Libsodium takes precedence over the crates; a libzmq of the system brings its own.
#[test]
fn the_cryptography_is_what_was_asked_for() {
    let names = symbols(&["--defined-only"]);
    let has = |function| names.iter().any(|name| name == function);
    let vendored = linkage() == Linkage::Vendored;
    let libsodium = vendored && cfg!(feature = "curve-libsodium");
    let crates = vendored && cfg!(feature = "curve") && !libsodium;
    assert_eq!(has("crypto_box_beforenm"), libsodium);
    assert_eq!(has("ferromq_crypto_box_beforenm"), crates);
}

/// The names in this program.
fn symbols(which: &[&str]) -> Vec<String> {
    let symbols = Command::new("nm")
        .args(which)
        .arg(std::env::current_exe().unwrap())
        .output()
        .expect("`nm` is missing: apt-get install binutils");
    assert!(symbols.status.success(), "{symbols:?}");
    let symbols = String::from_utf8(symbols.stdout).unwrap();
    let names = symbols.lines().filter_map(|line| line.rsplit(' ').next());
    names.map(str::to_owned).collect()
}
