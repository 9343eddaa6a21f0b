//! libzmq's functions, with their errors as results.

use std::ffi::{CString, c_int, c_void};
use std::io;

use ferromq_sys as sys;

use crate::child::DEADLINE;

pub type Result<T = ()> = std::result::Result<T, io::Error>;

/// A context; ends only when it is told to.
pub struct Context(*mut c_void);

/// A socket; is closed only when it is told to.
pub struct Socket(*mut c_void);

fn check(code: c_int) -> Result<c_int> {
    match code {
        // SAFETY: no preconditions.
        -1 => Err(io::Error::from_raw_os_error(unsafe { sys::zmq_errno() })),
        code => Ok(code),
    }
}

/// The number of an error that has to come.
#[track_caller]
pub fn errno<T>(result: Result<T>) -> c_int {
    match result {
        Ok(_) => panic!("it should fail"),
        Err(error) => error.raw_os_error().unwrap(),
    }
}

impl Context {
    pub fn new() -> Self {
        // SAFETY: no preconditions.
        let context = unsafe { sys::zmq_ctx_new() };
        assert!(!context.is_null());
        Self(context)
    }

    pub fn set(&self, option: c_int, value: c_int) {
        // SAFETY: the context lives until `terminate`, which takes it.
        check(unsafe { sys::zmq_ctx_set(self.0, option, value) }).unwrap();
    }

    pub fn try_socket(&self, kind: c_int) -> Result<Socket> {
        // SAFETY: as above.
        let socket = unsafe { sys::zmq_socket(self.0, kind) };
        match socket.is_null() {
            // SAFETY: no preconditions.
            true => Err(io::Error::from_raw_os_error(unsafe { sys::zmq_errno() })),
            false => Ok(Socket(socket)),
        }
    }

    /// A socket that leaves nothing behind.
    pub fn socket(&self, kind: c_int) -> Socket {
        let socket = self.try_socket(kind).unwrap();
        socket.set(sys::ZMQ_LINGER, 0);
        socket
    }

    /// May be called again when it has failed.
    pub fn terminate(&self) -> Result {
        // SAFETY: the tests use a context no more once this has succeeded.
        check(unsafe { sys::zmq_ctx_term(self.0) }).map(drop)
    }
}

impl Socket {
    pub fn set(&self, option: c_int, value: c_int) {
        self.set_bytes(option, &value.to_ne_bytes()).unwrap();
    }

    pub fn set_bytes(&self, option: c_int, value: &[u8]) -> Result {
        self.set_raw(option, value.as_ptr().cast(), value.len())
    }

    pub fn set_raw(&self, option: c_int, value: *const c_void, len: usize) -> Result {
        // SAFETY: `value` is valid for `len` bytes, or libzmq refuses it for its length.
        check(unsafe { sys::zmq_setsockopt(self.0, option, value, len) }).map(drop)
    }

    fn get(&self, option: c_int) -> c_int {
        let mut value: c_int = 0;
        let mut len = size_of::<c_int>();
        // SAFETY: `value` is valid for writes of `len` bytes.
        let code =
            unsafe { sys::zmq_getsockopt(self.0, option, (&raw mut value).cast(), &mut len) };
        check(code).unwrap();
        value
    }

    pub fn try_bind(&self, endpoint: &str) -> Result<String> {
        let endpoint = CString::new(endpoint).unwrap();
        // SAFETY: the socket is open and the text ends.
        check(unsafe { sys::zmq_bind(self.0, endpoint.as_ptr()) })?;
        let mut bound = [0_u8; 256];
        let mut len = bound.len();
        // SAFETY: `bound` is valid for writes of `len` bytes.
        check(unsafe {
            sys::zmq_getsockopt(
                self.0,
                sys::ZMQ_LAST_ENDPOINT,
                bound.as_mut_ptr().cast(),
                &mut len,
            )
        })?;
        Ok(String::from_utf8(bound[..len - 1].to_vec()).unwrap())
    }

    /// Binds, and gives the endpoint that came of it.
    pub fn bind(&self, endpoint: &str) -> String {
        self.try_bind(endpoint).unwrap()
    }

    pub fn try_connect(&self, endpoint: &str) -> Result {
        let endpoint = CString::new(endpoint).unwrap();
        // SAFETY: the socket is open and the text ends.
        check(unsafe { sys::zmq_connect(self.0, endpoint.as_ptr()) }).map(drop)
    }

    pub fn connect(&self, endpoint: &str) {
        self.try_connect(endpoint).unwrap();
    }

    pub fn send(&self, frames: &[&[u8]]) {
        for (place, frame) in frames.iter().enumerate() {
            let more = if place + 1 < frames.len() {
                sys::ZMQ_SNDMORE
            } else {
                0
            };
            // SAFETY: `frame` is valid for reads of its length.
            check(unsafe { sys::zmq_send(self.0, frame.as_ptr().cast(), frame.len(), more) })
                .unwrap();
        }
    }

    /// The next frame, if one is there.
    pub fn try_recv(&self) -> Option<Vec<u8>> {
        let mut frame = vec![0; 1000];
        // SAFETY: `frame` is valid for writes of its length.
        let received = check(unsafe {
            sys::zmq_recv(
                self.0,
                frame.as_mut_ptr().cast(),
                frame.len(),
                sys::ZMQ_DONTWAIT,
            )
        });
        match received {
            Ok(len) => {
                frame.truncate(len as usize);
                Some(frame)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            Err(error) => panic!("receive: {error}"),
        }
    }

    /// The next frame.
    #[track_caller]
    pub fn recv(&self) -> Vec<u8> {
        self.wait_for_message();
        self.try_recv().unwrap()
    }

    /// Waits for a message, and leaves it where it is.
    #[track_caller]
    pub fn wait_for_message(&self) {
        let mut item = sys::zmq_pollitem_t {
            socket: self.0,
            fd: 0,
            events: sys::ZMQ_POLLIN,
            revents: 0,
        };
        // SAFETY: one item, with an open socket.
        let ready = check(unsafe { sys::zmq_poll(&mut item, 1, DEADLINE.as_millis() as _) });
        assert_eq!(ready.unwrap(), 1, "nothing comes");
    }

    /// The descriptor that is readable when libzmq has something to do for the socket.
    pub fn fd(&self) -> c_int {
        self.get(sys::ZMQ_FD)
    }

    pub fn close(self) {
        // SAFETY: the handle is consumed.
        check(unsafe { sys::zmq_close(self.0) }).unwrap();
    }

    /// Feeds the events to a new socket, which takes them all.
    pub fn monitor(&self, context: &Context, events: c_int) -> Monitor {
        let reader = context.socket(sys::ZMQ_PAIR);
        reader.set(sys::ZMQ_RCVHWM, 0);
        reader.connect("inproc://monitor");
        // SAFETY: the socket is open and the text ends.
        let code = unsafe { sys::zmq_socket_monitor(self.0, c"inproc://monitor".as_ptr(), events) };
        check(code).unwrap();
        Monitor(reader)
    }
}

/// The events of a socket.
pub struct Monitor(Socket);

impl Monitor {
    /// The next event and its value.
    #[track_caller]
    pub fn next(&self) -> (c_int, c_int) {
        let frame = self.0.recv();
        self.0.recv();
        let (event, value) = frame.split_at(2);
        let event = u16::from_ne_bytes(event.try_into().unwrap());
        let value = c_int::from_ne_bytes(value.try_into().unwrap());
        (event.into(), value)
    }

    pub fn close(self) {
        self.0.close();
    }

    /// The value of the next event.
    #[track_caller]
    pub fn value(&self) -> c_int {
        self.next().1
    }
}
