//! The Rust part: contexts lent either way, and a socket that goes to and fro.

use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr::NonNull;

use ferromq::{Context, PULL, PUSH, Pull, Socket};
// Brings the functions of `zmq.h` and `ferromq.h` for the C part.
use ferromq_capi as _;

unsafe extern "C" {
    fn greet(context: *mut c_void) -> c_int;
    fn lend() -> *mut c_void;
    fn expect(text: *const c_char) -> c_int;
    fn give() -> *mut c_void;
    fn take(socket: *mut c_void) -> c_int;
    fn end() -> c_int;
}

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn done(code: c_int) -> Result<()> {
    match code {
        0 => Ok(()),
        _ => Err("the C part failed".into()),
    }
}

/// C sends by a context of Rust.
pub fn greeting() -> Result<String> {
    let context = Context::new()?;
    let pull = context.socket(PULL)?;
    pull.bind("inproc://rust")?;
    // SAFETY: the context outlives the call, which closes its sockets.
    done(unsafe { greet(context.as_ptr()) })?;
    Ok(pull.recv()?.to_str()?.to_owned())
}

/// Rust sends by a context of C; then the receiving socket goes to Rust, and back.
pub fn exchange() -> Result<String> {
    // SAFETY: no preconditions.
    let lent = NonNull::new(unsafe { lend() }).ok_or("the C part failed")?;
    // SAFETY: a context of this library, which `end` terminates after all of this.
    let context = unsafe { Context::borrow_raw(lent.as_ptr()) }?;
    let push = context.socket(PUSH)?;
    push.connect("inproc://c")?;
    push.send("to C")?;
    let text = CString::new("to C")?;
    // SAFETY: the text lives through the call.
    done(unsafe { expect(text.as_ptr()) })?;

    // SAFETY: C gives it up: an open socket of this context.
    let pull = unsafe { Socket::<Pull>::from_raw(&context, give()) }?;
    push.send("to Rust")?;
    let received = pull.recv()?.to_str()?.to_owned();

    // SAFETY: the socket is given up to C.
    done(unsafe { take(pull.into_raw()) })?;
    push.send("to C again")?;
    let text = CString::new("to C again")?;
    // SAFETY: as above.
    done(unsafe { expect(text.as_ptr()) })?;
    drop(push);
    drop(context);
    // SAFETY: nothing uses the context any more.
    done(unsafe { end() })?;
    Ok(received)
}
