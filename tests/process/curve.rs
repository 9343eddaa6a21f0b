//! Keys are made of bytes that the system gave for them alone.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use ferromq::curve::{Keypair, PublicKey};

use crate::child::in_child;

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
        refuse(&[libc::SYS_getrandom, libc::SYS_openat]);
        let error = Keypair::generate().unwrap_err();
        assert!(
            error.to_string().contains("generate a CURVE key pair"),
            "{error}"
        );
    });
}

/// From here on, these system calls of this process fail with EPERM.
#[cfg(target_os = "linux")]
fn refuse(calls: &[libc::c_long]) {
    let statement = |code, k| libc::sock_filter {
        code,
        jt: 0,
        jf: 0,
        k,
    };
    // The number of the call is what `seccomp_data` begins with.
    let mut program = vec![statement(
        (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16,
        0,
    )];
    for &call in calls {
        program.extend([
            libc::sock_filter {
                code: (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16,
                jt: 0,
                jf: 1,
                k: call as u32,
            },
            statement(
                (libc::BPF_RET | libc::BPF_K) as u16,
                libc::SECCOMP_RET_ERRNO | libc::EPERM as u32,
            ),
        ]);
    }
    program.push(statement(
        (libc::BPF_RET | libc::BPF_K) as u16,
        libc::SECCOMP_RET_ALLOW,
    ));
    let filter = libc::sock_fprog {
        len: program.len() as u16,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: the filter is valid for the call, which copies it.
    unsafe {
        assert_eq!(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        let code = libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &filter);
        assert_eq!(code, 0, "{}", std::io::Error::last_os_error());
    }
}
