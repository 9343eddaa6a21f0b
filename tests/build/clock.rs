//! libzmq's timers run on a clock that nobody sets.

use std::env;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use ferromq::{Context, PAIR};
use libc::{c_int, c_void, clockid_t, timespec, timeval};

use crate::peers::pass;
use crate::process::{alone, eventually};

/// Whether the wall clock stands still, as for a program when it is set back again and again.
static WALL_CLOCK_STOPPED: AtomicBool = AtomicBool::new(false);
/// How often libzmq's I/O threads have then looked at a clock.
static READINGS: AtomicU32 = AtomicU32::new(0);

#[test]
fn a_connection_is_tried_again_while_the_wall_clock_stands_still() {
    alone(|| {
        WALL_CLOCK_STOPPED.store(true, Ordering::Relaxed);
        let endpoint = format!("ipc://{}/late", env::temp_dir().display());
        let context = Context::new().unwrap();
        let connector = context.socket(PAIR).unwrap();
        connector.connect(&*endpoint).unwrap();
        // The first look at a clock is for the time of the second try.
        eventually(|| (READINGS.load(Ordering::Relaxed) > 0).then_some(()));
        let binder = context.socket(PAIR).unwrap();
        binder.bind(&*endpoint).unwrap();
        pass(&connector, &binder);
    });
}

/// Takes the place of the C library's function in this program.
///
/// # Safety
/// `time` points to what may be written.
#[unsafe(no_mangle)]
unsafe extern "C" fn gettimeofday(time: *mut timeval, zone: *mut c_void) -> c_int {
    // SAFETY: passed on as it came.
    let rc = unsafe { libc::syscall(libc::SYS_gettimeofday, time, zone) };
    if is_stopped() {
        // SAFETY: as the caller promises.
        unsafe { (*time).tv_sec = 1_000_000_000 };
        // SAFETY: as the caller promises.
        unsafe { (*time).tv_usec = 0 };
    }
    rc as c_int
}

/// Takes the place of the C library's function in this program.
///
/// # Safety
/// `time` points to what may be written.
#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(clock: clockid_t, time: *mut timespec) -> c_int {
    // SAFETY: passed on as it came.
    let rc = unsafe { libc::syscall(libc::SYS_clock_gettime, clock, time) };
    if is_stopped() && clock == libc::CLOCK_REALTIME {
        // SAFETY: as the caller promises.
        unsafe { (*time).tv_sec = 1_000_000_000 };
        // SAFETY: as the caller promises.
        unsafe { (*time).tv_nsec = 0 };
    }
    rc as c_int
}

/// Whether the wall clock stands still for this look at a clock, which is counted.
fn is_stopped() -> bool {
    let stopped = WALL_CLOCK_STOPPED.load(Ordering::Relaxed);
    if stopped {
        let mut name = [0_u8; 16];
        // SAFETY: the kernel writes a name of at most 16 bytes.
        unsafe { libc::prctl(libc::PR_GET_NAME, &raw mut name) };
        if name.starts_with(b"ZMQbg/IO/") {
            READINGS.fetch_add(1, Ordering::Relaxed);
        }
    }
    stopped
}
