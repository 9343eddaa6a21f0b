//! Options that the safe API does not have yet, set by the C functions.

use std::ffi::{CStr, c_void};
use std::fs;

use ferromq::Linkage;
use ferromq_sys as sys;
use libc::c_int;

use crate::process::{alone, eventually};

/// A context with one PAIR socket.
struct Raw {
    context: *mut c_void,
    socket: *mut c_void,
}

impl Raw {
    fn new(context_options: &[(c_int, c_int)]) -> Self {
        // SAFETY: the context is live until dropped, and so is its socket.
        unsafe {
            let context = sys::zmq_ctx_new();
            for &(option, value) in context_options {
                assert_eq!(sys::zmq_ctx_set(context, option, value), 0);
            }
            let socket = sys::zmq_socket(context, sys::ZMQ_PAIR);
            assert!(!socket.is_null());
            Self { context, socket }
        }
    }

    fn set(&self, option: c_int, value: &[u8]) {
        // SAFETY: the socket is live, and `value` is of its length.
        let rc =
            unsafe { sys::zmq_setsockopt(self.socket, option, value.as_ptr().cast(), value.len()) };
        assert_eq!(rc, 0);
    }

    fn bind(&self, endpoint: &CStr) {
        // SAFETY: the socket is live.
        assert_eq!(unsafe { sys::zmq_bind(self.socket, endpoint.as_ptr()) }, 0);
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // SAFETY: each is ended once, the socket first.
        unsafe {
            sys::zmq_close(self.socket);
            sys::zmq_ctx_term(self.context);
        }
    }
}

#[test]
fn io_threads_keep_to_their_processors() {
    alone(|| {
        let allowed = processors("self/task");
    });
}
