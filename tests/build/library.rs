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
    let symbols = Command::new("nm")
        .arg("--dynamic")
        .arg(std::env::current_exe().unwrap())
        .output()
        .expect("`nm` is missing: apt-get install binutils");
    assert!(symbols.status.success(), "{symbols:?}");
    let symbols = String::from_utf8(symbols.stdout).unwrap();
    let names = symbols.lines().filter_map(|line| line.rsplit(' ').next());
    let zmq: Vec<_> = names.filter(|name| name.contains("zmq_")).collect();
    match linkage() {
        Linkage::System => assert!(zmq.contains(&"zmq_ctx_new"), "{zmq:?}"),
        _ => assert!(zmq.is_empty(), "{zmq:?}"),
    }
}
