//! Options that the safe API does not have yet, set by the C functions.

use std::ffi::{CStr, c_void};
use std::fs;
use std::io;

use ferromq::Linkage;
use ferromq_sys as sys;
use libc::c_int;

use crate::process::alone;
use crate::threads;

#[test]
fn an_io_thread_keeps_to_its_processor() {
    alone(|| {
        let all = processors("/proc/self/status");
        let last = all.rsplit([',', '-']).next().unwrap();
        let _raw = Raw::new(&[(sys::ZMQ_THREAD_AFFINITY_CPU_ADD, last.parse().unwrap())]);
        let io_thread = threads::find("ZMQbg/IO/0");
        let kept_to = processors(&format!("{io_thread}/status"));
        match ferromq::linkage() {
            Linkage::Vendored => assert_eq!(kept_to, last),
            // Debian's takes the option and does nothing; CMake's libzmq heeds it.
            _ => assert!(kept_to == last || kept_to == all, "{kept_to}"),
        }
    });
}

/// The processors that a thread may run on: `0-1`.
fn processors(status: &str) -> String {
    let status = fs::read_to_string(status).unwrap();
    let mut lines = status.lines();
    let list = lines.find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    list.unwrap().trim().to_owned()
}

#[test]
fn a_listener_is_bound_to_its_device() {
    let raw = Raw::new(&[]);
    raw.set(sys::ZMQ_BINDTODEVICE, b"lo").unwrap();
    raw.bind(c"tcp://127.0.0.1:*").unwrap();

    raw.set(sys::ZMQ_BINDTODEVICE, b"no-such-device").unwrap();
    let error = raw.bind(c"tcp://127.0.0.1:*").unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::ENODEV), "{error}");
}

#[cfg(feature = "draft")]
#[test]
fn packets_have_their_priority() {
    use crate::descriptors;

    const PRIORITY: c_int = 5;
    alone(|| {
        let raw = Raw::new(&[]);
        let before = descriptors::open();
        raw.set(sys::ZMQ_PRIORITY, &PRIORITY.to_ne_bytes()).unwrap();
        raw.bind(c"tcp://127.0.0.1:*").unwrap();
        let opened = &descriptors::open() - &before;
        let [listener] = &Vec::from_iter(opened)[..] else {
            panic!("more than a listener")
        };
        let priority =
            descriptors::kernel_option(&listener.number, libc::SOL_SOCKET, libc::SO_PRIORITY);
        assert_eq!(priority, PRIORITY);
    });
}

#[cfg(feature = "draft")]
#[test]
fn ppoll_polls() {
    // SAFETY: no items, and no signal mask.
    let rc = unsafe { sys::zmq_ppoll(std::ptr::null_mut(), 0, 0, std::ptr::null()) };
    assert_eq!(rc, 0, "{}", io::Error::last_os_error());
}

/// A context with one PAIR socket.
struct Raw {
    context: *mut c_void,
    socket: *mut c_void,
}

impl Raw {
    fn new(context_options: &[(c_int, c_int)]) -> Self {
        // SAFETY: the context is live, and so is the socket, until they are dropped.
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

    fn set(&self, option: c_int, value: &[u8]) -> io::Result<()> {
        // SAFETY: the socket is live; the length is that of the bytes.
        let rc =
            unsafe { sys::zmq_setsockopt(self.socket, option, value.as_ptr().cast(), value.len()) };
        result(rc)
    }

    fn bind(&self, endpoint: &CStr) -> io::Result<()> {
        // SAFETY: the socket is live.
        result(unsafe { sys::zmq_bind(self.socket, endpoint.as_ptr()) })
    }
}

fn result(rc: c_int) -> io::Result<()> {
    match rc {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
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
