//! Contexts.

use std::ffi::{c_int, c_void};
use std::sync::atomic::Ordering::Relaxed;

use ferromq_sys as sys;

use crate::boundary::Refusal;
use crate::inside::{InContext, anybody_in, not_a_context};
use crate::table::{self, Reserved, Slot, State};

/// More would have libzmq ask for more memory than there is.
const MOST_SOCKETS: c_int = 1 << 24;
/// Each takes two descriptors and a thread.
const MOST_IO_THREADS: c_int = 1 << 16;

exported! {
    /// Makes a context.
    fn zmq_ctx_new() -> *mut c_void = {
        let reserved = Reserved::new()?;
        // SAFETY: no preconditions.
        Ok(reserved.hold(unsafe { sys::zmq_ctx_new() }, State::Context))
    } else std::ptr::null_mut();

    /// Makes a context with that many I/O threads.
    fn zmq_init(io_threads: c_int) -> *mut c_void = {
        if io_threads > MOST_IO_THREADS {
            return Err(&Refusal::SIZE);
        }
        let reserved = Reserved::new()?;
        // SAFETY: no preconditions.
        Ok(reserved.hold(unsafe { sys::zmq_init(io_threads) }, State::Context))
    } else std::ptr::null_mut();

    /// Waits until the sockets of the context are closed and their messages gone, and frees it.
    fn zmq_ctx_term(context: *mut c_void) -> c_int = { terminate(context) } else -1;

    /// The same, by an old name.
    fn zmq_ctx_destroy(context: *mut c_void) -> c_int = { terminate(context) } else -1;

    /// The same, by an old name.
    fn zmq_term(context: *mut c_void) -> c_int = { terminate(context) } else -1;

    /// Makes all calls on the sockets of the context fail.
    fn zmq_ctx_shutdown(context: *mut c_void) -> c_int = {
        let inside = match InContext::enter(context) {
            Ok(inside) => inside,
            // Termination has done it.
            Err(refusal) if refusal.errno == sys::ETERM => return Ok(0),
            Err(refusal) => return Err(refusal),
        };
        // SAFETY: the context is open while this thread is inside.
        Ok(unsafe { sys::zmq_ctx_shutdown(inside.object()) })
    } else -1;

    /// Sets an option of the context.
    fn zmq_ctx_set(context: *mut c_void, option: c_int, value: c_int) -> c_int = {
        let inside = InContext::enter(context)?;
        within_bounds(option, value)?;
        // SAFETY: the context is open while this thread is inside.
        Ok(unsafe { sys::zmq_ctx_set(inside.object(), option, value) })
    } else -1;

    /// Reads an option of the context.
    fn zmq_ctx_get(context: *mut c_void, option: c_int) -> c_int = {
        let inside = InContext::enter(context)?;
        // SAFETY: the context is open while this thread is inside.
        Ok(unsafe { sys::zmq_ctx_get(inside.object(), option) })
    } else -1;
}

/// Refuses what libzmq takes, and dies of later.
pub fn within_bounds(option: c_int, value: c_int) -> Result<(), &'static Refusal> {
    match option {
        sys::ZMQ_MAX_SOCKETS if value > MOST_SOCKETS => Err(&Refusal::SIZE),
        sys::ZMQ_IO_THREADS if value > MOST_IO_THREADS => Err(&Refusal::SIZE),
        _ => Ok(()),
    }
}

fn terminate(context: *mut c_void) -> Result<c_int, &'static Refusal> {
    let slot = table::slot(context).ok_or(&Refusal::CONTEXT_FOREIGN)?;
    if slot.switch(context, State::Context, State::Ending).is_err() {
        return not_to_be_terminated(slot, context);
    }
    // Others are inside for short calls only.
    while anybody_in(slot) {
        std::thread::yield_now();
    }
    // SAFETY: the context is open, nobody is inside, and from now on nobody gets in.
    let code = unsafe { sys::zmq_ctx_term(slot.object.load(Relaxed)) };
    if code == 0 {
        slot.free(context.addr());
    } else {
        // It was interrupted, and can be called again.
        slot.back(context, State::Ending, State::Context);
    }
    Ok(code)
}

/// A context that is lent, or left by the parent, is only given back.
#[cold]
fn not_to_be_terminated(slot: &Slot, context: *mut c_void) -> Result<c_int, &'static Refusal> {
    for state in [State::BorrowedContext, State::Forked] {
        let ours = state == State::BorrowedContext || slot.context.load(Relaxed) == 0;
        if ours && slot.switch(context, state, State::Reserved).is_ok() {
            slot.free(context.addr());
            return Ok(0);
        }
    }
    Err(match slot.state(context) {
        Some(State::Ending) => &Refusal::CONTEXT_ENDING,
        Some(State::Forked) => &Refusal::CONTEXT_FOREIGN,
        state => not_a_context(state),
    })
}
