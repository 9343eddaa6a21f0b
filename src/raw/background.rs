//! Threads that nobody waits for.

use std::ffi::c_void;
use std::mem::{self, MaybeUninit};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use super::Errno;

type Work = Box<dyn FnOnce() + Send>;

/// Runs `work` on a thread of its own.
///
/// It is not one of `std`: those take a lock when they start and when they end, and in a child that
/// was forked just then no other one ever starts.
pub(crate) fn in_background(work: impl FnOnce() + Send + 'static) -> Result<(), Errno> {
    let work: Box<Work> = Box::new(Box::new(work));
    let work = Box::into_raw(work);
    let mut thread = MaybeUninit::uninit();
    // SAFETY: `thread` is valid for writes; `start` gets a pointer to a `Work`, once.
    let code =
        unsafe { libc::pthread_create(thread.as_mut_ptr(), ptr::null(), start, work.cast()) };
    if code != 0 {
        // SAFETY: no thread was made, so the pointer made above is still ours.
        drop(unsafe { Box::from_raw(work) });
        return Err(Errno(code));
    }
    // SAFETY: the call above has filled it; nobody joins the thread.
    unsafe { libc::pthread_detach(thread.assume_init()) };
    Ok(())
}

extern "C" fn start(work: *mut c_void) -> *mut c_void {
    #[cfg(target_os = "linux")]
    // SAFETY: names the calling thread; the text ends.
    unsafe {
        libc::prctl(libc::PR_SET_NAME, c"ferromq-end".as_ptr());
    }
    // SAFETY: made by `in_background`, which leaves it to this thread.
    let work = unsafe { Box::from_raw(work.cast::<Work>()) };
    // What panics here, a program's logger, has nobody to tell, and must not unwind into C. Nor must
    // the drop of what it panicked with.
    mem::forget(catch_unwind(AssertUnwindSafe(*work)));
    ptr::null_mut()
}
