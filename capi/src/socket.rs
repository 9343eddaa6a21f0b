//! Sockets: their life, their options, their endpoints.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::atomic::Ordering::Relaxed;

use ferromq_sys as sys;

use crate::boundary::Refusal;
use crate::inside::{InContext, Inside, anybody_in, not_a_socket};
use crate::listener;
use crate::table::{self, Reserved, Slot, State};

exported! {
    /// Makes a socket.
    fn zmq_socket(context: *mut c_void, kind: c_int) -> *mut c_void = {
        let inside = InContext::enter(context)?;
        let reserved = Reserved::new()?;
        // SAFETY: the context is open while this thread is inside.
        let socket = unsafe { sys::zmq_socket(inside.object(), kind) };
        // SAFETY: made just now, and nobody else knows it.
        Ok(unsafe { hold(reserved, socket, inside.handle()) })
    } else std::ptr::null_mut();

    /// Gives the socket up.
    fn zmq_close(socket: *mut c_void) -> c_int = {
        let slot = table::slot(socket).ok_or(&Refusal::SOCKET_FOREIGN)?;
        if inherited(slot) && slot.switch(socket, State::Forked, State::Closing).is_ok() {
            slot.free(socket.addr());
            return Ok(0);
        }
        end(slot, socket)?;
        count_what_lingers(slot);
        // SAFETY: the socket is open, nobody is inside, and from now on nobody gets in.
        let code = unsafe { sys::zmq_close(slot.object.load(Relaxed)) };
        slot.free(socket.addr());
        Ok(code)
    } else -1;

    /// Sets an option of the socket.
    fn zmq_setsockopt(
        socket: *mut c_void,
        option: c_int,
        value: *const c_void,
        size: usize,
    ) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        readable(value, size)?;
        // SAFETY: the socket is open and this thread alone inside; the value is the caller's.
        let code = unsafe { sys::zmq_setsockopt(inside.object(), option, value, size) };
        if option == sys::ZMQ_LINGER && code == 0 {
            // SAFETY: libzmq has read the same `int` from there.
            let linger = unsafe { value.cast::<c_int>().read_unaligned() };
            inside.slot().linger.store(linger, Relaxed);
        }
        Ok(code)
    } else -1;

    /// Reads an option of the socket.
    fn zmq_getsockopt(
        socket: *mut c_void,
        option: c_int,
        value: *mut c_void,
        size: *mut usize,
    ) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        if value.is_null() || size.is_null() {
            return Err(&Refusal::NULL);
        }
        // SAFETY: the socket is open and this thread alone inside; the buffer is the caller's.
        Ok(unsafe { sys::zmq_getsockopt(inside.object(), option, value, size) })
    } else -1;

    /// Accepts peers at the endpoint.
    fn zmq_bind(socket: *mut c_void, endpoint: *const c_char) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        not_null(endpoint)?;
        // SAFETY: the socket is open and this thread alone inside; the text is the caller's.
        unsafe {
            let given = listener::given(&inside, CStr::from_ptr(endpoint))?;
            let code = sys::zmq_bind(inside.object(), endpoint);
            note_endpoint(inside.slot(), endpoint, code);
            if let (0, Some(descriptor)) = (code, given) {
                listener::taken(&inside, descriptor);
            }
            Ok(code)
        }
    } else -1;

    /// Connects to a peer.
    fn zmq_connect(socket: *mut c_void, endpoint: *const c_char) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        not_null(endpoint)?;
        // SAFETY: the socket is open and this thread alone inside; the text is the caller's.
        let code = unsafe { sys::zmq_connect(inside.object(), endpoint) };
        // SAFETY: as above.
        unsafe { note_endpoint(inside.slot(), endpoint, code) };
        Ok(code)
    } else -1;

    /// Undoes a bind.
    fn zmq_unbind(socket: *mut c_void, endpoint: *const c_char) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        not_null(endpoint)?;
        // SAFETY: the socket is open and this thread alone inside; the text is the caller's.
        let code = unsafe { sys::zmq_unbind(inside.object(), endpoint) };
        if code == 0 {
            inside.slot().given.store(0, Relaxed);
        }
        Ok(code)
    } else -1;

    /// Undoes a connect.
    fn zmq_disconnect(socket: *mut c_void, endpoint: *const c_char) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        not_null(endpoint)?;
        // SAFETY: the socket is open and this thread alone inside; the text is the caller's.
        Ok(unsafe { sys::zmq_disconnect(inside.object(), endpoint) })
    } else -1;

    /// Sends the events of the socket to a PAIR; a null endpoint ends it.
    fn zmq_socket_monitor(socket: *mut c_void, endpoint: *const c_char, events: c_int) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        // SAFETY: the socket is open and this thread alone inside; the text is the caller's.
        Ok(unsafe { sys::zmq_socket_monitor(inside.object(), endpoint, events) })
    } else -1;
}

/// Has the slot hold a socket, unless it is null, and gives its handle.
///
/// # Safety
/// The socket must be open, and nobody else may use it.
pub unsafe fn hold(reserved: Reserved, socket: *mut c_void, context: usize) -> *mut c_void {
    if socket.is_null() {
        return socket;
    }
    let read = |option| {
        let mut value: c_int = 0;
        let mut size = size_of::<c_int>();
        // SAFETY: the socket is open and nobody else uses it; the buffer is of the size told.
        let code =
            unsafe { sys::zmq_getsockopt(socket, option, (&raw mut value).cast(), &raw mut size) };
        (code == 0).then_some(value)
    };
    let slot = reserved.slot;
    slot.context.store(context, Relaxed);
    slot.number
        .store(read(sys::ZMQ_TYPE).unwrap_or(-1), Relaxed);
    slot.linger
        .store(read(sys::ZMQ_LINGER).unwrap_or(-1), Relaxed);
    let state = match read(sys::ZMQ_THREAD_SAFE) {
        Some(1) => State::SharedSocket,
        _ => State::Socket,
    };
    reserved.hold(socket, state)
}

/// Whether the slot, if it is forked, holds a socket: contexts have no context.
fn inherited(slot: &Slot) -> bool {
    slot.context.load(Relaxed) != 0
}

/// Keeps everybody out of the socket for good.
pub fn end(slot: &Slot, socket: *mut c_void) -> Result<(), &'static Refusal> {
    for state in [State::Socket, State::SharedSocket] {
        if slot.switch(socket, state, State::Closing).is_err() {
            continue;
        }
        if state == State::SharedSocket && anybody_in(slot) {
            slot.back(socket, State::Closing, state);
            return Err(not_a_socket(slot, Some(state)));
        }
        #[cfg(feature = "draft")]
        if let Err(refusal) = crate::poller::forget(slot, socket) {
            slot.back(socket, State::Closing, state);
            return Err(refusal);
        }
        return Ok(());
    }
    Err(match slot.state(socket) {
        Some(State::Forked) if !inherited(slot) => &Refusal::SOCKET_FOREIGN,
        state => not_a_socket(slot, state),
    })
}

/// Notes in the context that messages of a closed socket may wait for ever.
fn count_what_lingers(slot: &Slot) {
    let context = slot.context.load(Relaxed);
    if slot.linger.load(Relaxed) >= 0 {
        return;
    }
    if let Some(of) = table::slot(std::ptr::without_provenance(context)) {
        if of.handle() == context {
            of.count.fetch_add(1, Relaxed);
            of.set_text(&slot.text());
        }
    }
}

/// # Safety
/// The endpoint must be a text if `code` is 0.
pub unsafe fn note_endpoint(slot: &Slot, endpoint: *const c_char, code: c_int) {
    if code == 0 {
        // SAFETY: the caller's promise.
        slot.set_text(unsafe { CStr::from_ptr(endpoint) }.to_bytes());
    }
}

/// Whether libzmq may read `size` bytes there, as far as can be known.
pub fn readable(bytes: *const c_void, size: usize) -> Result<(), &'static Refusal> {
    if isize::try_from(size).is_err() {
        return Err(&Refusal::SIZE);
    }
    if bytes.is_null() && size > 0 {
        return Err(&Refusal::NULL);
    }
    Ok(())
}

pub fn not_null<T>(pointer: *const T) -> Result<(), &'static Refusal> {
    match pointer.is_null() {
        true => Err(&Refusal::NULL),
        false => Ok(()),
    }
}
