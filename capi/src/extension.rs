//! What `ferromq.h` declares.

use std::ffi::{c_char, c_int, c_void};
use std::ptr;
use std::sync::atomic::Ordering::Relaxed;

use crate::boundary::{self, Refusal, answer};
use crate::inside::InContext;
use crate::report;
use crate::socket::{end, hold, not_null};
use crate::table::{self, Reserved, State};

/// `errno` of a call on a socket or context that was made by the parent of this process.
///
/// cbindgen:ignore
pub const FERROMQ_EFORKED: c_int = libc::ESTALE;

/// All misuse that was refused.
pub const FERROMQ_MISUSE_ALL: c_int = 0;
/// A handle or message was used after it was closed (`ENOTSOCK`, `EFAULT`).
pub const FERROMQ_MISUSE_CLOSED: c_int = 1;
/// A pointer was null, or no handle of this kind (`ENOTSOCK`, `EFAULT`).
pub const FERROMQ_MISUSE_FOREIGN: c_int = 2;
/// A pointer, size or text was one that libzmq crashes of (`EFAULT`, `EINVAL`).
pub const FERROMQ_MISUSE_ARGUMENT: c_int = 3;
/// A second thread used a socket, or terminated a context, while the first was at it (`EBUSY`).
pub const FERROMQ_MISUSE_BUSY: c_int = 4;
/// A forked child used a handle of its parent (`FERROMQ_EFORKED`).
pub const FERROMQ_MISUSE_FORKED: c_int = 5;
/// How many kinds there are, with `FERROMQ_MISUSE_ALL`.
pub const FERROMQ_MISUSE_KINDS: c_int = 6;

/// How many calls this library has refused in this process, for a reason out of `FERROMQ_MISUSE_*`.
/// 0 for what is no such reason. Any thread may ask.
#[unsafe(no_mangle)]
pub extern "C" fn ferromq_misuses(kind: c_int) -> u64 {
    boundary::misuses(kind)
}

/// Why the last refused call of the calling thread was refused, in words: "zmq_send: the socket
/// was closed before". Empty if none was. Errors of libzmq itself are not here: see zmq_strerror.
///
/// The text is valid until the thread asks again, and not to be freed.
#[unsafe(no_mangle)]
pub extern "C" fn ferromq_last_error() -> *const c_char {
    boundary::last_error()
}

/// Whether a socket or context was made before a `fork`, by the parent of this process: 1 or 0;
/// -1 and ENOTSOCK if the pointer is no open socket or context. Any thread may ask.
///
/// # Safety
/// The pointer may be anything.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ferromq_forked(handle: *const c_void) -> c_int {
    answer(&"ferromq_forked", -1, || {
        let slot = table::slot(handle).ok_or(&Refusal::SOCKET_FOREIGN)?;
        match slot.state(handle) {
            Some(State::Forked) => Ok(1),
            Some(
                State::Socket
                | State::SocketBusy
                | State::SharedSocket
                | State::Context
                | State::BorrowedContext
                | State::Ending,
            ) => Ok(0),
            Some(State::Free) | None => Err(&Refusal::SOCKET_CLOSED),
            Some(_) => Err(&Refusal::SOCKET_FOREIGN),
        }
    })
}

/// What zmq_ctx_term of this context waits for, or would: each socket that is open, with its kind
/// and its last endpoint, and how many were closed with messages that may wait for ever. Any
/// thread may ask, also while another one is in zmq_ctx_term.
///
/// Writes at most `size` bytes with a final NUL into `text`, which may be null if `size` is 0.
/// Returns the length of the whole report without the NUL, as snprintf does, or -1 and EFAULT if
/// the pointer is no context.
///
/// # Safety
/// The context may be anything; `text` must be valid for writes of `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ferromq_ctx_report(
    context: *const c_void,
    text: *mut c_char,
    size: usize,
) -> c_int {
    answer(&"ferromq_ctx_report", -1, || {
        let report = report::of(context)?;
        if size > 0 {
            let length = report.len().min(size - 1);
            not_null(text)?;
            // SAFETY: the caller's buffer, of more bytes than are written.
            unsafe {
                ptr::copy_nonoverlapping(report.as_ptr(), text.cast(), length);
                text.add(length).write(0);
            }
        }
        Ok(c_int::try_from(report.len()).unwrap_or(c_int::MAX))
    })
}

/// The context as Rust's `ferromq::Context::borrow_raw` takes it, or null and EFAULT. It stays
/// this side's: zmq_ctx_term ends it, and waits for the sockets that Rust has made of it.
///
/// # Safety
/// The pointer may be anything.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ferromq_ctx_lend(context: *mut c_void) -> *mut c_void {
    answer(&"ferromq_ctx_lend", ptr::null_mut(), || {
        Ok(InContext::enter(context)?.object())
    })
}

/// A handle for a context that stays Rust's: the result of `ferromq::Context::as_ptr`. Here,
/// zmq_ctx_term only ends the handle; the context ends when Rust drops it, which waits for the
/// sockets made here. Null and EFAULT for a null pointer.
///
/// # Safety
/// The context must be one of this library, alive until the handle is ended and the sockets made
/// by it are closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ferromq_ctx_borrow(context: *mut c_void) -> *mut c_void {
    answer(&"ferromq_ctx_borrow", ptr::null_mut(), || {
        not_null(context)?;
        Ok(Reserved::new()?.hold(context, State::BorrowedContext))
    })
}

/// Gives a socket up to Rust, whose `ferromq::Socket::from_raw` takes the result. The handle ends,
/// as by zmq_close, and the socket stays open. Null and ENOTSOCK or EBUSY where zmq_close would
/// fail so.
///
/// # Safety
/// The pointer may be anything.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ferromq_socket_release(socket: *mut c_void) -> *mut c_void {
    answer(&"ferromq_socket_release", ptr::null_mut(), || {
        let slot = table::slot(socket).ok_or(&Refusal::SOCKET_FOREIGN)?;
        end(slot, socket)?;
        let object = slot.object.load(Relaxed);
        slot.free(socket.addr());
        Ok(object)
    })
}

/// A handle for a socket that Rust gave up: the result of `ferromq::Socket::into_raw`. It is this
/// side's from now on, to be closed by zmq_close. `context` is a handle of its context. Null and
/// EFAULT if that is none, or the socket is null.
///
/// # Safety
/// The socket must be an open one of that context, and nobody else may use it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ferromq_socket_adopt(
    context: *mut c_void,
    socket: *mut c_void,
) -> *mut c_void {
    answer(&"ferromq_socket_adopt", ptr::null_mut(), || {
        let inside = InContext::enter(context)?;
        not_null(socket)?;
        // SAFETY: the caller's promise.
        Ok(unsafe { hold(Reserved::new()?, socket, inside.handle()) })
    })
}
