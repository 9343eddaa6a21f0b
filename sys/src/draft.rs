//! The functions of libzmq's draft interface.

use core::ffi::{c_char, c_int, c_long, c_short, c_void};

use crate::{sigset_t, zmq_fd_t, zmq_msg_t, zmq_poller_event_t, zmq_pollitem_t};

// Contexts.
functions! {
    /// Sets an option of the context, of any type.
    fn zmq_ctx_set_ext(
        context: *mut c_void,
        option: c_int,
        optval: *const c_void,
        optvallen: usize,
    ) -> c_int;
    /// Reads an option of the context, of any type; `optvallen` as in `zmq_getsockopt`.
    fn zmq_ctx_get_ext(
        context: *mut c_void,
        option: c_int,
        optval: *mut c_void,
        optvallen: *mut usize,
    ) -> c_int;
}

// Messages.
functions! {
    /// Says which peer a SERVER or PEER sends the message to.
    fn zmq_msg_set_routing_id(msg: *mut zmq_msg_t, routing_id: u32) -> c_int;
    /// Which peer a SERVER or PEER received the message from; 0 if none.
    fn zmq_msg_routing_id(msg: *mut zmq_msg_t) -> u32;
    /// Says which group a RADIO sends the message to.
    fn zmq_msg_set_group(msg: *mut zmq_msg_t, group: *const c_char) -> c_int;
    /// Which group the message was sent to.
    fn zmq_msg_group(msg: *mut zmq_msg_t) -> *const c_char;
    /// Makes a message of a copy of the bytes.
    fn zmq_msg_init_buffer(msg: *mut zmq_msg_t, buf: *const c_void, size: usize) -> c_int;
}

// Sockets.
functions! {
    /// Makes a DISH receive what is sent to the group.
    fn zmq_join(socket: *mut c_void, group: *const c_char) -> c_int;
    /// Undoes `zmq_join`.
    fn zmq_leave(socket: *mut c_void, group: *const c_char) -> c_int;
    /// Connects a PEER, and returns the peer's routing id, or 0 if that failed.
    fn zmq_connect_peer(socket: *mut c_void, addr: *const c_char) -> u32;
    /// `ZMQ_POLLOUT` if a ROUTER could send to this peer now.
    fn zmq_socket_get_peer_state(
        socket: *mut c_void,
        routing_id: *const c_void,
        routing_id_size: usize,
    ) -> c_int;
    /// `zmq_socket_monitor` with the form of its messages and its kind of socket chosen.
    fn zmq_socket_monitor_versioned(
        socket: *mut c_void,
        addr: *const c_char,
        events: u64,
        event_version: c_int,
        type_: c_int,
    ) -> c_int;
    /// Asks for a `ZMQ_EVENT_PIPES_STATS` of every connection.
    fn zmq_socket_monitor_pipes_stats(socket: *mut c_void) -> c_int;
}

// Pollers.
functions! {
    /// Makes a poller.
    fn zmq_poller_new() -> *mut c_void;
    /// Frees the poller, and nulls the pointer to it.
    fn zmq_poller_destroy(poller: *mut *mut c_void) -> c_int;
    /// How many sockets and descriptors the poller has.
    fn zmq_poller_size(poller: *mut c_void) -> c_int;
    /// Adds a socket, which must outlive its stay.
    fn zmq_poller_add(
        poller: *mut c_void,
        socket: *mut c_void,
        user_data: *mut c_void,
        events: c_short,
    ) -> c_int;
    /// Changes the events to wait for of a socket.
    fn zmq_poller_modify(poller: *mut c_void, socket: *mut c_void, events: c_short) -> c_int;
    /// Removes a socket.
    fn zmq_poller_remove(poller: *mut c_void, socket: *mut c_void) -> c_int;
    /// Waits up to `timeout` ms, or for ever if that is -1, for one event.
    fn zmq_poller_wait(
        poller: *mut c_void,
        event: *mut zmq_poller_event_t,
        timeout: c_long,
    ) -> c_int;
    /// Waits up to `timeout` ms, or for ever if that is -1, for up to `n_events` events.
    fn zmq_poller_wait_all(
        poller: *mut c_void,
        events: *mut zmq_poller_event_t,
        n_events: c_int,
        timeout: c_long,
    ) -> c_int;
    /// The descriptor that tells of events of thread-safe sockets.
    fn zmq_poller_fd(poller: *mut c_void, fd: *mut zmq_fd_t) -> c_int;
    /// Adds a descriptor.
    fn zmq_poller_add_fd(
        poller: *mut c_void,
        fd: zmq_fd_t,
        user_data: *mut c_void,
        events: c_short,
    ) -> c_int;
    /// Changes the events to wait for of a descriptor.
    fn zmq_poller_modify_fd(poller: *mut c_void, fd: zmq_fd_t, events: c_short) -> c_int;
    /// Removes a descriptor.
    fn zmq_poller_remove_fd(poller: *mut c_void, fd: zmq_fd_t) -> c_int;
    /// `zmq_poll` with these signals blocked meanwhile; the mask may be null.
    fn zmq_ppoll(
        items: *mut zmq_pollitem_t,
        nitems: c_int,
        timeout: c_long,
        sigmask: *const sigset_t,
    ) -> c_int;
}
