//! Settings of the calling thread, as libzmq makes them in its own threads.

use std::ffi::c_int;

use super::Errno;

/// Takes this policy and this priority, where given.
pub(crate) fn schedule(policy: Option<c_int>, priority: Option<c_int>) -> Result<(), Errno> {
    let mut present = 0;
    // SAFETY: the type is made of integers, for which zeros are values.
    let mut parameters: libc::sched_param = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are valid for writes; the thread is the calling one.
    let code =
        unsafe { libc::pthread_getschedparam(libc::pthread_self(), &mut present, &mut parameters) };
    checked(code)?;
    let policy = policy.unwrap_or(present);
    let is_real_time = matches!(policy, libc::SCHED_FIFO | libc::SCHED_RR);
    parameters.sched_priority = match priority {
        Some(priority) if is_real_time => priority,
        None if is_real_time => parameters.sched_priority,
        _ => 0,
    };
    // SAFETY: the parameters are valid for reads; the thread is the calling one.
    let code = unsafe { libc::pthread_setschedparam(libc::pthread_self(), policy, &parameters) };
    checked(code)?;
    match priority {
        Some(1..) if !is_real_time => be_nicest(),
        _ => Ok(()),
    }
}

/// What libzmq does for a priority without a real-time policy.
#[cfg(target_os = "linux")]
fn be_nicest() -> Result<(), Errno> {
    // SAFETY: no preconditions. On Linux it is the calling thread's.
    match unsafe { libc::nice(-20) } {
        -1 => Err(Errno(libc::EPERM)),
        _ => Ok(()),
    }
}

/// Elsewhere it would be the process's own, which is not tried.
#[cfg(not(target_os = "linux"))]
fn be_nicest() -> Result<(), Errno> {
    Err(Errno(libc::EPERM))
}

/// Runs on this CPU only.
#[cfg(target_os = "linux")]
pub(crate) fn run_on(cpu: u32) -> Result<(), Errno> {
    let cpu = cpu as usize;
    if cpu >= 8 * size_of::<libc::cpu_set_t>() {
        return Err(Errno(libc::EINVAL));
    }
    // SAFETY: the type is made of integers, for which zeros are values.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: the CPU is within the set.
    unsafe { libc::CPU_SET(cpu, &mut set) };
    // SAFETY: the set is valid for reads of its size; 0 is the calling thread.
    match unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &set) } {
        0 => Ok(()),
        _ => Err(Errno::last()),
    }
}

/// libzmq does it on Linux only.
#[cfg(not(target_os = "linux"))]
pub(crate) fn run_on(_: u32) -> Result<(), Errno> {
    Err(Errno(ferromq_sys::ENOTSUP))
}

/// The least and the greatest priority of a policy.
pub(crate) fn priorities(policy: c_int) -> (c_int, c_int) {
    // SAFETY: no preconditions.
    unsafe {
        (
            libc::sched_get_priority_min(policy),
            libc::sched_get_priority_max(policy),
        )
    }
}

fn checked(code: c_int) -> Result<(), Errno> {
    match code {
        0 => Ok(()),
        errno => Err(Errno(errno)),
    }
}
