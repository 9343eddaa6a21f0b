//! The functions of libzmq.

use core::ffi::{c_char, c_int, c_long, c_ulong, c_void};

use crate::{iovec, zmq_free_fn, zmq_msg_t, zmq_pollitem_t, zmq_thread_fn, zmq_timer_fn};

// Errors and versions.
functions! {
    /// The calling thread's error number, as libzmq's C library has it.
    fn zmq_errno() -> c_int;
    /// The text for an error number; to be copied before the thread asks again.
    fn zmq_strerror(errnum: c_int) -> *const c_char;
    /// The version of the library that is linked.
    fn zmq_version(major: *mut c_int, minor: *mut c_int, patch: *mut c_int);
    /// 1 if the library was built with this capability (`ipc`, `curve`, `draft`, `WS`, ...).
    fn zmq_has(capability: *const c_char) -> c_int;
}

// Contexts.
functions! {
    /// Makes a context.
    fn zmq_ctx_new() -> *mut c_void;
    /// Waits until the context's sockets are closed and have lingered, and frees it.
    fn zmq_ctx_term(context: *mut c_void) -> c_int;
    /// Makes all calls on the context's sockets fail with `ETERM`.
    fn zmq_ctx_shutdown(context: *mut c_void) -> c_int;
    /// Sets an option of the context.
    fn zmq_ctx_set(context: *mut c_void, option: c_int, optval: c_int) -> c_int;
    /// Reads an option of the context.
    fn zmq_ctx_get(context: *mut c_void, option: c_int) -> c_int;
    /// Makes a context with that many I/O threads; deprecated.
    fn zmq_init(io_threads: c_int) -> *mut c_void;
    /// Old name of `zmq_ctx_term`.
    fn zmq_term(context: *mut c_void) -> c_int;
    /// Old name of `zmq_ctx_term`.
    fn zmq_ctx_destroy(context: *mut c_void) -> c_int;
}

// Messages.
functions! {
    /// Makes an empty message.
    fn zmq_msg_init(msg: *mut zmq_msg_t) -> c_int;
    /// Makes a message of that many uninitialised bytes.
    fn zmq_msg_init_size(msg: *mut zmq_msg_t, size: usize) -> c_int;
    /// Makes a message of a buffer without copying; `ffn` frees it, if there is one.
    fn zmq_msg_init_data(
        msg: *mut zmq_msg_t,
        data: *mut c_void,
        size: usize,
        ffn: Option<zmq_free_fn>,
        hint: *mut c_void,
    ) -> c_int;
    /// Sends the message, and makes it empty if that succeeded.
    fn zmq_msg_send(msg: *mut zmq_msg_t, socket: *mut c_void, flags: c_int) -> c_int;
    /// Receives a frame into the message in place of its content.
    fn zmq_msg_recv(msg: *mut zmq_msg_t, socket: *mut c_void, flags: c_int) -> c_int;
    /// Releases the message's content.
    fn zmq_msg_close(msg: *mut zmq_msg_t) -> c_int;
    /// Moves the content of `src` to `dest`, which leaves `src` empty.
    fn zmq_msg_move(dest: *mut zmq_msg_t, src: *mut zmq_msg_t) -> c_int;
    /// Makes `dest` share the content of `src`, which is marked as shared.
    fn zmq_msg_copy(dest: *mut zmq_msg_t, src: *mut zmq_msg_t) -> c_int;
    /// Where the message's bytes are.
    fn zmq_msg_data(msg: *mut zmq_msg_t) -> *mut c_void;
    /// How many bytes the message has.
    fn zmq_msg_size(msg: *const zmq_msg_t) -> usize;
    /// 1 if frames follow this one.
    fn zmq_msg_more(msg: *const zmq_msg_t) -> c_int;
    /// Reads a property of the message.
    fn zmq_msg_get(msg: *const zmq_msg_t, property: c_int) -> c_int;
    /// Sets a property of the message; there is none that can be set.
    fn zmq_msg_set(msg: *mut zmq_msg_t, property: c_int, optval: c_int) -> c_int;
    /// Reads metadata of the message; valid as long as the message has its content.
    fn zmq_msg_gets(msg: *const zmq_msg_t, property: *const c_char) -> *const c_char;
}

// Sockets.
functions! {
    /// Makes a socket of the kind `type_`.
    fn zmq_socket(context: *mut c_void, type_: c_int) -> *mut c_void;
    /// Gives the socket up; the rest happens in the background.
    fn zmq_close(socket: *mut c_void) -> c_int;
    /// Sets an option of the socket.
    fn zmq_setsockopt(
        socket: *mut c_void,
        option: c_int,
        optval: *const c_void,
        optvallen: usize,
    ) -> c_int;
    /// Reads an option of the socket; `optvallen` is the buffer's size, then the value's.
    fn zmq_getsockopt(
        socket: *mut c_void,
        option: c_int,
        optval: *mut c_void,
        optvallen: *mut usize,
    ) -> c_int;
    /// Accepts peers at the endpoint.
    fn zmq_bind(socket: *mut c_void, addr: *const c_char) -> c_int;
    /// Connects to a peer at the endpoint, in the background.
    fn zmq_connect(socket: *mut c_void, addr: *const c_char) -> c_int;
    /// Undoes `zmq_bind`.
    fn zmq_unbind(socket: *mut c_void, addr: *const c_char) -> c_int;
    /// Undoes `zmq_connect`.
    fn zmq_disconnect(socket: *mut c_void, addr: *const c_char) -> c_int;
    /// Sends a copy of the bytes as one frame.
    fn zmq_send(socket: *mut c_void, buf: *const c_void, len: usize, flags: c_int) -> c_int;
    /// Sends the bytes as one frame without copying: they must stay as they are for ever.
    fn zmq_send_const(socket: *mut c_void, buf: *const c_void, len: usize, flags: c_int) -> c_int;
    /// Receives a frame, cut to the buffer's size; returns its full size.
    fn zmq_recv(socket: *mut c_void, buf: *mut c_void, len: usize, flags: c_int) -> c_int;
    /// Sends the socket's events to a PAIR at the `inproc` endpoint; null ends it.
    fn zmq_socket_monitor(socket: *mut c_void, addr: *const c_char, events: c_int) -> c_int;
    /// `zmq_msg_send` with its parameters in another order; deprecated.
    fn zmq_sendmsg(socket: *mut c_void, msg: *mut zmq_msg_t, flags: c_int) -> c_int;
    /// `zmq_msg_recv` with its parameters in another order; deprecated.
    fn zmq_recvmsg(socket: *mut c_void, msg: *mut zmq_msg_t, flags: c_int) -> c_int;
    /// Sends `count` buffers as frames; undocumented.
    fn zmq_sendiov(socket: *mut c_void, iov: *mut iovec, count: usize, flags: c_int) -> c_int;
    /// Receives up to `count` frames into buffers that the caller must `free`; undocumented.
    fn zmq_recviov(socket: *mut c_void, iov: *mut iovec, count: *mut usize, flags: c_int) -> c_int;
}

// Polls and proxies.
functions! {
    /// Waits up to `timeout` ms, or for ever if that is -1, for events of the items.
    fn zmq_poll(items: *mut zmq_pollitem_t, nitems: c_int, timeout: c_long) -> c_int;
    /// Forwards between two sockets until the context ends; `capture` may be null.
    fn zmq_proxy(frontend: *mut c_void, backend: *mut c_void, capture: *mut c_void) -> c_int;
    /// `zmq_proxy` that obeys commands received from `control`.
    fn zmq_proxy_steerable(
        frontend: *mut c_void,
        backend: *mut c_void,
        capture: *mut c_void,
        control: *mut c_void,
    ) -> c_int;
    /// `zmq_proxy` without capture; deprecated.
    fn zmq_device(type_: c_int, frontend: *mut c_void, backend: *mut c_void) -> c_int;
}

// Keys.
functions! {
    /// Writes `size` bytes as Z85 text with its NUL; `size` must be a multiple of 4.
    fn zmq_z85_encode(dest: *mut c_char, data: *const u8, size: usize) -> *mut c_char;
    /// Reads Z85 text; its length must be a multiple of 5.
    fn zmq_z85_decode(dest: *mut u8, string: *const c_char) -> *mut u8;
    /// Makes a new pair of CURVE keys: Z85 text in two buffers of 41 bytes.
    fn zmq_curve_keypair(public_key: *mut c_char, secret_key: *mut c_char) -> c_int;
    /// Writes the CURVE public key that belongs to a secret key; both are Z85 text.
    fn zmq_curve_public(public_key: *mut c_char, secret_key: *const c_char) -> c_int;
}

// Atomic counters.
functions! {
    /// Makes a counter, at 0.
    fn zmq_atomic_counter_new() -> *mut c_void;
    /// Sets the counter; not atomic.
    fn zmq_atomic_counter_set(counter: *mut c_void, value: c_int);
    /// Adds 1, and returns what it was.
    fn zmq_atomic_counter_inc(counter: *mut c_void) -> c_int;
    /// Takes 1, and returns 0 if that made it 0, else 1.
    fn zmq_atomic_counter_dec(counter: *mut c_void) -> c_int;
    /// What the counter is at.
    fn zmq_atomic_counter_value(counter: *mut c_void) -> c_int;
    /// Frees the counter, and nulls the pointer to it.
    fn zmq_atomic_counter_destroy(counter: *mut *mut c_void);
}

// Timers.
functions! {
    /// Makes a set of timers.
    fn zmq_timers_new() -> *mut c_void;
    /// Frees the timers, and nulls the pointer to them.
    fn zmq_timers_destroy(timers: *mut *mut c_void) -> c_int;
    /// Adds a timer that is due every `interval` ms, and returns its number.
    fn zmq_timers_add(
        timers: *mut c_void,
        interval: usize,
        handler: Option<zmq_timer_fn>,
        arg: *mut c_void,
    ) -> c_int;
    /// Removes a timer.
    fn zmq_timers_cancel(timers: *mut c_void, timer_id: c_int) -> c_int;
    /// Changes a timer's interval, in ms.
    fn zmq_timers_set_interval(timers: *mut c_void, timer_id: c_int, interval: usize) -> c_int;
    /// Starts a timer's interval anew.
    fn zmq_timers_reset(timers: *mut c_void, timer_id: c_int) -> c_int;
    /// How many ms until the next timer is due; -1 if there is none.
    fn zmq_timers_timeout(timers: *mut c_void) -> c_long;
    /// Runs the timers that are due.
    fn zmq_timers_execute(timers: *mut c_void) -> c_int;
}

// Helpers for benchmarks.
functions! {
    /// Starts a stopwatch.
    fn zmq_stopwatch_start() -> *mut c_void;
    /// How many µs the stopwatch has been running.
    fn zmq_stopwatch_intermediate(watch: *mut c_void) -> c_ulong;
    /// How many µs the stopwatch has been running; frees it.
    fn zmq_stopwatch_stop(watch: *mut c_void) -> c_ulong;
    /// Sleeps for that many seconds.
    fn zmq_sleep(seconds: c_int);
    /// Starts a thread.
    fn zmq_threadstart(func: zmq_thread_fn, arg: *mut c_void) -> *mut c_void;
    /// Waits for a thread's end, and frees its handle.
    fn zmq_threadclose(thread: *mut c_void);
}
