//! What `zmq.h` has for drafts only, but for pollers.

use std::ffi::{CStr, c_char, c_int, c_long, c_void};
use std::mem::MaybeUninit;

use ferromq_sys as sys;
use sys::{sigset_t, zmq_msg_t, zmq_pollitem_t};

use crate::boundary::Refusal;
use crate::context::within_bounds;
use crate::inside::{InContext, Inside};
use crate::message::{closed_unless, open};
use crate::poll::{Items, given};
use crate::socket::{not_null, note_endpoint, readable};

/// The longest name of a group.
const LONGEST_GROUP: usize = 255;
/// The longest one that a message holds in itself.
const LONGEST_WITHIN: usize = 14;

exported! {
    /// Sets an option of the context.
    fn zmq_ctx_set_ext(
        context: *mut c_void,
        option: c_int,
        value: *const c_void,
        size: usize,
    ) -> c_int = {
        let inside = InContext::enter(context)?;
        readable(value, size)?;
        if size == size_of::<c_int>() {
            // SAFETY: the caller's value.
            within_bounds(option, unsafe { value.cast::<c_int>().read_unaligned() })?;
        }
        // SAFETY: the context is open while this thread is inside; the value is the caller's.
        Ok(unsafe { sys::zmq_ctx_set_ext(inside.object(), option, value, size) })
    } else -1;

    /// Reads an option of the context.
    fn zmq_ctx_get_ext(
        context: *mut c_void,
        option: c_int,
        value: *mut c_void,
        size: *mut usize,
    ) -> c_int = {
        let inside = InContext::enter(context)?;
        not_null(value)?;
        not_null(size)?;
        // SAFETY: the context is open while this thread is inside; the buffer is the caller's.
        Ok(unsafe { sys::zmq_ctx_get_ext(inside.object(), option, value, size) })
    } else -1;

    /// Has a DISH receive what is sent to the group.
    fn zmq_join(socket: *mut c_void, group: *const c_char) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        // SAFETY: the caller's text.
        unsafe { group_name(group) }?;
        // SAFETY: the socket is open and locks itself; the text is the caller's.
        Ok(unsafe { sys::zmq_join(inside.object(), group) })
    } else -1;

    /// Undoes a join.
    fn zmq_leave(socket: *mut c_void, group: *const c_char) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        // SAFETY: the caller's text.
        unsafe { group_name(group) }?;
        // SAFETY: the socket is open and locks itself; the text is the caller's.
        Ok(unsafe { sys::zmq_leave(inside.object(), group) })
    } else -1;

    /// Connects a PEER, and returns the routing id of the other.
    fn zmq_connect_peer(socket: *mut c_void, endpoint: *const c_char) -> u32 = {
        let inside = Inside::socket(socket, FUNCTION)?;
        not_null(endpoint)?;
        // SAFETY: the socket is open and locks itself; the text is the caller's.
        let id = unsafe { sys::zmq_connect_peer(inside.object(), endpoint) };
        // SAFETY: as above.
        unsafe { note_endpoint(inside.slot(), endpoint, c_int::from(id == 0)) };
        Ok(id)
    } else 0;

    /// What a ROUTER could do with this peer.
    fn zmq_socket_get_peer_state(
        socket: *mut c_void,
        id: *const c_void,
        size: usize,
    ) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        readable(id, size)?;
        // SAFETY: the socket is open and this thread alone inside; the id is the caller's.
        Ok(unsafe { sys::zmq_socket_get_peer_state(inside.object(), id, size) })
    } else -1;

    /// Sends the events of the socket to a socket of that kind, in that form.
    fn zmq_socket_monitor_versioned(
        socket: *mut c_void,
        endpoint: *const c_char,
        events: u64,
        version: c_int,
        kind: c_int,
    ) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        // SAFETY: the socket is open and this thread alone inside; the text is the caller's.
        Ok(unsafe {
            sys::zmq_socket_monitor_versioned(inside.object(), endpoint, events, version, kind)
        })
    } else -1;

    /// Asks for an event about each connection.
    fn zmq_socket_monitor_pipes_stats(socket: *mut c_void) -> c_int = {
        let inside = Inside::socket(socket, FUNCTION)?;
        // SAFETY: the socket is open and this thread alone inside.
        Ok(unsafe { sys::zmq_socket_monitor_pipes_stats(inside.object()) })
    } else -1;

    /// Waits for events of the items, with other signals blocked.
    fn zmq_ppoll(
        items: *mut zmq_pollitem_t,
        count: c_int,
        timeout: c_long,
        signals: *const sigset_t,
    ) -> c_int = {
        if count == 0 {
            // SAFETY: no items.
            return Ok(unsafe { sys::zmq_ppoll(items, count, timeout, signals) });
        }
        // SAFETY: the caller's array.
        let given = unsafe { given(items, count, || libc::FD_SETSIZE) }?;
        let mut all = Items::new(given, FUNCTION)?;
        for item in &all.items {
            // SAFETY: the sockets are open and this thread alone inside.
            if !unsafe { fits_a_set(item) } {
                return Err(&Refusal::SIZE);
            }
        }
        // SAFETY: as many items, whose sockets are open and this thread alone inside, and whose
        // descriptors fit libzmq's sets.
        let code = unsafe { sys::zmq_ppoll(all.items.as_mut_ptr(), count, timeout, signals) };
        all.copy_to(given);
        Ok(code)
    } else -1;
}

/// Whether the descriptor can be in the set that `select` takes. That of a socket whose descriptor
/// cannot be had is left to libzmq.
///
/// # Safety
/// The socket must be null or open, and this thread alone inside.
unsafe fn fits_a_set(item: &zmq_pollitem_t) -> bool {
    let mut descriptor = item.fd;
    if !item.socket.is_null() {
        let mut size = size_of_val(&descriptor);
        let place = (&raw mut descriptor).cast();
        // SAFETY: the caller's promise; the buffer is of the size told.
        if unsafe { sys::zmq_getsockopt(item.socket, sys::ZMQ_FD, place, &raw mut size) } != 0 {
            return true;
        }
    }
    usize::try_from(descriptor).is_ok_and(|descriptor| descriptor < libc::FD_SETSIZE)
}

exported! {
    /// Says which peer the message is for.
    fn zmq_msg_set_routing_id(message: *mut zmq_msg_t, id: u32) -> c_int = {
        open(message)?;
        // SAFETY: the message is open.
        Ok(unsafe { sys::zmq_msg_set_routing_id(message, id) })
    } else -1;

    /// Which peer the message is from.
    fn zmq_msg_routing_id(message: *mut zmq_msg_t) -> u32 = {
        open(message)?;
        // SAFETY: the message is open.
        Ok(unsafe { sys::zmq_msg_routing_id(message) })
    } else 0;

    /// Says which group the message is for.
    fn zmq_msg_set_group(message: *mut zmq_msg_t, group: *const c_char) -> c_int = {
        open(message)?;
        // SAFETY: the caller's text.
        unsafe { group_name(group) }?;
        // SAFETY: the message is open.
        if unsafe { without_long_group(message) } != 0 {
            return Ok(-1);
        }
        // SAFETY: the message is open; the text is the caller's.
        Ok(unsafe { sys::zmq_msg_set_group(message, group) })
    } else -1;

    /// Which group the message is for.
    fn zmq_msg_group(message: *mut zmq_msg_t) -> *const c_char = {
        open(message)?;
        // SAFETY: the message is open.
        Ok(unsafe { sys::zmq_msg_group(message) })
    } else std::ptr::null();

    /// Makes a message of a copy of the bytes.
    fn zmq_msg_init_buffer(
        message: *mut zmq_msg_t,
        bytes: *const c_void,
        size: usize,
    ) -> c_int = {
        not_null(message)?;
        readable(bytes, size)?;
        // SAFETY: the caller's memory for a message, and the caller's bytes.
        Ok(unsafe { closed_unless(sys::zmq_msg_init_buffer(message, bytes, size), message) })
    } else -1;
}

/// Has the message hold no long name of a group: libzmq would write the next one over the pointer
/// to it. The message is made anew, of the same bytes.
///
/// # Safety
/// The message must be open.
unsafe fn without_long_group(message: *mut zmq_msg_t) -> c_int {
    // SAFETY: the caller's promise; the text is the message's, and the bytes are. A message may be
    // moved in memory.
    unsafe {
        if CStr::from_ptr(sys::zmq_msg_group(message)).count_bytes() <= LONGEST_WITHIN {
            return 0;
        }
        let mut fresh = MaybeUninit::<zmq_msg_t>::uninit();
        let (bytes, size) = (sys::zmq_msg_data(message), sys::zmq_msg_size(message));
        if sys::zmq_msg_init_buffer(fresh.as_mut_ptr(), bytes, size) != 0 {
            return -1;
        }
        sys::zmq_msg_close(message);
        message.write(fresh.assume_init());
    }
    0
}

/// Refuses a name that libzmq would cut, and a null one.
///
/// # Safety
/// The name must be null or a text.
unsafe fn group_name(name: *const c_char) -> Result<(), &'static Refusal> {
    not_null(name)?;
    // SAFETY: the caller's promise.
    match unsafe { CStr::from_ptr(name) }.count_bytes() {
        ..=LONGEST_GROUP => Ok(()),
        _ => Err(&Refusal::SIZE),
    }
}
