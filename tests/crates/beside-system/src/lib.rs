//! A PAIR socket of the system's libzmq, by functions that are declared here by hand: under the
//! plain names, which ferromq's own libzmq must leave free.

use std::ffi::{CString, c_char, c_int, c_void};
use std::io;
use std::mem;
use std::ptr;
use std::time::Duration;

const ZMQ_PAIR: c_int = 0;
const ZMQ_LINGER: c_int = 17;
const ZMQ_RCVTIMEO: c_int = 27;
const ZMQ_SNDTIMEO: c_int = 28;
const ZMQ_LAST_ENDPOINT: c_int = 32;

// SAFETY: as in the zmq.h of the system's libzmq.
unsafe extern "C" {
    pub fn zmq_version(major: *mut c_int, minor: *mut c_int, patch: *mut c_int);
    fn zmq_ctx_new() -> *mut c_void;
    fn zmq_ctx_term(context: *mut c_void) -> c_int;
    fn zmq_socket(context: *mut c_void, kind: c_int) -> *mut c_void;
    fn zmq_close(socket: *mut c_void) -> c_int;
    fn zmq_setsockopt(
        socket: *mut c_void,
        option: c_int,
        value: *const c_void,
        len: usize,
    ) -> c_int;
    fn zmq_getsockopt(
        socket: *mut c_void,
        option: c_int,
        value: *mut c_void,
        len: *mut usize,
    ) -> c_int;
    fn zmq_bind(socket: *mut c_void, endpoint: *const c_char) -> c_int;
    fn zmq_connect(socket: *mut c_void, endpoint: *const c_char) -> c_int;
    fn zmq_send(socket: *mut c_void, bytes: *const c_void, len: usize, flags: c_int) -> c_int;
    fn zmq_recv(socket: *mut c_void, bytes: *mut c_void, len: usize, flags: c_int) -> c_int;
}

/// The version of the system's libzmq.
pub fn version() -> (c_int, c_int, c_int) {
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: three integers to write to.
    unsafe { zmq_version(&mut major, &mut minor, &mut patch) };
    (major, minor, patch)
}

/// A PAIR socket in a context of its own.
pub struct SystemPair {
    context: *mut c_void,
    socket: *mut c_void,
}

impl SystemPair {
    /// One that waits at most so long for each message.
    pub fn new(deadline: Duration) -> io::Result<Self> {
        // SAFETY: plain constructors; the second is given what the first made.
        let pair = unsafe {
            let context = zmq_ctx_new();
            let socket = zmq_socket(context, ZMQ_PAIR);
            Self { context, socket }
        };
        if pair.socket.is_null() {
            return Err(io::Error::last_os_error());
        }
        pair.set(ZMQ_LINGER, 0)?;
        pair.set(ZMQ_RCVTIMEO, deadline.as_millis() as c_int)?;
        pair.set(ZMQ_SNDTIMEO, deadline.as_millis() as c_int)?;
        Ok(pair)
    }

    fn set(&self, option: c_int, value: c_int) -> io::Result<()> {
        let value = ptr::from_ref(&value);
        // SAFETY: the socket is open until dropped; the length is that of the value.
        done(unsafe {
            zmq_setsockopt(self.socket, option, value.cast(), mem::size_of_val(&*value))
        })
    }

    /// Binds, and returns the endpoint with its wildcards resolved.
    pub fn bind(&self, endpoint: &str) -> io::Result<String> {
        let endpoint = CString::new(endpoint)?;
        // SAFETY: the socket is open until dropped.
        done(unsafe { zmq_bind(self.socket, endpoint.as_ptr()) })?;
        let mut text = [0_u8; 256];
        let mut len = text.len();
        // SAFETY: the socket is open until dropped; the buffer has that length.
        done(unsafe {
            zmq_getsockopt(
                self.socket,
                ZMQ_LAST_ENDPOINT,
                text.as_mut_ptr().cast(),
                &mut len,
            )
        })?;
        // The length counts the NUL.
        Ok(String::from_utf8_lossy(&text[..len - 1]).into_owned())
    }

    pub fn connect(&self, endpoint: &str) -> io::Result<()> {
        let endpoint = CString::new(endpoint)?;
        // SAFETY: the socket is open until dropped.
        done(unsafe { zmq_connect(self.socket, endpoint.as_ptr()) })
    }

    pub fn send(&self, text: &str) -> io::Result<()> {
        // SAFETY: the socket is open until dropped; the length is that of the text.
        done(unsafe { zmq_send(self.socket, text.as_ptr().cast(), text.len(), 0) })
    }

    /// Receives a message of at most 256 bytes.
    pub fn recv(&self) -> io::Result<String> {
        let mut text = [0_u8; 256];
        // SAFETY: the socket is open until dropped; the buffer has that length.
        let len = unsafe { zmq_recv(self.socket, text.as_mut_ptr().cast(), text.len(), 0) };
        done(len)?;
        Ok(String::from_utf8_lossy(&text[..len as usize]).into_owned())
    }
}

fn done(rc: c_int) -> io::Result<()> {
    match rc {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

impl Drop for SystemPair {
    fn drop(&mut self) {
        // SAFETY: each is ended once, the socket first.
        unsafe {
            zmq_close(self.socket);
            zmq_ctx_term(self.context);
        }
    }
}
