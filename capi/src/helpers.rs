//! What belongs to no socket: versions, errors, keys, stopwatches, counters.

use std::ffi::{c_char, c_int, c_ulong, c_void};
use std::sync::OnceLock;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::time::Instant;

use ferromq_sys as sys;

use crate::boundary::Refusal;
use crate::inside::object;
use crate::socket::{not_null, readable};
use crate::table::{Reserved, State};

/// The length of a CURVE key in Z85.
const KEY: usize = 40;

exported! {
    /// The error number of the calling thread.
    fn zmq_errno() -> c_int = {
        // SAFETY: no preconditions.
        Ok(unsafe { sys::zmq_errno() })
    } else 0;

    /// The text for an error number.
    fn zmq_strerror(number: c_int) -> *const c_char = {
        // SAFETY: no preconditions.
        Ok(unsafe { sys::zmq_strerror(number) })
    } else c"".as_ptr();

    /// The version.
    fn zmq_version(major: *mut c_int, minor: *mut c_int, patch: *mut c_int) = {
        let mut parts = [0; 3];
        let [first, second, third] = &mut parts;
        // SAFETY: three places of ours.
        unsafe { sys::zmq_version(first, second, third) };
        for (place, part) in [major, minor, patch].into_iter().zip(parts) {
            if !place.is_null() {
                // SAFETY: the caller's place.
                unsafe { place.write(part) };
            }
        }
        Ok(())
    } else ();

    /// Whether the library was built with this capability.
    fn zmq_has(capability: *const c_char) -> c_int = {
        not_null(capability)?;
        // SAFETY: the caller's text.
        Ok(unsafe { sys::zmq_has(capability) })
    } else 0;

    /// Writes bytes as Z85 text.
    fn zmq_z85_encode(text: *mut c_char, bytes: *const u8, size: usize) -> *mut c_char = {
        // libzmq counts in 32 bits.
        if size % 4 != 0 || u32::try_from(size).is_err() {
            return Err(&Refusal::SIZE);
        }
        not_null(text)?;
        readable(bytes.cast(), size)?;
        // SAFETY: the caller's buffers.
        Ok(unsafe { sys::zmq_z85_encode(text, bytes, size) })
    } else std::ptr::null_mut();

    /// Reads Z85 text.
    fn zmq_z85_decode(bytes: *mut u8, text: *const c_char) -> *mut u8 = {
        not_null(bytes)?;
        not_null(text)?;
        // SAFETY: the caller's buffers.
        Ok(unsafe { sys::zmq_z85_decode(bytes, text) })
    } else std::ptr::null_mut();

    /// Makes a pair of CURVE keys.
    fn zmq_curve_keypair(public: *mut c_char, secret: *mut c_char) -> c_int = {
        not_null(public)?;
        not_null(secret)?;
        // SAFETY: the caller's buffers.
        Ok(unsafe { sys::zmq_curve_keypair(public, secret) })
    } else -1;

    /// Writes the public key of a secret one.
    fn zmq_curve_public(public: *mut c_char, secret: *const c_char) -> c_int = {
        not_null(public)?;
        not_null(secret)?;
        // SAFETY: the caller's text.
        if unsafe { libc::strnlen(secret, KEY + 1) } != KEY {
            return Err(&Refusal::KEY);
        }
        // SAFETY: the caller's buffers.
        Ok(unsafe { sys::zmq_curve_public(public, secret) })
    } else -1;

    /// Sleeps for that many seconds.
    fn zmq_sleep(seconds: c_int) = {
        // SAFETY: no preconditions.
        unsafe { sys::zmq_sleep(seconds) };
        Ok(())
    } else ();
}

/// µs since this was first asked.
fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_micros() as u64
}

fn running(watch: *mut c_void) -> Result<c_ulong, &'static Refusal> {
    let start = object(watch, State::Value)?.time().load(Relaxed);
    Ok(now().saturating_sub(start) as c_ulong)
}

exported! {
    /// Starts a stopwatch.
    fn zmq_stopwatch_start() -> *mut c_void = {
        let reserved = Reserved::new()?;
        reserved.slot.time().store(now(), Relaxed);
        Ok(reserved.publish(State::Value))
    } else std::ptr::null_mut();

    /// How many µs the stopwatch has been running.
    fn zmq_stopwatch_intermediate(watch: *mut c_void) -> c_ulong = { running(watch) } else 0;

    /// The same, and ends it.
    fn zmq_stopwatch_stop(watch: *mut c_void) -> c_ulong = {
        let time = running(watch)?;
        end(watch, State::Value)?;
        Ok(time)
    } else 0;

    /// Makes a counter.
    fn zmq_atomic_counter_new() -> *mut c_void = {
        let reserved = Reserved::new()?;
        reserved.slot.number.store(0, Relaxed);
        Ok(reserved.publish(State::Value))
    } else std::ptr::null_mut();

    /// Sets a counter.
    fn zmq_atomic_counter_set(counter: *mut c_void, value: c_int) = {
        object(counter, State::Value)?.number.store(value, SeqCst);
        Ok(())
    } else ();

    /// Adds 1, and returns what it was.
    fn zmq_atomic_counter_inc(counter: *mut c_void) -> c_int = {
        Ok(object(counter, State::Value)?.number.fetch_add(1, SeqCst))
    } else 0;

    /// Takes 1, and returns 0 if that made it 0, else 1.
    fn zmq_atomic_counter_dec(counter: *mut c_void) -> c_int = {
        let before = object(counter, State::Value)?.number.fetch_sub(1, SeqCst);
        Ok(c_int::from(before != 1))
    } else 0;

    /// What the counter is at.
    fn zmq_atomic_counter_value(counter: *mut c_void) -> c_int = {
        Ok(object(counter, State::Value)?.number.load(SeqCst))
    } else 0;

    /// Frees a counter, and nulls the pointer to it.
    fn zmq_atomic_counter_destroy(counter: *mut *mut c_void) = {
        not_null(counter)?;
        // SAFETY: the caller's pointer to a handle.
        end(unsafe { *counter }, State::Value)?;
        // SAFETY: as above.
        unsafe { *counter = std::ptr::null_mut() };
        Ok(())
    } else ();
}

/// Ends a handle, and gives the object.
pub fn end(handle: *mut c_void, state: State) -> Result<*mut c_void, &'static Refusal> {
    let slot = object(handle, state)?;
    let object = slot.object.load(Relaxed);
    slot.switch(handle, state, State::Reserved)
        .map_err(|_| &Refusal::OBJECT_CLOSED)?;
    slot.free(handle.addr());
    Ok(object)
}
