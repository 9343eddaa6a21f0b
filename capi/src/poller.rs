//! Pollers of the draft interface. libzmq's keep pointers to their sockets; so each has a list of
//! their handles, and a socket that is closed is taken out of it first.

use std::ffi::{c_int, c_long, c_short, c_void};
use std::ptr;
use std::sync::atomic::Ordering::Relaxed;

use ferromq_sys as sys;
use smallvec::SmallVec;
use sys::{zmq_fd_t, zmq_poller_event_t};

use crate::boundary::{Function, Refusal};
use crate::inside::{Alone, Inside};
use crate::socket::not_null;
use crate::table::{self, Reserved, Slot, State};

const POLLER: (State, State) = (State::Poller, State::PollerBusy);

#[derive(Debug)]
struct Poller {
    /// libzmq's.
    object: *mut c_void,
    sockets: Vec<Member>,
}

#[derive(Clone, Copy, Debug)]
struct Member {
    handle: *mut c_void,
    object: *mut c_void,
}

/// What `body` makes of the poller behind the handle.
fn with<T>(
    handle: *mut c_void,
    function: Function,
    body: impl FnOnce(&mut Poller) -> Result<T, &'static Refusal>,
) -> Result<T, &'static Refusal> {
    let alone = Alone::enter(handle, POLLER, function)?;
    // SAFETY: a slot in this state holds the poller made below, and this thread alone is inside.
    body(unsafe { &mut *alone.object().cast::<Poller>() })
}

impl Poller {
    fn remove(&mut self, handle: *mut c_void) {
        self.sockets.retain(|member| member.handle != handle);
        if let Some(slot) = table::slot(handle) {
            slot.count.fetch_sub(1, Relaxed);
        }
    }

    fn handle_of(&self, object: *mut c_void) -> *mut c_void {
        let member = self.sockets.iter().find(|member| member.object == object);
        member.map_or(object, |member| member.handle)
    }

    /// Waits, inside of all its sockets, and names them by their handles.
    fn wait(
        &self,
        events: &mut [zmq_poller_event_t],
        timeout: c_long,
        function: Function,
    ) -> Result<c_int, &'static Refusal> {
        let mut inside = SmallVec::<[Inside; 16]>::new();
        for member in &self.sockets {
            inside.try_reserve(1).map_err(|_| &Refusal::NO_MEMORY)?;
            inside.push(Inside::socket(member.handle, function)?);
        }
        let count = c_int::try_from(events.len()).unwrap_or(c_int::MAX);
        // SAFETY: the poller is open and this thread alone inside of it and of its sockets.
        let found =
            unsafe { sys::zmq_poller_wait_all(self.object, events.as_mut_ptr(), count, timeout) };
        for event in events.iter_mut().take(usize::try_from(found).unwrap_or(0)) {
            event.socket = self.handle_of(event.socket);
        }
        Ok(found)
    }
}

/// Takes a socket that is being closed out of its pollers.
pub fn forget(slot: &Slot, socket: *mut c_void) -> Result<(), &'static Refusal> {
    const FUNCTION: Function = &"zmq_close";
    for of in table::slots() {
        if slot.count.load(Relaxed) == 0 {
            break;
        }
        let word = of.word.load(Relaxed);
        if !matches!(State::of(word), State::Poller | State::PollerBusy) {
            continue;
        }
        with(
            ptr::without_provenance_mut(of.handle()),
            FUNCTION,
            |poller| {
                if let Some(member) = poller.sockets.iter().find(|member| member.handle == socket) {
                    // SAFETY: the poller is open and this thread alone inside; the socket still is.
                    unsafe { sys::zmq_poller_remove(poller.object, member.object) };
                    poller.remove(socket);
                }
                Ok(())
            },
        )?;
    }
    Ok(())
}

exported! {
    /// Makes a poller.
    fn zmq_poller_new() -> *mut c_void = {
        let reserved = Reserved::new()?;
        // SAFETY: no preconditions.
        let object = unsafe { sys::zmq_poller_new() };
        if object.is_null() {
            return Ok(object);
        }
        let poller = Box::into_raw(Box::new(Poller { object, sockets: Vec::new() }));
        Ok(reserved.hold(poller.cast(), State::Poller))
    } else ptr::null_mut();

    /// Frees the poller, and nulls the pointer to it.
    fn zmq_poller_destroy(poller: *mut *mut c_void) -> c_int = {
        not_null(poller)?;
        // SAFETY: the caller's pointer to a handle.
        let object = Alone::enter(unsafe { *poller }, POLLER, FUNCTION)?.end();
        // SAFETY: made by `zmq_poller_new`, and its slot is given up.
        let mut freed = unsafe { Box::from_raw(object.cast::<Poller>()) };
        let mut sockets_are_here = true;
        while let Some(&Member { handle, .. }) = freed.sockets.last() {
            let state = table::slot(handle).and_then(|slot| slot.state(handle));
            sockets_are_here &= state != Some(State::Forked);
            freed.remove(handle);
        }
        // In a forked child, libzmq's would go on to the sockets of the parent.
        if sockets_are_here {
            let mut object = freed.object;
            // SAFETY: the poller is open and known to nobody else.
            unsafe { sys::zmq_poller_destroy(&raw mut object) };
        }
        // SAFETY: as above.
        unsafe { *poller = ptr::null_mut() };
        Ok(0)
    } else -1;

    /// How many sockets and descriptors the poller has.
    fn zmq_poller_size(poller: *mut c_void) -> c_int = {
        with(poller, FUNCTION, |poller| {
            // SAFETY: the poller is open and this thread alone inside.
            Ok(unsafe { sys::zmq_poller_size(poller.object) })
        })
    } else -1;

    /// Adds a socket.
    fn zmq_poller_add(
        poller: *mut c_void,
        socket: *mut c_void,
        user_data: *mut c_void,
        events: c_short,
    ) -> c_int = {
        with(poller, FUNCTION, |poller| {
            let inside = Inside::socket(socket, FUNCTION)?;
            poller.sockets.try_reserve(1).map_err(|_| &Refusal::NO_MEMORY)?;
            let object = inside.object();
            // SAFETY: the poller and the socket are open and this thread alone inside.
            let code = unsafe { sys::zmq_poller_add(poller.object, object, user_data, events) };
            if code == 0 {
                inside.slot().count.fetch_add(1, Relaxed);
                poller.sockets.push(Member { handle: socket, object });
            }
            Ok(code)
        })
    } else -1;

    /// Changes the events to wait for of a socket.
    fn zmq_poller_modify(
        poller: *mut c_void,
        socket: *mut c_void,
        events: c_short,
    ) -> c_int = {
        with(poller, FUNCTION, |poller| {
            let inside = Inside::socket(socket, FUNCTION)?;
            // SAFETY: the poller and the socket are open and this thread alone inside.
            Ok(unsafe { sys::zmq_poller_modify(poller.object, inside.object(), events) })
        })
    } else -1;

    /// Removes a socket.
    fn zmq_poller_remove(poller: *mut c_void, socket: *mut c_void) -> c_int = {
        with(poller, FUNCTION, |poller| {
            let inside = Inside::socket(socket, FUNCTION)?;
            // SAFETY: the poller and the socket are open and this thread alone inside.
            let code = unsafe { sys::zmq_poller_remove(poller.object, inside.object()) };
            if code == 0 {
                poller.remove(socket);
            }
            Ok(code)
        })
    } else -1;

    /// Waits for one event.
    fn zmq_poller_wait(
        poller: *mut c_void,
        event: *mut zmq_poller_event_t,
        timeout: c_long,
    ) -> c_int = {
        let code = with(poller, FUNCTION, |poller| {
            not_null(event)?;
            // SAFETY: the caller's place for one.
            let events = unsafe { std::slice::from_raw_parts_mut(event, 1) };
            poller.wait(events, timeout, FUNCTION)
        });
        if !matches!(code, Ok(0..)) && !event.is_null() {
            // SAFETY: as above. So does libzmq.
            unsafe {
                event.write(zmq_poller_event_t {
                    socket: ptr::null_mut(),
                    fd: -1,
                    user_data: ptr::null_mut(),
                    events: 0,
                });
            }
        }
        Ok(code?.min(0))
    } else -1;

    /// Waits for up to so many events.
    fn zmq_poller_wait_all(
        poller: *mut c_void,
        events: *mut zmq_poller_event_t,
        count: c_int,
        timeout: c_long,
    ) -> c_int = {
        with(poller, FUNCTION, |poller| {
            not_null(events)?;
            let count = usize::try_from(count).map_err(|_| &Refusal::SIZE)?;
            // SAFETY: the caller's places for so many.
            let events = unsafe { std::slice::from_raw_parts_mut(events, count) };
            poller.wait(events, timeout, FUNCTION)
        })
    } else -1;

    /// The descriptor that tells of events of thread-safe sockets.
    fn zmq_poller_fd(poller: *mut c_void, descriptor: *mut zmq_fd_t) -> c_int = {
        with(poller, FUNCTION, |poller| {
            not_null(descriptor)?;
            // SAFETY: the poller is open and this thread alone inside; the caller's place.
            Ok(unsafe { sys::zmq_poller_fd(poller.object, descriptor) })
        })
    } else -1;

    /// Adds a descriptor.
    fn zmq_poller_add_fd(
        poller: *mut c_void,
        descriptor: zmq_fd_t,
        user_data: *mut c_void,
        events: c_short,
    ) -> c_int = {
        with(poller, FUNCTION, |poller| {
            // SAFETY: the poller is open and this thread alone inside.
            Ok(unsafe { sys::zmq_poller_add_fd(poller.object, descriptor, user_data, events) })
        })
    } else -1;

    /// Changes the events to wait for of a descriptor.
    fn zmq_poller_modify_fd(
        poller: *mut c_void,
        descriptor: zmq_fd_t,
        events: c_short,
    ) -> c_int = {
        with(poller, FUNCTION, |poller| {
            // SAFETY: the poller is open and this thread alone inside.
            Ok(unsafe { sys::zmq_poller_modify_fd(poller.object, descriptor, events) })
        })
    } else -1;

    /// Removes a descriptor.
    fn zmq_poller_remove_fd(poller: *mut c_void, descriptor: zmq_fd_t) -> c_int = {
        with(poller, FUNCTION, |poller| {
            // SAFETY: the poller is open and this thread alone inside.
            Ok(unsafe { sys::zmq_poller_remove_fd(poller.object, descriptor) })
        })
    } else -1;
}
