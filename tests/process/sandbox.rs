//! A system that refuses, to the end of the process.

use libc::{c_int, c_long, sock_filter};

/// Has the kernel refuse a system call from now on, as a sandbox does; with `first`, only when
/// that is its first argument.
pub fn refuse(call: c_long, first: Option<c_int>, errno: c_int) {
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const SKIP_UNLESS: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    let step = |code, k, jf| sock_filter { code, jt: 0, jf, k };
    let argument = if cfg!(target_endian = "big") { 20 } else { 16 };
    let mut steps = vec![step(LOAD, 0, 0)];
    let mut checks = vec![step(SKIP_UNLESS, call as u32, 1)];
    if let Some(first) = first {
        checks[0].jf = 3;
        checks.push(step(LOAD, argument, 0));
        checks.push(step(SKIP_UNLESS, first as u32, 1));
    }
    steps.append(&mut checks);
    steps.push(step(RETURN, libc::SECCOMP_RET_ERRNO | errno as u32, 0));
    steps.push(step(RETURN, libc::SECCOMP_RET_ALLOW, 0));
    let program = libc::sock_fprog {
        len: steps.len() as u16,
        filter: steps.as_mut_ptr(),
    };
    // SAFETY: `program` and its steps are valid for reads; the rest are numbers.
    unsafe {
        assert_eq!(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        assert_eq!(
            libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &program),
            0,
            "{}",
            std::io::Error::last_os_error()
        );
    }
}
