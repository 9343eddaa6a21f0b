//! How libzmq allocates its queues.

use std::ffi::c_void;
use std::sync::atomic::{AtomicU32, Ordering};

use ferromq::Context;
use libc::{c_int, size_t};

use crate::peers::Peers;
use crate::process::alone;

/// libzmq's word for it, which the architecture decides.
const CACHE_LINE: size_t = if cfg!(target_arch = "s390x") {
    256
} else if cfg!(target_arch = "powerpc64") {
    128
} else {
    64
};

static ALIGNED_QUEUES: AtomicU32 = AtomicU32::new(0);

/// Threads that write to neighbouring queues must not share a cache line.
#[test]
fn queues_are_aligned_to_cache_lines() {
    alone(|| {
        let context = Context::new().unwrap();
        Peers::connected(&context, "inproc://aligned");
        assert!(ALIGNED_QUEUES.load(Ordering::Relaxed) > 0);
    });
}

/// Takes the place of the C library's `posix_memalign` in this program, and counts.
///
/// # Safety
/// `memory` points to a pointer that may be written.
#[unsafe(no_mangle)]
unsafe extern "C" fn posix_memalign(
    memory: *mut *mut c_void,
    alignment: size_t,
    size: size_t,
) -> c_int {
    if alignment == CACHE_LINE {
        ALIGNED_QUEUES.fetch_add(1, Ordering::Relaxed);
    }
    // SAFETY: takes any numbers; the result is for `free`, as that of `posix_memalign`.
    let allocated = unsafe { libc::memalign(alignment, size) };
    if allocated.is_null() {
        return libc::ENOMEM;
    }
    // SAFETY: as the caller promises.
    unsafe { *memory = allocated };
    0
}
