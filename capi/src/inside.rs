//! Being inside of an object: nobody ends it meanwhile, and no two threads are where only one may
//! be.

use std::ffi::c_void;
use std::sync::atomic::{Ordering::Relaxed, Ordering::Release, Ordering::SeqCst, fence};

use crate::boundary::{Function, Refusal, found_within};
use crate::table::{self, Slot, State};

/// A thread inside of a socket; it leaves when this is dropped.
#[derive(Debug)]
pub struct Inside {
    slot: &'static Slot,
    handle: *mut c_void,
}

impl Inside {
    /// Enters a socket. Costs one atomic exchange, and a plain store to leave.
    #[inline(always)]
    pub fn socket(handle: *mut c_void, function: Function) -> Result<Self, &'static Refusal> {
        let slot = table::slot(handle).ok_or(&Refusal::SOCKET_FOREIGN)?;
        if slot
            .switch(handle, State::Socket, State::SocketBusy)
            .is_err()
        {
            enter_shared(slot, handle)?;
        }
        slot.enter(function);
        Ok(Self { slot, handle })
    }

    /// Enters a socket that may be left out.
    pub fn optional(
        handle: *mut c_void,
        function: Function,
    ) -> Result<Option<Self>, &'static Refusal> {
        match handle.is_null() {
            true => Ok(None),
            false => Self::socket(handle, function).map(Some),
        }
    }

    pub fn slot(&self) -> &'static Slot {
        self.slot
    }

    pub fn handle(&self) -> *mut c_void {
        self.handle
    }

    /// libzmq's socket.
    #[inline]
    pub fn object(&self) -> *mut c_void {
        self.slot.object.load(Relaxed)
    }
}

impl Drop for Inside {
    #[inline(always)]
    fn drop(&mut self) {
        if !self
            .slot
            .back(self.handle, State::SocketBusy, State::Socket)
        {
            leave_shared(self.slot, self.handle);
        }
    }
}

#[cold]
fn leave_shared(slot: &Slot, handle: *mut c_void) {
    // Else the process was forked meanwhile, by a callback.
    if !matches!(slot.state(handle), Some(State::Forked) | None) {
        slot.users.fetch_sub(1, Release);
    }
}

#[cold]
fn enter_shared(slot: &'static Slot, handle: *mut c_void) -> Result<(), &'static Refusal> {
    count_in(slot);
    match slot.state(handle) {
        Some(State::SharedSocket) => Ok(()),
        state => {
            slot.users.fetch_sub(1, Relaxed);
            Err(not_a_socket(slot, state))
        }
    }
}

/// Counts a thread that is about to look whether it may be inside.
fn count_in(slot: &Slot) {
    slot.users.fetch_add(1, SeqCst);
    fence(SeqCst);
}

/// Whether threads are inside, asked after the state was changed to one that keeps others out.
pub fn anybody_in(slot: &Slot) -> bool {
    fence(SeqCst);
    slot.users.load(SeqCst) != 0
}

/// Why the slot's socket cannot be entered.
pub fn not_a_socket(slot: &Slot, state: Option<State>) -> &'static Refusal {
    match state {
        // One that is free again was in use a moment ago.
        Some(State::Socket | State::SocketBusy | State::SharedSocket | State::Closing) => {
            found_within(slot.within());
            &Refusal::SOCKET_BUSY
        }
        Some(State::Forked) => &Refusal::FORKED,
        Some(State::Free | State::Reserved) | None => &Refusal::SOCKET_CLOSED,
        Some(_) => &Refusal::SOCKET_FOREIGN,
    }
}

/// A thread inside of a context, with others.
#[derive(Debug)]
pub struct InContext {
    slot: &'static Slot,
    handle: *mut c_void,
}

impl InContext {
    pub fn enter(handle: *mut c_void) -> Result<Self, &'static Refusal> {
        let slot = table::slot(handle).ok_or(&Refusal::CONTEXT_FOREIGN)?;
        count_in(slot);
        let inside = Self { slot, handle };
        match slot.state(handle) {
            Some(State::Context | State::BorrowedContext) => Ok(inside),
            state => Err(not_a_context(state)),
        }
    }

    /// libzmq's context.
    pub fn object(&self) -> *mut c_void {
        self.slot.object.load(Relaxed)
    }

    pub fn handle(&self) -> usize {
        self.handle.addr()
    }
}

impl Drop for InContext {
    fn drop(&mut self) {
        self.slot.users.fetch_sub(1, Release);
    }
}

/// Why the context cannot be used.
pub fn not_a_context(state: Option<State>) -> &'static Refusal {
    match state {
        Some(State::Ending) => &Refusal::TERMINATED,
        Some(State::Forked) => &Refusal::FORKED,
        Some(State::Free | State::Reserved) | None => &Refusal::CONTEXT_CLOSED,
        Some(_) => &Refusal::CONTEXT_FOREIGN,
    }
}

/// A thread alone inside of an object of the kind that is `idle` or `busy`.
#[derive(Debug)]
pub struct Alone {
    pub slot: &'static Slot,
    handle: *mut c_void,
    idle: State,
    busy: State,
}

impl Alone {
    pub fn enter(
        handle: *mut c_void,
        (idle, busy): (State, State),
        function: Function,
    ) -> Result<Self, &'static Refusal> {
        let slot = table::slot(handle).ok_or(&Refusal::OBJECT_FOREIGN)?;
        if slot.switch(handle, idle, busy).is_err() {
            return Err(match slot.state(handle) {
                Some(state) if state == busy || state == idle => {
                    found_within(slot.within());
                    &Refusal::OBJECT_BUSY
                }
                state => not_an_object(state),
            });
        }
        slot.enter(function);
        Ok(Self {
            slot,
            handle,
            idle,
            busy,
        })
    }

    pub fn object(&self) -> *mut c_void {
        self.slot.object.load(Relaxed)
    }

    /// Ends the handle; the object is the caller's.
    pub fn end(self) -> *mut c_void {
        let object = self.object();
        self.slot.free(self.handle.addr());
        std::mem::forget(self);
        object
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.slot.back(self.handle, self.busy, self.idle);
    }
}

/// Why the handle is not one of such an object.
pub fn not_an_object(state: Option<State>) -> &'static Refusal {
    match state {
        Some(State::Free | State::Reserved) | None => &Refusal::OBJECT_CLOSED,
        Some(_) => &Refusal::OBJECT_FOREIGN,
    }
}

/// The slot of an object that any number of threads may use.
pub fn object(handle: *const c_void, state: State) -> Result<&'static Slot, &'static Refusal> {
    let slot = table::slot(handle).ok_or(&Refusal::OBJECT_FOREIGN)?;
    match slot.state(handle) {
        Some(present) if present == state => Ok(slot),
        present => Err(not_an_object(present)),
    }
}
