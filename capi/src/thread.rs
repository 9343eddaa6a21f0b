//! Threads, our own: libzmq aborts where the system gives no thread.

use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr;

use ferromq_sys as sys;
use sys::zmq_thread_fn;

use crate::boundary::{Refusal, set_errno};
use crate::helpers::end;
use crate::table::{Reserved, State};

struct Thread {
    body: zmq_thread_fn,
    argument: *mut c_void,
    id: MaybeUninit<libc::pthread_t>,
}

/// As libzmq's threads do, it leaves signals to others.
extern "C" fn run(thread: *mut c_void) -> *mut c_void {
    // SAFETY: `zmq_threadstart` passes this, and it is freed after the thread's end only. The
    // other fields are read here, the id nowhere but there.
    let (body, argument) = unsafe {
        let thread = thread.cast::<Thread>();
        ((*thread).body, (*thread).argument)
    };
    // SAFETY: a set of our own; the caller's function and what it is for.
    unsafe {
        let mut signals = MaybeUninit::uninit();
        libc::sigfillset(signals.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_BLOCK, signals.as_ptr(), ptr::null_mut());
        body(argument);
    }
    ptr::null_mut()
}

exported! {
    /// Starts a thread.
    fn zmq_threadstart(body: Option<zmq_thread_fn>, argument: *mut c_void) -> *mut c_void = {
        let body = body.ok_or(&Refusal::NULL)?;
        let reserved = Reserved::new()?;
        let thread = Box::into_raw(Box::new(Thread {
            body,
            argument,
            id: MaybeUninit::uninit(),
        }));
        // SAFETY: `run` gets what it expects; the id has a place that outlives the thread.
        let errno = unsafe {
            let id = (&raw mut (*thread).id).cast();
            libc::pthread_create(id, ptr::null(), run, thread.cast())
        };
        if errno != 0 {
            // SAFETY: made above, and no thread has it.
            drop(unsafe { Box::from_raw(thread) });
            set_errno(errno);
            return Ok(ptr::null_mut());
        }
        Ok(reserved.hold(thread.cast(), State::Thread))
    } else ptr::null_mut();

    /// Waits for the end of a thread.
    fn zmq_threadclose(thread: *mut c_void) = {
        let thread = end(thread, State::Thread)?.cast::<Thread>();
        // SAFETY: made by `zmq_threadstart`, and ended and freed here alone, as its handle has
        // ended.
        unsafe {
            libc::pthread_join((*thread).id.assume_init(), ptr::null_mut());
            drop(Box::from_raw(thread));
        }
        Ok(())
    } else ();
}
