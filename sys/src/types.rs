//! The types of libzmq's interface, with their layout checked while compiling.

use core::ffi::{c_int, c_short, c_void};

/// A descriptor as the system knows it: what [`ZMQ_FD`](crate::ZMQ_FD) yields and polls take.
#[cfg(not(windows))]
pub type zmq_fd_t = c_int;
/// A descriptor as the system knows it (`SOCKET`): what [`ZMQ_FD`](crate::ZMQ_FD) yields and
/// polls take.
#[cfg(windows)]
pub type zmq_fd_t = usize;

/// One message, that is one frame.
///
/// The bytes are libzmq's own: only its functions give them meaning. Start from
/// `MaybeUninit<zmq_msg_t>` and one of the `zmq_msg_init*` functions. A message may be moved in
/// memory, but not duplicated: that takes [`zmq_msg_copy`](crate::zmq_msg_copy).
#[derive(Debug)]
#[cfg_attr(target_pointer_width = "64", repr(C, align(8)))]
#[cfg_attr(target_pointer_width = "32", repr(C, align(4)))]
pub struct zmq_msg_t {
    _opaque: [u8; 64],
}

const _: () = {
    assert!(size_of::<zmq_msg_t>() == 64);
    assert!(align_of::<zmq_msg_t>() == align_of::<*const c_void>());
};

/// What [`zmq_poll`](crate::zmq_poll) waits for: a socket, or a descriptor if `socket` is null.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct zmq_pollitem_t {
    /// The socket, or null.
    pub socket: *mut c_void,
    /// The descriptor, looked at only if `socket` is null.
    pub fd: zmq_fd_t,
    /// The events to wait for, of [`ZMQ_POLLIN`](crate::ZMQ_POLLIN) and its kin.
    pub events: c_short,
    /// The events that were found.
    pub revents: c_short,
}

const _: () = {
    assert!(size_of::<zmq_fd_t>() <= size_of::<*const c_void>());
    assert!(core::mem::offset_of!(zmq_pollitem_t, fd) == size_of::<*const c_void>());
    assert!(
        core::mem::offset_of!(zmq_pollitem_t, events)
            == size_of::<*const c_void>() + size_of::<zmq_fd_t>()
    );
};

/// What a poller found: the socket or descriptor, the caller's pointer, the events.
#[cfg(feature = "draft")]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct zmq_poller_event_t {
    /// The socket, or null.
    pub socket: *mut c_void,
    /// The descriptor, meaningful only if `socket` is null.
    pub fd: zmq_fd_t,
    /// The pointer given when the socket or descriptor was added.
    pub user_data: *mut c_void,
    /// The events that were found.
    pub events: c_short,
}

/// Frees a buffer that a message owned: `data` and `hint` of
/// [`zmq_msg_init_data`](crate::zmq_msg_init_data). May run on any thread, and must not unwind.
pub type zmq_free_fn = unsafe extern "C" fn(data: *mut c_void, hint: *mut c_void);

/// Runs when a timer is due: its number, and the `arg` of
/// [`zmq_timers_add`](crate::zmq_timers_add). Must not unwind.
pub type zmq_timer_fn = unsafe extern "C" fn(timer_id: c_int, arg: *mut c_void);

/// The body of a thread: gets the `arg` of [`zmq_threadstart`](crate::zmq_threadstart). Must not
/// unwind.
pub type zmq_thread_fn = unsafe extern "C" fn(arg: *mut c_void);
