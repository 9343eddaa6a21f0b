//! Keys are made of bytes that the system gave for them alone.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use ferromq::curve::{Keypair, PublicKey};

use crate::child::in_child;
#[cfg(all(
    target_os = "linux",
    ferromq_vendored,
    not(feature = "curve-libsodium")
))]
use crate::sandbox::refuse;

fn new_key() -> PublicKey {
    Keypair::generate().unwrap().public
}

#[test]
fn forked_children_make_other_keys() {
    let mut keys = vec![new_key()];
    for _ in 0..2 {
        let (mut ours, mut childs) = UnixStream::pair().unwrap();
        in_child(|| childs.write_all(new_key().as_bytes()).unwrap());
        let mut key = [0; 32];
        ours.read_exact(&mut key).unwrap();
        keys.extend([key.into(), new_key()]);
    }
    let distinct: std::collections::HashSet<_> = keys.iter().collect();
    assert_eq!(distinct.len(), keys.len(), "{keys:?}");
}

/// libsodium would end the process.
#[cfg(all(
    target_os = "linux",
    ferromq_vendored,
    not(feature = "curve-libsodium")
))]
#[test]
fn without_random_bytes_there_is_no_key() {
    in_child(|| {
        new_key();
        for call in [libc::SYS_getrandom, libc::SYS_openat] {
            refuse(call, None, libc::EPERM);
        }
        let error = Keypair::generate().unwrap_err();
        assert!(
            error.to_string().contains("generate a CURVE key pair"),
            "{error}"
        );
    });
}
