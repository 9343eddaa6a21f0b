//! The table of handles.
//!
//! A handle that a C program holds is not a pointer to libzmq's object but an address that this
//! table has set aside: it can be read, is never written, and stays set aside for ever. So any
//! pointer can be looked up safely, also one that was closed or never was a handle. Each slot of
//! the table has [`SERIES`] such addresses, and takes the next one with each object that it holds,
//! slot after slot: a number comes up again after a hundred thousand objects at the earliest.
//!
//! Nothing here takes a lock, so that a forked child finds the table usable, whatever other
//! threads of its parent were doing.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{
    AtomicBool, AtomicI32, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering::Acquire,
    Ordering::Relaxed, Ordering::Release,
};

use crate::boundary::{Function, Refusal};

/// How many bytes apart handles are: as pointers from `malloc` would be.
const SPACING: usize = 16;
/// How many handles a slot has.
const SERIES: usize = 1024;
/// How many bytes of addresses a slot has.
const SPAN: usize = SERIES * SPACING;
/// How many slots the first region has; each further one has twice as many.
const FIRST: usize = 512;
const REGIONS: usize = 12;

/// What a slot is used for. Kept in the low bits of its word, where a handle has zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum State {
    Free = 0,
    /// Taken, and not told to anybody yet.
    Reserved,
    /// A socket, for one thread at a time; nobody is inside.
    Socket,
    /// The same with a thread inside.
    SocketBusy,
    /// A socket that libzmq itself locks.
    SharedSocket,
    /// A socket that is being closed.
    Closing,
    Context,
    /// A context inside `zmq_ctx_term`.
    Ending,
    /// A context that its owner only lent.
    BorrowedContext,
    /// A socket or context that was made by the parent of this process.
    Forked,
    Poller,
    PollerBusy,
    Timers,
    TimersBusy,
    /// A stopwatch or a counter.
    Value,
    Thread,
}

const STATE: usize = SPACING - 1;

impl State {
    pub fn of(word: usize) -> Self {
        const ALL: [State; SPACING] = [
            State::Free,
            State::Reserved,
            State::Socket,
            State::SocketBusy,
            State::SharedSocket,
            State::Closing,
            State::Context,
            State::Ending,
            State::BorrowedContext,
            State::Forked,
            State::Poller,
            State::PollerBusy,
            State::Timers,
            State::TimersBusy,
            State::Value,
            State::Thread,
        ];
        ALL[word & STATE]
    }
}

/// A place for one object. All zero is a slot that was never used.
#[derive(Debug, Default)]
#[repr(C, align(128))]
pub struct Slot {
    /// The present handle, or the last one, and the [`State`].
    pub word: AtomicUsize,
    /// libzmq's object.
    pub object: AtomicPtr<c_void>,
    /// The function that a thread is inside of, or was last.
    pub within: AtomicPtr<&'static str>,
    /// How many threads are inside of a context or a shared socket.
    pub users: AtomicU32,
    /// The kind of socket; the value of a counter.
    pub number: AtomicI32,
    /// The context of a socket.
    pub context: AtomicUsize,
    /// A socket's linger.
    pub linger: AtomicI32,
    /// How many pollers hold a socket; how many sockets of a context were closed with messages
    /// that may wait for ever.
    pub count: AtomicU32,
    /// One more than the listening descriptor that a socket was given and has bound.
    pub given: AtomicI32,
    /// The start of the endpoint last bound or connected to; the time that a stopwatch was
    /// started.
    text: [AtomicU64; 8],
}

/// Slots, and the addresses that are their handles.
struct Region {
    /// Zero until the region exists.
    base: AtomicUsize,
    slots: AtomicPtr<Slot>,
    /// Where the search for a free slot goes on.
    next: AtomicUsize,
    used: AtomicUsize,
}

static TABLE: [Region; REGIONS] = [const {
    Region {
        base: AtomicUsize::new(0),
        slots: AtomicPtr::new(ptr::null_mut()),
        next: AtomicUsize::new(0),
        used: AtomicUsize::new(0),
    }
}; REGIONS];

/// Where the first region is, alone on a page that Linux clears in a child, however that was made:
/// so the look-up that finds nothing here is the one that notices.
static NEAR: Near = Near {
    base: AtomicUsize::new(0),
    settling: AtomicBool::new(false),
    settled: AtomicBool::new(false),
};

#[repr(align(4096))]
struct Near {
    base: AtomicUsize,
    settling: AtomicBool,
    settled: AtomicBool,
}

/// Whether forks are noticed; nothing is to be noticed before.
static HOOKED: AtomicBool = AtomicBool::new(false);

/// The slot that `handle` is, or was, a handle of.
#[inline(always)]
pub fn slot(handle: *const c_void) -> Option<&'static Slot> {
    match TABLE[0].find(handle, NEAR.base.load(Acquire), FIRST) {
        None => slot_further_on(handle),
        near => near,
    }
}

#[cold]
fn slot_further_on(handle: *const c_void) -> Option<&'static Slot> {
    settle();
    let mut regions = TABLE.iter().enumerate();
    regions
        .find_map(|(index, region)| region.find(handle, region.base.load(Acquire), FIRST << index))
}

/// Has a child that was not told of its fork see what it has inherited, before it looks up or makes
/// anything.
fn settle() {
    while HOOKED.load(Acquire) && !NEAR.settled.load(Acquire) {
        if !NEAR.settling.swap(true, Relaxed) {
            in_child();
        }
        std::hint::spin_loop();
    }
}

/// Linux refuses it before 4.14, and we where pages are larger.
#[cfg(target_os = "linux")]
fn have_the_page_cleared() {
    // SAFETY: the page holds nothing but what is made anew from zeros; only its bytes are concerned,
    // as pages are not larger.
    unsafe {
        if libc::sysconf(libc::_SC_PAGESIZE) == size_of::<Near>() as libc::c_long {
            let page = (&raw const NEAR).cast_mut().cast();
            libc::madvise(page, size_of::<Near>(), libc::MADV_WIPEONFORK);
        }
    }
}

/// All slots that are or were in use.
pub fn slots() -> impl Iterator<Item = &'static Slot> {
    let regions = TABLE.iter().enumerate();
    let regions = regions.take_while(|(_, region)| region.base.load(Acquire) != 0);
    regions
        .filter(|(_, region)| region.used.load(Relaxed) != 0)
        .flat_map(|(index, region)| (0..FIRST << index).map(|number| region.slot(number)))
}

impl Region {
    /// The slot of a handle, if the region has so many slots, and this is one of its handles.
    #[inline(always)]
    fn find(&self, handle: *const c_void, base: usize, count: usize) -> Option<&'static Slot> {
        let offset = handle.addr().wrapping_sub(base);
        (base != 0 && offset < count * SPAN && offset % SPACING == 0)
            .then(|| self.slot(offset / SPAN))
    }

    #[inline]
    fn slot(&self, number: usize) -> &'static Slot {
        let slots = self.slots.load(Relaxed);
        // SAFETY: called only with numbers below the count of a region whose base was seen to be
        // set. The slots were stored before that, are never freed, zeros are valid ones, and they
        // consist of atomics.
        unsafe { &*slots.add(number) }
    }

    /// Makes the region, of `count` slots, unless it exists.
    fn make(&self, count: usize) -> Result<(), &'static Refusal> {
        if self.base.load(Acquire) != 0 {
            return Ok(());
        }
        // Two threads may both do it, which does no harm.
        if !HOOKED.load(Relaxed) {
            // SAFETY: `in_child` only touches atomics, which a forked child may do.
            if unsafe { libc::pthread_atfork(None, None, Some(in_child)) } != 0 {
                return Err(&Refusal::NO_MEMORY);
            }
            #[cfg(target_os = "linux")]
            have_the_page_cleared();
            NEAR.settled.store(true, Relaxed);
            HOOKED.store(true, Release);
        }

        let layout = Layout::array::<Slot>(count).map_err(|_| &Refusal::NO_MEMORY)?;
        // SAFETY: the layout is not empty.
        let slots = unsafe { alloc_zeroed(layout) }.cast::<Slot>();
        if slots.is_null() {
            return Err(&Refusal::NO_MEMORY);
        }
        // Whoever stores the slots first makes the region.
        if self
            .slots
            .compare_exchange(ptr::null_mut(), slots, Release, Acquire)
            .is_err()
        {
            // SAFETY: allocated above with this layout, and known to nobody.
            unsafe { dealloc(slots.cast(), layout) };
        }
        // SAFETY: a new mapping of its own, at an address that the system chooses.
        let addresses = unsafe {
            libc::mmap(
                ptr::null_mut(),
                count * SPAN,
                libc::PROT_READ,
                libc::MAP_PRIVATE | libc::MAP_ANON,
                -1,
                0,
            )
        };
        if addresses == libc::MAP_FAILED {
            return Err(&Refusal::NO_MEMORY);
        }
        let base = addresses.expose_provenance();
        if self
            .base
            .compare_exchange(0, base, Release, Relaxed)
            .is_err()
        {
            // SAFETY: mapped above, and known to nobody.
            unsafe { libc::munmap(addresses, count * SPAN) };
        }
        NEAR.base.store(TABLE[0].base.load(Relaxed), Release);
        Ok(())
    }

    /// Takes the next free slot, one fourth of which stay free, so that handles do not come up
    /// again soon.
    fn take(&self, count: usize) -> Option<Reserved> {
        if self.used.fetch_add(1, Relaxed) >= count / 4 * 3 {
            self.used.fetch_sub(1, Relaxed);
            return None;
        }
        loop {
            let number = self.next.fetch_add(1, Relaxed) % count;
            let slot = self.slot(number);
            let word = slot.word.load(Relaxed);
            if State::of(word) != State::Free {
                continue;
            }
            let first = self.base.load(Relaxed) + number * SPAN;
            let next = match word {
                0 => first,
                last => first + (last - first + SPACING) % SPAN,
            };
            let reserved = next | State::Reserved as usize;
            if slot
                .word
                .compare_exchange(word, reserved, Acquire, Relaxed)
                .is_ok()
            {
                slot.context.store(0, Relaxed);
                slot.count.store(0, Relaxed);
                slot.set_text(b"");
                return Some(Reserved { slot, handle: next });
            }
        }
    }
}

/// A slot that was taken for an object to be made; given back if that fails.
#[derive(Debug)]
pub struct Reserved {
    pub slot: &'static Slot,
    handle: usize,
}

impl Reserved {
    pub fn new() -> Result<Self, &'static Refusal> {
        settle();
        for (index, region) in TABLE.iter().enumerate() {
            let count = FIRST << index;
            region.make(count)?;
            if let Some(reserved) = region.take(count) {
                return Ok(reserved);
            }
        }
        Err(&Refusal::NO_MEMORY)
    }

    /// Makes the slot hold the object, and gives its handle. A null object gives the slot back.
    pub fn hold(self, object: *mut c_void, state: State) -> *mut c_void {
        if object.is_null() {
            return object;
        }
        self.slot.object.store(object, Relaxed);
        self.publish(state)
    }

    /// Makes the slot hold what has no object but the slot itself.
    pub fn publish(self, state: State) -> *mut c_void {
        let handle = self.handle;
        self.slot.word.store(handle | state as usize, Release);
        std::mem::forget(self);
        ptr::with_exposed_provenance_mut(handle)
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.slot.free(self.handle);
    }
}

impl Slot {
    /// Gives the slot up, by whoever holds it in a state that nobody else leaves.
    pub fn free(&self, handle: usize) {
        self.object.store(ptr::null_mut(), Relaxed);
        self.given.store(0, Relaxed);
        self.word.store(handle, Release);
        let region = TABLE.iter().enumerate().find(|(index, region)| {
            let offset = handle.wrapping_sub(region.base.load(Relaxed));
            offset < (FIRST << index) * SPAN
        });
        if let Some((_, region)) = region {
            region.used.fetch_sub(1, Relaxed);
        }
    }

    /// The state of `handle`, or `None` if it is not the slot's present one.
    pub fn state(&self, handle: *const c_void) -> Option<State> {
        let word = self.word.load(Acquire);
        (word & !STATE == handle.addr()).then(|| State::of(word))
    }

    /// The present handle.
    pub fn handle(&self) -> usize {
        self.word.load(Acquire) & !STATE
    }

    /// Goes from one state to another, or says what is there instead.
    #[inline]
    pub fn switch(&self, handle: *const c_void, from: State, to: State) -> Result<(), usize> {
        let handle = handle.addr();
        self.word
            .compare_exchange(
                handle | from as usize,
                handle | to as usize,
                Acquire,
                Relaxed,
            )
            .map(drop)
    }

    /// Goes back to a state from one that only the caller leaves, or a fork in its thread; says
    /// whether it was in that one.
    #[inline]
    pub fn back(&self, handle: *const c_void, from: State, to: State) -> bool {
        let handle = handle.addr();
        let there = self.word.load(Relaxed) == handle | from as usize;
        if there {
            self.word.store(handle | to as usize, Release);
        }
        there
    }

    pub fn set_text(&self, text: &[u8]) {
        for (word, place) in self.text.iter().enumerate() {
            let bytes = text.get(word * 8..).unwrap_or_default();
            let mut value = [0; 8];
            let length = bytes.len().min(8);
            value[..length].copy_from_slice(&bytes[..length]);
            place.store(u64::from_ne_bytes(value), Relaxed);
        }
    }

    /// The text; torn if it was set just now by another thread.
    pub fn text(&self) -> Vec<u8> {
        let mut text: Vec<_> = self
            .text
            .iter()
            .flat_map(|place| place.load(Relaxed).to_ne_bytes())
            .collect();
        text.truncate(
            text.iter()
                .position(|&byte| byte == 0)
                .unwrap_or(text.len()),
        );
        text
    }

    /// The first eight bytes of the text, as a number.
    pub fn time(&self) -> &AtomicU64 {
        &self.text[0]
    }

    pub fn enter(&self, function: Function) {
        self.within
            .store(ptr::from_ref(function).cast_mut(), Relaxed);
    }

    /// The function that a thread is inside of, or was last.
    pub fn within(&self) -> Option<Function> {
        let function = self.within.load(Relaxed);
        // SAFETY: null, or from a `&'static`.
        unsafe { function.cast_const().as_ref() }
    }
}

/// Sets apart what belongs to the parent: its sockets and contexts, as their threads are not here.
extern "C" fn in_child() {
    for slot in slots() {
        let word = slot.word.load(Relaxed);
        if matches!(
            State::of(word),
            State::Socket
                | State::SocketBusy
                | State::SharedSocket
                | State::Closing
                | State::Context
                | State::Ending
                | State::BorrowedContext
        ) {
            slot.word
                .store(word & !STATE | State::Forked as usize, Relaxed);
            slot.users.store(0, Relaxed);
        }
    }
    NEAR.base.store(TABLE[0].base.load(Relaxed), Relaxed);
    NEAR.settled.store(true, Release);
}
