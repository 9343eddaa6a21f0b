//! Messages, and sending and receiving them.

use std::ffi::{c_char, c_int, c_void};

use ferromq_sys as sys;
use sys::{iovec, zmq_free_fn, zmq_msg_t};

use crate::boundary::{Function, Refusal};
use crate::inside::Inside;
use crate::socket::{not_null, readable};

/// Where in a `zmq_msg_t` libzmq 4.3.5 keeps what kind of content it has, and the numbers of those
/// that there are. Closing makes it 0. The tests compare all of them with libzmq's.
const KIND_AT: usize = 42;
const KINDS: std::ops::RangeInclusive<u8> = 101..=108;

/// Whether the message has content, be it empty: it was initialised and not closed.
#[inline]
pub fn open(message: *const zmq_msg_t) -> Result<(), &'static Refusal> {
    if message.is_null() {
        return Err(&Refusal::MESSAGE_CLOSED);
    }
    // SAFETY: the caller gave a pointer to a `zmq_msg_t`; it may be uninitialised memory, which is
    // read as the volatile byte that it is.
    let kind = unsafe { message.cast::<u8>().add(KIND_AT).read_volatile() };
    match KINDS.contains(&kind) {
        true => Ok(()),
        false => Err(&Refusal::MESSAGE_CLOSED),
    }
}

/// Has a message that could not be initialised answer as a closed one.
///
/// # Safety
/// The message must be valid for writes.
pub unsafe fn closed_unless(code: c_int, message: *mut zmq_msg_t) -> c_int {
    if code != 0 {
        // SAFETY: the caller's promise.
        unsafe { message.cast::<u8>().write_bytes(0, size_of::<zmq_msg_t>()) };
    }
    code
}

exported! {
    /// Makes an empty message.
    fn zmq_msg_init(message: *mut zmq_msg_t) -> c_int = {
        not_null(message)?;
        // SAFETY: the caller's memory for a message.
        Ok(unsafe { sys::zmq_msg_init(message) })
    } else -1;

    /// Makes a message of that many bytes.
    fn zmq_msg_init_size(message: *mut zmq_msg_t, size: usize) -> c_int = {
        not_null(message)?;
        // SAFETY: the caller's memory for a message.
        Ok(unsafe { closed_unless(sys::zmq_msg_init_size(message, size), message) })
    } else -1;

    /// Makes a message of a buffer without copying it.
    fn zmq_msg_init_data(
        message: *mut zmq_msg_t,
        data: *mut c_void,
        size: usize,
        free: Option<zmq_free_fn>,
        hint: *mut c_void,
    ) -> c_int = {
        not_null(message)?;
        readable(data, size)?;
        // SAFETY: the caller's memory for a message, and the caller's buffer.
        Ok(unsafe {
            closed_unless(sys::zmq_msg_init_data(message, data, size, free, hint), message)
        })
    } else -1;

    /// Releases the message.
    fn zmq_msg_close(message: *mut zmq_msg_t) -> c_int = {
        open(message)?;
        // SAFETY: the message is open.
        Ok(unsafe { sys::zmq_msg_close(message) })
    } else -1;

    /// Moves the content of one message to another.
    fn zmq_msg_move(destination: *mut zmq_msg_t, source: *mut zmq_msg_t) -> c_int = {
        two(destination, source)?;
        // SAFETY: two messages, both open.
        Ok(unsafe { sys::zmq_msg_move(destination, source) })
    } else -1;

    /// Has one message share the content of another.
    fn zmq_msg_copy(destination: *mut zmq_msg_t, source: *mut zmq_msg_t) -> c_int = {
        two(destination, source)?;
        // SAFETY: two messages, both open.
        Ok(unsafe { sys::zmq_msg_copy(destination, source) })
    } else -1;

    /// Where the bytes of the message are.
    fn zmq_msg_data(message: *mut zmq_msg_t) -> *mut c_void = {
        open(message)?;
        // SAFETY: the message is open.
        Ok(unsafe { sys::zmq_msg_data(message) })
    } else std::ptr::null_mut();

    /// How many bytes the message has.
    fn zmq_msg_size(message: *const zmq_msg_t) -> usize = {
        open(message)?;
        // SAFETY: the message is open.
        Ok(unsafe { sys::zmq_msg_size(message) })
    } else 0;

    /// Whether frames follow.
    fn zmq_msg_more(message: *const zmq_msg_t) -> c_int = {
        open(message)?;
        // SAFETY: the message is open.
        Ok(unsafe { sys::zmq_msg_more(message) })
    } else 0;

    /// Reads a property of the message.
    fn zmq_msg_get(message: *const zmq_msg_t, property: c_int) -> c_int = {
        open(message)?;
        // SAFETY: the message is open.
        Ok(unsafe { sys::zmq_msg_get(message, property) })
    } else -1;

    /// Sets a property of the message.
    fn zmq_msg_set(message: *mut zmq_msg_t, property: c_int, value: c_int) -> c_int = {
        // SAFETY: libzmq has no such property, and does not look at the message.
        Ok(unsafe { sys::zmq_msg_set(message, property, value) })
    } else -1;

    /// Reads metadata of the message.
    fn zmq_msg_gets(message: *const zmq_msg_t, property: *const c_char) -> *const c_char = {
        open(message)?;
        not_null(property)?;
        // SAFETY: the message is open; the text is the caller's.
        Ok(unsafe { sys::zmq_msg_gets(message, property) })
    } else std::ptr::null();
}

fn two(destination: *mut zmq_msg_t, source: *mut zmq_msg_t) -> Result<(), &'static Refusal> {
    open(destination)?;
    open(source)?;
    match destination == source {
        true => Err(&Refusal::SAME_MESSAGE),
        false => Ok(()),
    }
}

#[inline(always)]
fn send(
    message: *mut zmq_msg_t,
    socket: *mut c_void,
    flags: c_int,
    function: Function,
) -> Result<c_int, &'static Refusal> {
    let inside = Inside::socket(socket, function)?;
    open(message)?;
    // SAFETY: the socket is open and this thread alone inside; the message is open.
    Ok(unsafe { sys::zmq_msg_send(message, inside.object(), flags) })
}

#[inline(always)]
fn receive(
    message: *mut zmq_msg_t,
    socket: *mut c_void,
    flags: c_int,
    function: Function,
) -> Result<c_int, &'static Refusal> {
    let inside = Inside::socket(socket, function)?;
    open(message)?;
    // SAFETY: the socket is open and this thread alone inside; the message is open.
    Ok(unsafe { sys::zmq_msg_recv(message, inside.object(), flags) })
}

exported! {
    /// Sends the message.
    fn zmq_msg_send(message: *mut zmq_msg_t, socket: *mut c_void, flags: c_int) -> c_int = {
        send(message, socket, flags, FUNCTION)
    } else -1;

    /// Receives into the message.
    fn zmq_msg_recv(message: *mut zmq_msg_t, socket: *mut c_void, flags: c_int) -> c_int = {
        receive(message, socket, flags, FUNCTION)
    } else -1;

    /// Sends the message.
    fn zmq_sendmsg(socket: *mut c_void, message: *mut zmq_msg_t, flags: c_int) -> c_int = {
        send(message, socket, flags, FUNCTION)
    } else -1;

    /// Receives into the message.
    fn zmq_recvmsg(socket: *mut c_void, message: *mut zmq_msg_t, flags: c_int) -> c_int = {
        receive(message, socket, flags, FUNCTION)
    } else -1;

    /// Sends a copy of the bytes.
    fn zmq_send(socket: *mut c_void, bytes: *const c_void, size: usize, flags: c_int) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        readable(bytes, size)?;
        // SAFETY: the socket is open and this thread alone inside; the bytes are the caller's.
        Ok(unsafe { sys::zmq_send(inside.object(), bytes, size, flags) })
    } else -1;

    /// Sends the bytes without copying them.
    fn zmq_send_const(
        socket: *mut c_void,
        bytes: *const c_void,
        size: usize,
        flags: c_int,
    ) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        readable(bytes, size)?;
        // SAFETY: the socket is open and this thread alone inside; the bytes are the caller's, for
        // ever.
        Ok(unsafe { sys::zmq_send_const(inside.object(), bytes, size, flags) })
    } else -1;

    /// Receives into a buffer.
    fn zmq_recv(socket: *mut c_void, buffer: *mut c_void, size: usize, flags: c_int) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        readable(buffer, size)?;
        // SAFETY: the socket is open and this thread alone inside; the buffer is the caller's.
        Ok(unsafe { sys::zmq_recv(inside.object(), buffer, size, flags) })
    } else -1;

    /// Sends several buffers.
    fn zmq_sendiov(socket: *mut c_void, parts: *mut iovec, count: usize, flags: c_int) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        let bytes = count.checked_mul(size_of::<iovec>()).ok_or(&Refusal::SIZE)?;
        if !parts.is_null() {
            readable(parts.cast(), bytes)?;
            for number in 0..count {
                // SAFETY: the caller's array of `count` of them.
                let part = unsafe { parts.add(number).read() };
                readable(part.iov_base, part.iov_len)?;
            }
        }
        // SAFETY: the socket is open and this thread alone inside; the buffers are the caller's.
        Ok(unsafe { sys::zmq_sendiov(inside.object(), parts, count, flags) })
    } else -1;

    /// Receives into several new buffers.
    fn zmq_recviov(
        socket: *mut c_void,
        parts: *mut iovec,
        count: *mut usize,
        flags: c_int,
    ) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        // SAFETY: the socket is open and this thread alone inside; the array is the caller's.
        Ok(unsafe { sys::zmq_recviov(inside.object(), parts, count, flags) })
    } else -1;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::MaybeUninit;

    unsafe extern "C" fn keep(_data: *mut c_void, _hint: *mut c_void) {}

    fn kind(make: impl FnOnce(*mut zmq_msg_t) -> c_int) -> u8 {
        let mut message = MaybeUninit::<zmq_msg_t>::zeroed();
        let message = message.as_mut_ptr();
        assert_eq!(make(message), 0);
        // SAFETY: made just now, and zeros before; the place is within.
        unsafe {
            let place = message.cast::<u8>().add(KIND_AT);
            let kind = place.read();
            assert_eq!(sys::zmq_msg_close(message), 0);
            assert_eq!(place.read(), 0, "closed");
            kind
        }
    }

    /// What a message holds in itself, on the heap, and elsewhere for good: if libzmq keeps the
    /// kinds elsewhere, or numbers them otherwise, this shows it.
    #[test]
    fn kinds_are_where_libzmq_has_them() {
        let mut data = [0_u8; 100];
        let data = data.as_mut_ptr().cast();
        let none = std::ptr::null_mut();
        // SAFETY: the messages are made in memory for one each, of data that outlives them.
        unsafe {
            assert_eq!(kind(|message| sys::zmq_msg_init(message)), 101);
            assert_eq!(kind(|message| sys::zmq_msg_init_size(message, 5)), 101);
            assert_eq!(kind(|message| sys::zmq_msg_init_size(message, 100)), 102);
            let freed = |message| sys::zmq_msg_init_data(message, data, 100, Some(keep), none);
            assert_eq!(kind(freed), 102);
            let constant = |message| sys::zmq_msg_init_data(message, data, 100, None, none);
            assert_eq!(kind(constant), 104);
        }
    }
}
