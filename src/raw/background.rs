//! Threads of our own.

use std::ffi::{CStr, c_void};
use std::mem::{self, MaybeUninit};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Result as Outcome;

use super::Errno;

type Work = Box<dyn FnOnce() + Send>;

/// A thread that runs until its work is done. Dropping this leaves it alone.
///
/// It is not one of `std`: those take a lock when they start and when they end, and in a child that
/// was forked just then no other one ever starts.
pub(crate) struct Thread<T> {
    id: Id,
    outcome: Arc<Mutex<Option<Outcome<T>>>>,
}

/// A pointer on some systems.
#[derive(Clone, Copy)]
struct Id(libc::pthread_t);

// SAFETY: it names a thread to those functions that take it, on whichever thread they are called, and
// what it may point to is not touched here.
unsafe impl Send for Id {}
// SAFETY: as above; it is only read.
unsafe impl Sync for Id {}

impl<T: Send + 'static> Thread<T> {
    /// Runs `work` on a thread of this name, of which the system shows 15 bytes.
    pub(crate) fn start(
        name: &'static CStr,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Self, Errno> {
        let outcome = Arc::new(Mutex::new(None));
        let kept = Arc::clone(&outcome);
        let work: Work = Box::new(move || {
            set_name(name);
            let outcome = catch_unwind(AssertUnwindSafe(work));
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        });
        let work = Box::into_raw(Box::new(work));
        let mut thread = MaybeUninit::uninit();
        // SAFETY: `thread` is valid for writes; `run` gets a pointer to a `Work`, once.
        let code =
            unsafe { libc::pthread_create(thread.as_mut_ptr(), ptr::null(), run, work.cast()) };
        if code != 0 {
            // SAFETY: no thread was made, so the pointer made above is still ours.
            drop(unsafe { Box::from_raw(work) });
            return Err(Errno(code));
        }
        // SAFETY: the call above has filled it.
        let id = Id(unsafe { thread.assume_init() });
        Ok(Self { id, outcome })
    }
}

impl<T> Thread<T> {
    pub(crate) fn is_current(&self) -> bool {
        // SAFETY: neither call has conditions; the thread is not joined, as that takes `self`.
        unsafe { libc::pthread_equal(self.id.0, libc::pthread_self()) != 0 }
    }

    /// Waits until the work is done, and gives what it returned or panicked with. Not for the
    /// thread itself, nor for a forked child.
    pub(crate) fn join(self) -> Outcome<T> {
        let this = mem::ManuallyDrop::new(self);
        // SAFETY: neither joined nor detached before, as both take `self`.
        let code = unsafe { libc::pthread_join(this.id.0, ptr::null_mut()) };
        // SAFETY: `this` is not dropped, so the field is moved out once.
        let outcome = unsafe { ptr::read(&this.outcome) };
        let outcome = outcome
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        outcome.unwrap_or_else(|| Err(Box::new(format!("pthread_join: error {code}"))))
    }
}

/// Nobody joins the thread any more. Not for a forked child, which has no such thread.
impl<T> Drop for Thread<T> {
    fn drop(&mut self) {
        // SAFETY: neither joined nor detached before, as both take `self`.
        unsafe { libc::pthread_detach(self.id.0) };
    }
}

/// Runs `work` on a thread that nobody waits for.
pub(crate) fn in_background(work: impl FnOnce() + Send + 'static) -> Result<(), Errno> {
    Thread::start(c"ferromq-end", work).map(drop)
}

extern "C" fn run(work: *mut c_void) -> *mut c_void {
    // SAFETY: made by `start`, which leaves it to this thread.
    let work = unsafe { Box::from_raw(work.cast::<Work>()) };
    // What the drop of an outcome panics with that nobody waited for must not unwind into C. Nor
    // must the drop of that.
    mem::forget(catch_unwind(AssertUnwindSafe(*work)));
    ptr::null_mut()
}

fn set_name(name: &CStr) {
    #[cfg(target_os = "linux")]
    // SAFETY: names the calling thread; the text ends.
    unsafe {
        libc::prctl(libc::PR_SET_NAME, name.as_ptr());
    }
    #[cfg(not(target_os = "linux"))]
    let _ = name;
}
