//! Where C calls come in and answers go out: what a refused call answers, and who counts it.

use std::cell::{Cell, UnsafeCell};
use std::ffi::{c_char, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use ferromq_sys as sys;

use crate::extension::{
    FERROMQ_EFORKED, FERROMQ_MISUSE_ARGUMENT, FERROMQ_MISUSE_BUSY, FERROMQ_MISUSE_CLOSED,
    FERROMQ_MISUSE_FOREIGN, FERROMQ_MISUSE_FORKED, FERROMQ_MISUSE_KINDS,
};

/// The name of an exported function.
pub type Function = &'static &'static str;

/// Why a call was refused without asking libzmq.
#[derive(Debug)]
pub struct Refusal {
    pub errno: c_int,
    /// One of `FERROMQ_MISUSE_*`, or 0 for what is nobody's mistake.
    misuse: c_int,
    text: &'static str,
}

macro_rules! refusals {
    ($($name:ident: $errno:expr, $misuse:expr, $text:literal;)*) => {
        impl Refusal {
            $(pub const $name: Self = Self { errno: $errno, misuse: $misuse, text: $text };)*
        }
    };
}

#[rustfmt::skip]
refusals! {
    SOCKET_CLOSED: sys::ENOTSOCK, FERROMQ_MISUSE_CLOSED, "the socket was closed before";
    SOCKET_FOREIGN: sys::ENOTSOCK, FERROMQ_MISUSE_FOREIGN, "the pointer is null, or not a socket of this library";
    SOCKET_BUSY: libc::EBUSY, FERROMQ_MISUSE_BUSY, "the socket is in use, by another thread or by a callback's caller";
    CONTEXT_CLOSED: libc::EFAULT, FERROMQ_MISUSE_CLOSED, "the context was terminated before";
    CONTEXT_FOREIGN: libc::EFAULT, FERROMQ_MISUSE_FOREIGN, "the pointer is null, or not a context of this library";
    CONTEXT_ENDING: libc::EBUSY, FERROMQ_MISUSE_BUSY, "another thread is terminating the context already";
    TERMINATED: sys::ETERM, 0, "the context is being terminated";
    FORKED: FERROMQ_EFORKED, FERROMQ_MISUSE_FORKED, "made by the parent of this process, and of no use after a fork; make new ones here";
    OBJECT_CLOSED: libc::EFAULT, FERROMQ_MISUSE_CLOSED, "the object was destroyed before";
    OBJECT_FOREIGN: libc::EFAULT, FERROMQ_MISUSE_FOREIGN, "the pointer is null, or not such an object of this library";
    OBJECT_BUSY: libc::EBUSY, FERROMQ_MISUSE_BUSY, "another thread is using the object";
    MESSAGE_CLOSED: libc::EFAULT, FERROMQ_MISUSE_CLOSED, "the message is null, was closed, or never initialised";
    SAME_MESSAGE: libc::EINVAL, FERROMQ_MISUSE_ARGUMENT, "source and destination are the same message";
    NULL: libc::EFAULT, FERROMQ_MISUSE_ARGUMENT, "a pointer is null that must not be";
    SIZE: libc::EINVAL, FERROMQ_MISUSE_ARGUMENT, "the size or number is out of all bounds";
    NO_LISTENER: libc::EBADF, FERROMQ_MISUSE_ARGUMENT, "the descriptor of ZMQ_USE_FD does not listen for this transport, or is in use already";
    KEY: libc::EINVAL, FERROMQ_MISUSE_ARGUMENT, "the key is not 40 characters of Z85";
    SAME_SOCKET: libc::EINVAL, FERROMQ_MISUSE_ARGUMENT, "one socket cannot play these two parts";
    TIMER: libc::EINVAL, 0, "there is no such timer";
    NO_MEMORY: libc::ENOMEM, 0, "out of memory";
    INTERNAL: libc::EFAULT, 0, "a defect of this library: please report it";
}

static COUNTS: [AtomicU64; FERROMQ_MISUSE_KINDS as usize] =
    [const { AtomicU64::new(0) }; FERROMQ_MISUSE_KINDS as usize];

/// How many calls were refused for this kind of misuse.
pub fn misuses(kind: c_int) -> u64 {
    let count = usize::try_from(kind).ok().and_then(|kind| COUNTS.get(kind));
    count.map_or(0, |count| count.load(Relaxed))
}

/// What was refused last in a thread, and the function that was in the way.
type Last = (Function, &'static Refusal, Option<Function>);

const TEXT_SIZE: usize = 256;

thread_local! {
    static OTHER: Cell<Option<Function>> = const { Cell::new(None) };
    static LAST: Cell<Option<Last>> = const { Cell::new(None) };
    static TEXT: UnsafeCell<[u8; TEXT_SIZE]> = const { UnsafeCell::new([0; TEXT_SIZE]) };
}

/// Names the function that a call about to be refused found another thread inside of.
#[cold]
pub fn found_within(function: Option<Function>) {
    OTHER.set(function);
}

/// The explanation of the thread's last refused call, empty if there was none. Valid until the
/// thread asks again.
pub fn last_error() -> *const c_char {
    let (function, refusal, other) = match LAST.get() {
        Some(last) => last,
        None => return c"".as_ptr(),
    };
    let (open, other, close) = match other {
        Some(other) => (" (", *other, ")"),
        None => ("", "", ""),
    };
    TEXT.with(|text| {
        // SAFETY: only this thread gets here, and no reference outlives the closure.
        let text = unsafe { &mut *text.get() };
        let parts = [function, ": ", refusal.text, open, other, close];
        let bytes = parts.iter().flat_map(|part| part.bytes());
        let room = &mut text[..TEXT_SIZE - 1];
        let mut length = 0;
        for (place, byte) in room.iter_mut().zip(bytes) {
            *place = byte;
            length += 1;
        }
        text[length] = 0;
        text.as_ptr().cast()
    })
}

/// Answers a call: `failed`, with the error number set, where the body refuses it or panics.
#[inline]
pub fn answer<T>(
    function: Function,
    failed: T,
    body: impl FnOnce() -> Result<T, &'static Refusal>,
) -> T {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(result)) => return result,
        Ok(Err(refusal)) => refuse(function, refusal),
        Err(_) => refuse(function, &Refusal::INTERNAL),
    }
    failed
}

#[cold]
fn refuse(function: Function, refusal: &'static Refusal) {
    let other = OTHER
        .take()
        .filter(|_| refusal.misuse == FERROMQ_MISUSE_BUSY);
    LAST.set(Some((function, refusal, other)));
    if refusal.misuse > 0 {
        COUNTS[0].fetch_add(1, Relaxed);
        COUNTS[refusal.misuse as usize].fetch_add(1, Relaxed);
    }
    set_errno(refusal.errno);
}

/// Sets the thread's error number.
#[cold]
pub fn set_errno(errno: c_int) {
    #[cfg(any(target_os = "android", target_os = "netbsd", target_os = "openbsd"))]
    use libc::__errno as location;
    #[cfg(any(target_os = "linux", target_os = "emscripten"))]
    use libc::__errno_location as location;
    #[cfg(any(target_vendor = "apple", target_os = "freebsd"))]
    use libc::__error as location;
    // SAFETY: the thread's own error number.
    unsafe { ptr::write(location(), errno) };
}

/// Declares exported functions. The body gives what the function returns or why it refuses, in
/// which case it returns what stands after `else`; `FUNCTION` in it is the function's name.
macro_rules! exported {
    ($(
        $(#[$attribute:meta])*
        fn $name:ident($($parameter:ident: $type:ty),* $(,)?) $(-> $result:ty)? = $body:block
        else $failed:expr;
    )*) => { $(
        $(#[$attribute])*
        ///
        /// # Safety
        /// Pointers to memory of the caller must be null or valid for what `zmq.h` says; handles
        /// may be anything.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($parameter: $type),*) $(-> $result)? {
            #[allow(dead_code)]
            const FUNCTION: $crate::boundary::Function = &stringify!($name);
            $crate::boundary::answer(FUNCTION, $failed, || $body)
        }
    )* };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_answered() {
        const FUNCTION: Function = &"zmq_test";
        let code = answer(FUNCTION, -1, || -> Result<c_int, &'static Refusal> {
            panic!("expected in this test")
        });
        assert_eq!(code, -1);
        // SAFETY: reads the thread's error number; the text is NUL-terminated.
        unsafe {
            assert_eq!(sys::zmq_errno(), libc::EFAULT);
            let text = std::ffi::CStr::from_ptr(last_error());
            assert_eq!(
                text.to_str(),
                Ok("zmq_test: a defect of this library: please report it")
            );
        }
    }
}
